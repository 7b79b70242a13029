//! What this pass says.

use csml_rt_core::Value;

use super::{
    candidate::Candidate,
    determinism_rules::{FIRST_WINS, NEVER, NEVER_TAKEN, OVERLAPPING, UNDECIDED},
    example::Example,
    obstacle::Obstacle,
};
use crate::{
    diagnostics::Diagnostic,
    ir::{Expr, Kind, Typed},
    lists::Gather,
    model::{EventId, StateId, Transition, VarId},
    source::Span,
    text::shown,
};

/// A state and an event, or `always`.
type StateTrigger = (StateId, Option<EventId>);

/// Two transitions can be enabled together.
pub(super) fn overlapping(
    program: &Typed,
    place: StateTrigger,
    [first, second]: [&Candidate<'_>; 2],
    example: &Example<'_>,
) -> Diagnostic {
    let always = first.is_certain() && second.is_certain();
    let how = if always { "are always enabled together" } else { "can be enabled together" };
    let message = format!("two {} {how}", transitions(program, place));
    let (one, other) = (first.transition, second.transition);
    let label = match (always, example.as_slice()) {
        (true, _) => certain(other),
        (false, []) => {
            format!("{} in any case", certain(if second.is_certain() { other } else { one }))
        }
        (false, example) => {
            let values: Vec<_> = example.iter().map(|(expr, value)| assigned(program, expr, value)).gather();
            let enabled = if second.is_certain() {
                "it is enabled together with the other"
            } else {
                "both are enabled"
            };
            format!("{enabled}, for example, with {}", listed(&values))
        }
    };
    let alike = one.else_target.is_some() == other.else_target.is_some();
    let beside = if always && alike {
        let too = if one.else_target.is_some() { "and so has this one" } else { "and neither has this one" };
        too.to_owned()
    } else if first.is_certain() {
        format!("and {}", certain(one))
    } else {
        "this is the other one".to_owned()
    };
    let help = if always {
        "give one of them a guard and the other one its negation, or merge them into one"
    } else if first.is_certain() || second.is_certain() {
        "give the transition that is always enabled the negation of the other's guard"
    } else {
        "add the negation of one condition to the other, so that at most one of them holds"
    };
    // Where the first one is enabled in any case the other one would never be taken.
    let choice = (!first.is_certain()).then(|| CHOICE.to_owned());
    Diagnostic::new(&OVERLAPPING, span(other), message)
        .label(label)
        .related(span(one), beside)
        .help(help)
        .maybe_help(choice)
}

/// The way out that changes no transition.
const CHOICE: &str = "or let the first one in the text win, in the whole description: `--choice first`, `choice = \"first\"` in csml.toml";

/// Why a transition is always enabled.
fn certain(transition: &Transition<Expr>) -> String {
    match transition.else_target {
        Some(_) => "this one has an `else`, so it is enabled one way or the other".to_owned(),
        None => "this one has no guard".to_owned(),
    }
}

/// Whether two transitions can be enabled together is not known.
pub(super) fn undecided(
    program: &Typed,
    place: StateTrigger,
    [first, second]: [&Candidate<'_>; 2],
    why: Option<(Span, Obstacle<'_>)>,
) -> Diagnostic {
    let message = format!("cannot decide whether two {} exclude each other", transitions(program, place));
    let (one, other) = (span(first.transition), span(second.transition));
    let mut diagnostic = Diagnostic::new(&UNDECIDED, other, message).related(one, "beside this one");
    diagnostic = match why {
        Some((at, obstacle)) if at == other || at == second.transition.span => {
            diagnostic.label(obstacle.describe(program))
        }
        Some((at, obstacle)) if at == one => {
            diagnostic.related.clear();
            let why = format!("beside this one: {}", obstacle.describe(program));
            diagnostic.label("this one").related(one, why)
        }
        Some((at, obstacle)) => diagnostic.label("this one").related(at, obstacle.describe(program)),
        None => diagnostic.label("found no values that enable both, but there may be some"),
    };
    diagnostic.note(CHECKED)
}

/// What follows where nothing else rules it out.
pub(super) const CHECKED: &str = "each step checks this: a step in which both are enabled ends with an error";

/// Two transitions can be enabled together, and the first one is taken.
pub(super) fn first_wins(
    program: &Typed,
    place: StateTrigger,
    [first, second]: [&Candidate<'_>; 2],
    example: &Example<'_>,
) -> Diagnostic {
    let message = format!("two {} can be enabled together; the first one wins", transitions(program, place));
    let values: Vec<_> = example.iter().map(|(expr, value)| assigned(program, expr, value)).gather();
    let label = match values.as_slice() {
        [] => "this one is not taken whenever the other is enabled".to_owned(),
        values => format!("both are enabled, for example, with {}: this one is not taken", listed(values)),
    };
    Diagnostic::new(&FIRST_WINS, span(second.transition), message)
        .label(label)
        .related(span(first.transition), "this one is taken, because it comes first")
}

/// Whenever a transition is enabled, one of these earlier ones is.
pub(super) fn never_taken<'c>(
    program: &Typed,
    place: StateTrigger,
    candidate: &Candidate<'_>,
    earlier: impl Iterator<Item = &'c Candidate<'c>>,
) -> Diagnostic {
    let message = format!("one of the {} is never taken", transitions(program, place));
    let mut diagnostic = Diagnostic::new(&NEVER_TAKEN, span(candidate.transition), message)
        .label("whenever it is enabled, one that comes first is enabled too");
    for one in earlier.take(MOST_EARLIER) {
        let why = if one.is_certain() {
            format!("{} and comes first", certain(one.transition))
        } else {
            "this one comes first".to_owned()
        };
        diagnostic = diagnostic.related(span(one.transition), why);
    }
    diagnostic.help("move it up, or remove it")
}

/// Earlier transitions, or variables, that a message shows.
const MOST_EARLIER: usize = 4;

/// A guard never holds.
pub(super) fn never(program: &Typed, place: StateTrigger, candidate: &Candidate<'_>) -> Diagnostic {
    let transition = candidate.transition;
    let several = transition.guards.len() > 1;
    let what =
        if several { "the guards of this transition never hold together" } else { "this guard never holds" };
    let label = match (several, transition.else_target) {
        (_, Some(_)) => "its parts contradict each other, so only `else` is ever taken",
        (true, None) => "they contradict each other, so it is never taken",
        (false, None) => "its parts contradict each other, so its transition is never taken",
    };
    let (state, _) = place;
    let name = shown(&program.app.states[state].name.text);
    Diagnostic::new(&NEVER, span(transition), what)
        .label(label)
        .note(format!("in {}", trigger(program, place, &name)))
}

/// A guard never holds with the values that its variables ever get.
pub(super) fn never_with_values<'v>(
    program: &Typed,
    place: StateTrigger,
    candidate: &Candidate<'_>,
    values: impl Iterator<Item = (VarId, &'v [Value])>,
) -> Diagnostic {
    let transition = candidate.transition;
    let several = transition.guards.len() > 1;
    let what =
        if several { "the guards of this transition never hold together" } else { "this guard never holds" };
    let label = match transition.else_target {
        Some(_) => "with the values that its variables ever get, only `else` is taken",
        None => "with the values that its variables ever get, its transition is never taken",
    };
    let (state, _) = place;
    let name = shown(&program.app.states[state].name.text);
    let mut diagnostic = Diagnostic::new(&NEVER, span(transition), what).label(label);
    for (variable, values) in values.take(MOST_EARLIER) {
        let variable = &program.app.variables[variable];
        let each: Vec<_> = values.iter().map(|value| format!("`{}`", literal(value))).gather();
        let only = match each.as_slice() {
            [one] => format!("{} is always {one}", shown(&variable.name.text)),
            _ => format!("{} is only ever {}", shown(&variable.name.text), joined(&each, "or")),
        };
        diagnostic = diagnostic.related(variable.name.span, only);
    }
    diagnostic.note(format!("in {}", trigger(program, place, &name)))
}

/// `transitions of state … for event …`
fn transitions(program: &Typed, place: StateTrigger) -> String {
    let name = shown(&program.app.states[place.0].name.text);
    match place.1 {
        Some(event) => {
            let event = shown(&program.app.events[event].name.text);
            format!("transitions of state {name} for event {event}")
        }
        None => format!("`always` transitions of state {name}"),
    }
}

fn trigger(program: &Typed, place: StateTrigger, state: &str) -> String {
    match place.1 {
        Some(event) => format!("state {state}, event {}", shown(&program.app.events[event].name.text)),
        None => format!("state {state}, `always`"),
    }
}

/// The place of a transition: its guard where it has one of its own, as that is what matters.
fn span(transition: &Transition<Expr>) -> Span {
    let whole = transition.span;
    match transition.guards.as_slice() {
        [guard]
            if guard.span.source == whole.source
                && whole.start <= guard.span.start
                && guard.span.end <= whole.end =>
        {
            guard.span
        }
        _ => whole,
    }
}

/// `level = 31`
fn assigned(program: &Typed, expr: &Expr, value: &Value) -> String {
    let name = match &expr.kind {
        Kind::Variable(variable) => program.app.variables[*variable].name.text.clone(),
        Kind::Datum { name, .. } => format!("${name}"),
        Kind::Output(output) => program.app.outputs[*output].name.text.clone(),
        _ => String::new(),
    };
    let name = shown(&name);
    let mut out = name.strip_suffix('`').unwrap_or(&name).to_owned();
    let value = literal(value);
    let short: String = value.chars().take(60).collect();
    out.push_str(" = ");
    out.push_str(&short);
    out.push_str(if short.len() < value.len() { "…`" } else { "`" });
    out
}

/// A value as an expression writes it.
fn literal(value: &Value) -> String {
    let all = |items: &mut dyn Iterator<Item = String>| items.gather().join(", ");
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::Text(text) => {
            let mut out = String::new();
            crate::expr::quote(text, &mut out);
            out
        }
        Value::List(items) => format!("[{}]", all(&mut items.iter().map(literal))),
        Value::Set(items) => format!("{{{}}}", all(&mut items.iter().map(literal))),
        Value::Map(entries) if entries.is_empty() => "{:}".to_owned(),
        Value::Map(entries) => {
            let entry = |(key, value): (&Value, &Value)| format!("{}: {}", literal(key), literal(value));
            format!("{{{}}}", all(&mut entries.iter().map(entry)))
        }
        Value::Bytes(_) => "…".to_owned(),
    }
}

/// `a`, `a and b`, `a, b and c`
fn listed(all: &[String]) -> String {
    joined(all, "and")
}

fn joined(all: &[String], word: &str) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {word} {last}", most.join(", ")),
    }
}
