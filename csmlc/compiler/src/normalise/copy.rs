//! Parts that the canonical tree takes over as they are written, and what copies of them cost.

use crate::{
    canonical::{Binding, Event, Variable},
    lists::Gather,
    syntax::tree as written,
    text::Text,
};

/// The variables of all data constructs of a component, in order of the text.
pub(super) fn variables(data: &[written::Data]) -> Vec<Variable> {
    data.iter()
        .flat_map(|data| {
            data.variables.iter().map(|variable| Variable {
                name: variable.name.clone(),
                value: variable.value.clone(),
                storage: data.storage,
                span: variable.span,
            })
        })
        .gather()
}

/// An event to raise.
pub(super) fn event(event: &written::Event) -> Event {
    Event { name: event.name.clone(), channel: event.channel, data: bindings(&event.data), span: event.span }
}

/// Names and expressions.
pub(super) fn bindings(variables: &[written::Variable]) -> Vec<Binding> {
    variables
        .iter()
        .map(|variable| Binding { name: variable.name.clone(), value: variable.value.clone() })
        .gather()
}

/// Bytes that a copy of an action takes, roughly.
pub(super) fn size(kind: &written::ActionKind) -> usize {
    let variable_size = |variable: &written::Variable| text_size(&variable.name) + text_size(&variable.value);
    let event_size =
        |event: &written::Event| text_size(&event.name) + event.data.iter().map(variable_size).sum::<usize>();
    match kind {
        written::ActionKind::Invoke(invoke) => {
            text_size(&invoke.service)
                + invoke.input.iter().map(variable_size).sum::<usize>()
                + invoke.output.iter().map(text_size).sum::<usize>()
                + invoke.done.iter().map(event_size).sum::<usize>()
                + invoke
                    .properties
                    .iter()
                    .map(|property| text_size(&property.name) + size_of_val(property))
                    .sum::<usize>()
        }
        written::ActionKind::Create { variable, .. } => variable_size(variable),
        written::ActionKind::Assign { variable, value } => text_size(variable) + text_size(value),
        written::ActionKind::Delete { variable } => text_size(variable),
        written::ActionKind::Raise(event) => event_size(event),
        written::ActionKind::Timeout { delay, .. } => text_size(delay),
        written::ActionKind::TimeoutReset { timer } => text_size(timer),
        // The actions within count for themselves.
        written::ActionKind::Match(it) => {
            text_size(&it.value) + it.cases.iter().map(|case| text_size(&case.value)).sum::<usize>()
        }
    }
}

/// Bytes that a copy of a text takes, roughly.
pub(super) fn text_size(text: &Text) -> usize {
    size_of::<Text>() + text.value.len() + size_of_val(text.anchors.as_slice())
}
