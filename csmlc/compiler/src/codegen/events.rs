//! `Event` and the payload structs.

use crate::lists::{Gather, GatherTokens};
use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Generator,
    ident::{number, quoted},
    records::{self, Field},
    step_function::{names, used},
};
use crate::model::{EventId, arena::Id};

impl Generator<'_> {
    /// `Event` and the module `event`.
    pub(super) fn events(&self) -> TokenStream {
        let app = &self.program.app;
        let variants = app.events.iter().map(|(id, event)| {
            let name = &self.names.events[id];
            let doc = format!(" Event {}.", quoted(&event.name.text));
            let payload = (!event.data.is_empty()).then(|| quote!((event::#name)));
            quote!(#[doc = #doc] #name #payload)
        });
        let payloads = self.with_data().map(|id| {
            let doc = format!(" Data of event {}.", quoted(&app.events[id].name.text));
            records::record(&self.names.events[id], &doc, &self.fields(id))
        });
        let payloads: TokenStream = payloads.gather_tokens();
        let module = (!payloads.is_empty()).then(|| {
            let import = names(&payloads, "rt").then(|| {
                quote!(
                    use super::rt;
                )
            });
            quote! {
                /// Data of events, a struct for each event that carries any.
                pub mod event {
                    #import

                    #payloads
                }
            }
        });
        quote! {
            /// Every event that is raised or handled, with its data.
            #[derive(Clone, Debug, PartialEq)]
            pub enum Event {
                #(#variants),*
            }

            #module
        }
    }

    /// Conversions of events.
    pub(super) fn event_functions(&self) -> TokenStream {
        let app = &self.program.app;
        let conversions = self.with_data().map(|id| {
            let (name, fields) = (&self.names.events[id], self.fields(id));
            let functions = records::conversions(&quote!(event::#name), &fields, true, true);
            quote! {
                impl From<event::#name> for Event {
                    fn from(payload: event::#name) -> Self {
                        Self::#name(payload)
                    }
                }

                #functions
            }
        });
        let mut index_arms = TokenStream::new();
        let mut data_arms = TokenStream::new();
        let mut from_arms = TokenStream::new();
        for (id, event) in app.events.iter() {
            let index = number(id.index() as u64);
            let name = &self.names.events[id];
            if event.data.is_empty() {
                index_arms.extend(quote!(Self::#name => #index,));
                from_arms.extend(quote!(#index => Self::#name,));
            } else {
                index_arms.extend(quote!(Self::#name(_) => #index,));
                let fields = self.fields(id);
                let (value, payload) = if records::is_small(&fields) {
                    let ty = quote!(event::#name);
                    let payload = records::from_record(&ty, &quote!(data), &fields);
                    (records::to_record(&quote!(payload), &fields), payload)
                } else {
                    (quote!(payload.to_value()), quote!(event::#name::from_value(data)?))
                };
                data_arms.extend(quote!(Self::#name(payload) => #value,));
                from_arms.extend(quote!(#index => Self::#name(#payload),));
            }
        }
        let none = app.events.is_empty();
        let index = if none { quote!(match *self {}) } else { quote!(match self { #index_arms }) };
        let data = (!data_arms.is_empty()).then(|| {
            let rest = (self.with_data().count() < app.events.len()).then(|| quote!(_ => return None,));
            quote! {
                fn data(&self) -> Option<rt::Value> {
                    let data = match self {
                        #data_arms
                        #rest
                    };
                    Some(data)
                }
            }
        });
        let unknown = quote!(Err(rt::Misfit::new("no such event")));
        let from = if none {
            quote!(#unknown)
        } else {
            quote!(let event = match index { #from_arms _ => return #unknown, }; Ok(event))
        };
        let [index_name, data_name] = ["index", "data"].map(|name| used(&from, name));
        let failure = self.failure_event();
        quote! {
            impl Event {
                /// The event's name in the description and on the wire.
                #[must_use]
                pub fn name(&self) -> &'static str {
                    rt::event_name(&DESCRIPTION, rt::Event::index(self))
                }
            }

            impl rt::Event for Event {
                #[inline]
                fn index(&self) -> u16 {
                    #index
                }

                #data

                fn from_data(#index_name: u16, #data_name: &rt::Value) -> Result<Self, rt::Misfit> {
                    #from
                }

                #failure
            }

            #(#conversions)*
        }
    }

    fn with_data(&self) -> impl Iterator<Item = EventId> {
        self.program.app.events.iter().filter(|(_, event)| !event.data.is_empty()).map(|(id, _)| id)
    }

    /// The data of an event.
    fn fields(&self, id: EventId) -> Vec<Field<'_>> {
        let app = &self.program.app;
        let data = app.events[id].data.iter();
        data.map(|datum| Field {
            ident: &self.names.data[*datum],
            name: &app.data[*datum].name.text,
            ty: &self.program.data[*datum],
            optional: app.data[*datum].optional,
            written: format!("${}", app.data[*datum].name.text),
        })
        .gather()
    }

    /// `of_failure`, if some machine handles the event of a failed invocation.
    fn failure_event(&self) -> TokenStream {
        let app = &self.program.app;
        let arms =
            app.events.iter().filter(|(_, event)| !event.handlers.is_empty()).filter_map(|(id, event)| {
                let service = number(event.failure_of?.index() as u64);
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
                Some(quote!(#service => Some(Self::#variant(event::#variant { #(#fields),* })),))
            });
        let arms: TokenStream = arms.gather_tokens();
        if arms.is_empty() {
            return quote!();
        }
        let [text, code] = ["text", "code"].map(|name| used(&arms, name));
        quote! {
            fn of_failure(service: u16, #text: rt::String, #code: Option<i64>) -> Option<Self> {
                match service {
                    #arms
                    _ => None,
                }
            }
        }
    }
}
