//! FaultSource on purpose, for tests.

use std::time::Duration;

use csml_rt_core::Rng;

/// StoreFaults that a [`MemoryStore`](super::MemoryStore) makes up, the same for the same seed and order of calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreFaults {
    /// Where the generator starts.
    pub seed: u64,
    /// Commits of a thousand that begin a storm of conflicts.
    pub conflicts: u16,
    /// How many further commits a storm refuses.
    pub storm: u32,
    /// Calls of a thousand that find the store out of reach.
    pub unavailable: u16,
    /// The longest time that an update is on its way.
    pub delay: Duration,
}

/// The faults under way.
#[derive(Debug)]
pub(super) struct FaultSource {
    faults: StoreFaults,
    rng: Rng,
    left_of_storm: u32,
}

impl FaultSource {
    pub(super) fn new(faults: StoreFaults) -> Self {
        Self { rng: Rng::new(faults.seed), faults, left_of_storm: 0 }
    }

    pub(super) fn unavailable(&mut self) -> bool {
        self.rng.below(1000) < u64::from(self.faults.unavailable)
    }

    pub(super) fn conflict(&mut self) -> bool {
        if self.left_of_storm > 0 {
            self.left_of_storm -= 1;
            return true;
        }
        let begins = self.rng.below(1000) < u64::from(self.faults.conflicts);
        if begins {
            self.left_of_storm = self.faults.storm;
        }
        begins
    }

    pub(super) fn delay(&mut self) -> Duration {
        let longest = u64::try_from(self.faults.delay.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(self.rng.below(longest.saturating_add(1)))
    }
}
