//! `Event` and the payload structs.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Generator,
    ident::{number, quoted},
    records::{Field, record},
};
use crate::model::EventId;

impl Generator<'_> {
    pub(super) fn events(&self) -> TokenStream {
        let app = &self.program.app;
        let variants = app.events.iter().map(|(id, event)| {
            let name = &self.names.events[id];
            let doc = format!(" Event {}.", quoted(&event.name.text));
            let payload = (!event.data.is_empty()).then(|| quote!((event::#name)));
            quote!(#[doc = #doc] #name #payload)
        });
        let names = app.events.iter().map(|(id, event)| {
            let (variant, text) = (&self.names.events[id], &event.name.text);
            let rest = (!event.data.is_empty()).then(|| quote!((_)));
            quote!(Self::#variant #rest => #text)
        });
        let name =
            if app.events.is_empty() { quote!(match *self {}) } else { quote!(match self { #(#names),* }) };
        let with_data: Vec<EventId> =
            app.events.ids().filter(|id| !app.events[*id].data.is_empty()).collect();
        let payloads = with_data.iter().map(|id| self.payload(*id));
        let conversions = with_data.iter().map(|id| {
            let name = &self.names.events[*id];
            quote! {
                impl From<event::#name> for Event {
                    fn from(payload: event::#name) -> Self {
                        Self::#name(payload)
                    }
                }
            }
        });
        let module = (!with_data.is_empty()).then(|| {
            let runtime = &self.runtime;
            quote! {
                /// Data of events, a struct for each event that carries any.
                pub mod event {
                    #[allow(unused_imports, reason = "not every type needs the runtime")]
                    use #runtime as rt;

                    #(#payloads)*
                }
            }
        });
        quote! {
            /// Every event that is raised or handled, with its data.
            #[derive(Clone, Debug, PartialEq)]
            pub enum Event {
                #(#variants),*
            }

            impl Event {
                /// The event's name in the description and on the wire.
                #[must_use]
                pub const fn name(&self) -> &'static str {
                    #name
                }
            }

            #(#conversions)*

            #module
        }
    }

    fn payload(&self, id: EventId) -> TokenStream {
        let app = &self.program.app;
        let event = &app.events[id];
        let fields: Vec<_> = event
            .data
            .iter()
            .map(|datum| Field {
                ident: &self.names.data[*datum],
                name: &app.data[*datum].name.text,
                ty: &self.program.data[*datum],
                optional: app.data[*datum].optional,
                written: format!("${}", app.data[*datum].name.text),
            })
            .collect();
        let doc = format!(" Data of event {}.", quoted(&event.name.text));
        record(&self.names.events[id], &doc, &fields, true, true)
    }

    /// Arms of `Machines::event_index`, `event_data` and `event_from`.
    pub(super) fn event_functions(&self) -> TokenStream {
        let app = &self.program.app;
        let mut index_arms = TokenStream::new();
        let mut data_arms = TokenStream::new();
        let mut from_arms = TokenStream::new();
        for (index, (id, event)) in app.events.iter().enumerate() {
            let index = number(index as u64);
            let name = &self.names.events[id];
            if event.data.is_empty() {
                index_arms.extend(quote!(Event::#name => #index,));
                data_arms.extend(quote!(Event::#name => None,));
                from_arms.extend(quote!(#index => Ok(Event::#name),));
            } else {
                index_arms.extend(quote!(Event::#name(_) => #index,));
                data_arms.extend(quote!(Event::#name(payload) => Some(payload.to_value()),));
                from_arms.extend(quote!(#index => event::#name::from_value(data).map(Event::#name),));
            }
        }
        let (index, data) = if app.events.is_empty() {
            (quote!(match *event {}), quote!(match *event {}))
        } else {
            (quote!(match event { #index_arms }), quote!(match event { #data_arms }))
        };
        let from = quote! {
            match event {
                #from_arms
                _ => Err(rt::Misfit::new("no such event")),
            }
        };
        let data_name = super::function::used(&from, "data");
        quote! {
            #[inline]
            fn event_index(event: &Event) -> u16 {
                #index
            }

            fn event_data(event: &Event) -> Option<rt::Value> {
                #data
            }

            fn event_from(event: u16, #data_name: &rt::Value) -> Result<Event, rt::Misfit> {
                #from
            }
        }
    }
}
