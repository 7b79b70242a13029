//! Guard → [`Formula`]: what has to be so for it to be true, or false.
//!
//! A guard that fails is not enabled, so whatever a value needs to exist at all (an option that holds something)
//! is part of the condition.

use std::collections::BTreeMap;

use super::{
    evaluate,
    formula::{Formula, Literal},
    linear::Linear,
    obstacle::Obstacle,
    terms::{Part, Shape, Term, Terms},
};
use crate::{
    ir::{Coercion, Comparison, DynamicOp, Expr, Function, Kind, LocalId, Stmt},
    source::Span,
    types::Type,
};

/// An operand: an expression, or what an option holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operand<'e> {
    Expr(&'e Expr),
    Term(Term),
}

/// An option: `null`, or something.
type Content<'e> = Option<Operand<'e>>;

/// The values that something may have, each with what has to be so for it.
pub(super) type Cases<T> = Vec<(Formula, T)>;

/// Cases that one value may have, and pairs of them.
const MOST_CASES: usize = 16;
/// Operations that are looked into in the guards of one transition.
const MOST_OPERATIONS: u32 = 2_000;

/// Makes the formulas of the guards of one choice.
pub(super) struct Builder<'e> {
    pub(super) terms: Terms<'e>,
    /// What the locals of the guard at hand stand for.
    locals: BTreeMap<LocalId, &'e Expr>,
    spent: u32,
    /// What could not be looked into, in the guards since it was last taken.
    pub(super) obstacles: Vec<(Span, Obstacle<'e>)>,
}

impl<'e> Builder<'e> {
    pub(super) fn new() -> Self {
        Self { terms: Terms::default(), locals: BTreeMap::new(), spent: 0, obstacles: Vec::new() }
    }

    /// What has to be so for all guards to hold.
    pub(super) fn guards(&mut self, guards: &'e [Expr]) -> Formula {
        self.spent = 0;
        Formula::all(guards.iter().map(|guard| self.truth(guard, true)).collect::<Vec<_>>())
    }

    /// What has to be so for `expr`, a `bool`, to evaluate to `wanted`.
    pub(super) fn truth(&mut self, expr: &'e Expr, wanted: bool) -> Formula {
        if !self.spend(expr) {
            return Formula::Constant(true);
        }
        match &expr.kind {
            Kind::Bool(value) => Formula::Constant(*value == wanted),
            Kind::Not(operand) => self.truth(operand, !wanted),
            Kind::And(left, right) | Kind::Or(left, right) => {
                let both = matches!(expr.kind, Kind::And(..)) == wanted;
                let parts = [self.truth(left, wanted), self.truth(right, wanted)];
                if both { Formula::all(parts) } else { Formula::any(parts) }
            }
            Kind::Conditional(condition, yes, no) => {
                let yes = [self.truth(condition, true), self.truth(yes, wanted)];
                let no = [self.truth(condition, false), self.truth(no, wanted)];
                Formula::any([Formula::all(yes), Formula::all(no)])
            }
            Kind::IsNull(operand) => self.null(operand, wanted),
            Kind::Compare(operator, left, right) => {
                self.compare(*operator, Operand::Expr(left), Operand::Expr(right), &left.ty, wanted)
            }
            Kind::Dynamic(DynamicOp::Compare(operator), operands) => match operands.as_slice() {
                [left, right] => self.compare_untyped(*operator, left, right, wanted),
                _ => self.unknown(expr),
            },
            Kind::Coerce(coercion, operand) => self.converted(expr, coercion, operand, wanted),
            Kind::Function(Function::Empty, operands) => match operands.as_slice() {
                [of] if is_sized(&of.ty) => self.empty(of, wanted),
                _ => self.opaque_truth(expr, wanted),
            },
            Kind::Library(entry, operands) => match self.library_truth(entry.path, operands, wanted) {
                Some(formula) => formula,
                None => self.opaque_truth(expr, wanted),
            },
            Kind::Variable(_) | Kind::Datum { .. } | Kind::Output(_) => {
                Formula::Literal(Literal::Truth(self.terms.leaf(expr), wanted))
            }
            _ => match self.inner(expr) {
                Some(inner) => self.truth(inner, wanted),
                None => self.opaque_truth(expr, wanted),
            },
        }
    }

    /// What a script, a block of declarations or a local stands for.
    pub(super) fn inner(&mut self, expr: &'e Expr) -> Option<&'e Expr> {
        match &expr.kind {
            Kind::Script(script) if script.functions.is_empty() && declares_only(&script.body) => {
                let mut changes = false;
                script.body.for_each_change(&mut |_| changes = true);
                if changes {
                    return None;
                }
                self.locals.clear();
                Some(&script.body)
            }
            Kind::Block(statements, value) if declares_only(expr) => {
                for statement in statements {
                    if let Stmt::Let(local, value) = statement {
                        self.locals.insert(*local, value);
                    }
                }
                Some(value)
            }
            Kind::Local(local) => self.locals.get(local).copied(),
            _ => None,
        }
    }

    /// Notes that something is looked into; whether there is still room for it.
    pub(super) fn spend(&mut self, expr: &Expr) -> bool {
        self.spent = self.spent.saturating_add(1);
        if self.spent == MOST_OPERATIONS {
            self.obstacles.push((expr.span, Obstacle::TooLarge));
        }
        self.spent < MOST_OPERATIONS
    }

    /// Nothing is known of the expression, not even that it is always the same.
    fn unknown(&mut self, expr: &'e Expr) -> Formula {
        self.obstacles.push((expr.span, Obstacle::Expr(expr)));
        Formula::Constant(true)
    }

    /// A term for an expression that is not looked into.
    pub(super) fn opaque(&mut self, expr: &'e Expr) -> Term {
        if !matches!(expr.kind, Kind::Variable(_) | Kind::Datum { .. } | Kind::Output(_)) {
            self.obstacles.push((expr.span, Obstacle::Expr(expr)));
        }
        self.terms.leaf(expr)
    }

    fn opaque_truth(&mut self, expr: &'e Expr, wanted: bool) -> Formula {
        Formula::Literal(Literal::Truth(self.opaque(expr), wanted))
    }

    fn converted(&mut self, expr: &'e Expr, coercion: &Coercion, operand: &'e Expr, wanted: bool) -> Formula {
        match coercion {
            Coercion::Unwrap => {
                let cases = self.content(Operand::Expr(operand));
                Formula::any(
                    cases
                        .into_iter()
                        .filter_map(|(case, content)| {
                            let holds = match content? {
                                Operand::Expr(inner) => self.truth(inner, wanted),
                                Operand::Term(term) => Formula::Literal(Literal::Truth(term, wanted)),
                            };
                            Some(Formula::all([case, holds]))
                        })
                        .collect::<Vec<_>>(),
                )
            }
            Coercion::DynamicToBool => {
                let cases = self.value(Operand::Expr(operand));
                Formula::any(cases.into_iter().map(|(case, term)| {
                    let there = Formula::Literal(Literal::Null(term, false));
                    Formula::all([case, there, Formula::Literal(Literal::Truth(term, wanted))])
                }))
            }
            Coercion::Condition => self.condition(expr, operand, wanted),
            _ => self.opaque_truth(expr, wanted),
        }
    }

    /// Truth as the condition of `? :`: `null` does not hold.
    fn condition(&mut self, expr: &'e Expr, operand: &'e Expr, wanted: bool) -> Formula {
        match &operand.ty {
            Type::Bool => self.truth(operand, wanted),
            Type::Int => {
                let cases = self.integer(Operand::Expr(operand));
                Formula::any(
                    cases
                        .into_iter()
                        .map(|(case, value)| Formula::all([case, Formula::zero(value, !wanted)])),
                )
            }
            Type::Dynamic => {
                let cases = self.value(Operand::Expr(operand));
                let holds =
                    |term| [Literal::Null(term, false), Literal::Truth(term, true)].map(Formula::Literal);
                let not =
                    |term| [Literal::Null(term, true), Literal::Truth(term, false)].map(Formula::Literal);
                Formula::any(cases.into_iter().map(|(case, term)| {
                    let this = if wanted { Formula::all(holds(term)) } else { Formula::any(not(term)) };
                    Formula::all([case, this])
                }))
            }
            Type::List(_) | Type::Set(_) | Type::Map(..) | Type::Bytes => Formula::Constant(wanted),
            _ => self.opaque_truth(expr, wanted),
        }
    }

    /// Whether an option is `null`.
    fn null(&mut self, option: &'e Expr, wanted: bool) -> Formula {
        let cases = self.content_or_term(Operand::Expr(option));
        Formula::any(cases.into_iter().map(|(case, content)| match content {
            Ok(content) => Formula::all([case, Formula::Constant(content.is_none() == wanted)]),
            Err(term) => Formula::all([case, Formula::Literal(Literal::Null(term, wanted))]),
        }))
    }

    /// What an option holds, if anything.
    pub(super) fn content(&mut self, option: Operand<'e>) -> Cases<Content<'e>> {
        let mut all = Vec::new();
        for (case, content) in self.content_or_term(option) {
            match content {
                Ok(content) => all.push((case, content)),
                Err(term) => {
                    let is = |null| Formula::Literal(Literal::Null(term, null));
                    let inner = self.terms.of(Shape::Present(term));
                    all.push((Formula::all([case.clone(), is(false)]), Some(Operand::Term(inner))));
                    all.push((Formula::all([case, is(true)]), None));
                }
            }
        }
        all
    }

    /// What an option holds as far as it is written, otherwise the option as a term.
    fn content_or_term(&mut self, option: Operand<'e>) -> Cases<Result<Content<'e>, Term>> {
        let expr = match option {
            Operand::Term(term) => return vec![(Formula::Constant(true), Err(term))],
            Operand::Expr(expr) => expr,
        };
        if !self.spend(expr) {
            return vec![(Formula::Constant(true), Err(self.opaque(expr)))];
        }
        match &expr.kind {
            Kind::Null => vec![(Formula::Constant(true), Ok(None))],
            Kind::Coerce(Coercion::Some, inner) => {
                vec![(Formula::Constant(true), Ok(Some(Operand::Expr(inner))))]
            }
            Kind::Conditional(condition, yes, no) => {
                let mut cases = Vec::new();
                for (branch, wanted) in [(yes, true), (no, false)] {
                    let condition = self.truth(condition, wanted);
                    let inner = self.content_or_term(Operand::Expr(branch));
                    cases.extend(
                        inner
                            .into_iter()
                            .map(|(case, value)| (Formula::all([condition.clone(), case]), value)),
                    );
                }
                if cases.len() <= MOST_CASES {
                    cases
                } else {
                    vec![(Formula::Constant(true), Err(self.opaque(expr)))]
                }
            }
            _ => match self.inner(expr) {
                Some(inner) => self.content_or_term(Operand::Expr(inner)),
                None => vec![(Formula::Constant(true), Err(self.opaque(expr)))],
            },
        }
    }

    /// `left operator right`, both of type `ty`.
    fn compare(
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
        Formula::any(chosen.map(|(a, b)| both(*a, *b)).collect::<Vec<_>>())
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
    fn ordered(&self, operator: Comparison, left: Term, right: Term, float: bool, wanted: bool) -> Formula {
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
            matches!(constant, Some(Shape::Constant(csml_rt_core::Value::Text(text))) if text.is_empty())
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
    fn compare_untyped(
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
        (a, a_term): (Option<csml_rt_core::Value>, Term),
        (b, b_term): (Option<csml_rt_core::Value>, Term),
        wanted: bool,
    ) -> Formula {
        /// Up to here every integer is a float.
        const EXACT: u64 = 1 << 52;

        let integer = |value: &Option<csml_rt_core::Value>| {
            value.as_ref().and_then(csml_rt_core::Value::as_int).filter(|int| int.unsigned_abs() < EXACT)
        };
        let limit = |terms: &mut Terms<'e>, int: i64| terms.constant(csml_rt_core::Value::Float(int as f64));
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

    fn empty(&mut self, of: &'e Expr, wanted: bool) -> Formula {
        let text = of.ty == Type::Text;
        let mut all = Vec::new();
        for (case, of) in self.value(Operand::Expr(of)) {
            let size = Formula::zero(Linear::term(self.terms.of(Shape::Size(of))), wanted);
            let empty = self.terms.constant(csml_rt_core::Value::from("")).filter(|_| text);
            let is = empty.map(|empty| self.ordered(Comparison::Eq, of, empty, false, wanted));
            all.push(Formula::all([case, size].into_iter().chain(is)));
        }
        Formula::any(all)
    }

    /// Methods that ask something of a string or of a collection that is written out.
    fn library_truth(&mut self, path: &str, operands: &'e [Expr], wanted: bool) -> Option<Formula> {
        match (path, operands) {
            (
                "text::is_empty" | "list::is_empty" | "set::is_empty" | "map::is_empty" | "bytes::is_empty",
                [of],
            ) => Some(self.empty(of, wanted)),
            ("text::equals", [left, right]) => Some(self.compare(
                Comparison::Eq,
                Operand::Expr(left),
                Operand::Expr(right),
                &left.ty,
                wanted,
            )),
            ("list::contains" | "set::contains", [collection, item]) => {
                let (Kind::List(items) | Kind::Set(items)) = &collection.kind else { return None };
                let scalar = matches!(item.ty, Type::Bool | Type::Int | Type::Text);
                if !scalar || items.len() > MOST_CASES * 4 || items.iter().any(|it| it.ty != item.ty) {
                    return None;
                }
                let is = items.iter().map(|it| {
                    self.compare(Comparison::Eq, Operand::Expr(item), Operand::Expr(it), &item.ty, wanted)
                });
                let is: Vec<_> = is.collect();
                Some(if wanted { Formula::any(is) } else { Formula::all(is) })
            }
            ("text::starts_with" | "text::ends_with" | "text::contains", [text, part]) => {
                let Kind::Text(part) = &part.kind else { return None };
                let place = match path {
                    "text::starts_with" => Part::Start,
                    "text::ends_with" => Part::End,
                    _ => Part::Anywhere,
                };
                let cases = self.value(Operand::Expr(text));
                Some(Formula::any(
                    cases
                        .into_iter()
                        .map(|(case, text)| {
                            let has = self.terms.of(Shape::Has(place, text, part.clone()));
                            Formula::all([case, Formula::Literal(Literal::Truth(has, wanted))])
                        })
                        .collect::<Vec<_>>(),
                ))
            }
            _ => None,
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

/// Whether a block does nothing but give values names.
fn declares_only(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Block(statements, _) => statements.iter().all(|it| matches!(it, Stmt::Let(..))),
        _ => true,
    }
}

/// Whether values of the type have a size of their own.
pub(super) fn is_sized(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Bytes | Type::List(_) | Type::Set(_) | Type::Map(..))
}

/// Whether two lists of cases make too many pairs.
pub(super) fn too_many<T, U>(left: &[T], right: &[U]) -> bool {
    left.len() * right.len() > MOST_CASES
}
