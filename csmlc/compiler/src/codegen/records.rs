//! Structs of named data, event payloads and service inputs and outputs, with their conversions.

use crate::lists::Gather;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{ident::quoted, rust_types};
use crate::types::Type;

/// One field.
pub(super) struct Field<'p> {
    /// Its name in Rust.
    pub(super) ident: &'p Ident,
    /// Its name in the description.
    pub(super) name: &'p str,
    /// Its type, without the `Option` of an optional one.
    pub(super) ty: &'p Type,
    /// Whether it may be left out.
    pub(super) optional: bool,
    /// How it is written in the description: `$value`.
    pub(super) written: String,
}

/// The function that makes an untyped value of a reference to one of type `ty`.
pub(super) fn to_value(ty: &Type) -> TokenStream {
    if ty.has_host() { quote!(rt::host::to_value) } else { quote!(rt::to_value) }
}

/// Named data as an array or, if some may be absent, as a vector without those. Each has a name, a place and a type and may be an `Option`.
pub(super) fn listed(data: &[(&str, TokenStream, &Type, bool)]) -> TokenStream {
    let value = |place: &TokenStream, ty: &Type| {
        let to_value = to_value(ty);
        quote!(#to_value(#place))
    };
    if data.iter().all(|(.., optional)| !optional) {
        let entries = data.iter().map(|(name, place, ty, _)| {
            let value = value(&quote!(&#place), ty);
            quote!((#name, #value))
        });
        return quote!([#(#entries),*]);
    }
    let pushes = data.iter().map(|(name, place, ty, optional)| {
        if *optional {
            let value = value(&quote!(value), ty);
            quote!(if let Some(value) = &#place { list.push((#name, #value)); })
        } else {
            let value = value(&quote!(&#place), ty);
            quote!(list.push((#name, #value));)
        }
    });
    quote!({ let mut list = rt::Vec::new(); #(#pushes)* list })
}

/// The struct of a record.
pub(super) fn record(ident: &Ident, doc: &str, fields: &[Field<'_>]) -> TokenStream {
    let members = fields.iter().map(|field| {
        let Field { ident, ty, .. } = field;
        let doc = format!(" {}, of type `{ty}`.", quoted(&field.written));
        let ty = rust_types::rust_type(ty, &quote!(rt));
        let ty = if field.optional { quote!(Option<#ty>) } else { ty };
        quote!(#[doc = #doc] pub #ident: #ty)
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        pub struct #ident {
            #(#members),*
        }
    }
}

/// The untyped value of the record at `place`, a reference.
pub(super) fn to_record(place: &TokenStream, fields: &[Field<'_>]) -> TokenStream {
    let data: Vec<_> = fields
        .iter()
        .map(|field| {
            let ident = field.ident;
            (field.name, quote!(#place.#ident), field.ty, field.optional)
        })
        .gather();
    let listed = listed(&data);
    quote!(rt::record(#listed))
}

/// The record of type `ty` in the untyped value `value`; what does not fit is returned.
pub(super) fn from_record(ty: &TokenStream, value: &TokenStream, fields: &[Field<'_>]) -> TokenStream {
    let entries = fields.iter().map(|field| {
        let Field { ident, name, .. } = field;
        let read = if field.optional { quote!(optional_field) } else { quote!(field) };
        let read = if field.ty.has_host() { quote!(host::#read) } else { read };
        quote!(#ident: rt::#read(#value, #name)?)
    });
    quote!(#ty { #(#entries),* })
}

/// Whether a record is converted where it is needed. What has more data gets functions, so that those for all
/// records stay small.
pub(super) fn is_small(fields: &[Field<'_>]) -> bool {
    fields.len() <= 2
}

/// The functions of a record at `path` that is not small.
pub(super) fn conversions(path: &TokenStream, fields: &[Field<'_>], out: bool, back: bool) -> TokenStream {
    if is_small(fields) {
        return quote!();
    }
    let to = to_record(&quote!(self), fields);
    let to = out.then(|| quote!(fn to_value(&self) -> rt::Value { #to }));
    let from = from_record(&quote!(Self), &quote!(value), fields);
    let from = back.then(|| {
        quote! {
            fn from_value(value: &rt::Value) -> Result<Self, rt::Misfit> {
                Ok(#from)
            }
        }
    });
    quote!(impl #path { #to #from })
}
