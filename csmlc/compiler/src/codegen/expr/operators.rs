//! Arithmetic, concatenation, operations on untyped values, functions.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Code, ExprGenerator, Precedence, int};
use crate::{
    ir::{Arithmetic, Bits, Coercion, Comparison, DynamicOp, Expr, Kind, LibraryFunction},
    lists::Gather,
    types::Type,
};

impl ExprGenerator<'_> {
    pub(super) fn negate(&self, expr: &Expr, operand: &Expr) -> Code {
        if let Some(constant) = expr.constant_int() {
            return int(constant);
        }
        if let (Kind::Negate(inner), false) = (&operand.kind, expr.ty == Type::Int) {
            return self.owned(inner);
        }
        let value = self.owned(operand);
        if expr.ty != Type::Int {
            let value = value.at_least(Precedence::Unary);
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
        if let Some(constant) = expr.constant_int() {
            return int(constant);
        }
        let plain_division = right.divides_safely();
        let plain = match operator {
            Arithmetic::Add if float => Some((Precedence::Sum, quote!(+))),
            Arithmetic::Sub if float => Some((Precedence::Sum, quote!(-))),
            Arithmetic::Mul if float => Some((Precedence::Product, quote!(*))),
            Arithmetic::Div if plain_division => Some((Precedence::Product, quote!(/))),
            Arithmetic::Rem if plain_division => Some((Precedence::Product, quote!(%))),
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
        let short = pieces.iter().all(Expr::is_short_text);
        let pieces = self.siblings(pieces).map(|(generator, piece)| generator.piece(piece));
        if short {
            return Code::atom(quote!(#rt::text::join(&[#(#pieces),*])));
        }
        self.attempt(quote!(#rt::text::concat(&[#(#pieces),*], #at)))
    }

    fn piece(&self, expr: &Expr) -> TokenStream {
        let rt = self.places.runtime();
        if let Kind::Coerce(Coercion::ToShownText, inner) = &expr.kind {
            let value = self.untyped(inner);
            return quote!(#rt::text::Piece::Shown(#value));
        }
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
        if let Some(code) = self.compare_with_text(operation, operands) {
            return wrap(code);
        }
        let mut operands = self.siblings(operands).map(|(generator, operand)| generator.untyped(operand));
        let (Some(first), second) = (operands.next(), operands.next()) else {
            return Code::atom(quote!(#rt::Value::Null));
        };
        let Some(second) = second else {
            let function = match operation {
                DynamicOp::Not => return wrap(self.attempt(quote!(#rt::dynamic::not(#first, #at)))),
                DynamicOp::Plus => quote!(pos),
                DynamicOp::BitNot => quote!(bit_not),
                DynamicOp::Increment => quote!(increment),
                DynamicOp::Decrement => quote!(decrement),
                _ => quote!(neg),
            };
            return self.attempt(quote!(#rt::dynamic::#function(#first, #at)));
        };
        let truth =
            |function: TokenStream| wrap(self.attempt(quote!(#rt::dynamic::#function(#first, #second, #at))));
        let function = match operation {
            DynamicOp::Compare(operator) => {
                return wrap(self.compare_dynamic(operator, [first, second], at));
            }
            DynamicOp::Arithmetic(operator) => function_name(operator),
            DynamicOp::Bits(operator) => match operator {
                Bits::And => quote!(bit_and),
                Bits::Or => quote!(bit_or),
                Bits::Xor => quote!(bit_xor),
                Bits::Shl => quote!(shl),
                Bits::Shr => quote!(shr),
                Bits::Ushr => quote!(ushr),
            },
            DynamicOp::Range => quote!(range),
            DynamicOp::Matches => return truth(quote!(matches)),
            DynamicOp::EndsWith => return truth(quote!(ends_with)),
            DynamicOp::StartsWith => {
                return wrap(Code::atom(quote!(#rt::dynamic::starts_with(#first, #second))));
            }
            DynamicOp::Same => return wrap(Code::atom(quote!(#rt::dynamic::identical(#first, #second)))),
            DynamicOp::Index => {
                let item = self.attempt(quote!(#rt::dynamic::index(#first, #second, #at)));
                return Code::atom(quote!(#rt::Clone::clone(#item)));
            }
            DynamicOp::SafeIndex => {
                return Code::atom(quote!(#rt::Clone::clone(#rt::dynamic::safe_index(#first, #second))));
            }
            // Of one operand.
            DynamicOp::Negate
            | DynamicOp::Not
            | DynamicOp::Plus
            | DynamicOp::BitNot
            | DynamicOp::Increment
            | DynamicOp::Decrement => quote!(neg),
        };
        self.attempt(quote!(#rt::dynamic::#function(#first, #second, #at)))
    }

    /// Equality with a string, for which no untyped value is made.
    fn compare_with_text(&self, operation: DynamicOp, operands: &[Expr]) -> Option<Code> {
        let rt = self.places.runtime();
        let equal = match operation {
            DynamicOp::Compare(Comparison::Eq) => true,
            DynamicOp::Compare(Comparison::Ne) => false,
            _ => return None,
        };
        let [left, right] = operands else { return None };
        let (value, text, turned) = match (text_of(left), text_of(right)) {
            (_, Some(text)) => (left, text, false),
            (Some(text), None) => (right, text, true),
            (None, None) => return None,
        };
        if turned && !matches!(text.kind, Kind::Text(_)) {
            // It would be evaluated second.
            return None;
        }
        let value = self.before(value, &[text]).untyped(value);
        let text = self.borrowed(text);
        let same = Code::atom(quote!(#rt::dynamic::eq_text(#value, #text)));
        Some(if equal { same } else { same.not() })
    }

    pub(super) fn append(&self, left: &Expr, right: &Expr, at: &TokenStream) -> Code {
        let rt = self.places.runtime();
        let left = self.owned(left);
        if let Kind::List(items) = &right.kind
            && let [item] = items.as_slice()
        {
            let item = self.owned(item);
            return Code::atom(quote!(#rt::list::append(#left, #item, #at)?));
        }
        let right = self.owned(right);
        Code::atom(quote!(#rt::list::concat(#left, #right, #at)?))
    }

    /// Operands with the generator that each is to be generated with: what later ones change may not be
    /// borrowed by earlier ones.
    pub(super) fn siblings<'e>(&self, operands: &'e [Expr]) -> impl Iterator<Item = (Self, &'e Expr)> {
        operands.iter().enumerate().map(move |(index, operand)| {
            let later: Vec<&Expr> = operands.iter().skip(index + 1).gather();
            (self.before(operand, &later), operand)
        })
    }

    pub(super) fn function(&self, function: LibraryFunction, arguments: &[Expr]) -> Code {
        let rt = self.places.runtime();
        let collection = arguments.first().map(|argument| self.collection(argument));
        Code::atom(match function {
            LibraryFunction::Size => quote!(#rt::size(#collection)),
            LibraryFunction::Empty => quote!(#rt::is_empty(#collection)),
        })
    }

    fn collection(&self, expr: &Expr) -> Code {
        match (&expr.kind, &expr.ty) {
            (Kind::Text(text), _) => Code::atom(quote!(#text)),
            (Kind::MapItem(..), Type::Option(_)) => {
                self.optional(expr).unwrap_or_else(|| self.temporary(expr)).reference()
            }
            _ => self.reference(expr),
        }
    }
}

/// The string that an untyped operand is made of.
fn text_of(operand: &Expr) -> Option<&Expr> {
    match &operand.kind {
        Kind::Coerce(Coercion::ToDynamic, text) if text.ty == Type::Text => Some(text),
        _ => None,
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
