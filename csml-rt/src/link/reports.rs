//! What a link has to tell the operator.

use std::collections::VecDeque;
use std::sync::Arc;

use super::protocol::SourceName;

/// Reports that wait for the driver; the counters count those that do not fit.
const MAX_REPORTS: usize = 64;

/// Something that an operator should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkReport {
    /// Two incarnations of a remote source run at the same time.
    TwinSource(SourceName),
    /// Another process runs a source of this process, according to a receiver.
    OwnTwin {
        /// The source.
        source: SourceName,
        /// Who says so.
        receiver: Arc<str>,
    },
    /// Two incarnations of a remote receiver run at the same time.
    TwinReceiver(Arc<str>),
    /// Events of an earlier incarnation of a source are lost here.
    Dropped {
        /// The source.
        source: SourceName,
        /// Events that were received and dropped.
        events: u64,
        /// Places at which events are missing.
        gaps: u64,
    },
    /// A receiver reports that own events are lost.
    Lost {
        /// The source.
        source: SourceName,
        /// The receiver.
        receiver: Arc<str>,
        /// How many, at least.
        events: u64,
    },
    /// An acknowledgement that no honest receiver can have sent.
    ImpossibleAck {
        /// The receiver that it names.
        receiver: Arc<str>,
        /// What is wrong, and what has become of it.
        what: &'static str,
    },
    /// An answer that no honest source can have sent.
    ImpossibleSync {
        /// The source that it names.
        source: SourceName,
        /// What is wrong, and what has become of it.
        what: &'static str,
    },
    /// An event that no honest source can have sent.
    ImpossibleEvent {
        /// The source that it names.
        source: SourceName,
        /// What is wrong, and what has become of it.
        what: &'static str,
    },
}

/// The reports that the driver has not taken yet.
#[derive(Debug, Default)]
pub(super) struct Reports(VecDeque<LinkReport>);

impl Reports {
    pub(super) fn push(&mut self, report: LinkReport) {
        if self.0.len() < MAX_REPORTS {
            self.0.push_back(report);
        }
    }

    pub(super) fn take(&mut self) -> Option<LinkReport> {
        self.0.pop_front()
    }
}
