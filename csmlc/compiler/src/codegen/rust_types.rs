//! Types of the expression language as Rust types.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::types::Type;

/// The Rust type of `ty`. `runtime` is the path of the runtime's private module.
pub(super) fn rust_type(ty: &Type, runtime: &TokenStream) -> TokenStream {
    match ty {
        Type::Bool => quote!(bool),
        Type::Int => quote!(i64),
        Type::Float => quote!(f64),
        Type::Text => quote!(#runtime::String),
        Type::Bytes => quote!(#runtime::Bytes),
        Type::List(item) => {
            let item = rust_type(item, runtime);
            quote!(#runtime::Vec<#item>)
        }
        Type::Set(item) => {
            let item = key_type(item, runtime);
            quote!(#runtime::BTreeSet<#item>)
        }
        Type::Map(key, value) => {
            let (key, value) = (key_type(key, runtime), rust_type(value, runtime));
            quote!(#runtime::BTreeMap<#key, #value>)
        }
        Type::Option(item) => {
            let item = rust_type(item, runtime);
            quote!(#runtime::Option<#item>)
        }
        Type::Host(path) => path.parse().unwrap_or_default(),
        Type::Dynamic | Type::Null | Type::Unknown => quote!(#runtime::Value),
    }
}

/// The Rust type of set elements and map keys: floats have no order in Rust, so such keys are kept untyped.
fn key_type(ty: &Type, runtime: &TokenStream) -> TokenStream {
    if is_key(ty) { rust_type(ty, runtime) } else { quote!(#runtime::Value) }
}

/// Whether the Rust type of `ty` has a total order.
pub(super) fn is_key(ty: &Type) -> bool {
    match ty {
        Type::Float | Type::Host(_) => false,
        Type::List(item) | Type::Option(item) => is_key(item),
        Type::Map(_, value) => is_key(value),
        _ => true,
    }
}

/// Whether the Rust type of `ty` is `Copy`.
pub(super) fn is_copy(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Int | Type::Float => true,
        Type::Option(item) => is_copy(item),
        _ => false,
    }
}

/// Whether the budget of a step counts copies: those of untyped values share what they hold, and what a type of the
/// user's holds is not known.
pub(super) fn is_counted(ty: &Type) -> bool {
    !matches!(ty, Type::Dynamic) && !ty.has_host()
}

/// Whether generated statements may build, copy or search data of any size.
pub(super) fn builds(statements: TokenStream) -> bool {
    const BUILDING: [&str; 12] = [
        "bytes",
        "clone",
        "cloned",
        "copied",
        "dynamic",
        "host",
        "into_value",
        "list",
        "map",
        "random",
        "set",
        "text",
    ];
    statements.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => BUILDING.iter().any(|name| ident == name),
        TokenTree::Group(group) => builds(group.stream()),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_rust_type() {
        let map = |key, value| Type::Map(Box::new(key), Box::new(value));
        let cases = [
            (Type::Bool, "bool"),
            (Type::Int, "i64"),
            (Type::Float, "f64"),
            (Type::Text, "rt :: String"),
            (Type::Bytes, "rt :: Bytes"),
            (Type::List(Box::new(Type::Int)), "rt :: Vec < i64 >"),
            (Type::Set(Box::new(Type::Float)), "rt :: BTreeSet < rt :: Value >"),
            (
                map(Type::Text, Type::Option(Box::new(Type::Float))),
                "rt :: BTreeMap < rt :: String , rt :: Option < f64 > >",
            ),
            (Type::Option(Box::new(Type::Bool)), "rt :: Option < bool >"),
            (Type::Host("crate::Reading".into()), "crate :: Reading"),
            (Type::Dynamic, "rt :: Value"),
        ];
        let runtime = quote!(rt);
        for (ty, rust) in cases {
            assert_eq!(rust_type(&ty, &runtime).to_string(), rust);
        }
    }

    #[test]
    fn scalars_are_copied() {
        assert!(is_copy(&Type::Option(Box::new(Type::Int))));
        assert!(!is_copy(&Type::Text));
        assert!(!is_copy(&Type::Dynamic));
    }
}
