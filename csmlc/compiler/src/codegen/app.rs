//! `App`: the application for the program around it.

use proc_macro2::TokenStream;
use quote::quote;

use super::Generator;

impl Generator<'_> {
    /// `App`, and how the runtime calls the methods of `Services`.
    pub(super) fn app(&self) -> TokenStream {
        let call = if self.program.app.services.is_empty() {
            quote!(match request.call {})
        } else {
            quote!(rt::Box::pin(call(self.services(), request.call)))
        };
        let function = self.call_function();
        quote! {
            /// The application.
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct App;

            impl App {
                /// An application whose services `services` implements.
                pub fn builder<S: Services>(services: S) -> rt::Builder<Machines> {
                    rt::Builder::new(Self::service_dispatch(services))
                }

                /// The services as the runtime calls them.
                pub fn service_dispatch<S: Services>(services: S) -> rt::Arc<dyn rt::ServiceDispatch<Machines>> {
                    rt::Arc::new(rt::Provided::new(services))
                }
            }

            impl<S: Services> rt::ServiceDispatch<Machines> for rt::Provided<S> {
                fn call(&self, request: rt::ServiceRequest<Machines>) -> rt::BoxFuture<rt::ServiceResult<Reply>> {
                    #call
                }
            }

            #function
        }
    }
}
