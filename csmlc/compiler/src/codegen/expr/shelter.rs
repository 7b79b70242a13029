//! Expressions in which `null` and what is missing need not fail.
//!
//! Such an expression is a block with two labels: a value leaves the outer one, and where something is missing the
//! inner one is left, behind which the other value stands.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Code, ExprGenerator, Precedence, loops::lifetime};
use crate::{
    codegen::step_function::mentions,
    ir::{Coercion, Expr, Kind},
};

impl ExprGenerator<'_> {
    /// `value`, or `otherwise` where something in it is missing.
    pub(super) fn protected(&self, value: &Expr, otherwise: &Expr) -> Code {
        if let Kind::Coerce(Coercion::Unwrap, option) = &value.kind
            && !self.in_shelter().may_leave(option)
        {
            return self.unwrapped_or(option, value, otherwise);
        }
        let value = self.in_shelter().owned(value);
        self.sheltered(value, |generator| generator.owned(otherwise))
    }

    /// Whether the code of `expr`, which stands in a protected expression, leaves it where something is missing.
    fn may_leave(&self, expr: &Expr) -> bool {
        mentions(&self.owned(expr).into_tokens(), &self.name("absent"))
    }

    /// What an option holds, or `otherwise`.
    fn unwrapped_or(&self, option: &Expr, value: &Expr, otherwise: &Expr) -> Code {
        let rt = self.places.runtime();
        let otherwise = self.owned(otherwise);
        let (option, value) = match self.optional(option) {
            Some(option) => (option, self.dereference(Code::atom(quote!(value)), &value.ty)),
            None => (self.temporary(option), Code::atom(quote!(value))),
        };
        Code::new(
            Precedence::Block,
            quote!(match #option { #rt::Some(value) => #value, #rt::None => #otherwise }),
        )
    }

    /// The generator for what stands in a protected expression.
    pub(super) fn in_shelter(&self) -> Self {
        Self { shelters: self.shelters + 1, ..*self }
    }

    /// `value`, which [`in_shelter`](Self::in_shelter) has generated, with what stands for it where something is missing.
    pub(super) fn sheltered(&self, value: Code, otherwise: impl FnOnce(&Self) -> Code) -> Code {
        let inner = self.in_shelter();
        let [present, absent] = [inner.label("present"), inner.label("absent")];
        if !mentions(&quote!(#value), &inner.name("absent")) {
            return value;
        }
        let otherwise = otherwise(self);
        Code::new(
            Precedence::Block,
            quote!(#present: {
                #absent: {
                    let value = #value;
                    break #present value;
                }
                #otherwise
            }),
        )
    }

    /// Where to go on if something is missing; nothing if that fails.
    pub(super) fn shelter(&self) -> Option<TokenStream> {
        (self.shelters > 0).then(|| self.label("absent"))
    }

    /// The value of an option in a protected expression.
    pub(super) fn present(&self, option: TokenStream) -> Code {
        let rt = self.places.runtime();
        let absent = self.label("absent");
        Code::new(
            Precedence::Block,
            quote!(match #option { #rt::Some(value) => value, #rt::None => break #absent }),
        )
    }

    /// The value of a `Result`, whose error ends the step, unless it is about something missing in a protected
    /// expression.
    pub(super) fn attempt(&self, result: TokenStream) -> Code {
        match self.shelter() {
            None => Code::atom(quote!(#result?)),
            Some(_) => {
                let rt = self.places.runtime();
                self.present(quote!(#rt::unless_missing(#result)?))
            }
        }
    }

    fn label(&self, name: &str) -> TokenStream {
        lifetime(&format!("'{}", self.name(name)))
    }

    fn name(&self, name: &str) -> String {
        format!("{name}_{}", self.shelters)
    }
}
