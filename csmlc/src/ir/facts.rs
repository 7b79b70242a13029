//! What is known about an expression without running it: whether it can fail, what it reads.

use std::collections::BTreeSet;

use super::{Arithmetic, Coercion, Comparison, DynamicOp, Expr, Function, Kind, Program};
use crate::{model::VarId, types::Type};

/// Operands of an expression: up to three single ones, or a list, or pairs.
type Operands<'a> = ([Option<&'a Expr>; 3], &'a [Expr], &'a [(Expr, Expr)]);

impl Expr {
    /// Whether evaluating it can end in a step error. Exact for every single operation; of `&&`, `||` and
    /// `? :` all branches count.
    #[must_use]
    pub fn can_fail(&self, program: &Program) -> bool {
        self.fails_itself(program) || self.children().any(|child| child.can_fail(program))
    }

    /// Whether it reads data of the event that triggered the step.
    #[must_use]
    pub fn uses_event(&self) -> bool {
        matches!(self.kind, Kind::Datum { .. }) || self.children().any(Self::uses_event)
    }

    /// Whether it draws random numbers, so that evaluating it twice differs.
    #[must_use]
    pub fn uses_random(&self) -> bool {
        matches!(self.kind, Kind::Function(Function::RandomPayload, _))
            || self.children().any(Self::uses_random)
    }

    /// The variables it reads.
    #[must_use]
    pub fn variables(&self) -> BTreeSet<VarId> {
        let mut found = BTreeSet::new();
        self.collect_variables(&mut found);
        found
    }

    fn collect_variables(&self, found: &mut BTreeSet<VarId>) {
        if let Kind::Variable(variable) = self.kind {
            found.insert(variable);
        }
        for child in self.children() {
            child.collect_variables(found);
        }
    }

    /// Its direct operands, in order of evaluation.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        let (fixed, list, pairs): Operands<'_> = match &self.kind {
            Kind::Null
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Variable(_)
            | Kind::Datum { .. }
            | Kind::Output(_) => ([None; 3], &[], &[]),
            Kind::List(items) | Kind::Concat(items) | Kind::Dynamic(_, items) | Kind::Function(_, items) => {
                ([None; 3], items, &[])
            }
            Kind::Map(entries) => ([None; 3], &[], entries),
            Kind::Coerce(_, operand) | Kind::Negate(operand) | Kind::Not(operand) | Kind::IsNull(operand) => {
                ([Some(operand), None, None], &[], &[])
            }
            Kind::Arithmetic(_, left, right)
            | Kind::Compare(_, left, right)
            | Kind::Append(left, right)
            | Kind::And(left, right)
            | Kind::Or(left, right)
            | Kind::ListItem(left, right)
            | Kind::MapItem(left, right) => ([Some(left), Some(right), None], &[], &[]),
            Kind::Conditional(condition, yes, no) => ([Some(condition), Some(yes), Some(no)], &[], &[]),
            _ => ([None; 3], &[], &[]),
        };
        let pairs = pairs.iter().flat_map(|(key, value)| [key, value]);
        fixed.into_iter().flatten().chain(list).chain(pairs)
    }

    /// Its value, if it is integer arithmetic on literals that does not fail.
    #[must_use]
    pub fn constant_int(&self) -> Option<i64> {
        match &self.kind {
            Kind::Int(value) => Some(*value),
            Kind::Negate(operand) => operand.constant_int()?.checked_neg(),
            Kind::Arithmetic(operator, left, right) => {
                let (left, right) = (left.constant_int()?, right.constant_int()?);
                match operator {
                    Arithmetic::Add => left.checked_add(right),
                    Arithmetic::Sub => left.checked_sub(right),
                    Arithmetic::Mul => left.checked_mul(right),
                    Arithmetic::Div => left.checked_div(right),
                    Arithmetic::Rem if right == 0 => None,
                    Arithmetic::Rem => Some(left.wrapping_rem(right)),
                }
            }
            _ => None,
        }
    }

    /// Its value, if it is a float literal, or an integer constant as a float.
    #[must_use]
    pub fn constant_float(&self) -> Option<f64> {
        match &self.kind {
            Kind::Float(value) => Some(*value),
            Kind::Negate(operand) => operand.constant_float().map(|value| -value),
            Kind::Coerce(Coercion::IntToFloat, operand) => operand.constant_int().map(|value| value as f64),
            _ => None,
        }
    }

    /// Whether a quotient or remainder by it always exists. Of integers that excludes -1, by which the
    /// smallest one cannot be divided.
    #[must_use]
    pub fn divides_safely(&self) -> bool {
        match self.ty {
            Type::Int => self.constant_int().is_some_and(|divisor| !matches!(divisor, 0 | -1)),
            _ => self.constant_float().is_some_and(|divisor| divisor != 0.0),
        }
    }

    /// Whether its text, as a piece of a concatenation, has a length known to be small.
    #[must_use]
    pub fn is_short_text(&self) -> bool {
        match &self.kind {
            Kind::Text(_) => true,
            Kind::Coerce(Coercion::ToText, operand) => {
                matches!(operand.ty, Type::Bool | Type::Int | Type::Float)
            }
            _ => matches!(self.ty, Type::Bool | Type::Int | Type::Float),
        }
    }

    /// Whether the operation itself can fail, its operands aside.
    fn fails_itself(&self, program: &Program) -> bool {
        let app = &program.app;
        match &self.kind {
            Kind::Null
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::List(_)
            | Kind::Map(_)
            | Kind::Not(_)
            | Kind::IsNull(_)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Conditional(..)
            | Kind::Function(Function::Size | Function::Empty, _) => false,
            Kind::Append(..) | Kind::ListItem(..) | Kind::MapItem(..) => true,
            Kind::Variable(variable) => app.variables[*variable].optional,
            Kind::Output(output) => app.outputs[*output].optional,
            Kind::Datum { sources, partial, .. } => {
                let fails = |(datum, coercion): &(_, Option<Coercion>)| {
                    let from = &program.data[*datum];
                    app.data[*datum].optional || coercion.as_ref().is_some_and(|it| it.can_fail(from))
                };
                *partial || sources.is_empty() || sources.iter().any(fails)
            }
            Kind::Coerce(coercion, operand) => coercion.can_fail(&operand.ty),
            Kind::Negate(_) => self.ty == Type::Int && self.constant_int().is_none(),
            Kind::Arithmetic(operator, _, right) => match (operator, &self.ty) {
                (Arithmetic::Div | Arithmetic::Rem, _) => {
                    !right.divides_safely() && self.constant_int().is_none()
                }
                (_, Type::Int) => self.constant_int().is_none(),
                _ => false,
            },
            Kind::Concat(pieces) => !pieces.iter().all(Self::is_short_text),
            Kind::Compare(operator, left, _) => {
                matches!(left.ty, Type::Dynamic | Type::Null) && operator.is_order()
            }
            Kind::Dynamic(DynamicOp::Compare(operator), _) => operator.is_order(),
            Kind::Dynamic(..) => true,
            Kind::Function(Function::RandomPayload, _) => true,
            _ => true,
        }
    }
}

impl Comparison {
    /// Whether it asks for an order, not for equality.
    #[must_use]
    pub fn is_order(self) -> bool {
        !matches!(self, Self::Eq | Self::Ne)
    }
}

impl Coercion {
    /// Whether converting a value of type `from` can fail.
    #[must_use]
    pub fn can_fail(&self, from: &Type) -> bool {
        match self {
            Self::ToDynamic | Self::IntToFloat | Self::Some | Self::BoolToInt => false,
            Self::Condition => false,
            Self::Unwrap | Self::DynamicToBool | Self::FromDynamic(_) => true,
            Self::ToText => !matches!(from, Type::Text | Type::Bool | Type::Int | Type::Float),
            Self::Items(inner, _) | Self::Values(inner, _) | Self::Inside(inner, _) => {
                inner.can_fail(from.content())
            }
        }
    }
}

impl Type {
    /// The type of a list's or set's items, a map's values, or what an option holds; of any other type itself.
    #[must_use]
    pub fn content(&self) -> &Self {
        match self {
            Self::List(item) | Self::Set(item) | Self::Map(_, item) | Self::Option(item) => item,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::testing::*;

    fn fails(expr: &Expr) -> bool {
        expr.can_fail(&program())
    }

    #[test]
    fn arithmetic_on_integers_can_fail() {
        assert!(fails(&add(var("count"), int(1))));
        assert!(fails(&negate(var("count"))));
        assert!(fails(&arithmetic(Arithmetic::Div, var("count"), var("count"))));
        assert!(fails(&arithmetic(Arithmetic::Div, var("count"), int(0))));
        assert!(fails(&arithmetic(Arithmetic::Div, var("count"), int(-1))));
        assert!(fails(&add(int(i64::MAX), int(1))));
    }

    #[test]
    fn arithmetic_on_literals_that_fits_cannot() {
        assert!(!fails(&arithmetic(Arithmetic::Div, var("count"), int(2))));
        assert!(!fails(&arithmetic(Arithmetic::Rem, var("count"), negate(int(2)))));
        assert!(!fails(&arithmetic(Arithmetic::Mul, int(60), int(1000))));
        assert!(!fails(&negate(int(5))));
        assert_eq!(arithmetic(Arithmetic::Rem, int(i64::MIN), int(-1)).constant_int(), Some(0));
    }

    #[test]
    fn arithmetic_on_floats_fails_only_by_zero() {
        assert!(!fails(&add(var("level"), float(1.0))));
        assert!(fails(&arithmetic(Arithmetic::Div, var("level"), var("level"))));
        assert!(fails(&arithmetic(Arithmetic::Rem, var("level"), float(0.0))));
        let two = coerce(Coercion::IntToFloat, int(2), Type::Float);
        assert!(!fails(&arithmetic(Arithmetic::Div, var("level"), two)));
    }

    #[test]
    fn what_may_be_absent_can_fail() {
        assert!(!fails(&var("count")));
        assert!(fails(&var("made")));
        assert!(!fails(&output(0)));
        assert!(fails(&output(1)));
        assert!(!fails(&datum("value", &[(0, None)], false, Type::Int)));
        assert!(fails(&datum("value", &[(0, None)], true, Type::Int)));
        assert!(fails(&datum("value", &[(0, None), (2, None)], false, Type::Int)));
        assert!(fails(&datum("value", &[], false, Type::Int)));
        assert!(fails(&coerce(Coercion::Unwrap, var("maybe"), Type::Int)));
        assert!(!fails(&is_null(var("maybe"))));
        assert!(fails(&list_item(var("items"), int(0))));
        assert!(fails(&map_item(var("ages"), text("x"))));
    }

    #[test]
    fn comparisons_fail_only_on_untyped_orders() {
        assert!(!fails(&compare(Comparison::Lt, var("label"), text("x"))));
        assert!(!fails(&eq(var("any"), var("any"))));
        assert!(fails(&compare(Comparison::Lt, var("any"), var("any"))));
        let untyped = |operator| dynamic(operator, &[var("any"), var("any")], Type::Bool);
        assert!(!fails(&untyped(DynamicOp::Compare(Comparison::Ne))));
        assert!(fails(&untyped(DynamicOp::Compare(Comparison::Ge))));
    }

    #[test]
    fn a_branch_that_can_fail_counts() {
        let sum = eq(add(var("count"), int(1)), int(2));
        assert!(fails(&and(var("flag"), sum.clone())));
        assert!(fails(&or(var("flag"), sum.clone())));
        assert!(fails(&conditional(var("flag"), sum, bool(true))));
        assert!(!fails(&and(var("flag"), not(var("flag")))));
    }

    #[test]
    fn texts_fail_where_they_can_grow() {
        let count = coerce(Coercion::ToText, var("count"), Type::Text);
        assert!(!fails(&concat(&[text("n = "), count])));
        assert!(fails(&concat(&[text("n = "), var("label")])));
        assert!(fails(&coerce(Coercion::ToText, var("any"), Type::Text)));
        assert!(fails(&append(var("items"), var("items"))));
    }

    #[test]
    fn coercions_within_collections_fail_as_their_own() {
        let items = |coercion| Coercion::Items(Box::new(coercion), Type::Bool);
        assert!(!items(Coercion::ToText).can_fail(&list(Type::Int)));
        assert!(items(Coercion::ToText).can_fail(&list(Type::Dynamic)));
        assert!(items(Coercion::DynamicToBool).can_fail(&list(Type::Dynamic)));
        let nested = items(items(Coercion::Unwrap));
        assert!(nested.can_fail(&list(list(option(Type::Int)))));
    }

    #[test]
    fn random_payloads_can_fail_and_draw() {
        let payload = function(Function::RandomPayload, var("items"), Type::Bytes);
        assert!(fails(&payload));
        assert!(payload.uses_random());
    }

    #[test]
    fn what_is_read_is_found_at_any_depth() {
        let value = datum("value", &[(0, None)], false, Type::Int);
        let sum = add(var("count"), list_item(var("items"), value));
        let whole = map_of(&[(var("label"), sum)], map(Type::Text, Type::Int));
        assert!(whole.uses_event());
        assert!(!whole.uses_random());
        assert_eq!(whole.variables(), ids(&["count", "items", "label"]));
        assert!(!var("count").uses_event());
    }
}
