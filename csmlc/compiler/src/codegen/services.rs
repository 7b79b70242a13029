//! Service calls and replies, and the `Services` trait.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Generator,
    ident::{number, quoted},
    records::{Field, record},
};
use crate::model::ServiceId;

impl Generator<'_> {
    /// `Call`, `Reply` and the structs of inputs and outputs.
    pub(super) fn calls(&self) -> TokenStream {
        let app = &self.program.app;
        let calls = app.services.iter().map(|(id, service)| {
            let names = &self.names.services[id];
            let (variant, input) = (&names.variant, &names.input);
            let doc = format!(" Service {}.", quoted(&service.name.text));
            let payload = (!service.inputs.is_empty()).then(|| quote!((service::#input)));
            quote!(#[doc = #doc] #variant #payload)
        });
        let replies = app.services.iter().map(|(id, service)| {
            let names = &self.names.services[id];
            let (variant, output) = (&names.variant, &names.output);
            let doc = format!(" Service {}.", quoted(&service.name.text));
            let payload = (!service.outputs.is_empty()).then(|| quote!((service::#output)));
            quote!(#[doc = #doc] #variant #payload)
        });
        let records: Vec<TokenStream> = app.services.ids().map(|id| self.service_records(id)).collect();
        let module = records.iter().any(|record| !record.is_empty()).then(|| {
            let runtime = &self.runtime;
            quote! {
                /// Inputs and outputs of services.
                pub mod service {
                    use #runtime as rt;

                    #(#records)*
                }
            }
        });
        quote! {
            /// A call of a service, with its input.
            #[derive(Clone, Debug, PartialEq)]
            pub enum Call {
                #(#calls),*
            }

            /// The output of a service.
            #[derive(Clone, Debug, PartialEq)]
            pub enum Reply {
                #(#replies),*
            }

            #module
        }
    }

    fn service_records(&self, id: ServiceId) -> TokenStream {
        let program = self.program;
        let service = &program.app.services[id];
        let names = &self.names.services[id];
        let mut records = TokenStream::new();
        if !service.inputs.is_empty() {
            let fields: Vec<_> = service
                .inputs
                .iter()
                .map(|input| Field {
                    ident: &self.names.inputs[*input],
                    name: &program.app.inputs[*input].name.text,
                    ty: &program.inputs[*input],
                    optional: program.app.inputs[*input].optional,
                    written: program.app.inputs[*input].name.text.clone(),
                })
                .collect();
            let doc = format!(" Input of service {}.", quoted(&service.name.text));
            records.extend(record(&names.input, &doc, &fields, true, false));
        }
        if !service.outputs.is_empty() {
            let fields: Vec<_> = service
                .outputs
                .iter()
                .map(|output| Field {
                    ident: &self.names.outputs[*output],
                    name: &program.app.outputs[*output].name.text,
                    ty: &program.outputs[*output],
                    optional: program.app.outputs[*output].optional,
                    written: program.app.outputs[*output].name.text.clone(),
                })
                .collect();
            let doc = format!(" Output of service {}.", quoted(&service.name.text));
            records.extend(record(&names.output, &doc, &fields, false, true));
        }
        records
    }

    /// `Machines::call_service`, `call_input`, `reply_from` and `failure_event`.
    pub(super) fn call_functions(&self) -> TokenStream {
        let app = &self.program.app;
        let mut service_arms = TokenStream::new();
        let mut input_arms = TokenStream::new();
        let mut reply_arms = TokenStream::new();
        for (index, (id, service)) in app.services.iter().enumerate() {
            let index = number(index as u64);
            let names = &self.names.services[id];
            let (variant, output) = (&names.variant, &names.output);
            if service.inputs.is_empty() {
                service_arms.extend(quote!(Call::#variant => #index,));
                input_arms.extend(quote!(Call::#variant => rt::record([]),));
            } else {
                service_arms.extend(quote!(Call::#variant(_) => #index,));
                input_arms.extend(quote!(Call::#variant(input) => input.to_value(),));
            }
            reply_arms.extend(if service.outputs.is_empty() {
                quote!(#index => Ok(Reply::#variant),)
            } else {
                quote!(#index => service::#output::from_value(output).map(Reply::#variant),)
            });
        }
        let empty = app.services.is_empty();
        let service = if empty { quote!(match *call {}) } else { quote!(match call { #service_arms }) };
        let input = if empty { quote!(match *call {}) } else { quote!(match call { #input_arms }) };
        let reply = quote! {
            match service {
                #reply_arms
                _ => Err(rt::Misfit::new("no such service")),
            }
        };
        let output_name = super::function::used(&reply, "output");
        let failure = self.failure_event();
        quote! {
            fn call_service(call: &Call) -> u16 {
                #service
            }

            fn call_input(call: &Call) -> rt::Value {
                #input
            }

            fn reply_from(service: u16, #output_name: &rt::Value) -> Result<Reply, rt::Misfit> {
                #reply
            }

            #failure
        }
    }

    fn failure_event(&self) -> TokenStream {
        let app = &self.program.app;
        let arms =
            app.events.iter().filter(|(_, event)| !event.handlers.is_empty()).filter_map(|(id, event)| {
                let service = number(crate::model::arena::Id::index(event.failure_of?) as u64);
                let variant = &self.names.events[id];
                let fields = event.data.iter().map(|datum| {
                    let field = &self.names.data[*datum];
                    match (app.data[*datum].name.text.as_str(), app.data[*datum].optional) {
                        ("message", false) => quote!(#field: text),
                        ("message", true) => quote!(#field: Some(text)),
                        ("status", false) => quote!(#field: code),
                        ("status", true) => quote!(#field: Some(code)),
                        // Data that only a raise of the description itself carries.
                        _ => quote!(#field: None),
                    }
                });
                Some(quote!(#service => Some(Event::#variant(event::#variant { #(#fields),* })),))
            });
        let arms: Vec<TokenStream> = arms.collect();
        let body = if arms.is_empty() {
            quote!(None)
        } else {
            quote! {
                match service {
                    #(#arms)*
                    _ => None,
                }
            }
        };
        let [service, text, code] =
            ["service", "text", "code"].map(|name| super::function::used(&body, name));
        quote! {
            fn failure_event(#service: u16, #text: rt::String, #code: Option<i64>) -> Option<Event> {
                #body
            }
        }
    }

    /// The trait a host implements.
    pub(super) fn services_trait(&self) -> TokenStream {
        let app = &self.program.app;
        let methods = app.services.iter().map(|(id, service)| {
            let names = &self.names.services[id];
            let method = &names.method;
            let doc = format!(
                " Service {}, first invoked at {}.",
                quoted(&service.name.text),
                self.place(service.name.span)
            );
            let (input, output) = (self.input_parameter(id), self.output_type(id));
            quote! {
                #[doc = #doc]
                ///
                /// # Errors
                /// A failed invocation; it is tried again as the description says.
                fn #method(&self #input) -> impl Future<Output = Result<#output, rt::ServiceError>> + Send;
            }
        });
        quote! {
            /// Service types of the description, implemented by the host.
            ///
            /// A method that answers [`not_implemented`](rt::ServiceError::not_implemented) leaves its service
            /// to the stand-ins, if there are any.
            pub trait Services: Send + Sync + 'static {
                #(#methods)*
            }
        }
    }

    fn input_parameter(&self, id: ServiceId) -> TokenStream {
        let input = &self.names.services[id].input;
        if self.program.app.services[id].inputs.is_empty() {
            quote!()
        } else {
            quote!(, input: service::#input)
        }
    }

    fn output_type(&self, id: ServiceId) -> TokenStream {
        let output = &self.names.services[id].output;
        if self.program.app.services[id].outputs.is_empty() { quote!(()) } else { quote!(service::#output) }
    }

    /// Arms that route a call to the trait's methods.
    pub(super) fn routes(&self) -> TokenStream {
        let app = &self.program.app;
        let arms = app.services.iter().map(|(id, service)| {
            let names = &self.names.services[id];
            let (variant, method) = (&names.variant, &names.method);
            let (pattern, argument) = if service.inputs.is_empty() {
                (quote!(), quote!())
            } else {
                (quote!((input)), quote!(, input))
            };
            let reply = if service.outputs.is_empty() {
                quote!(|()| Reply::#variant)
            } else {
                quote!(Reply::#variant)
            };
            // Named in full: a service may be called `clone` or `drop`.
            quote!(Call::#variant #pattern => <S as Services>::#method(&services #argument).await.map(#reply),)
        });
        quote!(#(#arms)*)
    }
}
