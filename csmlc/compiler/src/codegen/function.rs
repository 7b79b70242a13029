//! Builds one function of generated code.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};

/// A parameter besides `cx`.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) ty: TokenStream,
}

impl Parameter {
    pub(super) fn new(name: &'static str, ty: TokenStream) -> Self {
        Self { name, ty }
    }
}

/// A step function: generic over the effects, first parameter `cx`.
pub(super) struct Function {
    pub(super) name: Ident,
    pub(super) doc: Option<String>,
    pub(super) public: bool,
    /// Whether it is worth inlining: it only dispatches.
    pub(super) inline: bool,
    pub(super) parameters: Vec<Parameter>,
    /// What it returns on success; `None` for nothing.
    pub(super) returns: Option<TokenStream>,
    /// Whether it returns a `Result`.
    pub(super) fails: bool,
    /// Its statements.
    pub(super) statements: TokenStream,
    /// The value it ends with; `None` for nothing. Already a `Result` if `tail_is_result`.
    pub(super) tail: Option<TokenStream>,
    pub(super) tail_is_result: bool,
}

impl Function {
    pub(super) fn new(name: Ident) -> Self {
        Self {
            name,
            doc: None,
            public: false,
            inline: false,
            parameters: Vec::new(),
            returns: None,
            fails: false,
            statements: TokenStream::new(),
            tail: None,
            tail_is_result: false,
        }
    }

    pub(super) fn tokens(&self) -> TokenStream {
        let Self { name, statements, .. } = self;
        let tail = match (&self.tail, self.fails) {
            (Some(tail), true) if !self.tail_is_result => returned(tail, true),
            (Some(tail), _) => quote!(#tail),
            (None, true) => quote!(Ok(())),
            (None, false) => quote!(),
        };
        let success = self.returns.clone().unwrap_or_else(|| quote!(()));
        let returns = match (&self.returns, self.fails) {
            (_, true) => quote!(-> Result<#success, rt::StepError>),
            (Some(_), false) => quote!(-> #success),
            (None, false) => quote!(),
        };
        let body = quote!(#statements #tail);
        let cx = used(&body, "cx");
        let parameters = self.parameters.iter().map(|parameter| {
            let name = used(&body, parameter.name);
            let ty = &parameter.ty;
            quote!(#name: #ty)
        });
        let visibility = if self.public { quote!(pub(crate)) } else { quote!() };
        let inline = self.inline.then(|| quote!(#[inline]));
        let doc = self.doc.iter().map(|doc| format!(" {doc}"));
        quote! {
            #(#[doc = #doc])*
            #inline
            #visibility fn #name<F: rt::Effects<Event = Event, Call = Call>>(
                #cx: &mut Cx<'_, F>, #(#parameters),*
            ) #returns {
                #body
            }
        }
    }
}

/// The name as a parameter: with an underscore if `body` does not use it.
pub(super) fn used(body: &TokenStream, name: &str) -> Ident {
    if mentions(body, name) { format_ident!("{name}") } else { format_ident!("_{name}") }
}

/// Whether a variable is mentioned: not a field, path segment or field name of that name, and not in a function
/// that is an item of the code, which has variables of its own.
pub(super) fn mentions(tokens: &TokenStream, name: &str) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
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

/// A call `name(cx, arguments)`, with `?` if the function can fail.
pub(super) fn call(name: &Ident, arguments: &[TokenStream], fails: bool) -> TokenStream {
    let question = fails.then(|| quote!(?));
    quote!(#name(cx #(, #arguments)*) #question)
}

/// What a function returns for a value.
pub(super) fn returned(value: &TokenStream, fails: bool) -> TokenStream {
    if !fails {
        return value.clone();
    }
    without_question(value).unwrap_or_else(|| quote!(Ok(#value)))
}

/// `f(x)?` as `f(x)`: what a function can end with instead of `Ok(f(x)?)`.
fn without_question(tail: &TokenStream) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = tail.clone().into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(name), TokenTree::Group(arguments), TokenTree::Punct(question)]
            if question.as_char() == '?' =>
        {
            Some(quote!(#name #arguments))
        }
        _ => None,
    }
}
