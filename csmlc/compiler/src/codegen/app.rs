//! The application: `Machines` for the runtime, `App` and `Services` for the host program.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Generator, ident::number};
use crate::model::{MachineId, arena::Id};

impl Generator<'_> {
    /// `Instance`, `Machines` and its implementation.
    pub(super) fn machines(&self) -> TokenStream {
        let app = &self.program.app;
        let tops: Vec<MachineId> =
            app.machines.iter().filter(|(_, m)| m.parent.is_none()).map(|(id, _)| id).collect();
        let variants = tops.iter().map(|id| {
            let names = &self.names.machines[*id];
            let (variant, module) = (&names.variant, &names.module);
            let doc =
                format!(" An instance of machine {}.", super::ident::quoted(&app.machines[*id].name.text));
            quote!(#[doc = #doc] #variant(#module::Instance))
        });
        let route = |call: TokenStream| {
            let arms = tops.iter().map(|id| {
                let variant = &self.names.machines[*id].variant;
                quote!(Instance::#variant(instance) => instance.#call)
            });
            quote!(match instance { #(#arms),* })
        };
        let creations = tops.iter().enumerate().map(|(index, id)| {
            let names = &self.names.machines[*id];
            let (variant, module) = (&names.variant, &names.module);
            let pattern = if index + 1 == tops.len() {
                quote!(_)
            } else {
                let machine = number(id.index() as u64);
                quote!(#machine)
            };
            quote!(#pattern => Instance::#variant(#module::Instance::new(seed)))
        });
        let creations = match tops.as_slice() {
            [id] => {
                let names = &self.names.machines[*id];
                let (variant, module) = (&names.variant, &names.module);
                quote!(Instance::#variant(#module::Instance::new(seed)))
            }
            _ => quote!(match top { #(#creations),* }),
        };
        let top = super::function::used(&creations, "top");
        let start = route(quote!(start(shared, machine, fx)));
        let step = route(quote!(step(shared, machine, event, fx)));
        let fire = route(quote!(fire(shared, machine, timer, fx)));
        let complete = route(quote!(complete(shared, machine, invoke, reply, fx)));
        let timer_key = route(quote!(timer_key(machine, timer)));
        let status = route(quote!(status(machine)));
        let end = route(quote!(end(machine)));
        let state = route(quote!(state(machine)));
        let data = route(quote!(data(machine)));
        let (shared, events, calls) =
            (self.shared_functions(), self.event_functions(), self.call_functions());
        quote! {
            /// A top-level instance, of any machine.
            #[derive(Clone, Debug, PartialEq)]
            pub enum Instance {
                #(#variants),*
            }

            /// The machines as a host drives them.
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct Machines;

            impl rt::Machines for Machines {
                type Event = Event;
                type Call = Call;
                type Reply = Reply;
                type Shared = Shared;
                type Instance = Instance;

                const DESCRIPTION: &'static rt::Description = &DESCRIPTION;

                fn instance(#top: u16, seed: u64) -> Instance {
                    #creations
                }

                fn start<F>(instance: &mut Instance, shared: &mut Shared, machine: u16, fx: &mut F) -> Result<rt::Outcome, rt::StepError>
                where
                    F: rt::Effects<Event = Event, Call = Call>,
                {
                    #start
                }

                #[inline]
                fn step<F>(instance: &mut Instance, shared: &mut Shared, machine: u16, event: &Event, fx: &mut F) -> Result<rt::Outcome, rt::StepError>
                where
                    F: rt::Effects<Event = Event, Call = Call>,
                {
                    #step
                }

                fn fire<F>(instance: &mut Instance, shared: &mut Shared, machine: u16, timer: u16, fx: &mut F) -> Result<(), rt::StepError>
                where
                    F: rt::Effects<Event = Event, Call = Call>,
                {
                    #fire
                }

                fn complete<F>(instance: &mut Instance, shared: &mut Shared, machine: u16, invoke: u16, reply: &Reply, fx: &mut F) -> Result<(), rt::StepError>
                where
                    F: rt::Effects<Event = Event, Call = Call>,
                {
                    #complete
                }

                #[inline]

                fn timer_key(instance: &mut Instance, machine: u16, timer: u16) -> &mut rt::TimerKey {
                    #timer_key
                }

                #[inline]

                fn status(instance: &Instance, machine: u16) -> rt::Status {
                    #status
                }

                fn end(instance: &mut Instance, machine: u16) {
                    #end
                }

                fn state(instance: &Instance, machine: u16) -> Option<u16> {
                    #state
                }

                fn data(instance: &Instance, machine: u16) -> rt::Vec<(&'static str, rt::Value)> {
                    #data
                }

                #shared
                #events
                #calls
            }
        }
    }

    /// `App` and what it needs of the node.
    pub(super) fn app(&self) -> TokenStream {
        let services = self.services_trait();
        let routes = self.routes();
        let none = self.program.app.services.is_empty();
        let call = if none {
            quote!(rt::Box::pin(async move { match request.call {} }))
        } else {
            quote! {
                let services = rt::Arc::clone(&self.0);
                rt::Box::pin(async move { match request.call { #routes } })
            }
        };
        quote! {
            #services

            /// The application.
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct App;

            impl App {
                /// An application whose services `services` implements.
                pub fn builder<S: Services>(services: S) -> rt::Builder<Machines> {
                    rt::Builder::new(Self::host(services))
                }

                /// The services as the runtime calls them, for hosts that make no builder.
                pub fn host<S: Services>(services: S) -> rt::Arc<dyn rt::ServiceDispatch<Machines>> {
                    rt::Arc::new(Host(rt::Arc::new(services)))
                }
            }

            /// Routes the runtime's calls to the methods of [`Services`].
            struct Host<S>(rt::Arc<S>);

            impl<S: Services> rt::ServiceDispatch<Machines> for Host<S> {
                fn call(&self, request: rt::ServiceRequest<Machines>) -> rt::BoxFuture<Result<Reply, rt::ServiceError>> {
                    #call
                }
            }
        }
    }
}
