//! Which candidates of a choice have to be checked when it is made.

use crate::model::{EventId, StateId};
use crate::sorted::{SortedMap, SortedSet};

/// What is known of the transitions of each state for each event, or for none (`always`): which of them may be
/// enabled together with another one, so that a step has to look (docs/semantics.md#3-execution).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    checked: SortedMap<(StateId, Option<EventId>), SortedSet<usize>>,
}

impl Choices {
    /// Notes which candidates may be enabled together with another one; all others exclude each other and these.
    pub(crate) fn decide(&mut self, state: StateId, trigger: Option<EventId>, checked: SortedSet<usize>) {
        self.checked.insert((state, trigger), checked);
    }

    /// Whether a candidate may be enabled together with another one. Of a choice that was never looked at that is
    /// said of all.
    #[must_use]
    pub fn is_checked(&self, state: StateId, trigger: Option<EventId>, candidate: usize) -> bool {
        self.checked.get(&(state, trigger)).is_none_or(|checked| checked.contains(&candidate))
    }

    /// Whether any of `candidates` of them has to be checked.
    #[must_use]
    pub fn has_check(&self, state: StateId, trigger: Option<EventId>, candidates: usize) -> bool {
        candidates > 1 && (0..candidates).any(|candidate| self.is_checked(state, trigger, candidate))
    }
}
