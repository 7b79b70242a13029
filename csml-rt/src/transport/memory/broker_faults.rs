//! The faults of the broker.

use std::time::Duration;

use csml_rt_core::Rng;

/// Faults of a [`Broker`](super::Broker). Probabilities are from 0 to 1, for each message and each of its receivers.
/// By default there are none.
#[derive(Debug, Clone, PartialEq)]
pub struct BrokerFaults {
    /// Probability that a message is lost, whatever its QoS: killed brokers lose messages that they acknowledged.
    pub loss: f64,
    /// Probability that it is delivered twice.
    pub duplication: f64,
    /// Probability that it may overtake those before it. Has an effect only with a delay.
    pub reordering: f64,
    /// The shortest delay.
    pub min_delay: Duration,
    /// The longest delay.
    pub max_delay: Duration,
    /// Probability that the receiver's connection is cut after the delivery.
    pub disconnect: f64,
    /// Whether sessions and retained messages survive a restart.
    pub persistence: bool,
}

impl Default for BrokerFaults {
    fn default() -> Self {
        Self {
            loss: 0.0,
            duplication: 0.0,
            reordering: 0.0,
            min_delay: Duration::ZERO,
            max_delay: Duration::ZERO,
            disconnect: 0.0,
            persistence: false,
        }
    }
}

impl BrokerFaults {
    pub(super) fn delay(&self, rng: &mut Rng) -> Duration {
        let span = self.max_delay.saturating_sub(self.min_delay);
        let span = u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
        if span == 0 {
            return self.min_delay;
        }
        self.min_delay + Duration::from_micros(rng.below(span.saturating_add(1)))
    }
}

/// Whether something with this probability happens. Probability 0 takes no random number.
pub(super) fn happens(probability: f64, rng: &mut Rng) -> bool {
    probability > 0.0 && rng.unit() < probability
}
