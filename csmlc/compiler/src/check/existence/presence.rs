//! Whether a variable exists, as far as is known.

use crate::{model::MachineId, source::Span};

/// Why a variable exists or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// It has been so since its component exists.
    Birth,
    /// An action has created or deleted it.
    Action(Span),
    /// An action of another machine may have done so meanwhile.
    Elsewhere(MachineId, Span),
    /// An earlier run of the application may have left it so.
    EarlierRun,
}

/// What may be the case at some point of a machine; nothing if it is never there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Presence {
    /// Why it may exist, if it may.
    pub(super) there: Option<Cause>,
    /// Why it may be absent, if it may.
    pub(super) gone: Option<Cause>,
}

impl Presence {
    /// It certainly exists.
    pub(super) fn there(cause: Cause) -> Self {
        Self { there: Some(cause), gone: None }
    }

    /// It certainly does not.
    pub(super) fn gone(cause: Cause) -> Self {
        Self { there: None, gone: Some(cause) }
    }

    /// Whether the point is ever reached.
    pub(super) fn is_possible(self) -> bool {
        self.there.is_some() || self.gone.is_some()
    }

    /// What another machine sees of what this one has done.
    pub(super) fn seen_from_outside(self, machine: MachineId) -> Self {
        let seen = |cause| match cause {
            Cause::Action(span) => Cause::Elsewhere(machine, span),
            cause => cause,
        };
        Self { there: self.there.map(seen), gone: self.gone.map(seen) }
    }

    /// Adds what may be the case otherwise; whether that was new. The first cause stays.
    pub(super) fn join(&mut self, other: Self) -> bool {
        let before = (self.there.is_some(), self.gone.is_some());
        self.there = self.there.or(other.there);
        self.gone = self.gone.or(other.gone);
        before != (self.there.is_some(), self.gone.is_some())
    }
}
