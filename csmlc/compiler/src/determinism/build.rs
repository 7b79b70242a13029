//! Guard → [`Formula`]: what has to be so for it to be true, or false.
//!
//! A guard that fails is not enabled, so whatever a value needs to exist at all (an option that holds something)
//! is part of the condition.

use super::{
    formula::{Formula, Literal},
    linear::Linear,
    obstacle::Obstacle,
    terms::{Shape, StringPart, Term, Terms},
};
use crate::sorted::SortedMap;
use crate::{
    ir::{Coercion, Comparison, DynamicOp, Expr, Kind, LibraryFunction, LocalId, Stmt},
    lists::{Gather, PushAll},
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
    locals: SortedMap<LocalId, &'e Expr>,
    spent: u32,
    /// What could not be looked into, in the guards since it was last taken.
    pub(super) obstacles: Vec<(Span, Obstacle<'e>)>,
}

impl<'e> Builder<'e> {
    pub(super) fn new() -> Self {
        Self { terms: Terms::default(), locals: SortedMap::new(), spent: 0, obstacles: Vec::new() }
    }

    /// What has to be so for all guards to hold.
    pub(super) fn guards(&mut self, guards: &'e [Expr]) -> Formula {
        self.spent = 0;
        Formula::all(guards.iter().map(|guard| self.truth(guard, true)).gather())
    }

    /// What has to be so for a guard not to hold, without failing.
    pub(super) fn refused(&mut self, guard: &'e Expr) -> Formula {
        self.spent = 0;
        self.truth(guard, false)
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
            Kind::Function(LibraryFunction::Empty, operands) => match operands.as_slice() {
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
                        .gather(),
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
                    cases.push_all(
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
                let is: Vec<_> = is.gather();
                Some(if wanted { Formula::any(is) } else { Formula::all(is) })
            }
            ("text::starts_with" | "text::ends_with" | "text::contains", [text, part]) => {
                let Kind::Text(part) = &part.kind else { return None };
                let place = match path {
                    "text::starts_with" => StringPart::Start,
                    "text::ends_with" => StringPart::End,
                    _ => StringPart::Anywhere,
                };
                let cases = self.value(Operand::Expr(text));
                Some(Formula::any(
                    cases
                        .into_iter()
                        .map(|(case, text)| {
                            let has = self.terms.of(Shape::Has(place, text, part.clone()));
                            Formula::all([case, Formula::Literal(Literal::Truth(has, wanted))])
                        })
                        .gather(),
                ))
            }
            _ => None,
        }
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
