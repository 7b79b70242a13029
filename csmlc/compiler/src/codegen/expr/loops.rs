//! Loops.

use std::cell::Cell;

use csml_rt_core::Position;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use super::{
    ExprGenerator,
    leave::{self, Jump},
};
use crate::{
    codegen::rust_types::{builds, is_copy, rust_type},
    ir::{Expr, LocalId, Over, Stmt},
    lists::GatherTokens,
    types::Type,
};

/// A loop being generated.
pub(super) struct Round {
    number: u32,
    /// Whether its body is a block with a label, so that `continue` leads behind it.
    labelled: bool,
    /// Whether something leaves the loop by its label.
    left: Cell<bool>,
}

impl Round {
    fn label(&self, name: &str) -> TokenStream {
        let name = format!("'{name}_{}", self.number);
        lifetime(&name)
    }
}

impl ExprGenerator<'_> {
    pub(super) fn repeat(
        &self,
        before: Option<&Expr>,
        body: &[Stmt],
        step: &[Stmt],
        after: Option<&Expr>,
        at: Position,
    ) -> TokenStream {
        if let Some(condition) = before.filter(|condition| leave::leaves(condition)) {
            return self.discard(condition);
        }
        let at = self.at_position(at);
        let body = leave::live(body);
        let goes_on = leave::falls_through(body);
        let behind = goes_on && (!step.is_empty() || leave::ends(after));
        let round = self.round_of(behind && leave::finds(body, Jump::Continue));
        let inner = ExprGenerator { round: Some(&round), ..*self };
        let mut statements = inner.statements(body);
        if round.labelled {
            let next = round.label("next");
            statements = quote!(#next: { #statements });
        }
        if goes_on {
            statements.extend(inner.statements(step));
            if let Some(condition) = after.filter(|_| leave::ends(after)) {
                let condition = inner.not(condition);
                statements.extend(quote!(if #condition { break; }));
            }
        }
        let statements = self.check_of(&at)(statements);
        let label = round.left.get().then(|| {
            let label = round.label("loop");
            quote!(#label:)
        });
        match before {
            Some(condition) if !leave::is_true(condition) => {
                let condition = self.owned(condition);
                quote!(#label while #condition { fuel.burn(#at)?; #statements })
            }
            _ if leave::finds(body, Jump::Break) || goes_on && leave::ends(after) => {
                quote!(#label loop { fuel.burn(#at)?; #statements })
            }
            // Behind a `loop` without end rustc would warn about all that follows.
            _ => {
                let rt = self.places.runtime();
                quote!(#label while #rt::of_type(true) { fuel.burn(#at)?; #statements })
            }
        }
    }

    /// What puts a check of the step's budget before the statements of a round, where they build data.
    fn check_of(&self, at: &TokenStream) -> impl Fn(TokenStream) -> TokenStream {
        let (rt, at) = (self.places.runtime(), at.clone());
        move |statements| {
            let check = builds(statements.clone()).then(|| quote!(#rt::budget::check(#at)?;));
            quote!(#check #statements)
        }
    }

    fn round_of(&self, labelled: bool) -> Round {
        let number = self.script.map_or(0, |script| {
            script.labels.set(script.labels.get() + u32::from(labelled));
            script.labels.get()
        });
        Round { number, labelled, left: Cell::new(false) }
    }

    pub(super) fn end_loop(&self) -> TokenStream {
        match self.round {
            Some(round) if round.labelled => {
                round.left.set(true);
                let label = round.label("loop");
                quote!(break #label;)
            }
            _ => quote!(break;),
        }
    }

    pub(super) fn next_round(&self) -> TokenStream {
        match self.round {
            Some(round) if round.labelled => {
                let label = round.label("next");
                quote!(break #label;)
            }
            _ => quote!(continue;),
        }
    }

    pub(super) fn for_each(&self, local: LocalId, over: &Over, body: &[Stmt], at: Position) -> TokenStream {
        let at = self.at_position(at);
        let rt = self.places.runtime();
        let check = self.check_of(&at);
        let mut before = Vec::new();
        over.for_each_child(&mut |child| before.push(child));
        if before.iter().any(|expr| leave::leaves(expr)) {
            return before.iter().map(|expr| self.discard(expr)).gather_tokens();
        }
        let round = self.round_of(false);
        let inner = ExprGenerator { round: Some(&round), ..*self };
        // All rounds are paid for at once, unless some of them may never come.
        let early = leave::ends_early(body);
        let paid =
            |rounds: TokenStream| if early { TokenStream::new() } else { quote!(fuel.take(#rounds, #at)?;) };
        let burn = early.then(|| quote!(fuel.burn(#at)?;));
        let items = match over {
            Over::Range(from, to) => {
                let (from, to, name) = (self.owned(from), self.owned(to), self.declared(local));
                let body = check(inner.statements(body));
                let paid = paid(quote!(__csml_from.abs_diff(__csml_to).saturating_add(1)));
                return quote! {
                    let (__csml_from, __csml_to): (i64, i64) = (#from, #to);
                    #paid
                    for #name in #rt::int::range(__csml_from, __csml_to) { #burn #body }
                };
            }
            Over::Dynamic(value) => {
                let (value, name) = (self.borrowed(value), self.declared(local));
                let body = check(inner.statements(body));
                let paid = paid(quote!(__csml_items.len() as u64));
                return quote! {
                    let __csml_items = #rt::dynamic::items(#value);
                    #paid
                    for #name in __csml_items { #burn #body }
                };
            }
            Over::Items(items) => items,
        };
        let standing = self.place(items).filter(|_| !self.touched_by(body).disturbs(items));
        let is_borrowed = standing.is_some();
        let collection = match standing {
            Some(place) => {
                let place = place.reference();
                quote!(let __csml_items = #place;)
            }
            None => {
                let (ty, value) = (rust_type(&items.ty, &rt), self.owned(items));
                quote!(let __csml_items: #ty = #value;)
            }
        };
        let (name, each) = self.each(local, items, is_borrowed);
        let body = check(inner.statements(body));
        let paid = paid(quote!(__csml_items.len() as u64));
        quote! {
            #collection
            #paid
            for #name in #each { #burn #body }
        }
    }

    /// The pattern and the iterator of a `for` over `__csml_items`.
    fn each(&self, local: LocalId, items: &Expr, is_borrowed: bool) -> (TokenStream, TokenStream) {
        let content = items.ty.content();
        let name = self.declared(local);
        let is_map = matches!(items.ty, Type::Map(..));
        if !is_borrowed {
            return (name, if is_map { quote!(__csml_items.into_values()) } else { quote!(__csml_items) });
        }
        let iterator = if is_map { quote!(__csml_items.values()) } else { quote!(__csml_items.iter()) };
        if is_copy(content) {
            return (name, quote!(#iterator.copied()));
        }
        if self.is_changed(local) {
            return (name, quote!(#iterator.cloned()));
        }
        self.refers(local);
        (name, iterator)
    }
}

/// A label as tokens.
pub(super) fn lifetime(name: &str) -> TokenStream {
    let mut tokens = vec![TokenTree::Punct(proc_macro2::Punct::new('\'', proc_macro2::Spacing::Joint))];
    tokens.push(TokenTree::Ident(Ident::new(name.trim_start_matches('\''), Span::call_site())));
    tokens.into_iter().collect()
}
