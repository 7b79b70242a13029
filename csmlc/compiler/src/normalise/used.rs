//! Marks what is used by name with where it is used: an error in it may depend on that.

use super::Normalise;
use crate::sorted::SortedMap;
use crate::{
    canonical::{Action, ActionKind, Binding, Case, Event, Match, Property},
    diagnostics::provenance::Link,
    source::{Span, Via},
    text::Text,
};

impl Normalise<'_, '_> {
    /// Marks a copy of a named action.
    pub(super) fn mark_action(&mut self, action: &mut Action) {
        let Some(at) = action.used_at else { return };
        let mut mark = self.mark(action.span, at);
        visit_action(action, &mut |span| mark(span));
    }

    /// Marks copies of texts of something named: of a guard, or of a timer.
    pub(super) fn mark_texts<'t>(
        &mut self,
        definition: Span,
        at: Span,
        texts: impl IntoIterator<Item = &'t mut Text>,
    ) {
        let mut mark = self.mark(definition, at);
        for text in texts {
            mark(&mut text.span);
        }
    }

    fn mark(&mut self, definition: Span, at: Span) -> impl FnMut(&mut Span) {
        let mut vias: SortedMap<Via, Via> = SortedMap::new();
        let diagnostics = &mut *self.diagnostics;
        move |span| {
            let before = span.via;
            span.via =
                *vias.entry(before).or_insert_with(|| diagnostics.link(Link::Use { definition, at, before }));
        }
    }
}

fn visit_action(action: &mut Action, visit: &mut dyn FnMut(&mut Span)) {
    let Action { kind, span, used_at: _ } = action;
    visit(span);
    match kind {
        ActionKind::Invoke(invoke) => {
            visit(&mut invoke.service.span);
            visit_bindings(&mut invoke.input, visit);
            for output in &mut invoke.output {
                visit(&mut output.span);
            }
            for event in &mut invoke.done {
                visit_event(event, visit);
            }
            for Property { name, value: _, span } in &mut invoke.properties {
                visit(&mut name.span);
                visit(span);
            }
        }
        ActionKind::Create { name, value, persistent: _ } => {
            visit(&mut name.span);
            visit(&mut value.span);
        }
        ActionKind::Assign { variable, value } => {
            visit(&mut variable.span);
            visit(&mut value.span);
        }
        ActionKind::Delete { variable } => visit(&mut variable.span),
        ActionKind::Raise(event) => visit_event(event, visit),
        ActionKind::TimeoutReset { timer } => visit(&mut timer.span),
        ActionKind::Match(Match { value, cases, default }) => {
            visit(&mut value.span);
            for Case { value, actions, span } in cases {
                visit(span);
                visit(&mut value.span);
                for action in actions {
                    visit_action(action, visit);
                }
            }
            for action in default {
                visit_action(action, visit);
            }
        }
    }
}

fn visit_event(event: &mut Event, visit: &mut dyn FnMut(&mut Span)) {
    let Event { name, channel: _, data, span } = event;
    visit(span);
    visit(&mut name.span);
    visit_bindings(data, visit);
}

fn visit_bindings(bindings: &mut [Binding], visit: &mut dyn FnMut(&mut Span)) {
    for Binding { name, value } in bindings {
        visit(&mut name.span);
        visit(&mut value.span);
    }
}
