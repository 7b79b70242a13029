//! Service calls and replies, and the `Services` trait.

use crate::lists::{Gather, GatherTokens};
use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Generator,
    ident::{number, quoted},
    records::{self, Field},
    step_function::used,
};
use crate::model::{ServiceId, arena::Id};

impl Generator<'_> {
    /// `Call`, `Reply` and the structs of inputs and outputs.
    pub(super) fn calls(&self) -> TokenStream {
        let app = &self.program.app;
        if app.services.is_empty() {
            return quote!(
                /// A call of a service: there are none.
                pub type Call = rt::NoCall;
                /// The answer of a service: there are none.
                pub type Reply = rt::NoReply;
            );
        }
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
        let records: TokenStream = app.services.ids().map(|id| self.service_records(id)).gather_tokens();
        let module = (!records.is_empty()).then(|| {
            let import = super::step_function::names(&records, "rt").then(|| {
                quote!(
                    use super::rt;
                )
            });
            quote! {
                /// Inputs and outputs of services.
                pub mod service {
                    #import

                    #records
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

    fn inputs(&self, id: ServiceId) -> Vec<Field<'_>> {
        let program = self.program;
        let inputs = program.app.services[id].inputs.iter();
        inputs
            .map(|input| Field {
                ident: &self.names.inputs[*input],
                name: &program.app.inputs[*input].name.text,
                ty: &program.inputs[*input],
                optional: program.app.inputs[*input].optional,
                written: program.app.inputs[*input].name.text.clone(),
            })
            .gather()
    }

    fn outputs(&self, id: ServiceId) -> Vec<Field<'_>> {
        let program = self.program;
        let outputs = program.app.services[id].outputs.iter();
        outputs
            .map(|output| Field {
                ident: &self.names.outputs[*output],
                name: &program.app.outputs[*output].name.text,
                ty: &program.outputs[*output],
                optional: program.app.outputs[*output].optional,
                written: program.app.outputs[*output].name.text.clone(),
            })
            .gather()
    }

    fn service_records(&self, id: ServiceId) -> TokenStream {
        let (names, name) = (&self.names.services[id], quoted(&self.program.app.services[id].name.text));
        let (inputs, outputs) = (self.inputs(id), self.outputs(id));
        let input = (!inputs.is_empty())
            .then(|| records::record(&names.input, &format!(" Input of service {name}."), &inputs));
        let output = (!outputs.is_empty())
            .then(|| records::record(&names.output, &format!(" Output of service {name}."), &outputs));
        quote!(#input #output)
    }

    /// Conversions of calls and replies.
    pub(super) fn call_functions(&self) -> TokenStream {
        let app = &self.program.app;
        if app.services.is_empty() {
            return quote!();
        }
        let mut service_arms = TokenStream::new();
        let mut input_arms = TokenStream::new();
        let mut reply_arms = TokenStream::new();
        let mut conversions = TokenStream::new();
        for id in app.services.ids() {
            let index = number(id.index() as u64);
            let names = &self.names.services[id];
            let (variant, input, output) = (&names.variant, &names.input, &names.output);
            let (inputs, outputs) = (self.inputs(id), self.outputs(id));
            if inputs.is_empty() {
                service_arms.extend(quote!(Self::#variant => #index,));
                input_arms.extend(quote!(Self::#variant => rt::record([]),));
            } else {
                service_arms.extend(quote!(Self::#variant(_) => #index,));
                let value = if records::is_small(&inputs) {
                    records::to_record(&quote!(input), &inputs)
                } else {
                    quote!(input.to_value())
                };
                input_arms.extend(quote!(Self::#variant(input) => #value,));
                conversions.extend(records::conversions(&quote!(service::#input), &inputs, true, false));
            }
            if outputs.is_empty() {
                reply_arms.extend(quote!(#index => Reply::#variant,));
            } else {
                let value = if records::is_small(&outputs) {
                    records::from_record(&quote!(service::#output), &quote!(output), &outputs)
                } else {
                    quote!(service::#output::from_value(output)?)
                };
                reply_arms.extend(quote!(#index => Reply::#variant(#value),));
                conversions.extend(records::conversions(&quote!(service::#output), &outputs, false, true));
            }
        }
        let output_name = used(&reply_arms, "output");
        quote! {
            impl rt::Call for Call {
                type Reply = Reply;

                fn service(&self) -> u16 {
                    match self { #service_arms }
                }

                fn input(&self) -> rt::Value {
                    match self { #input_arms }
                }

                fn reply(service: u16, #output_name: &rt::Value) -> Result<Reply, rt::Misfit> {
                    let reply = match service {
                        #reply_arms
                        _ => return Err(rt::Misfit::new("no such service")),
                    };
                    Ok(reply)
                }
            }

            #conversions
        }
    }

    /// The trait that the embedding program implements.
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
                fn #method(&self #input) -> impl Future<Output = rt::ServiceResult<#output>> + Send;
            }
        });
        quote! {
            /// Service types of the description, implemented by the program around the application.
            ///
            /// A failed call is tried again as the description says. A method that answers
            /// [`not_implemented`](rt::ServiceError::not_implemented) leaves its service to the service stubs, if
            /// there are any.
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

    /// The function that calls the trait's method for a call.
    pub(super) fn call_function(&self) -> TokenStream {
        let app = &self.program.app;
        if app.services.is_empty() {
            return quote!();
        }
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
            // By the trait's name: a service may be called `clone` or `drop`.
            quote!(Call::#variant #pattern => S::#method(&services #argument).await.map(#reply),)
        });
        quote! {
            async fn call<S: Services>(services: rt::Arc<S>, call: Call) -> rt::ServiceResult<Reply> {
                match call { #(#arms)* }
            }
        }
    }
}
