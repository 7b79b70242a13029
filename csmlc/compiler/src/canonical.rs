//! The canonical tree: what `normalise` makes of every dialect. No aliases, no named actions or guards, no
//! short forms. Names are still text; `resolve` turns them into ids.

use crate::{
    source::Span,
    text::Text,
    vocabulary::{Channel, Gaps, MemoryMode, Storage},
};

/// A collaborative state machine (2.0 "Collaborative State Machine").
#[derive(Debug, Clone)]
pub struct Description {
    /// Its name.
    pub name: Text,
    /// Its memory mode, if it says one.
    pub memory_mode: Option<(MemoryMode, Span)>,
    /// The root's variables in order of the text.
    pub data: Vec<Variable>,
    /// Top-level machines.
    pub machines: Vec<Machine>,
    /// What errors have left out, in all of it.
    pub gaps: Gaps,
    /// What errors have left out outside of its machines.
    pub own_gaps: Gaps,
    /// The whole object.
    pub span: Span,
}

/// A declared variable.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: Text,
    /// Expression of the initial value.
    pub value: Text,
    /// How long it lives.
    pub storage: Storage,
    /// The whole object.
    pub span: Span,
}

/// A state machine.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Its name.
    pub name: Text,
    /// Its variables in order of the text.
    pub data: Vec<Variable>,
    /// Its states.
    pub states: Vec<State>,
    /// Machines nested in it.
    pub machines: Vec<Machine>,
    /// What errors have left out of it, nested machines aside.
    pub gaps: Gaps,
    /// The whole object.
    pub span: Span,
}

/// A state.
#[derive(Debug, Clone)]
pub struct State {
    /// Its name.
    pub name: Text,
    /// Where it says `initial: true`.
    pub initial: Option<Span>,
    /// Where it says `terminal: true`.
    pub terminal: Option<Span>,
    /// Its variables in order of the text.
    pub data: Vec<Variable>,
    /// Actions on entering it.
    pub entry: Vec<Action>,
    /// Actions on leaving it.
    pub exit: Vec<Action>,
    /// Actions while it is active.
    pub while_actions: Vec<Action>,
    /// Its timers.
    pub after: Vec<After>,
    /// Transitions on events.
    pub on: Vec<On>,
    /// Transitions without an event.
    pub always: Vec<Transition>,
    /// The whole object.
    pub span: Span,
}

/// A timer of a state: a timeout action.
#[derive(Debug, Clone)]
pub struct After {
    /// Its name, for `timeoutReset` and traces.
    pub name: Option<Text>,
    /// Expression of the delay in milliseconds.
    pub delay: Text,
    /// What it raises.
    pub raises: Vec<Event>,
    /// The whole object.
    pub span: Span,
}

/// A transition on an event.
#[derive(Debug, Clone)]
pub struct On {
    /// The event's name.
    pub event: Text,
    /// Whether it says `channel: peripheral`: the event is known to come from the environment.
    pub peripheral: bool,
    /// The rest.
    pub transition: Transition,
}

/// A transition.
#[derive(Debug, Clone)]
pub struct Transition {
    /// Target state; none for an internal transition.
    pub target: Option<Text>,
    /// State to enter when the guards do not hold.
    pub else_target: Option<Text>,
    /// Expressions that must all hold.
    pub guards: Vec<Text>,
    /// Its actions.
    pub actions: Vec<Action>,
    /// The whole object.
    pub span: Span,
}

/// An action.
#[derive(Debug, Clone)]
pub struct Action {
    /// What it does.
    pub kind: ActionKind,
    /// The whole object, at its definition.
    pub span: Span,
    /// Where it is referred to, if it is a named action.
    pub used_at: Option<Span>,
}

/// What an action does.
#[derive(Debug, Clone)]
pub enum ActionKind {
    /// Call a service.
    Invoke(Invoke),
    /// Create a variable.
    Create {
        /// Its name.
        name: Text,
        /// Expression of its value.
        value: Text,
        /// Whether it joins the root's persistent data.
        persistent: bool,
    },
    /// Assign a variable.
    Assign {
        /// Its name.
        variable: Text,
        /// Expression of the value.
        value: Text,
    },
    /// Delete a variable.
    Delete {
        /// Its name.
        variable: Text,
    },
    /// Raise an event.
    Raise(Event),
    /// Restart a timer.
    TimeoutReset {
        /// The timer's name.
        timer: Text,
    },
    /// Run the actions of the cases that equal a value.
    Match(Match),
}

/// What a `match` compares, and what it runs (docs/semantics.md#match).
#[derive(Debug, Clone)]
pub struct Match {
    /// Expression of the value, which is evaluated once.
    pub value: Text,
    /// What it is compared with, in order. Every case that equals it runs.
    pub cases: Vec<Case>,
    /// What runs when no case did.
    pub default: Vec<Action>,
}

/// A case of a [`Match`].
#[derive(Debug, Clone)]
pub struct Case {
    /// Expression that the value is compared with.
    pub value: Text,
    /// Its actions.
    pub actions: Vec<Action>,
    /// The whole object.
    pub span: Span,
}

impl Action {
    /// Calls `visit` with each of these actions and with those in their cases, at any depth, in order of the text.
    pub fn walk<'a>(list: &'a [Self], visit: &mut dyn FnMut(&'a Self)) {
        for action in list {
            visit(action);
            if let ActionKind::Match(it) = &action.kind {
                for case in &it.cases {
                    Self::walk(&case.actions, visit);
                }
                Self::walk(&it.default, visit);
            }
        }
    }
}

/// An event to raise.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its name.
    pub name: Text,
    /// Its channel.
    pub channel: Channel,
    /// Its data.
    pub data: Vec<Binding>,
    /// The whole object.
    pub span: Span,
}

/// A name and an expression: event data, service input.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The name.
    pub name: Text,
    /// The expression.
    pub value: Text,
}

/// A call of a service.
#[derive(Debug, Clone)]
pub struct Invoke {
    /// The service type.
    pub service: Text,
    /// Whether only local implementations may serve it.
    pub local: bool,
    /// Its input.
    pub input: Vec<Binding>,
    /// Variables that take its output.
    pub output: Vec<Text>,
    /// Events raised when it has completed.
    pub done: Vec<Event>,
    /// Its properties.
    pub properties: Vec<Property>,
}

/// A property of an `invoke`.
#[derive(Debug, Clone)]
pub struct Property {
    /// Its name.
    pub name: Text,
    /// Its value.
    pub value: PropertyValue,
    /// The place of the value.
    pub span: Span,
}

/// Value of a [`Property`].
#[derive(Debug, Clone, PartialEq)]
pub enum PropertyValue {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
}
