//! How long to wait before another attempt.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use csml_rt_core::Rng;

/// Doubles from 100 ms to 5 s, each shortened by a random part of up to a half. No longer, so that a process
/// that was cut off for a minute is up to date within eight seconds.
#[derive(Debug)]
pub(super) struct RetryDelay {
    rng: Rng,
    next: Duration,
}

const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(5);

impl RetryDelay {
    pub(super) fn new() -> Self {
        Self { rng: Rng::new(random()), next: SHORTEST }
    }

    pub(super) fn next(&mut self) -> Duration {
        let wait = self.next.mul_f64(1.0 - self.rng.unit() / 2.0);
        self.next = (self.next * 2).min(LONGEST);
        wait
    }

    pub(super) fn reset(&mut self) {
        self.next = SHORTEST;
    }
}

/// A number that no other process has.
pub(super) fn random() -> u64 {
    // The keys of the standard hash maps come from the system's generator.
    RandomState::new().hash_one(std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn within_bounds() {
        let mut backoff = RetryDelay::new();
        for _ in 0..20 {
            let wait = backoff.next();
            assert!(wait >= SHORTEST / 2 && wait <= LONGEST, "{wait:?}");
        }
        assert!(backoff.next() >= LONGEST / 2);
        backoff.reset();
        assert!(backoff.next() <= SHORTEST);
    }
}
