//! The delay between two attempts to connect.

use std::time::Duration;

/// Delays that grow with the time a connection has been missing.
///
/// A delay is about a fourteenth of that time, between a shortest and a longest: after a minute without a broker
/// the next attempt is less than five seconds away, so that a process is soon back after a short outage, and after a
/// night it is the longest. Doubling, the usual policy, would wait half a minute after that minute already. Each delay
/// is shortened by up to a half at random, so that processes that lost the same broker do not reconnect together.
#[derive(Debug, Clone)]
pub(super) struct ReconnectDelay {
    first: Duration,
    last: Duration,
    missing: Duration,
    random: u64,
}

/// The delay is this part of the time without a connection.
const PART: u32 = 14;

impl ReconnectDelay {
    /// Delays between `first` and `last`, the same for the same `seed`.
    pub(super) fn new(first: Duration, last: Duration, seed: u64) -> Self {
        Self { first, last, missing: Duration::ZERO, random: seed }
    }

    /// A connection was up long enough.
    pub(super) fn reset(&mut self) {
        self.missing = Duration::ZERO;
    }

    /// The next delay, after an attempt that took `attempt`.
    pub(super) fn next(&mut self, attempt: Duration) -> Duration {
        self.missing = self.missing.saturating_add(attempt);
        let full = self.first.saturating_add(self.missing / PART).min(self.last);
        // splitmix64
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.random;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let percent = (bits ^ (bits >> 31)) % 51;
        let delay = full * (100 - percent as u32) / 100;
        self.missing = self.missing.saturating_add(delay);
        delay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Duration = Duration::from_millis(100);
    const LAST: Duration = Duration::from_secs(30);

    #[test]
    fn delays_stay_within_their_bounds_and_reach_both() {
        for seed in 0..1_000 {
            let mut backoff = ReconnectDelay::new(FIRST, LAST, seed);
            let delays: Vec<Duration> = (0..300).map(|_| backoff.next(Duration::ZERO)).collect();
            assert!(delays.iter().all(|delay| (FIRST / 2..=LAST).contains(delay)), "seed {seed}");
            assert!(delays[0] <= FIRST, "seed {seed}");
            assert!(delays[250..].iter().all(|delay| *delay >= LAST / 2), "seed {seed}");
        }
    }

    #[test]
    fn after_a_minute_the_next_attempt_is_near() {
        for seed in 0..1_000 {
            for attempt in [Duration::ZERO, Duration::from_secs(4)] {
                let mut backoff = ReconnectDelay::new(FIRST, LAST, seed);
                let mut elapsed = Duration::ZERO;
                while elapsed < Duration::from_secs(60) {
                    let delay = backoff.next(attempt);
                    assert!(delay <= Duration::from_millis(4_700), "seed {seed}: {delay:?} at {elapsed:?}");
                    elapsed += delay + attempt;
                }
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_delays() {
        let mut one = ReconnectDelay::new(FIRST, LAST, 7);
        let mut other = one.clone();
        assert!((0..50).all(|_| one.next(FIRST) == other.next(FIRST)));
        assert_ne!(
            (0..5).map(|_| one.next(FIRST)).collect::<Vec<_>>(),
            (0..5).map(|_| ReconnectDelay::new(FIRST, LAST, 8).next(FIRST)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_connection_starts_them_anew() {
        let mut backoff = ReconnectDelay::new(FIRST, LAST, 3);
        for _ in 0..100 {
            backoff.next(Duration::ZERO);
        }
        backoff.reset();
        assert!(backoff.next(Duration::ZERO) <= FIRST);
    }
}
