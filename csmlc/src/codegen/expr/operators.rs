//! Arithmetic, concatenation, operations on untyped values, functions.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Code, Generator, Level};
use crate::{
    ir::{Arithmetic, Coercion, DynamicOp, Expr, Function, Kind},
    types::Type,
};

impl Generator<'_> {
    pub(super) fn negate(&self, expr: &Expr, operand: &Expr) -> Code {
        if let (Kind::Negate(inner), false) = (&operand.kind, expr.ty == Type::Int) {
            return self.owned(inner);
        }
        let value = self.owned(operand);
        if expr.ty != Type::Int {
            let value = value.at_least(Level::Unary);
            return Code::unary(quote!(-#value));
        }
        let rt = self.places.runtime();
        let at = self.at(expr);
        Code::atom(quote!(#rt::int::neg(#value, #at)?))
    }

    pub(super) fn arithmetic(&self, operator: Arithmetic, left: &Expr, right: &Expr, expr: &Expr) -> Code {
        let rt = self.places.runtime();
        let (a, b) = (self.owned(left), self.owned(right));
        let float = expr.ty != Type::Int;
        // Rust's lints take `x / 1` and `x % 1` for mistakes.
        let plain_division = right.divides_safely() && right.constant_int() != Some(1);
        let plain = match operator {
            Arithmetic::Add if float => Some((Level::Sum, quote!(+))),
            Arithmetic::Sub if float => Some((Level::Sum, quote!(-))),
            Arithmetic::Mul if float => Some((Level::Product, quote!(*))),
            Arithmetic::Div if plain_division => Some((Level::Product, quote!(/))),
            Arithmetic::Rem if plain_division => Some((Level::Product, quote!(%))),
            _ => None,
        };
        if let Some((level, symbol)) = plain {
            return Code::binary(level, a, symbol, b);
        }
        let module = if float { quote!(float) } else { quote!(int) };
        let function = function_name(operator);
        let at = self.at(expr);
        Code::atom(quote!(#rt::#module::#function(#a, #b, #at)?))
    }

    /// Strings are looked at and scalars written in place, so only the result is allocated.
    pub(super) fn concat(&self, pieces: &[Expr], at: &TokenStream) -> Code {
        let rt = self.places.runtime();
        let pieces = pieces.iter().map(|piece| self.piece(piece));
        Code::atom(quote!(#rt::text::concat(&[#(#pieces),*], #at)?))
    }

    fn piece(&self, expr: &Expr) -> TokenStream {
        let rt = self.places.runtime();
        let expr = match &expr.kind {
            Kind::Coerce(Coercion::ToText, inner)
                if matches!(inner.ty, Type::Bool | Type::Int | Type::Float | Type::Dynamic) =>
            {
                inner
            }
            _ => expr,
        };
        let kind = match expr.ty {
            Type::Bool => quote!(Bool),
            Type::Int => quote!(Int),
            Type::Float => quote!(Float),
            Type::Text => quote!(Text),
            _ => {
                let value = self.untyped(expr);
                return quote!(#rt::text::Piece::Value(#value));
            }
        };
        let value = self.borrowed(expr);
        quote!(#rt::text::Piece::#kind(#value))
    }

    pub(super) fn dynamic(
        &self,
        operation: DynamicOp,
        operands: &[Expr],
        ty: &Type,
        at: &TokenStream,
    ) -> Code {
        let rt = self.places.runtime();
        let wrap = |truth: Code| match ty {
            Type::Bool => truth,
            _ => Code::atom(quote!(#rt::Value::Bool(#truth))),
        };
        let mut operands = operands.iter().map(|operand| self.untyped(operand));
        let (Some(first), second) = (operands.next(), operands.next()) else {
            return Code::atom(quote!(#rt::Value::Null));
        };
        let Some(second) = second else {
            return match operation {
                DynamicOp::Not => wrap(Code::atom(quote!(#rt::dynamic::not(#first, #at)?))),
                _ => Code::atom(quote!(#rt::dynamic::neg(#first, #at)?)),
            };
        };
        let function = match operation {
            DynamicOp::Compare(operator) => {
                return wrap(self.compare_dynamic(operator, [first, second], at));
            }
            DynamicOp::Arithmetic(operator) => function_name(operator),
            _ => {
                return Code::atom(quote!(#rt::Clone::clone(#rt::dynamic::index(#first, #second, #at)?)));
            }
        };
        Code::atom(quote!(#rt::dynamic::#function(#first, #second, #at)?))
    }

    pub(super) fn function(&self, function: Function, arguments: &[Expr], at: &TokenStream) -> Code {
        let rt = self.places.runtime();
        let argument = arguments.first();
        match function {
            Function::RandomPayload => {
                let sizes = argument.map(|sizes| self.sizes(sizes));
                let rng = self.places.rng();
                Code::atom(quote!(#rt::random_payload(#sizes, &mut #rng, #at)?))
            }
            Function::Size => {
                let collection = argument.map(|argument| self.collection(argument));
                Code::atom(quote!(#rt::size(#collection)))
            }
            Function::Empty => {
                let collection = argument.map(|argument| self.collection(argument));
                Code::atom(quote!(#rt::is_empty(#collection)))
            }
        }
    }

    fn collection(&self, expr: &Expr) -> Code {
        match expr.kind {
            Kind::Text(ref text) => Code::atom(quote!(#text)),
            _ => self.reference(expr),
        }
    }

    /// A list of sizes; of a literal no list is made.
    fn sizes(&self, expr: &Expr) -> Code {
        match &expr.kind {
            Kind::List(items) => {
                let items = items.iter().map(|item| self.owned(item));
                Code::unary(quote!(&[#(#items),*]))
            }
            _ => self.reference(expr),
        }
    }
}

fn function_name(operator: Arithmetic) -> TokenStream {
    match operator {
        Arithmetic::Add => quote!(add),
        Arithmetic::Sub => quote!(sub),
        Arithmetic::Mul => quote!(mul),
        Arithmetic::Div => quote!(div),
        Arithmetic::Rem => quote!(rem),
    }
}
