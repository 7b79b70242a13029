//! What may go wrong.

use std::time::Duration;

use csml_rt_core::Rng;

/// What a [`Broker`](super::Broker) does wrong. Probabilities are from 0 to 1, for each message and each of its
/// receivers. The default is nothing at all.
#[derive(Debug, Clone, PartialEq)]
pub struct BrokerFaults {
    /// A message does not arrive, whatever its qos: brokers that are killed lose what they had confirmed.
    pub loss: f64,
    /// It arrives twice.
    pub duplication: f64,
    /// It need not wait for those before it. Has an effect only with a delay.
    pub reordering: f64,
    /// It takes so long at least,
    pub min_delay: Duration,
    /// and so long at most.
    pub max_delay: Duration,
    /// The receiver's connection is cut afterwards.
    pub disconnect: f64,
    /// Whether sessions and retained messages outlive a restart.
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

/// Whether something of a probability happens. What never happens takes no random number.
pub(super) fn happens(probability: f64, rng: &mut Rng) -> bool {
    probability > 0.0 && rng.unit() < probability
}
