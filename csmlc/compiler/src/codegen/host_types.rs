//! The user's own types and functions: asserted to be what the description needs, so that rustc says at once, and in
//! one place, what one lacks.

use crate::sorted::SortedMap;
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::{Generator, expr::host_calls::parameter_type, rust_types::rust_type};
use crate::{
    ir::host_functions,
    lists::{Gather, GatherTokens},
    types::{HostFunction, Type},
};

impl Generator<'_> {
    /// An assertion for each type of the user's that the program has.
    pub(super) fn host_types(&self) -> TokenStream {
        let program = self.program;
        // Whether a variable has the type.
        let mut found: SortedMap<String, bool> = SortedMap::new();
        let mut collect = |ty: &Type, variable: bool| {
            ty.each_host(&mut |path| *found.entry(path.to_owned()).or_insert(false) |= variable);
        };
        for ty in program.data.values().chain(program.inputs.values()) {
            collect(ty, false);
        }
        for ty in program.outputs.values() {
            collect(ty, false);
        }
        for (id, ty) in program.variables.iter() {
            // Only a field that always holds a value has one before the first is assigned.
            let plain = matches!(ty, Type::Host(_)) && !program.app.variables[id].optional;
            collect(ty, plain);
        }
        let assertions = found.iter().map(|(path, variable)| {
            let tokens: TokenStream = path.parse().unwrap_or_default();
            let tokens = match self.token_span(path) {
                Some(span) => at(tokens, span),
                None => tokens,
            };
            let variable = variable.then(|| quote!(const _: () = rt::host::assert_variable::<#tokens>();));
            quote! {
                const _: () = rt::host::assert_datum::<#tokens>();
                #variable
            }
        });
        let functions = host_functions(program).into_iter().map(|function| self.host_function(function));
        assertions.chain(functions).gather_tokens()
    }

    /// A function that compiles only if the user's function has its signature.
    fn host_function(&self, function: &HostFunction) -> TokenStream {
        let rt = quote!(rt);
        let names: Vec<_> = (0..function.parameters.len()).map(|index| format_ident!("a{index}")).gather();
        let types = function.parameters.iter().map(|ty| parameter_type(ty, &rt));
        let result = function.result.as_ref().map(|ty| rust_type(ty, &rt));
        let returns = match (result, function.fails) {
            (Some(result), true) => quote!(-> Result<#result, impl rt::fmt::Display>),
            (None, true) => quote!(-> Result<(), impl rt::fmt::Display>),
            (Some(result), false) => quote!(-> #result),
            (None, false) => quote!(),
        };
        let path: TokenStream = function.path.parse().unwrap_or_default();
        let path = match self.sources.get(function.span.source).token_at(function.span.start) {
            Some(token) => at(path, token.span),
            None => path,
        };
        quote! {
            const _: () = {
                fn check(#(#names: #types),*) #returns {
                    #path(#(#names),*)
                }
            };
        }
    }

    /// The token of the macro call that names the type, if it is a macro call that does.
    fn token_span(&self, path: &str) -> Option<Span> {
        let span = self.program.host_types.get(path)?;
        self.sources.get(span.source).token_at(span.start).map(|token| token.span)
    }
}

/// The tokens, standing for rustc where `span` is: there it shows what a type lacks. Names are still looked up
/// where the module is.
fn at(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            if let TokenTree::Group(group) = &token {
                token = TokenTree::Group(Group::new(group.delimiter(), at(group.stream(), span)));
            }
            token.set_span(span);
            token
        })
        .collect()
}
