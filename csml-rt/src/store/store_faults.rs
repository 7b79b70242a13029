//! Simulated faults, for tests.

use std::time::Duration;

use csml_rt_core::Rng;

/// Faults that a [`MemoryStore`](super::MemoryStore) simulates, the same for the same seed and order of calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreFaults {
    /// The seed of the random numbers.
    pub seed: u64,
    /// Of a thousand commits, how many start a series of conflicts.
    pub conflicts: u16,
    /// How many further commits conflict in such a series.
    pub conflict_series: u32,
    /// Of a thousand calls, how many find the store unreachable.
    pub unavailable: u16,
    /// The longest delay of an update.
    pub delay: Duration,
}

/// Decides when faults occur.
#[derive(Debug)]
pub(super) struct FaultSource {
    faults: StoreFaults,
    rng: Rng,
    conflicts_left: u32,
}

impl FaultSource {
    pub(super) fn new(faults: StoreFaults) -> Self {
        Self { rng: Rng::new(faults.seed), faults, conflicts_left: 0 }
    }

    pub(super) fn unavailable(&mut self) -> bool {
        self.rng.below(1000) < u64::from(self.faults.unavailable)
    }

    pub(super) fn conflict(&mut self) -> bool {
        if self.conflicts_left > 0 {
            self.conflicts_left -= 1;
            return true;
        }
        let begins = self.rng.below(1000) < u64::from(self.faults.conflicts);
        if begins {
            self.conflicts_left = self.faults.conflict_series;
        }
        begins
    }

    pub(super) fn delay(&mut self) -> Duration {
        let longest = u64::try_from(self.faults.delay.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(self.rng.below(longest.saturating_add(1)))
    }
}
