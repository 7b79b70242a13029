//! All places in a machine as written, to mark copies of it with how they came about.

use super::tree::{
    Action, ActionKind, Case, Data, Definition, Event, Flag, Guard, InlineAction, Invoke, Machine, Match, On,
    State, Transition, Variable,
};
use crate::{canonical::Property, source::Span, text::Text};

/// A part of the tree.
pub(crate) trait VisitSpans {
    /// Calls `visit` with every span in it and the bytes that a copy of the text there takes, roughly.
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize));
}

impl<T: VisitSpans> VisitSpans for Vec<T> {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        for item in self {
            item.places(visit);
        }
    }
}

impl<T: VisitSpans> VisitSpans for Option<T> {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        if let Some(item) = self {
            item.places(visit);
        }
    }
}

impl VisitSpans for Text {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self { value, span, anchors } = self;
        visit(span, size_of::<Self>() + value.len() + size_of_val(anchors.as_slice()));
    }
}

impl VisitSpans for Flag {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self { value: _, span } = self;
        visit(span, 0);
    }
}

impl VisitSpans for Machine {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self {
            name,
            extends,
            is_abstract,
            data,
            states,
            machines,
            actions,
            guards,
            definitions_known: _,
            gaps: _,
            span,
        } = self;
        visit(span, size_of::<Self>());
        name.places(visit);
        extends.places(visit);
        is_abstract.places(visit);
        data.places(visit);
        states.places(visit);
        machines.places(visit);
        actions.places(visit);
        guards.places(visit);
    }
}

impl VisitSpans for Data {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self { storage: _, variables } = self;
        variables.places(visit);
    }
}

impl VisitSpans for Variable {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self { name, value, span } = self;
        visit(span, 0);
        name.places(visit);
        value.places(visit);
    }
}

impl<T: VisitSpans> VisitSpans for Definition<T> {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self { name, item } = self;
        name.places(visit);
        item.places(visit);
    }
}

impl VisitSpans for State {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self {
            name,
            initial,
            terminal,
            is_abstract,
            is_virtual,
            data,
            entry,
            exit,
            while_actions,
            after,
            on,
            always,
            span,
        } = self;
        visit(span, size_of::<Self>());
        name.places(visit);
        for flag in [initial, terminal, is_abstract, is_virtual] {
            flag.places(visit);
        }
        data.places(visit);
        for actions in [entry, exit, while_actions, after] {
            actions.places(visit);
        }
        on.places(visit);
        always.places(visit);
    }
}

impl VisitSpans for On {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self { event, channel: _, transition } = self;
        event.places(visit);
        transition.places(visit);
    }
}

impl VisitSpans for Transition {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self { target, else_target, guards, actions, span } = self;
        visit(span, size_of::<Self>());
        target.places(visit);
        else_target.places(visit);
        guards.places(visit);
        actions.places(visit);
    }
}

impl VisitSpans for Guard {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        match self {
            Self::Expression(text) | Self::Plain(text) | Self::Reference(text) => text.places(visit),
        }
    }
}

impl VisitSpans for Action {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        match self {
            Self::Reference(name) => name.places(visit),
            Self::Inline(action) => action.places(visit),
        }
    }
}

impl VisitSpans for InlineAction {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self { name, kind, span } = self;
        visit(span, size_of::<Self>());
        name.places(visit);
        match kind {
            ActionKind::Invoke(invoke) => invoke.places(visit),
            ActionKind::Create { variable, persistent: _ } => variable.places(visit),
            ActionKind::Assign { variable, value } => {
                variable.places(visit);
                value.places(visit);
            }
            ActionKind::Delete { variable } => variable.places(visit),
            ActionKind::Raise(event) => event.places(visit),
            ActionKind::Timeout { delay, actions, transition } => {
                delay.places(visit);
                actions.places(visit);
                if let Some(transition) = transition {
                    transition.places(visit);
                }
            }
            ActionKind::TimeoutReset { timer } => timer.places(visit),
            ActionKind::Match(Match { value, cases, default }) => {
                value.places(visit);
                cases.places(visit);
                default.places(visit);
            }
        }
    }
}

impl VisitSpans for Case {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self { value, actions, span } = self;
        visit(span, size_of::<Self>());
        value.places(visit);
        actions.places(visit);
    }
}

impl VisitSpans for Event {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self { name, channel: _, data, span } = self;
        visit(span, 0);
        name.places(visit);
        data.places(visit);
    }
}

impl VisitSpans for Invoke {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self { service, local: _, input, output, done, properties } = self;
        service.places(visit);
        input.places(visit);
        output.places(visit);
        done.places(visit);
        properties.places(visit);
    }
}

impl VisitSpans for Property {
    fn places(&mut self, visit: &mut dyn FnMut(&mut Span, usize)) {
        let Self { name, value: _, span } = self;
        visit(span, size_of::<Self>());
        name.places(visit);
    }
}
