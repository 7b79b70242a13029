//! What is known about an expression without running it: whether it can fail, what it reads.

use super::{
    Arithmetic, Coercion, Combine, Comparison, DynamicOp, Expr, Kind, Part, Place, Program, Root, Stmt,
};
use crate::sorted::SortedSet;
use crate::{model::VarId, types::Type};

impl Expr {
    /// Whether evaluating it can end in a step error. Exact for every single operation; of branches and
    /// statements all count. A loop can run out of fuel, and so can a call.
    #[must_use]
    pub fn can_fail(&self, program: &Program) -> bool {
        self.any(&mut |part| part.fails_itself(program))
    }

    /// Whether evaluating it may meet a `null` that fails, or something that does not exist. `absent` says which variables,
    /// event data and outputs need not exist.
    #[must_use]
    pub fn may_lack(&self, absent: &dyn Fn(&Kind) -> bool) -> bool {
        let itself = match &self.kind {
            Kind::Protected(_, otherwise) => return otherwise.may_lack(absent),
            Kind::Variable(_) | Kind::Datum { .. } | Kind::Output(_) => absent(&self.kind),
            Kind::ListItem(..)
            | Kind::DynamicMethod(..)
            | Kind::DynamicFunction(..)
            | Kind::Call(..)
            | Kind::Change(..)
            | Kind::DynamicChange(..)
            | Kind::Block(..)
            | Kind::Coerce(Coercion::Unwrap | Coercion::DynamicToBool, _) => true,
            Kind::Coerce(Coercion::ToText, operand) => operand.ty == Type::Dynamic,
            Kind::Dynamic(operation, _) => operation.can_fail(),
            _ => false,
        };
        let mut lacks = itself;
        self.for_each_child(&mut |child| lacks = lacks || child.may_lack(absent));
        lacks
    }

    /// Whether it reads data of the event that triggered the step.
    #[must_use]
    pub fn uses_event(&self) -> bool {
        self.any(&mut |part| matches!(part.kind, Kind::Datum { .. }))
    }

    /// Whether it draws random numbers or seeds their generator, so that evaluating it twice differs.
    #[must_use]
    pub fn uses_random(&self) -> bool {
        self.any(&mut Self::draws)
    }

    /// Whether the operation itself takes the random generator.
    pub(crate) fn draws(&self) -> bool {
        match &self.kind {
            Kind::Library(entry, _) | Kind::Change(entry, ..) => entry.random,
            Kind::DynamicFunction(namespace, name, _) => {
                csml_expr::library::functions(namespace, name).any(|entry| entry.random)
            }
            _ => false,
        }
    }

    /// The variables it reads. One that is assigned to as a whole is not read, one that is changed in place is.
    #[must_use]
    pub fn variables(&self) -> SortedSet<VarId> {
        let mut found = SortedSet::new();
        self.any(&mut |part| {
            match &part.kind {
                Kind::Variable(variable) => found.extend([*variable]),
                Kind::Change(_, place, _) | Kind::DynamicChange(_, place, _) => {
                    found.extend(place.variable())
                }
                _ => {}
            }
            false
        });
        self.for_each_statement(&mut |statement| match statement {
            Stmt::Assign(place, _) if !place.path.is_empty() => found.extend(place.variable()),
            _ => {}
        });
        found
    }

    /// The variables of the description that evaluating it may change.
    #[must_use]
    pub fn changes(&self) -> SortedSet<VarId> {
        let mut found = SortedSet::new();
        self.for_each_change(&mut |place| found.extend(place.variable()));
        found
    }

    /// Whether it calls a host function, which may do anything and answer differently each time.
    #[must_use]
    pub fn calls_host(&self) -> bool {
        self.any(&mut |part| matches!(part.kind, Kind::Host(..)))
    }

    /// Whether evaluating it leaves a trace: changes a variable, draws a random number or calls a host function.
    #[must_use]
    pub fn acts(&self) -> bool {
        self.uses_random() || self.calls_host() || !self.changes().is_empty()
    }

    /// Calls `visit` for each place that it assigns to or changes, locals too.
    pub(crate) fn for_each_change<'e>(&'e self, visit: &mut dyn FnMut(&'e Place)) {
        match &self.kind {
            Kind::Change(_, place, _) | Kind::DynamicChange(_, place, _) => visit(place),
            Kind::Block(statements, _) => {
                for statement in statements {
                    statement.for_each_assignment(visit);
                }
            }
            _ => {}
        }
        self.for_each_child(&mut |child| child.for_each_change(visit));
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
    pub(crate) fn fails_itself(&self, program: &Program) -> bool {
        let app = &program.app;
        match &self.kind {
            Kind::Null
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Matched(_)
            | Kind::List(_)
            | Kind::Set(_)
            | Kind::Map(_)
            | Kind::Not(_)
            | Kind::IsNull(_)
            | Kind::Protected(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Bits(..)
            | Kind::BitNot(_)
            | Kind::MapItem(..)
            | Kind::Conditional(..)
            | Kind::Local(_)
            | Kind::Script(_)
            | Kind::Never
            | Kind::Function(..) => false,
            Kind::Append(..)
            | Kind::ListItem(..)
            | Kind::Range(..)
            | Kind::DynamicMethod(..)
            | Kind::DynamicChange(..)
            | Kind::DynamicFunction(..)
            | Kind::Call(..) => true,
            Kind::Combine(combine, _, right) => match combine {
                Combine::SetUnion | Combine::SetWith | Combine::MapUnion => true,
                Combine::ListWithout => matches!(right.ty, Type::List(_)),
                Combine::SetWithout | Combine::MapWithout => false,
            },
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
            Kind::Dynamic(operation, _) => operation.can_fail(),
            Kind::Library(entry, _) => entry.fails,
            Kind::Host(function, _) => function.fails,
            Kind::Change(entry, place, _) => entry.fails || place.fails_itself(program),
            Kind::Block(statements, _) => statements.iter().any(|statement| statement.fails_itself(program)),
        }
    }
}

impl Stmt {
    /// Whether it can fail, its expressions aside.
    pub(crate) fn fails_itself(&self, program: &Program) -> bool {
        match self {
            Self::Let(..) | Self::Do(_) | Self::Break | Self::Continue | Self::Return(_) => false,
            Self::Assign(place, _) => place.fails_itself(program),
            Self::If(_, yes, no) => yes.iter().chain(no).any(|statement| statement.fails_itself(program)),
            Self::Loop { .. } | Self::ForEach { .. } => true,
        }
    }

    /// Calls `visit` for each place that it or a statement in it assigns to.
    pub(crate) fn for_each_assignment<'e>(&'e self, visit: &mut dyn FnMut(&'e Place)) {
        match self {
            Self::Assign(place, _) => visit(place),
            Self::Let(..) | Self::Do(_) | Self::Break | Self::Continue | Self::Return(_) => {}
            Self::If(_, yes, no) => {
                for it in yes.iter().chain(no) {
                    it.for_each_assignment(visit);
                }
            }
            Self::Loop { body, step, .. } => {
                for it in body.iter().chain(step) {
                    it.for_each_assignment(visit);
                }
            }
            Self::ForEach { body, .. } => {
                for it in body {
                    it.for_each_assignment(visit);
                }
            }
        }
    }
}

impl Place {
    /// The variable it is, or is a part of.
    #[must_use]
    pub fn variable(&self) -> Option<VarId> {
        match self.root {
            Root::Variable(variable) => Some(variable),
            Root::Local(_) | Root::Temporary(_) => None,
        }
    }

    /// Whether reaching it, or putting something there, can fail, its indices aside.
    pub(crate) fn fails_itself(&self, program: &Program) -> bool {
        self.variable().is_some_and(|variable| program.app.variables[variable].optional)
            || self.path.iter().any(|part| match part {
                Part::Present | Part::Item(_) | Part::Entry(_) | Part::Dynamic(_) => true,
            })
    }
}

impl DynamicOp {
    /// Whether it can fail whatever its operands are.
    #[must_use]
    pub fn can_fail(self) -> bool {
        match self {
            Self::Compare(operator) => operator.is_order(),
            Self::StartsWith | Self::Same | Self::SafeIndex => false,
            Self::Negate
            | Self::Not
            | Self::Arithmetic(_)
            | Self::Index
            | Self::Plus
            | Self::BitNot
            | Self::Bits(_)
            | Self::Matches
            | Self::EndsWith
            | Self::Range
            | Self::Increment
            | Self::Decrement => true,
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
            Self::IntToFloat | Self::Some | Self::BoolToInt | Self::Condition => false,
            // It might nest too deep.
            Self::ToDynamic => from.nests_dynamic() && !from.has_host(),
            Self::Unwrap | Self::DynamicToBool | Self::FromDynamic(_) => true,
            Self::ToShownText => true,
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

    /// Whether it is a collection with untyped values in it, so that values of it may nest at will.
    #[must_use]
    pub fn nests_dynamic(&self) -> bool {
        match self {
            Self::List(item) | Self::Set(item) => **item == Self::Dynamic || item.nests_dynamic(),
            Self::Map(key, value) => {
                let either = |test: fn(&Self) -> bool| test(key) || test(value);
                either(|ty| *ty == Self::Dynamic) || either(Self::nests_dynamic)
            }
            Self::Option(item) => item.nests_dynamic(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::programs::*;

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
        assert!(!fails(&map_item(var("ages"), text("x"))));
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
        let payload = library("random::random_payload", &[var("items")], Type::Bytes);
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
