//! Operands of comparisons: integers as sums, everything else as terms.

use super::{
    build::{Builder, Cases, Operand, is_sized, too_many},
    build_compare::compared,
    evaluate,
    formula::Formula,
    linear::Linear,
    terms::{FloatOperation, Shape, Term},
};
use crate::ir::{Arithmetic, Coercion, Comparison, Expr, Kind, LibraryFunction};
use crate::lists::{Gather, PushAll};
use crate::types::Type;

impl<'e> Builder<'e> {
    /// An `int` operand.
    pub(super) fn integer(&mut self, operand: Operand<'e>) -> Cases<Linear> {
        let expr = match operand {
            Operand::Term(term) => return only(Linear::term(term)),
            Operand::Expr(expr) => expr,
        };
        if let Some(constant) = expr.constant_int() {
            return only(Linear::constant(constant.into()));
        }
        if !self.spend(expr) {
            return self.opaque_integer(expr);
        }
        let cases = match &expr.kind {
            Kind::Variable(_) | Kind::Datum { .. } | Kind::Output(_) => None,
            Kind::Negate(inner) => self.each_integer(inner, |_, value| value.times(-1)),
            Kind::Arithmetic(operator, left, right) => self.calculated(*operator, left, right),
            Kind::Conditional(condition, yes, no) => {
                let yes = (self.truth(condition, true), self.integer(Operand::Expr(yes)));
                let no = (self.truth(condition, false), self.integer(Operand::Expr(no)));
                branches(yes, no)
            }
            Kind::Coerce(Coercion::Unwrap, option) => {
                let cases = self.content(Operand::Expr(option));
                let mut all = Vec::new();
                for (case, content) in cases {
                    let Some(content) = content else { continue };
                    all.push_all(within(&case, self.integer(content)));
                }
                Some(all)
            }
            Kind::Coerce(Coercion::BoolToInt, truth) => Some(vec![
                (self.truth(truth, true), Linear::constant(1)),
                (self.truth(truth, false), Linear::constant(0)),
            ]),
            Kind::Function(LibraryFunction::Size, operands) => match operands.as_slice() {
                [of] if is_sized(&of.ty) => Some(self.size(of)),
                _ => None,
            },
            Kind::Library(entry, operands) => self.library_integer(entry.path, operands),
            _ => self.inner(expr).map(|inner| self.integer(Operand::Expr(inner))),
        };
        cases.unwrap_or_else(|| self.opaque_integer(expr))
    }

    fn opaque_integer(&mut self, expr: &'e Expr) -> Cases<Linear> {
        only(Linear::term(self.opaque(expr)))
    }

    fn size(&mut self, of: &'e Expr) -> Cases<Linear> {
        let cases = self.value(Operand::Expr(of));
        cases.into_iter().map(|(case, of)| (case, Linear::term(self.terms.of(Shape::Size(of))))).gather()
    }

    /// Each case of an integer, changed; none if one of them cannot be.
    fn each_integer(
        &mut self,
        of: &'e Expr,
        change: impl Fn(&mut Self, Linear) -> Option<Linear>,
    ) -> Option<Cases<Linear>> {
        let cases = self.integer(Operand::Expr(of));
        cases.into_iter().map(|(case, value)| Some((case, change(self, value)?))).collect()
    }

    fn calculated(&mut self, operator: Arithmetic, left: &'e Expr, right: &'e Expr) -> Option<Cases<Linear>> {
        if let Arithmetic::Div | Arithmetic::Rem = operator {
            let divisor = i128::from(right.constant_int()?);
            return self.each_integer(left, |builder, value| builder.divided(operator, value, divisor));
        }
        let (left, right) = (self.integer(Operand::Expr(left)), self.integer(Operand::Expr(right)));
        if too_many(&left, &right) {
            return None;
        }
        let mut all = Vec::new();
        for (a, left) in &left {
            for (b, right) in &right {
                let value = match operator {
                    Arithmetic::Add => left.plus(right)?,
                    Arithmetic::Sub => left.minus(right)?,
                    _ => match (left.as_constant(), right.as_constant()) {
                        (Some(factor), _) => right.times(factor)?,
                        (_, Some(factor)) => left.times(factor)?,
                        _ => {
                            let (low, high) = (left.min(right).clone(), left.max(right).clone());
                            Linear::term(self.terms.of(Shape::Product(low, high)))
                        }
                    },
                };
                all.push((Formula::all([a.clone(), b.clone()]), value));
            }
        }
        Some(all)
    }

    fn divided(&mut self, operator: Arithmetic, value: Linear, divisor: i128) -> Option<Linear> {
        let constant = value.as_constant();
        match (operator, divisor, constant) {
            (_, 0, _) => None,
            (Arithmetic::Div, _, Some(value)) => Some(Linear::constant(value / divisor)),
            (Arithmetic::Rem, _, Some(value)) => Some(Linear::constant(value % divisor)),
            (Arithmetic::Div, -1, _) => value.times(-1),
            (Arithmetic::Div, ..) => Some(Linear::term(self.terms.of(Shape::Quotient(value, divisor)))),
            // The sign of the divisor does not matter.
            _ => Some(Linear::term(self.terms.of(Shape::Remainder(value, divisor.abs())))),
        }
    }

    fn library_integer(&mut self, path: &str, operands: &'e [Expr]) -> Option<Cases<Linear>> {
        match (path, operands) {
            ("text::length" | "list::size" | "set::size" | "map::size" | "bytes::size", [of]) => {
                Some(self.size(of))
            }
            ("int::int_value", [of]) => Some(self.integer(Operand::Expr(of))),
            ("math::abs_int", [of]) => {
                let zero = Linear::constant(0);
                let mut all = Vec::new();
                for (case, value) in self.integer(Operand::Expr(of)) {
                    let positive = compared(Comparison::Ge, &value, &zero);
                    let negative = compared(Comparison::Lt, &value, &zero);
                    let turned = value.times(-1)?;
                    all.push((Formula::all([case.clone(), positive]), value));
                    all.push((Formula::all([case, negative]), turned));
                }
                Some(all)
            }
            ("math::max_int" | "math::min_int", [left, right]) => {
                let (left, right) = (self.integer(Operand::Expr(left)), self.integer(Operand::Expr(right)));
                if too_many(&left, &right) {
                    return None;
                }
                let first = if path == "math::max_int" { Comparison::Ge } else { Comparison::Le };
                let mut all = Vec::new();
                for (a, left) in &left {
                    for (b, right) in &right {
                        let both = [a.clone(), b.clone()];
                        let is_first = compared(first, left, right);
                        let is_second = compared(first, right, left);
                        all.push((Formula::all(both.clone().into_iter().chain([is_first])), left.clone()));
                        all.push((Formula::all(both.into_iter().chain([is_second])), right.clone()));
                    }
                }
                Some(all)
            }
            _ => None,
        }
    }

    /// An operand that is no integer.
    pub(super) fn value(&mut self, operand: Operand<'e>) -> Cases<Term> {
        let expr = match operand {
            Operand::Term(term) => return only(term),
            Operand::Expr(expr) => expr,
        };
        if let Some(constant) = constant(expr).and_then(|value| self.terms.constant(value)) {
            return only(constant);
        }
        if !self.spend(expr) {
            return only(self.opaque(expr));
        }
        let cases = match &expr.kind {
            Kind::Negate(inner) if expr.ty == Type::Float => {
                let cases = self.value(Operand::Expr(inner));
                Some(cases.into_iter().map(|(case, of)| (case, self.terms.of(Shape::Negative(of)))).gather())
            }
            Kind::Arithmetic(operator, left, right) if expr.ty == Type::Float => {
                FloatOperation::of(*operator)
                    .and_then(|operation| self.calculated_float(operation, left, right))
            }
            Kind::Coerce(Coercion::IntToFloat, inner) => {
                let cases = self.integer(Operand::Expr(inner));
                Some(cases.into_iter().map(|(case, of)| (case, self.terms.of(Shape::Float(of)))).gather())
            }
            Kind::Conditional(condition, yes, no) => {
                let yes = (self.truth(condition, true), self.value(Operand::Expr(yes)));
                let no = (self.truth(condition, false), self.value(Operand::Expr(no)));
                branches(yes, no)
            }
            Kind::Coerce(Coercion::Unwrap, option) => {
                let cases = self.content(Operand::Expr(option));
                let mut all = Vec::new();
                for (case, content) in cases {
                    let Some(content) = content else { continue };
                    all.push_all(within(&case, self.value(content)));
                }
                Some(all)
            }
            _ => self.inner(expr).map(|inner| self.value(Operand::Expr(inner))),
        };
        cases.unwrap_or_else(|| only(self.opaque(expr)))
    }

    fn calculated_float(
        &mut self,
        operation: FloatOperation,
        left: &'e Expr,
        right: &'e Expr,
    ) -> Option<Cases<Term>> {
        let (left, right) = (self.value(Operand::Expr(left)), self.value(Operand::Expr(right)));
        if too_many(&left, &right) {
            return None;
        }
        let mut all = Vec::new();
        for (a, left) in &left {
            for (b, right) in &right {
                let (mut left, mut right) = (*left, *right);
                if let FloatOperation::Add | FloatOperation::Mul = operation {
                    (left, right) = (left.min(right), left.max(right));
                }
                let term = self.terms.of(Shape::Calculated(operation, left, right));
                all.push((Formula::all([a.clone(), b.clone()]), term));
            }
        }
        Some(all)
    }
}

/// One value, whatever is the case.
fn only<T>(value: T) -> Cases<T> {
    vec![(Formula::Constant(true), value)]
}

/// Cases under a further condition.
fn within<T>(condition: &Formula, cases: Cases<T>) -> impl Iterator<Item = (Formula, T)> {
    cases.into_iter().map(move |(case, value)| (Formula::all([condition.clone(), case]), value))
}

/// The cases of two branches; none if they are too many.
fn branches<T>(yes: (Formula, Cases<T>), no: (Formula, Cases<T>)) -> Option<Cases<T>> {
    let all: Vec<_> = within(&yes.0, yes.1).chain(within(&no.0, no.1)).gather();
    (!too_many(&all, &[()])).then_some(all)
}

/// The value of a literal, or of one that is converted.
fn constant(expr: &Expr) -> Option<csml_rt_core::Value> {
    let literal = match &expr.kind {
        Kind::Coerce(Coercion::ToDynamic | Coercion::IntToFloat, inner) | Kind::Negate(inner) => inner,
        _ => expr,
    };
    match literal.kind {
        Kind::Float(_)
        | Kind::Int(_)
        | Kind::Text(_)
        | Kind::Bool(_)
        | Kind::List(_)
        | Kind::Set(_)
        | Kind::Map(_) => evaluate::constant(expr),
        Kind::Null if expr.ty == Type::Dynamic => evaluate::constant(expr),
        _ => None,
    }
}
