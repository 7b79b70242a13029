//! The resolved application: names are ids. Generic over the form of expressions, as three stages
//! share its shape: `Application<Text>` after `resolve`, `Application<expr::Resolved>` after `expr`, `Application<ir::Expr>` after `infer`.

pub mod arena;
pub(crate) mod flow;
pub(crate) mod graph;
mod map_expressions;
pub(crate) mod scope;
mod visit;

use crate::{
    canonical::Property,
    lists::PushAll,
    model::arena::{Arena, ids},
    sorted::SortedSet,
    source::Span,
    types::Type,
    vocabulary::{Channel, ChoicePolicy, Gaps, MemoryMode, Storage},
};

ids! {
    /// A machine; parents before nested ones, in order of the text.
    MachineId;
    /// A state, numbered over the whole application.
    StateId;
    /// An event name.
    EventId;
    /// One datum of an event.
    DatumId;
    /// A service type.
    ServiceId;
    /// One input of a service type.
    InputId;
    /// One output of a service type.
    OutputId;
    /// A variable.
    VarId;
    /// An `after` timer, numbered over the whole application.
    TimerId;
    /// A place where a service is invoked, numbered over the whole application.
    InvokeId;
    /// A `match` action, numbered over the whole application.
    MatchId;
}

/// What has a type of its own and is not local to an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A variable.
    Variable(VarId),
    /// An event datum.
    Datum(DatumId),
    /// A service input.
    Input(InputId),
    /// A service output.
    Output(OutputId),
}

/// A name and where it is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The user's own text.
    pub text: String,
    /// Where it is declared, or first used for what is never declared.
    pub span: Span,
}

/// A whole application.
#[derive(Debug, Clone)]
pub struct Application<E> {
    /// The description's name.
    pub name: Name,
    /// Shared or distributed, the default already chosen (docs/semantics.md#9-memory-modes).
    pub memory_mode: MemoryMode,
    /// Initial values of the root's variables and of all persistent data, in order of evaluation.
    pub root_data: Vec<VarId>,
    /// Machines.
    pub machines: Arena<MachineId, Machine>,
    /// States.
    pub states: Arena<StateId, State<E>>,
    /// Events.
    pub events: Arena<EventId, Event>,
    /// Event data. `resolve` fills in what is raised, `expr` adds what is only read.
    pub data: Arena<DatumId, Datum>,
    /// Service types.
    pub services: Arena<ServiceId, Service>,
    /// Service inputs.
    pub inputs: Arena<InputId, Input>,
    /// Service outputs. `resolve` fills in what is referenced, `expr` adds what only `done` handlers read.
    pub outputs: Arena<OutputId, ServiceOutput>,
    /// Variables.
    pub variables: Arena<VarId, Variable<E>>,
    /// Timers.
    pub timers: Arena<TimerId, Timer<E>>,
    /// Invocations.
    pub invokes: Arena<InvokeId, Invoke<E>>,
    /// Where the values of `match` actions stand.
    pub matches: Arena<MatchId, Span>,
    /// What happens where several transitions are enabled at once.
    pub choice: ChoicePolicy,
    /// What errors have left out.
    pub gaps: Gaps,
}

/// A machine.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Its name.
    pub name: Name,
    /// Path from the top-level machine, names joined by `/`.
    pub path: String,
    /// The machine it is nested in.
    pub parent: Option<MachineId>,
    /// The top-level machine of its hierarchy.
    pub top: MachineId,
    /// Its states in order.
    pub states: Vec<StateId>,
    /// Its initial state.
    pub initial: StateId,
    /// Its local variables in order of declaration, `create`d ones last. Persistent ones stand in `App::root_data`.
    pub variables: Vec<VarId>,
    /// Its timers in order of the text.
    pub timers: Vec<TimerId>,
    /// Its invocations in order of the text.
    pub invokes: Vec<InvokeId>,
    /// What errors have left out of it, and of the data around it.
    pub gaps: Gaps,
    /// Whether an error hides which of its states is the initial one.
    pub start_unknown: bool,
    /// Whether an error hides where it starts or where one of its transitions leads.
    pub uncertain: bool,
}

/// A state.
#[derive(Debug, Clone)]
pub struct State<E> {
    /// Its machine.
    pub machine: MachineId,
    /// Its name.
    pub name: Name,
    /// Whether it ends the machine.
    pub terminal: bool,
    /// Its local variables, in order of declaration, `create`d ones last.
    pub local: Vec<VarId>,
    /// Its static variables.
    pub statics: Vec<VarId>,
    /// Actions on entering it.
    pub entry: Vec<Action<E>>,
    /// Actions on leaving it.
    pub exit: Vec<Action<E>>,
    /// Actions while it is active.
    pub while_actions: Vec<Action<E>>,
    /// Its timers.
    pub after: Vec<TimerId>,
    /// Transitions by event, in order of first mention.
    pub on: Vec<On<E>>,
    /// Transitions without an event.
    pub always: Vec<Transition<E>>,
}

/// The transitions of a state for one event.
#[derive(Debug, Clone)]
pub struct On<E> {
    /// The event.
    pub event: EventId,
    /// Candidates in order of the text.
    pub transitions: Vec<Transition<E>>,
}

/// A transition.
#[derive(Debug, Clone)]
pub struct Transition<E> {
    /// Target; none for an internal transition.
    pub target: Option<StateId>,
    /// Where to go when the guards do not hold.
    pub else_target: Option<StateId>,
    /// All must hold.
    pub guards: Vec<E>,
    /// Its actions.
    pub actions: Vec<Action<E>>,
    /// Its place.
    pub span: Span,
}

/// An action.
#[derive(Debug, Clone)]
pub struct Action<E> {
    /// What it does.
    pub kind: ActionKind<E>,
    /// The name of what it is about: variable, event, timer or service type.
    pub subject: Span,
    /// Its place.
    pub span: Span,
}

/// What an action does.
#[derive(Debug, Clone)]
pub enum ActionKind<E> {
    /// Call a service.
    Invoke(InvokeId),
    /// Create a variable.
    Create(VarId, E),
    /// Assign a variable.
    Assign(VarId, E),
    /// Delete a variable.
    Delete(VarId),
    /// Raise an event.
    Raise(Raise<E>),
    /// Restart a timer.
    ResetTimer(TimerId),
    /// Run the actions of the cases that equal a value.
    Match(Match<E>),
}

/// What a `match` compares, and what it runs (docs/semantics.md#match).
#[derive(Debug, Clone)]
pub struct Match<E> {
    /// Which one it is.
    pub id: MatchId,
    /// The value, which is evaluated once.
    pub value: E,
    /// What it is compared with, one after the other; the actions of a case that equals it run before the next
    /// case is looked at.
    pub cases: Vec<Case<E>>,
    /// What runs when no case did.
    pub default: Vec<Action<E>>,
}

/// A case of a [`Match`].
#[derive(Debug, Clone)]
pub struct Case<E> {
    /// What the value is compared with. Once typed, the whole comparison: of type `bool`, and with the value of
    /// the `match` in it as [`crate::ir::Kind::Matched`].
    pub test: E,
    /// Its actions.
    pub actions: Vec<Action<E>>,
    /// Its place.
    pub span: Span,
}

impl<E> Match<E> {
    /// The lists of actions in it: one for each case, and the default.
    pub fn lists(&self) -> impl Iterator<Item = &[Action<E>]> {
        let mut lists = Vec::new();
        for case in &self.cases {
            lists.push(case.actions.as_slice());
        }
        lists.push(&self.default);
        lists.into_iter()
    }
}

impl<E> Action<E> {
    /// These actions and those in their cases, at any depth, in order of the text. Code that looks for a kind of
    /// action goes this way, so that none within a `match` is forgotten.
    pub fn all(list: &[Self]) -> impl Iterator<Item = &Self> {
        let mut all = Vec::new();
        Self::add_all(list, &mut all);
        all.into_iter()
    }

    // Recursion: the reader limits the depth.
    fn add_all<'a>(list: &'a [Self], all: &mut Vec<&'a Self>) {
        for action in list {
            all.push(action);
            if let ActionKind::Match(it) = &action.kind {
                for list in it.lists() {
                    Self::add_all(list, all);
                }
            }
        }
    }
}

impl<E> State<E> {
    /// The transitions, for events and without.
    pub fn transitions(&self) -> impl Iterator<Item = &Transition<E>> {
        let mut all = Vec::new();
        for on in &self.on {
            all.push_all(&on.transitions);
        }
        all.push_all(&self.always);
        all.into_iter()
    }

    /// The lists of actions: entry, exit, `while`, and those of the transitions.
    pub fn action_lists(&self) -> impl Iterator<Item = &[Action<E>]> {
        let mut lists = vec![self.entry.as_slice(), &self.exit, &self.while_actions];
        for transition in self.transitions() {
            lists.push(&transition.actions);
        }
        lists.into_iter()
    }

    /// All actions, those within a `match` too.
    pub fn actions(&self) -> impl Iterator<Item = &Action<E>> {
        let mut all = Vec::new();
        for list in self.action_lists() {
            Action::add_all(list, &mut all);
        }
        all.into_iter()
    }
}

/// An event being raised.
#[derive(Debug, Clone)]
pub struct Raise<E> {
    /// The event.
    pub event: EventId,
    /// Its channel.
    pub channel: Channel,
    /// Data it carries, in order of the text.
    pub data: Vec<(DatumId, E)>,
    /// Its place.
    pub span: Span,
}

/// An event name.
#[derive(Debug, Clone)]
pub struct Event {
    /// The name, where it is first raised or else handled.
    pub name: Name,
    /// Its data, in order of first mention.
    pub data: Vec<DatumId>,
    /// Machines with an `on` for it.
    pub handlers: SortedSet<MachineId>,
    /// Where it is raised, in order of the text of each machine.
    pub raises: Vec<Mention>,
    /// Where it is handled, likewise.
    pub handles: Vec<Mention>,
    /// Whether it is raised in the description (`done` and timers included).
    pub raised: bool,
    /// Whether it may come from outside: never raised, or said to be peripheral, or raised by a `done`,
    /// whose service may carry more than is declared. Reading an unknown datum of such an event declares it.
    pub open: bool,
    /// Whether some raise or handling says `peripheral`.
    pub peripheral: bool,
    /// The service whose failure it reports (`error.invoke.<serviceType>`).
    pub failure_of: Option<ServiceId>,
}

impl Event {
    /// Whether it may come from outside: some machine handles it, and it is raised nowhere or some raise or
    /// handling of it says channel `peripheral` (docs/semantics.md#2-static-rules). The failure of a service comes
    /// from the runtime.
    #[must_use]
    pub fn from_outside(&self) -> bool {
        !self.handlers.is_empty() && (self.peripheral || (!self.raised && self.failure_of.is_none()))
    }

    /// Who raises it on which channel.
    #[must_use]
    pub fn raisers(&self) -> SortedSet<(MachineId, Channel)> {
        self.raises.iter().filter_map(|raise| Some((raise.machine, raise.channel?))).collect()
    }
}

/// A place where an event is raised or handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// The machine that does so.
    pub machine: MachineId,
    /// Who sees the raised event; for one that is handled, what its channel is said to be.
    pub channel: Option<Channel>,
    /// The event's name there.
    pub span: Span,
}

/// One datum of an event.
#[derive(Debug, Clone)]
pub struct Datum {
    /// Its event.
    pub event: EventId,
    /// Its name, without `$`.
    pub name: Name,
    /// Whether some raise of the event lacks it.
    pub optional: bool,
    /// Its type, where the specification fixes it.
    pub fixed: Option<Type>,
}

/// A service type.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its name, where it is first invoked.
    pub name: Name,
    /// Its inputs, in order of first mention.
    pub inputs: Vec<InputId>,
    /// Its outputs, in order of first mention.
    pub outputs: Vec<OutputId>,
}

/// One input of a service type.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its service.
    pub service: ServiceId,
    /// Its name.
    pub name: Name,
    /// Whether some invocation leaves it out.
    pub optional: bool,
}

/// One output of a service type.
#[derive(Debug, Clone)]
pub struct ServiceOutput {
    /// Its service.
    pub service: ServiceId,
    /// Its name.
    pub name: Name,
    /// Whether the service may leave it out: nothing is assigned from it and others carry it too.
    pub optional: bool,
}

/// The component that owns a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The collaborative state machine.
    Root,
    /// A machine.
    Machine(MachineId),
    /// A state.
    State(StateId),
}

/// A variable.
#[derive(Debug, Clone)]
pub struct Variable<E> {
    /// Its name.
    pub name: Name,
    /// Where it belongs.
    pub owner: Owner,
    /// How long it lives.
    pub storage: Storage,
    /// Its initial value; none if an action creates it.
    pub initial: Option<E>,
    /// Whether it may be absent: some action creates or deletes it.
    pub optional: bool,
    /// Its component path (`machine/state/n`).
    pub path: String,
}

/// An `after` timer.
#[derive(Debug, Clone)]
pub struct Timer<E> {
    /// Its state.
    pub state: StateId,
    /// Its name; its position in the list where it has none.
    pub name: Name,
    /// Its delay in milliseconds.
    pub delay: E,
    /// What it raises.
    pub raises: Vec<Raise<E>>,
}

/// An invocation.
#[derive(Debug, Clone)]
pub struct Invoke<E> {
    /// The service type.
    pub service: ServiceId,
    /// The machine whose action it is.
    pub machine: MachineId,
    /// The state whose data its action sees, if it stands in a state or in a transition of one.
    pub state: Option<StateId>,
    /// Whether only local implementations may serve it.
    pub local: bool,
    /// Whether it stands in a `while` list.
    pub while_active: bool,
    /// Its input.
    pub input: Vec<(InputId, E)>,
    /// Variables that take its output.
    pub output: Vec<(OutputId, VarId)>,
    /// Events raised when it has completed.
    pub done: Vec<Raise<E>>,
    /// Its properties.
    pub properties: Vec<Property>,
    /// Its place.
    pub span: Span,
}

/// The context of an expression: what it may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionContext {
    /// The innermost component whose data it sees.
    pub scope: Owner,
    /// What the step it belongs to may have been triggered by.
    pub trigger: Triggers,
    /// What it is for.
    pub role: Role,
}

/// What an expression is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The initial value of a variable.
    Initial(VarId),
    /// A guard.
    Guard,
    /// The value of a variable being assigned or created.
    Value(VarId),
    /// A datum of a raised event.
    Datum(DatumId),
    /// An input of an invocation.
    Input(InputId),
    /// The delay of a timer.
    Delay,
    /// The value of a `match`.
    Matched(MatchId),
    /// What the value of a `match` is compared with.
    Case(MatchId),
}

/// What a step may have been triggered by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Triggers {
    /// The start of the instance.
    pub start: bool,
    /// Events.
    pub events: SortedSet<EventId>,
    /// A timer being due: no event data.
    pub timer: bool,
    /// The completion of an invocation of this service, whose outputs can be read.
    pub completion: Option<ServiceId>,
}

impl Triggers {
    /// Exactly this event.
    #[must_use]
    pub fn event(event: EventId) -> Self {
        Self { events: SortedSet::from([event]), ..Self::default() }
    }

    /// A timer being due.
    #[must_use]
    pub fn timer() -> Self {
        Self { timer: true, ..Self::default() }
    }

    /// The start of an instance.
    #[must_use]
    pub fn start() -> Self {
        Self { start: true, ..Self::default() }
    }

    /// The completion of an invocation of `service`.
    #[must_use]
    pub fn completion(service: ServiceId) -> Self {
        Self { completion: Some(service), ..Self::default() }
    }

    /// Adds what `other` may be triggered by; whether that was new.
    pub fn join(&mut self, other: &Self) -> bool {
        let before = (self.start, self.events.len(), self.timer, self.completion);
        self.start |= other.start;
        self.timer |= other.timer;
        self.events.extend(&other.events);
        self.completion = self.completion.or(other.completion);
        before != (self.start, self.events.len(), self.timer, self.completion)
    }
}
