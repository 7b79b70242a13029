//! The cases of a `match` are there, and no constant stands among them twice.

use crate::sorted::SortedMap;
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    expr::{
        Node, Resolved,
        ast::{Kind, Unary},
    },
    model::{Action, ActionKind, Application, Match},
    source::Span,
};

pub(crate) static WITHOUT_CASES: Rule = Rule::warning(
    "CSML0129",
    "match-without-cases",
    "A `match` without cases compares its value with nothing: its default always runs, if it has one.",
);
pub(crate) static REPEATED_CASE: Rule = Rule::warning(
    "CSML0130",
    "repeated-case",
    "A `match` runs every case that equals its value, not only the first one. Two cases with the same \
     constant always run together, which is rarely intended.",
);

/// Every `match` of an application.
fn all<E>(app: &Application<E>) -> impl Iterator<Item = (&Action<E>, &Match<E>)> {
    app.states.values().flat_map(|state| state.actions()).filter_map(|action| match &action.kind {
        ActionKind::Match(it) => Some((action, it)),
        _ => None,
    })
}

/// Needs a structure of which nothing is missing.
pub(crate) fn without_cases<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    for (action, it) in all(app).filter(|(_, it)| it.cases.is_empty()) {
        let what = if it.default.is_empty() { "does nothing" } else { "always runs its default" };
        let start = Span { end: (action.span.start + 1).min(action.span.end), ..action.span };
        let fault = Diagnostic::new(&WITHOUT_CASES, start, format!("this `match` has no cases: it {what}"));
        let help = match it.default.is_empty() {
            true => "remove it",
            false => "replace it with the actions of its default",
        };
        diagnostics.push(fault.label("begins here").help(help));
    }
}

pub(crate) fn repeated(app: &Application<Resolved>, diagnostics: &mut Diagnostics) {
    for (_, it) in all(app) {
        let mut seen: SortedMap<CaseValue<'_>, Span> = SortedMap::new();
        for case in &it.cases {
            let span = case.test.root.span;
            let Some(constant) = constant(&case.test.root) else { continue };
            let first = *seen.entry(constant).or_insert(span);
            if first != span {
                diagnostics.push(
                    Diagnostic::new(&REPEATED_CASE, span, "this `match` has the same case twice")
                        .label("runs as well")
                        .related(first, "the first one is here")
                        .help("put the actions of both into one case, or change one of the constants"),
                );
            }
        }
    }
}

/// Whether at most one case of a `match` can equal its value: they are different constants of one kind. Strings that
/// hold numbers are none: several of them may equal one number.
pub(super) fn exclusive(it: &Match<Resolved>) -> bool {
    let mut seen = SortedMap::new();
    let mut kinds = Vec::new();
    for case in &it.cases {
        let Some(constant) = constant(&case.test.root) else { return false };
        if matches!(constant, CaseValue::Text(text) if text.trim().parse::<f64>().is_ok()) {
            return false;
        }
        kinds.push(std::mem::discriminant(&constant));
        if seen.insert(constant, ()).is_some() {
            return false;
        }
    }
    kinds.windows(2).all(|pair| pair.first() == pair.last())
}

/// What an expression without anything variable in it is. Numbers that are equal are the same.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum CaseValue<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(u64),
    Text(&'a str),
}

fn constant(node: &Node) -> Option<CaseValue<'_>> {
    Some(match &node.kind {
        Kind::Null => CaseValue::Null,
        Kind::Bool(value) => CaseValue::Bool(*value),
        Kind::Int(value) => CaseValue::Int(*value),
        // It equals nothing.
        Kind::Float(value) if value.is_nan() => return None,
        Kind::Float(value) => float(*value),
        Kind::Text(text) => CaseValue::Text(text),
        Kind::Unary(Unary::Minus, operand) => match constant(operand)? {
            CaseValue::Int(value) => CaseValue::Int(value.checked_neg()?),
            CaseValue::Float(bits) => float(-f64::from_bits(bits)),
            _ => return None,
        },
        _ => return None,
    })
}

fn float(value: f64) -> CaseValue<'static> {
    /// Beyond it not every integer is a float.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT {
        CaseValue::Int(value as i64)
    } else {
        CaseValue::Float(value.to_bits())
    }
}
