//! Limiting the rate of events from outside.

use crate::transport::QoS;

/// One event in thousandths, the unit of the buckets.
const ONE: u64 = 1_000;

/// The token bucket of one event name: each event takes a token, and tokens are added as time passes.
#[derive(Debug, Clone, Copy)]
struct TokenBucket {
    /// In thousandths.
    tokens: u64,
    filled_at: u64,
}

/// Two buckets for each event name: messages at most once, and messages at least once. MQTT does not tell who has
/// published a message. A device that publishes as fast as it can does so without waiting for acknowledgements, and must not
/// take the share of those that wait for them.
#[derive(Debug)]
pub(super) struct RateLimits {
    per_second: u64,
    /// In thousandths.
    burst: u64,
    buckets: Vec<[TokenBucket; 2]>,
}

impl RateLimits {
    /// Buckets for `events` names; `per_second` 0 means no limit.
    pub(super) fn new(events: usize, per_second: u32, burst: u32) -> Self {
        let burst = u64::from(burst.max(1)) * ONE;
        let full = TokenBucket { tokens: burst, filled_at: 0 };
        let events = if per_second == 0 { 0 } else { events };
        Self { per_second: u64::from(per_second), burst, buckets: vec![[full; 2]; events] }
    }

    /// Takes a token for an event. False if there is none. A clock that goes backwards adds no tokens.
    pub(super) fn take(&mut self, event: u16, qos: QoS, now_ms: u64) -> bool {
        let Some([at_most_once, at_least_once]) = self.buckets.get_mut(usize::from(event)) else {
            return self.per_second == 0;
        };
        let bucket = match qos {
            QoS::AtMostOnce => at_most_once,
            QoS::AtLeastOnce => at_least_once,
        };
        let passed = now_ms.saturating_sub(bucket.filled_at);
        bucket.filled_at = bucket.filled_at.max(now_ms);
        let new = passed.saturating_mul(self.per_second);
        bucket.tokens = bucket.tokens.saturating_add(new).min(self.burst);
        let Some(left) = bucket.tokens.checked_sub(ONE) else {
            return false;
        };
        bucket.tokens = left;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(buckets: &mut RateLimits, event: u16, now_ms: u64) -> usize {
        (0..1_000).filter(|_| buckets.take(event, QoS::AtLeastOnce, now_ms)).count()
    }

    #[test]
    fn a_burst_and_then_the_rate() {
        let mut buckets = RateLimits::new(2, 10, 5);
        assert_eq!(taken(&mut buckets, 0, 0), 5);
        assert_eq!(taken(&mut buckets, 0, 99), 0);
        assert_eq!(taken(&mut buckets, 0, 100), 1);
        assert_eq!(taken(&mut buckets, 0, 400), 3);
        assert_eq!(taken(&mut buckets, 0, 300), 0);
        assert_eq!(taken(&mut buckets, 1, 400), 5);
        assert_eq!(taken(&mut buckets, 0, u64::MAX), 5);
        assert_eq!(taken(&mut buckets, 7, 0), 0);
    }

    #[test]
    fn a_flood_without_acknowledgements_takes_nothing_from_messages_with_them() {
        let mut buckets = RateLimits::new(1, 10, 5);
        let flood = (0..1_000).filter(|_| buckets.take(0, QoS::AtMostOnce, 0)).count();
        assert_eq!((flood, taken(&mut buckets, 0, 0)), (5, 5));
    }

    #[test]
    fn zero_means_no_limit() {
        let mut buckets = RateLimits::new(1, 0, 0);
        assert_eq!(taken(&mut buckets, 0, 0), 1_000);
        let mut one = RateLimits::new(1, 1, 0);
        assert_eq!(taken(&mut one, 0, 0), 1);
    }
}
