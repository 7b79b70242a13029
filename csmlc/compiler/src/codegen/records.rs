//! Structs of named data, event payloads and service inputs and outputs, with their conversions.

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
    if ty.has_host() { quote!(rt::host::to_value) } else { quote!(rt::Datum::to_value) }
}

/// A struct, with `to_value` if `out` and `from_value` if `back`.
pub(super) fn record(ident: &Ident, doc: &str, fields: &[Field<'_>], out: bool, back: bool) -> TokenStream {
    let members = fields.iter().map(|field| {
        let Field { ident, ty, .. } = field;
        let doc = format!(" {}, of type `{ty}`.", quoted(&field.written));
        let ty = rust_types::rust_type(ty, &quote!(rt));
        let ty = if field.optional { quote!(Option<#ty>) } else { ty };
        quote!(#[doc = #doc] pub #ident: #ty)
    });
    let to_value = out.then(|| {
        let entries = fields.iter().map(|field| {
            let Field { ident, name, .. } = field;
            let to_value = to_value(field.ty);
            if field.optional {
                quote!((#name, self.#ident.as_ref().map(#to_value)))
            } else {
                quote!((#name, Some(#to_value(&self.#ident))))
            }
        });
        quote! {
            pub(super) fn to_value(&self) -> rt::Value {
                rt::record([#(#entries),*])
            }
        }
    });
    let from_value = back.then(|| {
        let entries = fields.iter().map(|field| {
            let Field { ident, name, .. } = field;
            let read = if field.optional { quote!(optional_field) } else { quote!(field) };
            let read = if field.ty.has_host() { quote!(host::#read) } else { read };
            quote!(#ident: rt::#read(value, #name)?)
        });
        quote! {
            pub(super) fn from_value(value: &rt::Value) -> Result<Self, rt::Misfit> {
                Ok(Self { #(#entries),* })
            }
        }
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        pub struct #ident {
            #(#members),*
        }

        impl #ident {
            #to_value
            #from_value
        }
    }
}
