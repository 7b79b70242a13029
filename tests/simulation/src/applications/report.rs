//! Figures of a run.

use csml_rt::link::LinkCounters;
use csml_rt::transport::memory::BrokerCounters;

/// Figures of a run, or the sum of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Steps of all processes.
    pub steps: u64,
    /// The counters of their links.
    pub links: LinkCounters,
    /// The counters of the broker.
    pub broker: BrokerCounters,
    /// Times a process was cut off.
    pub partitions: u64,
    /// Times the broker restarted.
    pub restarts: u64,
    /// When the application was idle, in milliseconds; of many the maximum.
    pub quiet_ms: u64,
}

impl std::ops::AddAssign for Report {
    fn add_assign(&mut self, other: Self) {
        self.steps += other.steps;
        self.links += other.links;
        self.broker.published += other.broker.published;
        self.broker.delivered += other.broker.delivered;
        self.broker.lost += other.broker.lost;
        self.broker.duplicated += other.broker.duplicated;
        self.broker.dropped += other.broker.dropped;
        self.broker.cut += other.broker.cut;
        self.partitions += other.partitions;
        self.restarts += other.restarts;
        self.quiet_ms = self.quiet_ms.max(other.quiet_ms);
    }
}
