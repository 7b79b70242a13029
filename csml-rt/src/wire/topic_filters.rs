//! Subscriptions, one function for each family of topics.

use csml_rt_core::encode_name;

use super::codec::Codec;
use super::topics::source_levels;
use crate::link::SourceName;
use crate::transport::{Filter, QoS};

/// The wildcard for one level.
const ANY: &str = "+";

impl Codec {
    /// Events that an instance raises; without a `source` those of all instances.
    #[must_use]
    pub(crate) fn event_filters(&self, source: Option<&str>, events: &[u16]) -> Vec<Filter> {
        self.each("ev", source, events)
    }

    /// Events from outside that a process injects or a device numbers; without a `process` those of all.
    #[must_use]
    pub(crate) fn injected_event_filters(&self, process: Option<&str>, events: &[u16]) -> Vec<Filter> {
        self.each("env", process, events)
    }

    /// Plain events from outside.
    #[must_use]
    pub(crate) fn plain_event_filters(&self, events: &[u16]) -> Vec<Filter> {
        let filter = |event: &u16| self.filter(&["in", self.topics().event(*event)], QoS::AtLeastOnce);
        events.iter().map(filter).collect()
    }

    /// Acknowledgements of a receiver; without one those of all receivers.
    #[must_use]
    pub(crate) fn ack_filter(&self, receiver: Option<&str>) -> Filter {
        self.filter(&["ack", &level(receiver)], QoS::AtMostOnce)
    }

    /// Messages of a source to its receivers.
    #[must_use]
    pub(crate) fn sync_filter(&self, source: &SourceName) -> Filter {
        let (family, level) = source_levels(source);
        self.filter(&["syn", family, &level], QoS::AtMostOnce)
    }

    /// Messages of all sources to their receivers: of instances, and of processes.
    #[must_use]
    pub(crate) fn every_sync_filter(&self) -> [Filter; 2] {
        ["ev", "env"].map(|family| self.filter(&["syn", family, ANY], QoS::AtMostOnce))
    }

    fn each(&self, family: &str, source: Option<&str>, events: &[u16]) -> Vec<Filter> {
        let source = level(source);
        let filter =
            |event: &u16| self.filter(&[family, &source, self.topics().event(*event)], QoS::AtLeastOnce);
        events.iter().map(filter).collect()
    }

    fn filter(&self, levels: &[&str], qos: QoS) -> Filter {
        Filter { pattern: self.topics().topic(levels), qos }
    }
}

fn level(name: Option<&str>) -> String {
    name.map_or_else(|| ANY.into(), encode_name)
}
