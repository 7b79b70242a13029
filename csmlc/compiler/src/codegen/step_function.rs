//! Builds one function of generated code.

use crate::lists::Gather;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};

/// A step function: generic over the effects, first parameter `cx`.
pub(super) struct StepFunction {
    pub(super) name: Ident,
    pub(super) doc: String,
    /// Parameters besides `cx`.
    pub(super) parameters: Vec<(&'static str, TokenStream)>,
    pub(super) returns: Returns,
    /// Its statements.
    pub(super) statements: TokenStream,
    /// The value it ends with.
    pub(super) tail: TokenStream,
}

/// What a step function returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Returns {
    /// Nothing.
    Nothing,
    /// `Result<(), StepError>`
    Unit,
    /// `bool`
    Bool,
    /// `Result<bool, StepError>`
    FallibleBool,
    /// `StepResult`
    Outcome,
}

impl Returns {
    /// Nothing, or an error.
    pub(super) fn nothing(fails: bool) -> Self {
        if fails { Self::Unit } else { Self::Nothing }
    }

    /// Whether something was done, or an error.
    pub(super) fn bool(fails: bool) -> Self {
        if fails { Self::FallibleBool } else { Self::Bool }
    }

    fn tokens(self) -> TokenStream {
        match self {
            Self::Nothing => quote!(),
            Self::Unit => quote!(-> Result<(), rt::StepError>),
            Self::Bool => quote!(-> bool),
            Self::FallibleBool => quote!(-> Result<bool, rt::StepError>),
            Self::Outcome => quote!(-> rt::StepResult),
        }
    }
}

impl StepFunction {
    pub(super) fn new(name: Ident, doc: String, returns: Returns) -> Self {
        let tail = match returns {
            Returns::Unit => quote!(Ok(())),
            _ => quote!(),
        };
        Self { name, doc, parameters: Vec::new(), returns, statements: TokenStream::new(), tail }
    }

    pub(super) fn body(&self) -> TokenStream {
        let Self { statements, tail, .. } = self;
        quote!(#statements #tail)
    }

    pub(super) fn tokens(&self) -> TokenStream {
        let name = &self.name;
        let doc = format!(" {}", self.doc);
        let body = self.body();
        let parameters = self.parameters.iter().map(|(name, ty)| {
            let name = format_ident!("{name}");
            quote!(, #name: #ty)
        });
        let returns = self.returns.tokens();
        quote! {
            #[doc = #doc]
            fn #name<F: rt::EffectsFor<Machines>>(cx: &mut Context<'_, F> #(#parameters)*) #returns {
                #body
            }
        }
    }
}

/// Whether a variable is mentioned: not a field, path segment or field name of that name, and not in a function
/// that is an item of the code, which has variables of its own.
pub(super) fn mentions(tokens: &TokenStream, name: &str) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().gather();
    let mut in_item = false;
    tokens.iter().enumerate().any(|(index, token)| match token {
        TokenTree::Ident(ident) if ident == "fn" => {
            in_item = true;
            false
        }
        TokenTree::Group(group) if in_item => {
            in_item = group.delimiter() != Delimiter::Brace;
            false
        }
        _ if in_item => false,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        TokenTree::Ident(ident) if ident == name => {
            let is = |at: Option<usize>, c: char| {
                matches!(at.and_then(|at| tokens.get(at)), Some(TokenTree::Punct(punct)) if punct.as_char() == c)
            };
            let field = is(index.checked_sub(1), '.') && !is(index.checked_sub(2), '.');
            let segment = is(index.checked_sub(1), ':') && is(index.checked_sub(2), ':');
            !field && !segment && !is(Some(index + 1), ':')
        }
        _ => false,
    })
}

/// Whether an item or module is named, in items too: what a module has to import. Not a path segment behind another,
/// a field or a field name.
pub(super) fn names(tokens: &TokenStream, name: &str) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().gather();
    let is = |at: Option<usize>, c: char| matches!(at.and_then(|at| tokens.get(at)), Some(TokenTree::Punct(punct)) if punct.as_char() == c);
    tokens.iter().enumerate().any(|(index, token)| match token {
        TokenTree::Ident(ident) if ident == name => {
            let [before, before_that] = [1, 2].map(|back| index.checked_sub(back));
            let behind = is(before, '.') || is(before, ':') && is(before_that, ':');
            let field = is(Some(index + 1), ':') && !is(Some(index + 2), ':');
            !behind && !field
        }
        TokenTree::Group(group) => names(&group.stream(), name),
        _ => false,
    })
}

/// How many tokens there are, those in groups too.
pub(super) fn length(tokens: &TokenStream) -> usize {
    let tokens = tokens.clone().into_iter();
    tokens
        .map(|token| if let TokenTree::Group(group) = token { 1 + length(&group.stream()) } else { 1 })
        .sum()
}

/// The name as a parameter: `_` if `body` does not use it.
pub(super) fn used(body: &TokenStream, name: &str) -> TokenStream {
    if !mentions(body, name) {
        return quote!(_);
    }
    let name = format_ident!("{name}");
    quote!(#name)
}
