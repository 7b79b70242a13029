//! The description as written: every construct of both JSON dialects, before names mean anything.

use crate::{
    canonical::{Channel, Gaps, MemoryMode, Property, Storage},
    source::Span,
    text::Text,
};

/// A collaborative state machine.
#[derive(Debug, Clone)]
pub(crate) struct Description {
    /// Its name.
    pub(crate) name: Text,
    /// Its memory mode, if it says one.
    pub(crate) memory_mode: Option<(MemoryMode, Span)>,
    /// Its data constructs in order of the text.
    pub(crate) data: Vec<Data>,
    /// Top-level machines.
    pub(crate) machines: Vec<Machine>,
    /// What errors have left out, in all of it.
    pub(crate) gaps: Gaps,
    /// What errors have left out outside of its machines.
    pub(crate) own_gaps: Gaps,
    /// The whole object.
    pub(crate) span: Span,
}

/// A data construct: `localData`, `staticData` or `persistentData`.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    /// Which of them.
    pub(crate) storage: Storage,
    /// Its variables.
    pub(crate) variables: Vec<Variable>,
}

/// A name and an expression: a variable, a datum of an event, an input of a service.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    /// Its name.
    pub(crate) name: Text,
    /// Expression of its value.
    pub(crate) value: Text,
    /// The whole object.
    pub(crate) span: Span,
}

/// A state machine.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    /// Its name.
    pub(crate) name: Text,
    /// Name of the machine it inherits from; none after `inherit`.
    pub(crate) extends: Option<Text>,
    /// Whether it is only there to be extended, if it says so.
    pub(crate) is_abstract: Option<Flag>,
    /// Its data constructs in order of the text.
    pub(crate) data: Vec<Data>,
    /// Its states.
    pub(crate) states: Vec<State>,
    /// Machines nested in it, in order of the text, wherever they stand.
    pub(crate) machines: Vec<Machine>,
    /// Its named actions.
    pub(crate) actions: Vec<Definition<Action>>,
    /// Its named guards.
    pub(crate) guards: Vec<Definition<Guard>>,
    /// Whether all its named actions and guards are known: an error may hide some.
    pub(crate) definitions_known: bool,
    /// What errors have left out of it, nested machines aside.
    pub(crate) gaps: Gaps,
    /// The whole object.
    pub(crate) span: Span,
}

/// A named action or guard of a machine.
#[derive(Debug, Clone)]
pub(crate) struct Definition<T> {
    /// Its name.
    pub(crate) name: Text,
    /// What it names; none if that has errors, already reported.
    pub(crate) item: Option<T>,
}

/// `true` or `false`, where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flag {
    /// Which of them.
    pub(crate) value: bool,
    /// Its place.
    pub(crate) span: Span,
}

/// Where a flag says `true`.
pub(crate) fn set(flag: Option<Flag>) -> Option<Span> {
    flag.filter(|flag| flag.value).map(|flag| flag.span)
}

/// A state.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// Its name.
    pub(crate) name: Text,
    /// Whether it is the initial one, if it says so: `false` is not the same as nothing where it redefines another.
    pub(crate) initial: Option<Flag>,
    /// Whether it is a terminal one, if it says so.
    pub(crate) terminal: Option<Flag>,
    /// Whether a derived machine must define it, if it says so.
    pub(crate) is_abstract: Option<Flag>,
    /// Whether a derived machine may redefine it, if it says so.
    pub(crate) is_virtual: Option<Flag>,
    /// Its data constructs in order of the text.
    pub(crate) data: Vec<Data>,
    /// Actions on entering it.
    pub(crate) entry: Vec<Action>,
    /// Actions on leaving it.
    pub(crate) exit: Vec<Action>,
    /// Actions while it is active.
    pub(crate) while_actions: Vec<Action>,
    /// Its timers.
    pub(crate) after: Vec<Action>,
    /// Transitions on events.
    pub(crate) on: Vec<On>,
    /// Transitions without an event.
    pub(crate) always: Vec<Transition>,
    /// The whole object.
    pub(crate) span: Span,
}

/// A transition on an event.
#[derive(Debug, Clone)]
pub(crate) struct On {
    /// The event's name.
    pub(crate) event: Text,
    /// The channel it is said to come by.
    pub(crate) channel: Option<Channel>,
    /// The rest.
    pub(crate) transition: Transition,
}

/// A transition.
#[derive(Debug, Clone)]
pub(crate) struct Transition {
    /// Target state; none for an internal transition.
    pub(crate) target: Option<Text>,
    /// State to enter when the guards do not hold.
    pub(crate) else_target: Option<Text>,
    /// Its guards.
    pub(crate) guards: Vec<Guard>,
    /// Its actions.
    pub(crate) actions: Vec<Action>,
    /// The whole object.
    pub(crate) span: Span,
}

/// A guard.
#[derive(Debug, Clone)]
pub(crate) enum Guard {
    /// `{"expression": "…"}`
    Expression(Text),
    /// `"…"`: a named guard if there is one of that name, else an expression.
    Plain(Text),
    /// `{"reference": "…"}`
    Reference(Text),
}

/// An action, inline or by name.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    /// `{"reference": "…"}` or `"…"`
    Reference(Text),
    /// Written out.
    Inline(InlineAction),
}

/// An action written out.
#[derive(Debug, Clone)]
pub(crate) struct InlineAction {
    /// Its name, which only that of a timeout serves for anything.
    pub(crate) name: Option<Text>,
    /// What it does.
    pub(crate) kind: ActionKind,
    /// The whole object.
    pub(crate) span: Span,
}

/// What an action does.
#[derive(Debug, Clone)]
pub(crate) enum ActionKind {
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
pub(crate) struct Match {
    /// Expression of the value.
    pub(crate) value: Text,
    /// What it is compared with, in order.
    pub(crate) cases: Vec<Case>,
    /// What is done when no case equals it.
    pub(crate) default: Vec<Action>,
}

/// One case of a `match` action.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// Expression that the value is compared with.
    pub(crate) value: Text,
    /// What is done when both are equal.
    pub(crate) actions: Vec<Action>,
    /// The whole object.
    pub(crate) span: Span,
}

/// An event to raise.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// Its name.
    pub(crate) name: Text,
    /// Who sees it.
    pub(crate) channel: Channel,
    /// Its data.
    pub(crate) data: Vec<Variable>,
    /// The whole object.
    pub(crate) span: Span,
}

/// A call of a service.
#[derive(Debug, Clone)]
pub(crate) struct Invoke {
    /// The service type.
    pub(crate) service: Text,
    /// Whether only local implementations may serve it.
    pub(crate) local: bool,
    /// Its input.
    pub(crate) input: Vec<Variable>,
    /// Names of the variables that take its output.
    pub(crate) output: Vec<Text>,
    /// Events raised when it has completed.
    pub(crate) done: Vec<Event>,
    /// Hints.
    pub(crate) properties: Vec<Property>,
}
