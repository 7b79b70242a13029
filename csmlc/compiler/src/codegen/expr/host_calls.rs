//! Calls of host functions. Scalars are passed by value, strings as `&str`, lists as `&[T]`, anything else by
//! reference; results are owned.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Code, ExprGenerator};
use crate::{
    codegen::rust_types::{is_copy, rust_type},
    ir::Expr,
    types::{HostFunction, Type},
};

/// The Rust type of a parameter of type `ty`.
pub(in crate::codegen) fn parameter_type(ty: &Type, runtime: &TokenStream) -> TokenStream {
    match ty {
        ty if is_copy(ty) => rust_type(ty, runtime),
        Type::Text => quote!(&str),
        Type::List(item) => {
            let item = rust_type(item, runtime);
            quote!(&[#item])
        }
        ty => {
            let ty = rust_type(ty, runtime);
            quote!(&#ty)
        }
    }
}

impl ExprGenerator<'_> {
    pub(super) fn host(&self, function: &HostFunction, operands: &[Expr], at: &TokenStream) -> Code {
        let rt = self.places.runtime();
        let arguments = self.siblings(operands).map(|(generator, operand)| match &operand.ty {
            ty if is_copy(ty) => generator.owned(operand),
            Type::Text => generator.borrowed(operand),
            _ => generator.reference(operand),
        });
        let path: TokenStream = function.path.parse().unwrap_or_default();
        let call = quote!(#path(#(#arguments),*));
        if !function.fails {
            return Code::atom(call);
        }
        let name = function.full_name();
        Code::atom(quote!(#rt::host_result(#call, #name, #at)?))
    }
}
