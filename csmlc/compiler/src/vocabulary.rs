//! Words of the language that every tree uses, from the description as written to the program.

pub use csml_rt_core::{Channel, MemoryMode};

/// How long a variable lives (docs/semantics.md#5-data).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Storage {
    /// Until its component goes.
    Local,
    /// Per state and instance, across re-entry.
    Static,
    /// For the whole application, across restarts.
    Persistent,
}

/// What happens where several transitions of a state are enabled at once (docs/determinism.md).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ChoicePolicy {
    /// At most one may be enabled, as the 2.0 text demands.
    #[default]
    Exclusive,
    /// The first enabled one in document order is taken.
    First,
}

impl ChoicePolicy {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Exclusive, Self::First];

    /// Its word in `csml.toml` and in flags.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exclusive => "exclusive",
            Self::First => "first",
        }
    }

    /// The policy with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.as_str() == word)
    }
}

/// What errors have left out of a tree. A rule that concludes from the absence of something keeps silent where it
/// may only be missing: what follows from an error is not reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Machines or states may be missing, or which state is initial is not known.
    pub states: bool,
    /// Where transitions lead, or where a machine starts, may be unknown: what is never reached is not known.
    pub targets: bool,
    /// Declarations of variables may be missing.
    pub variables: bool,
    /// Timers may be missing.
    pub timers: bool,
    /// Transitions, actions or events may be missing: what is never raised, handled, reached, created or deleted is
    /// not known.
    pub actions: bool,
    /// Expressions or names in them may be missing: what is never read or written is not known.
    pub reads: bool,
}

impl Gaps {
    /// Everything may be missing.
    pub const ALL: Self =
        Self { states: true, targets: true, variables: true, timers: true, actions: true, reads: true };

    /// What one of both may be missing.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.join(other);
        self
    }

    /// Adds what `other` may be missing.
    pub fn join(&mut self, other: Self) {
        self.states |= other.states;
        self.targets |= other.targets;
        self.variables |= other.variables;
        self.timers |= other.timers;
        self.actions |= other.actions;
        self.reads |= other.reads;
    }
}
