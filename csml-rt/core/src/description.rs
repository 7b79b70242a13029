//! What is known about an application when it is compiled, as constants in the generated code.
//!
//! Indices are positions in these tables. Machines stand in the order of the description, a parent
//! directly before everything nested in it, so the machines of one hierarchy are contiguous.

/// A compiled description.
#[derive(Debug)]
pub struct Description {
    /// The name the description gives itself.
    pub name: &'static str,
    /// Whether instances may run in several processes (`docs/semantics.md#9-memory-modes`).
    pub memory_mode: MemoryMode,
    /// Every machine, nested ones included, in order of the description, parents first.
    pub machines: &'static [MachineInfo],
    /// Every event that is raised or handled.
    pub events: &'static [EventInfo],
    /// Every service type that is invoked.
    pub services: &'static [ServiceInfo],
    /// Every persistent variable, in order of declaration.
    pub persistent: &'static [PersistentInfo],
    /// The instances that the project file asks for, in its order; empty for one of each top-level machine,
    /// named after it.
    pub instances: &'static [InstanceInfo],
    /// Names that the project file gives to sets of instances, each of which may run as a process; in its
    /// order.
    pub processes: &'static [ProcessInfo],
    /// Whether the project file lets each process keep values of its own of persistent variables that others use, too.
    pub separate_data: bool,
}

impl Description {
    /// A description with nothing in it, for what a table leaves out.
    pub const EMPTY: Self = Self {
        name: "",
        memory_mode: MemoryMode::Distributed,
        machines: &[],
        events: &[],
        services: &[],
        persistent: &[],
        instances: &[],
        processes: &[],
        separate_data: false,
    };
}

/// A top-level instance of an application.
#[derive(Debug)]
pub struct InstanceInfo {
    /// Its name.
    pub name: &'static str,
    /// Index of its machine, a top-level one.
    pub machine: u16,
    /// The instances whose external events it sees, in order of name; those of all if absent (`docs/semantics.md#4-channels`).
    pub subscribes: Option<&'static [&'static str]>,
}

/// A set of instances that one process may run.
#[derive(Debug)]
pub struct ProcessInfo {
    /// Its name.
    pub name: &'static str,
    /// Names of its instances, in order of name.
    pub instances: &'static [&'static str],
}

/// One machine of a description.
#[derive(Debug)]
pub struct MachineInfo {
    /// The name in the description.
    pub name: &'static str,
    /// Path below the top-level instance: empty for a top-level machine, `gate` or `gate/motor` for nested ones.
    pub path: &'static str,
    /// Index of the top-level machine of this hierarchy (itself for a top-level machine).
    pub top: u16,
    /// Index of the machine this one is nested in.
    pub parent: Option<u16>,
    /// States in order of the description.
    pub states: &'static [StateInfo],
    /// `after` timers of all states.
    pub timers: &'static [TimerInfo],
    /// `invoke` actions, one per place where one is written.
    pub invokes: &'static [InvokeInfo],
    /// Positions of the persistent variables that a step of this machine may read or change, ascending.
    pub persistent: &'static [u16],
}

impl MachineInfo {
    /// A top-level machine with nothing in it, for what a table leaves out.
    pub const EMPTY: Self = Self {
        name: "",
        path: "",
        top: 0,
        parent: None,
        states: &[],
        timers: &[],
        invokes: &[],
        persistent: &[],
    };
}

/// One state.
#[derive(Debug)]
pub struct StateInfo {
    /// The name in the description.
    pub name: &'static str,
    /// Whether entering it ends the instance.
    pub terminal: bool,
}

impl StateInfo {
    /// A state that does not end the instance.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, terminal: false }
    }

    /// A state that ends the instance.
    #[must_use]
    pub const fn terminal(name: &'static str) -> Self {
        Self { name, terminal: true }
    }
}

/// One `after` timer.
#[derive(Debug)]
pub struct TimerInfo {
    /// Its name; its position in the state's `after` list where it has none.
    pub name: &'static str,
}

impl TimerInfo {
    /// A timer of this name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name }
    }
}

/// One `invoke` action.
#[derive(Debug)]
pub struct InvokeInfo {
    /// Index of the service type.
    pub service: u16,
    /// Whether only implementations marked local may serve it.
    pub local: bool,
    /// Whether it belongs to a state's `while` list and is cancelled on exit.
    pub while_active: bool,
    /// Time limit of one attempt in milliseconds (`timeoutMs`).
    pub timeout_ms: Option<u64>,
    /// Attempts after the first one failed (`retries`).
    pub retries: u32,
    /// Pause before the next attempt in milliseconds (`backoffMs`).
    pub backoff_ms: u64,
    /// Name of the implementation asked for (`implementation`).
    pub implementation: Option<&'static str>,
    /// Properties this runtime has no meaning for, for a selector.
    pub properties: &'static [Property],
}

impl InvokeInfo {
    /// An invocation without properties, for what a table leaves out.
    pub const EMPTY: Self = Self {
        service: 0,
        local: false,
        while_active: false,
        timeout_ms: None,
        retries: 0,
        backoff_ms: 0,
        implementation: None,
        properties: &[],
    };
}

/// A hint on an `invoke` action, passed on untouched.
#[derive(Debug)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: PropertyValue,
}

impl Property {
    /// A property and its value.
    #[must_use]
    pub const fn new(name: &'static str, value: PropertyValue) -> Self {
        Self { name, value }
    }
}

/// Value of a [`Property`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PropertyValue {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(&'static str),
}

/// One event name.
#[derive(Debug)]
pub struct EventInfo {
    /// The name in the description and on the wire.
    pub name: &'static str,
    /// Machines with an `on` for it, ascending.
    pub receivers: &'static [u16],
    /// Who raises it on which channel, ascending, each pair once.
    pub raised: &'static [Raise],
    /// Whether it may come from outside: some machine handles it, and it is raised nowhere or some raise or
    /// handling of it says channel `peripheral` (`docs/semantics.md#2-static-rules`). `error.invoke.<serviceType>` comes from the runtime.
    pub from_outside: bool,
    /// Whether its data are small whatever their values: numbers and truth values, at most
    /// [`COMPACT`](Self::COMPACT) bytes as text.
    pub compact: bool,
}

impl EventInfo {
    /// Bytes that the data of a [`compact`](Self::compact) event have at most, in any encoding.
    pub const COMPACT: usize = 4_096;

    /// An event that machines `receivers` handle and that is raised as `raised` says, with small data or none.
    #[must_use]
    pub const fn new(name: &'static str, receivers: &'static [u16], raised: &'static [Raise]) -> Self {
        Self { name, receivers, raised, from_outside: false, compact: true }
    }

    /// It may come from outside.
    #[must_use]
    pub const fn from_outside(self) -> Self {
        Self { from_outside: true, ..self }
    }

    /// Its data may be of any size.
    #[must_use]
    pub const fn of_any_size(self) -> Self {
        Self { compact: false, ..self }
    }
}

/// A machine that raises an event on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Raise {
    /// Index of the machine.
    pub machine: u16,
    /// The channel.
    pub channel: Channel,
}

impl Raise {
    /// `machine` raises it on the channel `internal`.
    #[must_use]
    pub const fn internal(machine: u16) -> Self {
        Self { machine, channel: Channel::Internal }
    }

    /// `machine` raises it on the channel `external`.
    #[must_use]
    pub const fn external(machine: u16) -> Self {
        Self { machine, channel: Channel::External }
    }

    /// `machine` raises it on the channel `global`.
    #[must_use]
    pub const fn global(machine: u16) -> Self {
        Self { machine, channel: Channel::Global }
    }

    /// `machine` raises it on the channel `peripheral`.
    #[must_use]
    pub const fn peripheral(machine: u16) -> Self {
        Self { machine, channel: Channel::Peripheral }
    }
}

/// One persistent variable (`docs/semantics.md#5-data`).
#[derive(Debug)]
pub struct PersistentInfo {
    /// Its component path: `n` at the root, `machine/n`, `machine/state/n`.
    pub path: &'static str,
    /// Whether it comes and goes with `create` and `delete`.
    pub optional: bool,
}

impl PersistentInfo {
    /// A variable that always exists.
    #[must_use]
    pub const fn new(path: &'static str) -> Self {
        Self { path, optional: false }
    }

    /// A variable that comes and goes.
    #[must_use]
    pub const fn optional(path: &'static str) -> Self {
        Self { path, optional: true }
    }
}

/// One service type.
#[derive(Debug)]
pub struct ServiceInfo {
    /// The name in the description.
    pub name: &'static str,
}

impl ServiceInfo {
    /// A service type of this name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name }
    }
}

/// Whether instances share one memory (`docs/semantics.md#9-memory-modes`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemoryMode {
    /// Everything runs in one process.
    Shared,
    /// Top-level instances may run in any process.
    Distributed,
}

/// Who sees a raised event (`docs/semantics.md#4-channels`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// The raising instance's hierarchy.
    Internal,
    /// Instances subscribed to the raiser.
    External,
    /// Every instance that handles it.
    Global,
    /// From outside; raised by a description it leaves the application.
    Peripheral,
}

impl Channel {
    /// The keyword in descriptions and traces.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::External => "external",
            Self::Global => "global",
            Self::Peripheral => "peripheral",
        }
    }
}

/// What led from one state to the next (`via` in `docs/trace.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransitionKind {
    /// An `on` transition towards its target.
    On,
    /// An `on` transition towards its `else`.
    Else,
    /// An `always` transition towards its target.
    Always,
    /// An `always` transition towards its `else`.
    AlwaysElse,
}

impl TransitionKind {
    /// The word used in traces.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Else => "else",
            Self::Always => "always",
            Self::AlwaysElse => "always-else",
        }
    }
}
