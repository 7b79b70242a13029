//! What is known about a `match` without running it.

use super::{Comparison, Expr, Kind};
use crate::sorted::SortedSet;
use crate::{
    model::{Case, Match, MatchId},
    types::Type,
};

/// A constant that the value of a `match` is compared with as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Constant<'e> {
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A string.
    Text(&'e str),
}

impl Match<Expr> {
    /// The constants of the cases in order, if each has one and no two are alike, so that at most one case runs
    /// and it does not matter what running it changes.
    #[must_use]
    pub fn constants(&self) -> Option<Vec<Constant<'_>>> {
        let mut seen = SortedSet::new();
        let constant = |case| Self::constant(self.id, case).filter(|constant| seen.insert(*constant));
        self.cases.iter().map(constant).collect()
    }

    fn constant(id: MatchId, case: &Case<Expr>) -> Option<Constant<'_>> {
        let Kind::Compare(Comparison::Eq, value, constant) = &case.test.kind else { return None };
        if value.kind != Kind::Matched(id) {
            return None;
        }
        match (&constant.kind, &constant.ty) {
            (Kind::Bool(value), _) => Some(Constant::Bool(*value)),
            (Kind::Text(text), _) => Some(Constant::Text(text)),
            (_, Type::Int) => constant.constant_int().map(Constant::Int),
            _ => None,
        }
    }

    /// Whether at most one of the cases and the default runs.
    #[must_use]
    pub fn runs_one(&self) -> bool {
        self.cases.len() < 2 || self.constants().is_some()
    }
}

impl Expr {
    /// The comparison of a case with `value` in the place of the value of its `match`, if it is one that can be
    /// written so.
    #[must_use]
    pub fn with_matched(&self, id: MatchId, value: &Self) -> Option<Self> {
        let mut test = self.clone();
        let operand = match &mut test.kind {
            Kind::Compare(_, left, _) | Kind::IsNull(left) => left.as_mut(),
            Kind::Dynamic(_, operands) => operands.first_mut()?,
            _ => return None,
        };
        operand.take_place_of(id, value).then_some(test)
    }

    fn take_place_of(&mut self, id: MatchId, value: &Self) -> bool {
        match &mut self.kind {
            Kind::Coerce(_, operand) => operand.take_place_of(id, value),
            Kind::Matched(matched) if *matched == id => {
                *self = value.clone();
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ir::Coercion, model::arena::Id, tests::programs::*};

    fn matched(ty: Type) -> Expr {
        expr(Kind::Matched(MatchId::new(0)), ty)
    }

    fn matching(tests: &[Expr]) -> Match<Expr> {
        let span = int(0).span;
        let case = |test: &Expr| Case { test: test.clone(), actions: Vec::new(), span };
        let cases = tests.iter().map(case).collect();
        Match { id: MatchId::new(0), value: var("count"), cases, default: Vec::new() }
    }

    #[test]
    fn different_constants_exclude_each_other() {
        let is = |value| eq(matched(Type::Int), value);
        let cases = [is(int(1)), is(negate(int(1))), is(add(int(1), int(1)))];
        let it = matching(&cases);
        assert_eq!(it.constants(), Some(vec![Constant::Int(1), Constant::Int(-1), Constant::Int(2)]));
        assert!(it.runs_one());
        let texts = [eq(matched(Type::Text), text("a")), eq(matched(Type::Text), text("b"))];
        assert_eq!(matching(&texts).constants(), Some(vec![Constant::Text("a"), Constant::Text("b")]));
    }

    #[test]
    fn variables_and_constants_that_stand_twice_do_not() {
        let is = |value| eq(matched(Type::Int), value);
        assert_eq!(matching(&[is(int(1)), is(int(1))]).constants(), None);
        assert_eq!(matching(&[is(int(1)), is(var("count"))]).constants(), None);
        let converted = coerce(Coercion::IntToFloat, matched(Type::Int), Type::Float);
        assert!(!matching(&[eq(converted, float(1.5)), is(int(1))]).runs_one());
        assert!(matching(&[is(var("count"))]).runs_one());
    }

    #[test]
    fn the_value_takes_its_place_behind_coercions() {
        let id = MatchId::new(0);
        let to_float = |value| coerce(Coercion::IntToFloat, value, Type::Float);
        let test = eq(to_float(matched(Type::Int)), var("level"));
        assert_eq!(test.with_matched(id, &var("count")), Some(eq(to_float(var("count")), var("level"))));
        assert_eq!(bool(true).with_matched(id, &var("count")), None);
        assert_eq!(eq(var("count"), matched(Type::Int)).with_matched(id, &var("count")), None);
    }
}
