//! The description as written: every construct of both JSON dialects, before names mean anything.

use crate::{
    canonical::Property,
    source::Span,
    text::Text,
    vocabulary::{Channel, Gaps, MemoryMode, Storage},
};

/// A collaborative state machine.
#[derive(Debug, Clone)]
pub struct Description {
    /// Its name.
    pub name: Text,
    /// Its memory mode, if it says one.
    pub memory_mode: Option<(MemoryMode, Span)>,
    /// Its data constructs in order of the text.
    pub data: Vec<Data>,
    /// Top-level machines.
    pub machines: Vec<Machine>,
    /// What errors have left out, in all of it.
    pub gaps: Gaps,
    /// What errors have left out outside of its machines.
    pub own_gaps: Gaps,
    /// The whole object.
    pub span: Span,
}

/// A data construct: `localData`, `staticData` or `persistentData`.
#[derive(Debug, Clone)]
pub struct Data {
    /// Which of them.
    pub storage: Storage,
    /// Its variables.
    pub variables: Vec<Variable>,
}

/// A name and an expression: a variable, a datum of an event, an input of a service.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: Text,
    /// Expression of its value.
    pub value: Text,
    /// The whole object.
    pub span: Span,
}

/// A state machine.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Its name.
    pub name: Text,
    /// Name of the machine it inherits from; none after `inherit`.
    pub extends: Option<Text>,
    /// Whether it is only there to be extended, if it says so.
    pub is_abstract: Option<Flag>,
    /// Its data constructs in order of the text.
    pub data: Vec<Data>,
    /// Its states.
    pub states: Vec<State>,
    /// Machines nested in it, in order of the text, wherever they stand.
    pub machines: Vec<Machine>,
    /// Its named actions, wherever they stand.
    pub actions: Vec<Definition<Action>>,
    /// Its named guards, wherever they stand.
    pub guards: Vec<Definition<Guard>>,
    /// Whether all its named actions and guards are known: an error may hide some.
    pub definitions_known: bool,
    /// What errors have left out of it, nested machines aside.
    pub gaps: Gaps,
    /// The whole object.
    pub span: Span,
}

/// A named action or guard of a machine.
#[derive(Debug, Clone)]
pub struct Definition<T> {
    /// Its name.
    pub name: Text,
    /// What it names; none if that has errors, already reported.
    pub item: Option<T>,
}

/// `true` or `false`, where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Flag {
    /// Which of them.
    pub value: bool,
    /// Its place.
    pub span: Span,
}

/// Where a flag says `true`.
pub fn set(flag: Option<Flag>) -> Option<Span> {
    flag.filter(|flag| flag.value).map(|flag| flag.span)
}

/// A state.
#[derive(Debug, Clone)]
pub struct State {
    /// Its name.
    pub name: Text,
    /// Whether it is the initial one, if it says so: `false` is not the same as nothing where it redefines another.
    pub initial: Option<Flag>,
    /// Whether it is a terminal one, if it says so.
    pub terminal: Option<Flag>,
    /// Whether a derived machine must define it, if it says so.
    pub is_abstract: Option<Flag>,
    /// Whether a derived machine may redefine it, if it says so.
    pub is_virtual: Option<Flag>,
    /// Its data constructs in order of the text.
    pub data: Vec<Data>,
    /// Actions on entering it.
    pub entry: Vec<Action>,
    /// Actions on leaving it.
    pub exit: Vec<Action>,
    /// Actions while it is active.
    pub while_actions: Vec<Action>,
    /// Its timers.
    pub after: Vec<Action>,
    /// Transitions on events.
    pub on: Vec<On>,
    /// Transitions without an event.
    pub always: Vec<Transition>,
    /// The whole object.
    pub span: Span,
}

/// A transition on an event.
#[derive(Debug, Clone)]
pub struct On {
    /// The event's name.
    pub event: Text,
    /// The channel it is said to come by.
    pub channel: Option<Channel>,
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
    /// Its guards.
    pub guards: Vec<Guard>,
    /// Its actions.
    pub actions: Vec<Action>,
    /// The whole object.
    pub span: Span,
}

/// A guard.
#[derive(Debug, Clone)]
pub enum Guard {
    /// `{"expression": "…"}`
    Expression(Text),
    /// `"…"`: a named guard if there is one of that name, else an expression.
    Plain(Text),
    /// `{"reference": "…"}`
    Reference(Text),
}

/// An action, inline or by name.
#[derive(Debug, Clone)]
pub enum Action {
    /// `{"reference": "…"}` or `"…"`
    Reference(Text),
    /// Written out.
    Inline(InlineAction),
}

/// An action written out.
#[derive(Debug, Clone)]
pub struct InlineAction {
    /// Its name: of a timeout the timer's, otherwise one by which it can be used elsewhere.
    pub name: Option<Text>,
    /// What it does.
    pub kind: ActionKind,
    /// The whole object.
    pub span: Span,
}

/// What an action does.
#[derive(Debug, Clone)]
pub enum ActionKind {
    /// `invoke`
    Invoke(Invoke),
    /// `create`
    Create {
        /// The variable.
        variable: Variable,
        /// Whether it joins the root's persistent data.
        persistent: bool,
    },
    /// `assign`
    Assign {
        /// The variable's name.
        variable: Text,
        /// Expression of the value.
        value: Text,
    },
    /// `delete`
    Delete {
        /// The variable's name.
        variable: Text,
    },
    /// `raiseEvent`, `raise`
    Raise(Event),
    /// `timeout`
    Timeout {
        /// Expression of the delay in milliseconds.
        delay: Text,
        /// What it does when due.
        actions: Vec<Action>,
        /// The transition that it takes when due instead, in an entry of `after` (docs/semantics.md#6-timers-and-invocations).
        transition: Option<Box<Transition>>,
    },
    /// `timeoutReset`, `resetTimeout`
    TimeoutReset {
        /// The timeout's name.
        timer: Text,
    },
    /// `match`
    Match(Match),
}

/// The cases of a `match` action.
#[derive(Debug, Clone)]
pub struct Match {
    /// Expression of the value.
    pub value: Text,
    /// What it is compared with, in order.
    pub cases: Vec<Case>,
    /// What is done when no case equals it.
    pub default: Vec<Action>,
}

/// One case of a `match` action.
#[derive(Debug, Clone)]
pub struct Case {
    /// Expression that the value is compared with.
    pub value: Text,
    /// What is done when both are equal.
    pub actions: Vec<Action>,
    /// The whole object.
    pub span: Span,
}

/// An event to raise.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its name.
    pub name: Text,
    /// Its channel.
    pub channel: Channel,
    /// Its data.
    pub data: Vec<Variable>,
    /// The whole object.
    pub span: Span,
}

/// A call of a service.
#[derive(Debug, Clone)]
pub struct Invoke {
    /// The service type.
    pub service: Text,
    /// Whether only local implementations may serve it.
    pub local: bool,
    /// Its input.
    pub input: Vec<Variable>,
    /// Names of the variables that take its output.
    pub output: Vec<Text>,
    /// Events raised when it has completed.
    pub done: Vec<Event>,
    /// Its properties.
    pub properties: Vec<Property>,
}
