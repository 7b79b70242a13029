//! Negation and comparison.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Code, ExprGenerator, Precedence, is_untyped};
use crate::{
    codegen::rust_types::is_copy,
    ir::{Coercion, Comparison, DynamicOp, Expr, Kind},
    types::Type,
};

impl ExprGenerator<'_> {
    /// `!operand`, of a comparison the opposite one.
    pub(super) fn not(&self, operand: &Expr) -> Code {
        match &operand.kind {
            Kind::Bool(value) => {
                let value = !value;
                Code::atom(quote!(#value))
            }
            Kind::Not(inner) => self.owned(inner),
            Kind::IsNull(inner) => self.is_null(inner, false),
            Kind::Compare(operator, left, right) if has_opposite(*operator, left) => {
                self.compare(opposite(*operator), left, right, &self.at(operand))
            }
            Kind::Dynamic(DynamicOp::Compare(operator), operands)
                if operand.ty == Type::Bool && !operator.is_order() =>
            {
                let operation = DynamicOp::Compare(opposite(*operator));
                self.dynamic(operation, operands, &Type::Bool, &self.at(operand))
            }
            _ => self.owned(operand).not(),
        }
    }

    pub(super) fn compare(&self, operator: Comparison, left: &Expr, right: &Expr, at: &TokenStream) -> Code {
        if let Some(holds) = constant(operator, left, right) {
            return Code::atom(quote!(#holds));
        }
        if let Some(code) = self.compare_with_nothing(operator, left, right) {
            return code;
        }
        let first = self.before(left, &[right]);
        let (a, b) = match &left.ty {
            Type::Bool => return self.compare_bools(operator, left, right),
            Type::Dynamic | Type::Null => {
                let operands = [first.untyped(left), self.untyped(right)];
                return self.compare_dynamic(operator, operands, at);
            }
            Type::Text => (first.borrowed(left), self.borrowed(right)),
            Type::List(item) if !operator.is_order() && is_plain(item) => {
                (first.operand(left), self.items(right, left))
            }
            Type::Option(content) if !is_copy(content) => {
                (first.option(left, content), self.option(right, content))
            }
            _ if is_untyped(left) && is_untyped(right) => (first.temporary(left), self.operand(right)),
            _ => (first.operand(left), self.operand(right)),
        };
        Code::binary(Precedence::Compare, a, symbol(operator), b)
    }

    /// Comparison with `null` or with something empty: Rust has methods for these.
    fn compare_with_nothing(&self, operator: Comparison, left: &Expr, right: &Expr) -> Option<Code> {
        if operator.is_order() {
            return None;
        }
        let equal = operator == Comparison::Eq;
        let other = match (&left.kind, &right.kind) {
            (Kind::Null, _) if is_option(right) => return Some(self.is_null(right, equal)),
            (_, Kind::Null) if is_option(left) => return Some(self.is_null(left, equal)),
            (Kind::Text(text), _) if text.is_empty() => right,
            (_, Kind::Text(text)) if text.is_empty() => left,
            (Kind::List(items), _) if items.is_empty() => right,
            (_, Kind::List(items)) if items.is_empty() => left,
            (Kind::Map(entries), _) if entries.is_empty() => right,
            (_, Kind::Map(entries)) if entries.is_empty() => left,
            _ => return None,
        };
        let other = match self.place(other) {
            Some(place) => place.receiver(),
            None => self.temporary(other).receiver(),
        };
        let empty = Code::atom(quote!(#other.is_empty()));
        Some(if equal { empty } else { empty.not() })
    }

    /// An operand that a comparison only looks at.
    fn operand(&self, expr: &Expr) -> Code {
        match self.place(expr) {
            Some(place) if !is_copy(&expr.ty) => place.operand(),
            None if !is_copy(&expr.ty) => self.temporary(expr),
            _ => self.owned(expr),
        }
    }

    /// The right-hand list of a comparison; of a literal an array, which needs no memory. On the left Rust
    /// takes no array.
    fn items(&self, list: &Expr, left: &Expr) -> Code {
        match (&list.kind, &left.kind) {
            (Kind::List(items), kind) if !matches!(kind, Kind::List(_)) => {
                let items = items.iter().map(|item| self.borrowed(item));
                Code::atom(quote!([#(#items),*]))
            }
            _ => self.operand(list),
        }
    }

    /// An option as an option of a reference, so that nothing is made to be compared.
    fn option(&self, expr: &Expr, content: &Type) -> Code {
        let rt = self.places.runtime();
        if let Kind::Coerce(Coercion::Some, inner) = &expr.kind {
            let inner = self.borrowed(inner);
            return Code::atom(quote!(#rt::Some(#inner)));
        }
        if matches!(expr.kind, Kind::Null) {
            return Code::atom(quote!(#rt::None));
        }
        let option = match self.place(expr) {
            Some(place) => place.receiver(),
            None => {
                if let Some(option) = self.optional(expr) {
                    let option = option.receiver();
                    return Code::atom(match content {
                        Type::Text => quote!(#option.map(#rt::String::as_str)),
                        _ => option,
                    });
                }
                self.temporary(expr).receiver()
            }
        };
        Code::atom(match content {
            Type::Text => quote!(#option.as_deref()),
            _ => quote!(#option.as_ref()),
        })
    }

    /// Truth values: comparing with a literal is the other operand or its negation, an order is logic on bits,
    /// which evaluates both sides.
    fn compare_bools(&self, operator: Comparison, left: &Expr, right: &Expr) -> Code {
        if !operator.is_order() {
            let literal = match (&left.kind, &right.kind) {
                (Kind::Bool(value), _) => Some((*value, right)),
                (_, Kind::Bool(value)) => Some((*value, left)),
                _ => None,
            };
            if let Some((value, other)) = literal {
                return if value == (operator == Comparison::Eq) {
                    self.owned(other)
                } else {
                    self.not(other)
                };
            }
        }
        let (a, b) = (self.owned(left), self.owned(right));
        match operator {
            Comparison::Eq | Comparison::Ne => Code::binary(Precedence::Compare, a, symbol(operator), b),
            Comparison::Lt => Code::binary(Precedence::BitAnd, a.not(), quote!(&), b),
            Comparison::Le => Code::binary(Precedence::BitOr, a.not(), quote!(|), b),
            Comparison::Gt => Code::binary(Precedence::BitAnd, a, quote!(&), b.not()),
            Comparison::Ge => Code::binary(Precedence::BitOr, a, quote!(|), b.not()),
        }
    }

    pub(super) fn compare_dynamic(
        &self,
        operator: Comparison,
        [left, right]: [Code; 2],
        at: &TokenStream,
    ) -> Code {
        let rt = self.places.runtime();
        let function = match operator {
            Comparison::Eq => {
                return Code::atom(quote!(#rt::dynamic::eq(#left, #right)));
            }
            Comparison::Ne => {
                return Code::unary(quote!(!#rt::dynamic::eq(#left, #right)));
            }
            Comparison::Lt => quote!(lt),
            Comparison::Le => quote!(le),
            Comparison::Gt => quote!(gt),
            Comparison::Ge => quote!(ge),
        };
        self.attempt(quote!(#rt::dynamic::#function(#left, #right, #at)))
    }
}

/// Whether items of this type compare with borrowed ones.
fn is_plain(item: &Type) -> bool {
    matches!(item, Type::Bool | Type::Int | Type::Float | Type::Text)
}

fn is_option(expr: &Expr) -> bool {
    matches!(expr.ty, Type::Option(_))
}

/// What a comparison of literals comes to.
fn constant(operator: Comparison, left: &Expr, right: &Expr) -> Option<bool> {
    if let (Some(left), Some(right)) = (left.constant_int(), right.constant_int()) {
        return Some(holds(operator, left, right));
    }
    if let (Some(left), Some(right)) = (left.constant_float(), right.constant_float()) {
        return Some(holds(operator, left, right));
    }
    match (&left.kind, &right.kind) {
        (Kind::Text(left), Kind::Text(right)) => Some(holds(operator, left, right)),
        _ => None,
    }
}

fn symbol(operator: Comparison) -> TokenStream {
    match operator {
        Comparison::Eq => quote!(==),
        Comparison::Ne => quote!(!=),
        Comparison::Lt => quote!(<),
        Comparison::Le => quote!(<=),
        Comparison::Gt => quote!(>),
        Comparison::Ge => quote!(>=),
    }
}

fn holds<T: PartialOrd>(operator: Comparison, left: T, right: T) -> bool {
    match operator {
        Comparison::Eq => left == right,
        Comparison::Ne => left != right,
        Comparison::Lt => left < right,
        Comparison::Le => left <= right,
        Comparison::Gt => left > right,
        Comparison::Ge => left >= right,
    }
}

fn opposite(operator: Comparison) -> Comparison {
    match operator {
        Comparison::Eq => Comparison::Ne,
        Comparison::Ne => Comparison::Eq,
        Comparison::Lt => Comparison::Ge,
        Comparison::Le => Comparison::Gt,
        Comparison::Gt => Comparison::Le,
        Comparison::Ge => Comparison::Lt,
    }
}

/// Whether the opposite comparison holds exactly when this one does not: not for an order that includes `NaN`.
fn has_opposite(operator: Comparison, left: &Expr) -> bool {
    !operator.is_order() || matches!(left.ty, Type::Bool | Type::Int | Type::Text)
}
