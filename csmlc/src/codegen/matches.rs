//! `match` actions: a Rust `match` where only one case can run, `if`s one after the other where several can
//! (SEMANTICS 1, Actions).

use std::borrow::Cow;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{
    expr,
    function::mentions,
    places::{EventAccess, Places},
    plan::{self, Change},
    rust_types,
    site::Trigger,
    steps::Steps,
};
use crate::{
    ir::{Constant, Expr, Kind, Program},
    model::{Match, StateId},
    types::Type,
};

impl Steps<'_> {
    pub(super) fn matching(
        &self,
        it: &Match<Expr>,
        trigger: Trigger,
        internal: Option<StateId>,
    ) -> TokenStream {
        let default = self.actions(&it.default, trigger, internal);
        let bodies: Vec<_> =
            it.cases.iter().map(|case| self.actions(&case.actions, trigger, internal)).collect();
        if let Some(constants) = it.constants()
            && constants.len() > 1
            && !is_literal(&it.value)
        {
            return self.by_constant(it, trigger, &constants, &bodies, &default);
        }
        let (program, site) = (self.generator.program, self.site(trigger));
        let stays = self.stays(it, trigger);
        let tests =
            it.cases.iter().map(|case| match stays.then(|| case.test.with_matched(it.id, &it.value)) {
                Some(Some(test)) => Cow::Owned(test),
                Some(None) | None => Cow::Borrowed(&case.test),
            });
        let tests: Vec<_> = tests.collect();
        let compared = match (tests.as_slice(), bodies.as_slice()) {
            ([test], [body]) => expr::choice(test, body.clone(), default, program, &site),
            _ => {
                let flag = !default.is_empty() && !tests.is_empty();
                let ran = flag.then(|| quote!(unmatched = false;));
                let mut statements = flag.then(|| quote!(let mut unmatched = true;)).unwrap_or_default();
                for (test, body) in tests.iter().zip(&bodies) {
                    let body = quote!(#ran #body);
                    statements.extend(expr::choice(test, body, quote!(), program, &site));
                }
                statements.extend(if flag { quote!(if unmatched { #default }) } else { default });
                statements
            }
        };
        let name = &self.generator.names.matches[it.id];
        if !mentions(&compared, &name.to_string()) {
            // Of what takes the place of the value each test has its own.
            let value = if stays { quote!() } else { expr::discarded(&it.value, program, &site) };
            return quote!(#value #compared);
        }
        let ty = rust_types::rust_type(&it.value.ty, &quote!(rt));
        let value = self.value(trigger, &it.value);
        quote!(let #name: #ty = #value; #compared)
    }

    /// A Rust `match` over constants.
    fn by_constant(
        &self,
        it: &Match<Expr>,
        trigger: Trigger,
        constants: &[Constant<'_>],
        bodies: &[TokenStream],
        default: &TokenStream,
    ) -> TokenStream {
        let (program, site) = (self.generator.program, self.site(trigger));
        if default.is_empty() && bodies.iter().all(TokenStream::is_empty) {
            return expr::discarded(&it.value, program, &site);
        }
        let name = &self.generator.names.matches[it.id];
        let mut head = quote!();
        let subject = if stands(&it.value, program, &site) {
            expr::borrowed(&it.value, program, &site)
        } else if let (Type::Text, Some(text)) = (&it.value.ty, expr::lasting(&it.value, program, &site)) {
            head = quote!(let #name = #text;);
            quote!(#name)
        } else {
            let ty = rust_types::rust_type(&it.value.ty, &quote!(rt));
            let value = self.value(trigger, &it.value);
            head = quote!(let #name: #ty = #value;);
            if it.value.ty == Type::Text { quote!(#name.as_str()) } else { quote!(#name) }
        };
        let arms = constants.iter().zip(bodies).map(|(constant, body)| {
            let pattern = match constant {
                Constant::Bool(value) => quote!(#value),
                Constant::Int(value) => {
                    let digits = Literal::u64_unsuffixed(value.unsigned_abs());
                    if *value < 0 { quote!(-#digits) } else { quote!(#digits) }
                }
                Constant::Text(text) => quote!(#text),
            };
            quote!(#pattern => { #body })
        });
        let both = matches!(constants, [Constant::Bool(_), ..]) && constants.len() > 1;
        let rest = (!both).then(|| quote!(_ => { #default }));
        quote!(#head match #subject { #(#arms)* #rest })
    }

    /// Whether the value can be looked at again for each case, and is still the same.
    fn stays(&self, it: &Match<Expr>, trigger: Trigger) -> bool {
        if is_literal(&it.value) {
            return true;
        }
        let changed = |change| plan::cases(self.generator.program, it, trigger).changes.contains(&change);
        let unchanged = match it.value.kind {
            Kind::Variable(variable) => !changed(Change::Variable(variable)),
            _ => true,
        };
        unchanged && stands(&it.value, self.generator.program, &self.site(trigger))
    }
}

fn is_literal(value: &Expr) -> bool {
    value.constant_int().is_some() || matches!(value.kind, Kind::Bool(_) | Kind::Float(_) | Kind::Text(_))
}

/// Whether it is a variable or event datum that is certainly there.
fn stands(value: &Expr, program: &Program, site: &dyn Places) -> bool {
    if value.fails_itself(program) {
        return false;
    }
    match (&value.kind, site.event()) {
        (Kind::Variable(_), _) => true,
        (Kind::Datum { sources, .. }, EventAccess::Payload(_)) => matches!(sources.as_slice(), [(_, None)]),
        _ => false,
    }
}
