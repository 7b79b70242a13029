//! Comparisons: of truth values, integers, options, whatever has an order, and untyped values.

use csml_rt_core::Value;

use super::{
    build::{Builder, Operand, too_many},
    evaluate,
    formula::{Formula, Literal},
    linear::Linear,
    obstacle::Obstacle,
    terms::{Shape, Term, Terms},
};
use crate::{
    ir::{Coercion, Comparison, Expr, Kind},
    lists::Gather,
    types::Type,
};

impl<'e> Builder<'e> {
    /// `left operator right`, both of type `ty`.
    pub(super) fn compare(
        &mut self,
        operator: Comparison,
        left: Operand<'e>,
        right: Operand<'e>,
        ty: &'e Type,
        wanted: bool,
    ) -> Formula {
        match ty {
            Type::Bool => self.compare_bools(operator, left, right, wanted),
            Type::Int => self.compare_integers(operator, left, right, wanted),
            Type::Option(content) if !operator.is_order() => {
                self.compare_options(operator, (left, right), content, wanted)
            }
            Type::Dynamic | Type::Null => match (left, right) {
                (Operand::Expr(left), Operand::Expr(right)) => {
                    self.compare_untyped(operator, left, right, wanted)
                }
                _ => Formula::Constant(true),
            },
            _ => self.compare_ordered(operator, left, right, ty, wanted),
        }
    }

    fn compare_bools(
        &mut self,
        operator: Comparison,
        left: Operand<'e>,
        right: Operand<'e>,
        wanted: bool,
    ) -> Formula {
        let mut both = |a: bool, b: bool| {
            let mut truth = |operand, wanted| match operand {
                Operand::Expr(expr) => self.truth(expr, wanted),
                Operand::Term(term) => Formula::Literal(Literal::Truth(term, wanted)),
            };
            let left = truth(left, a);
            Formula::all([left, truth(right, b)])
        };
        let values = [(false, false), (false, true), (true, false), (true, true)];
        let holds = |(a, b): &(bool, bool)| match operator {
            Comparison::Eq => a == b,
            Comparison::Ne => a != b,
            Comparison::Lt => a < b,
            Comparison::Le => a <= b,
            Comparison::Gt => a > b,
            Comparison::Ge => a >= b,
        };
        let chosen = values.iter().filter(|values| holds(values) == wanted);
        Formula::any(chosen.map(|(a, b)| both(*a, *b)).gather())
    }

    fn compare_options(
        &mut self,
        operator: Comparison,
        (left, right): (Operand<'e>, Operand<'e>),
        content: &'e Type,
        wanted: bool,
    ) -> Formula {
        let equal = (operator == Comparison::Eq) == wanted;
        let (left, right) = (self.content(left), self.content(right));
        if too_many(&left, &right) {
            return Formula::Constant(true);
        }
        let mut all = Vec::new();
        for (a, left) in &left {
            for (b, right) in &right {
                let holds = match (left, right) {
                    (Some(left), Some(right)) => self.compare(Comparison::Eq, *left, *right, content, equal),
                    (left, right) => Formula::Constant((left.is_none() == right.is_none()) == equal),
                };
                all.push(Formula::all([a.clone(), b.clone(), holds]));
            }
        }
        Formula::any(all)
    }

    fn compare_integers(
        &mut self,
        operator: Comparison,
        left: Operand<'e>,
        right: Operand<'e>,
        wanted: bool,
    ) -> Formula {
        let (left, right) = (self.integer(left), self.integer(right));
        if too_many(&left, &right) {
            return Formula::Constant(true);
        }
        let mut all = Vec::new();
        for (a, left) in &left {
            for (b, right) in &right {
                let holds = integers(if wanted { operator } else { opposite(operator) }, left, right);
                all.push(Formula::all([a.clone(), b.clone(), holds.unwrap_or(Formula::Constant(true))]));
            }
        }
        Formula::any(all)
    }

    /// Floats, strings, and for equality everything else.
    fn compare_ordered(
        &mut self,
        operator: Comparison,
        left: Operand<'e>,
        right: Operand<'e>,
        ty: &Type,
        wanted: bool,
    ) -> Formula {
        if ty.has_host() {
            // The user's own equality may be anything.
            return Formula::Constant(true);
        }
        if *ty == Type::Float
            && let Some(formula) = self.integer_beside_constant(operator, left, right, wanted)
        {
            return formula;
        }
        let (left, right) = (self.value(left), self.value(right));
        if too_many(&left, &right) {
            return Formula::Constant(true);
        }
        let mut all = Vec::new();
        for (a, left) in &left {
            for (b, right) in &right {
                let holds = self.ordered(operator, *left, *right, *ty == Type::Float, wanted);
                all.push(Formula::all([a.clone(), b.clone(), holds]));
            }
        }
        Formula::any(all)
    }

    /// `left operator right` as literals; of floats, `NaN` makes all but `!=` false.
    pub(super) fn ordered(
        &self,
        operator: Comparison,
        left: Term,
        right: Term,
        float: bool,
        wanted: bool,
    ) -> Formula {
        if let (Some(Shape::Constant(a)), Some(Shape::Constant(b))) =
            (self.terms.shape(left), self.terms.shape(right))
        {
            return Formula::Constant(holds(operator, a.cmp(b)) == wanted);
        }
        if let Some(formula) = self.beside_empty(operator, left, right, wanted) {
            return formula;
        }
        let literal = |operator| {
            Formula::Literal(match operator {
                Comparison::Eq => Literal::Same(left, right),
                Comparison::Ne => Literal::Different(left, right),
                Comparison::Lt => Literal::Before(left, right),
                Comparison::Le => Literal::NotAfter(left, right),
                Comparison::Gt => Literal::Before(right, left),
                Comparison::Ge => Literal::NotAfter(right, left),
            })
        };
        if wanted {
            return literal(operator);
        }
        if !float || !operator.is_order() {
            return literal(opposite(operator));
        }
        let may_be_nan = |term| !matches!(self.terms.shape(term), Some(Shape::Constant(_) | Shape::Float(_)));
        let nan = [left, right].into_iter().filter(|term| may_be_nan(*term));
        let nan = nan.map(|term| Formula::Literal(Literal::NotANumber(term)));
        Formula::any(std::iter::once(literal(opposite(operator))).chain(nan))
    }

    /// Nothing comes before the empty string.
    fn beside_empty(&self, operator: Comparison, left: Term, right: Term, wanted: bool) -> Option<Formula> {
        let empty = |term| {
            let constant = self.terms.shape(term);
            matches!(constant, Some(Shape::Constant(Value::Text(text))) if text.is_empty())
        };
        let operator = match (empty(left), empty(right)) {
            (false, true) => operator,
            (true, false) => turned(operator),
            _ => return None,
        };
        let is = |same| {
            Formula::Literal(if same { Literal::Same(left, right) } else { Literal::Different(left, right) })
        };
        Some(match if wanted { operator } else { opposite(operator) } {
            Comparison::Lt => Formula::Constant(false),
            Comparison::Ge => Formula::Constant(true),
            Comparison::Eq | Comparison::Le => is(true),
            Comparison::Ne | Comparison::Gt => is(false),
        })
    }

    /// `n > 3.5` of an integer `n`, as a comparison of integers.
    fn integer_beside_constant(
        &mut self,
        operator: Comparison,
        left: Operand<'e>,
        right: Operand<'e>,
        wanted: bool,
    ) -> Option<Formula> {
        /// Up to here every integer is a float.
        const EXACT: f64 = 9_007_199_254_740_992.0;

        let (Operand::Expr(left), Operand::Expr(right)) = (left, right) else { return None };
        let converted = |expr: &'e Expr| match &expr.kind {
            Kind::Coerce(Coercion::IntToFloat, inner) => Some(&**inner),
            _ => None,
        };
        let (integer, limit, operator) = match (right.constant_float(), left.constant_float()) {
            (Some(limit), None) => (converted(left)?, limit, operator),
            (None, Some(limit)) => (converted(right)?, limit, turned(operator)),
            _ => return None,
        };
        if limit.is_nan() || limit.abs() >= EXACT {
            return None;
        }
        let operator = if wanted { operator } else { opposite(operator) };
        let whole = limit.fract() == 0.0;
        // Between two integers the nearest ones stand for it.
        let (operator, limit) = match operator {
            Comparison::Eq | Comparison::Ne if !whole => {
                return Some(Formula::Constant(operator == Comparison::Ne));
            }
            Comparison::Lt | Comparison::Ge => (operator, limit.ceil()),
            Comparison::Le | Comparison::Gt => (operator, limit.floor()),
            Comparison::Eq | Comparison::Ne => (operator, limit),
        };
        let limit = Linear::constant(limit as i128);
        let cases = self.integer(Operand::Expr(integer));
        Some(Formula::any(cases.into_iter().map(|(case, value)| {
            Formula::all([case, integers(operator, &value, &limit).unwrap_or(Formula::Constant(true))])
        })))
    }

    /// Comparison with JEXL's coercions. Little is certain of it.
    pub(super) fn compare_untyped(
        &mut self,
        operator: Comparison,
        left: &'e Expr,
        right: &'e Expr,
        wanted: bool,
    ) -> Formula {
        let (a, b) = (evaluate::constant(left), evaluate::constant(right));
        let (a_term, b_term) = (self.single(left), self.single(right));
        let null = |term, wanted| Formula::Literal(Literal::Null(term, wanted));
        if !operator.is_order() {
            let equal = (operator == Comparison::Eq) == wanted;
            return match (&a, &b) {
                (Some(value), None) if value.is_null() => null(b_term, equal),
                (None, Some(value)) if value.is_null() => null(a_term, equal),
                _ => {
                    let pair = self.terms.of(Shape::Equal(a_term.min(b_term), a_term.max(b_term)));
                    // What equals something that is not `null` is not `null`.
                    let there = match (&a, &b) {
                        (Some(_), None) if equal => null(b_term, false),
                        (None, Some(_)) if equal => null(a_term, false),
                        _ => Formula::Constant(true),
                    };
                    Formula::all([there, Formula::Literal(Literal::Truth(pair, equal))])
                }
            };
        }
        let there = [(&a, a_term), (&b, b_term)].map(|(constant, term)| match constant {
            Some(_) => Formula::Constant(true),
            None => null(term, false),
        });
        let is = self.order_untyped(operator, (a, a_term), (b, b_term), wanted);
        Formula::all(there.into_iter().chain([is]))
    }

    /// Beside integers a dynamic value has the order of the number it stands for.
    fn order_untyped(
        &mut self,
        operator: Comparison,
        (a, a_term): (Option<Value>, Term),
        (b, b_term): (Option<Value>, Term),
        wanted: bool,
    ) -> Formula {
        /// Up to here every integer is a float.
        const EXACT: u64 = 1 << 52;

        let integer = |value: &Option<Value>| {
            value.as_ref().and_then(Value::as_int).filter(|int| int.unsigned_abs() < EXACT)
        };
        let limit = |terms: &mut Terms<'e>, int: i64| terms.constant(Value::Float(int as f64));
        let pair = match (integer(&a), integer(&b)) {
            (Some(int), None) => {
                limit(&mut self.terms, int).map(|limit| (limit, self.terms.of(Shape::Number(b_term))))
            }
            (None, Some(int)) => {
                limit(&mut self.terms, int).map(|limit| (self.terms.of(Shape::Number(a_term)), limit))
            }
            _ => None,
        };
        if let Some((left, right)) = pair {
            return self.ordered(operator, left, right, false, wanted);
        }
        // All four are one question: whether one is less than the other.
        let (low, high, is) = match operator {
            Comparison::Lt => (a_term, b_term, wanted),
            Comparison::Ge => (a_term, b_term, !wanted),
            Comparison::Gt => (b_term, a_term, wanted),
            _ => (b_term, a_term, !wanted),
        };
        Formula::Literal(Literal::Truth(self.terms.of(Shape::Less(low, high)), is))
    }

    /// A dynamic operand as one term.
    fn single(&mut self, expr: &'e Expr) -> Term {
        if let Some(constant) = evaluate::constant(expr).and_then(|value| self.terms.constant(value)) {
            return constant;
        }
        match self.inner(expr) {
            Some(inner) => self.single(inner),
            None => {
                self.obstacles.push((expr.span, Obstacle::Expr(expr)));
                self.terms.leaf(expr)
            }
        }
    }
}

/// `left operator right` of integers; none if it is too large.
fn integers(operator: Comparison, left: &Linear, right: &Linear) -> Option<Formula> {
    let one = Linear::constant(1);
    Some(match operator {
        Comparison::Eq => Formula::zero(left.minus(right)?, true),
        Comparison::Ne => Formula::zero(left.minus(right)?, false),
        Comparison::Lt => Formula::at_most_zero(left.minus(right)?.plus(&one)?),
        Comparison::Le => Formula::at_most_zero(left.minus(right)?),
        Comparison::Gt => Formula::at_most_zero(right.minus(left)?.plus(&one)?),
        Comparison::Ge => Formula::at_most_zero(right.minus(left)?),
    })
}

/// `left operator right` of integers, for others that compare them.
pub(super) fn compared(operator: Comparison, left: &Linear, right: &Linear) -> Formula {
    integers(operator, left, right).unwrap_or(Formula::Constant(true))
}

fn holds(operator: Comparison, order: std::cmp::Ordering) -> bool {
    match operator {
        Comparison::Eq => order.is_eq(),
        Comparison::Ne => order.is_ne(),
        Comparison::Lt => order.is_lt(),
        Comparison::Le => order.is_le(),
        Comparison::Gt => order.is_gt(),
        Comparison::Ge => order.is_ge(),
    }
}

/// The comparison that holds where this one does not.
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

/// The comparison with its operands exchanged.
fn turned(operator: Comparison) -> Comparison {
    match operator {
        Comparison::Lt => Comparison::Gt,
        Comparison::Le => Comparison::Ge,
        Comparison::Gt => Comparison::Lt,
        Comparison::Ge => Comparison::Le,
        same => same,
    }
}
