//! What people and programs are told about the way to other processes.

use std::collections::BTreeMap;
use std::sync::Arc;

use csml_rt_core::{Machines, Misfit};

use crate::link::{Link, LinkCounters, SourceName};
use crate::wire::{Body, Refusal};

/// Messages about one matter that are logged one by one; after that every thousandth.
const SHOWN: u64 = 20;
/// A connection that lasts no longer, in milliseconds, and how many in a row are told.
const SHORT_CONNECTION: u64 = 2_000;
const SHORT_CONNECTIONS: u32 = 5;
/// How long steps wait for room before that is logged, and then again each time as long, in milliseconds.
const PATIENCE: u64 = 5_000;

/// The way to other processes at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Network {
    /// Whether the transport is connected.
    pub connected: bool,
    /// What the link has done so far.
    pub link: LinkCounters,
    /// What was refused, by reason: messages that are malformed, too large, too deep, too many, or whose data
    /// do not fit.
    pub refused: BTreeMap<&'static str, u64>,
    /// What waits: source, receiver, how many events; largest first.
    pub backlog: Vec<(String, String, u64)>,
}

/// Counts and logs.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) process: Arc<str>,
    counts: BTreeMap<&'static str, u64>,
    /// Since when the transport is connected, and how many connections in a row were short.
    up_since: u64,
    short: u32,
    blocked_since: Option<u64>,
    told_at: u64,
}

impl Report {
    pub(super) fn new(process: Arc<str>) -> Self {
        Self { process, ..Self::default() }
    }

    /// Counts, and says whether to log.
    fn count(&mut self, what: &'static str, by: u64) -> bool {
        let count = self.counts.entry(what).or_default();
        let before = *count;
        *count += by;
        *count <= SHOWN || before / 1_000 != *count / 1_000
    }

    /// The transport is connected.
    pub(super) fn up(&mut self, now: u64) {
        self.up_since = now;
    }

    /// The connection is gone. Brokers end that of a process when another one of the same name comes, often
    /// without a word.
    pub(super) fn down(&mut self, now: u64) {
        if now.saturating_sub(self.up_since) >= SHORT_CONNECTION {
            self.short = 0;
            return;
        }
        self.short += 1;
        if self.short == SHORT_CONNECTIONS {
            tracing::warn!(
                target: "csml::link",
                process = %self.process,
                "connections end as soon as they stand: does another process run under the same name?",
            );
        }
    }

    /// A message was not understood.
    pub(super) fn refused(&mut self, refusal: &Refusal) {
        if self.count(refusal.kind.as_str(), 1) {
            tracing::warn!(target: "csml::link", "refused: {refusal}");
        }
    }

    /// The transport has refused something.
    pub(super) fn refused_below(&mut self, count: u64, reason: &str) {
        if self.count("transport", count) {
            tracing::warn!(target: "csml::link", count, "refused by the transport: {reason}");
        }
    }

    /// An event from outside has data that do not fit.
    pub(super) fn misfit(&mut self, topic: &str, misfit: &Misfit) {
        if self.count("misfit", 1) {
            tracing::warn!(target: "csml::link", topic, "refused: the data do not fit the event: {misfit}");
        }
    }

    /// An event of another process cannot be handed on.
    pub(super) fn refused_event(&mut self, source: &SourceName, reason: &str) {
        if self.count("misfit", 1) {
            tracing::warn!(target: "csml::link", source = %name(source), "refused: {reason}");
        }
    }

    /// An event of this process cannot be sent.
    pub(super) fn unsent<A: Machines>(&mut self, event: u16, refusal: &Refusal) {
        if self.count("unsent", 1) {
            let event = event_name::<A>(event);
            tracing::error!(target: "csml::link", event, "not sent to other processes: {refusal}");
        }
    }

    /// An event was handed in that the description does not take from outside.
    pub(super) fn not_from_outside<A: Machines>(&mut self, event: u16) {
        if self.count("not from outside", 1) {
            let event = event_name::<A>(event);
            tracing::warn!(
                target: "csml::link",
                event,
                "not sent to other processes: the description does not take this event from outside; say channel \
                 `peripheral` in its `on`",
            );
        }
    }

    /// Another process says it is this one.
    pub(super) fn twin(&mut self, source: &SourceName) {
        if self.count("twin", 1) {
            tracing::error!(
                target: "csml::link",
                source = %name(source),
                "another process runs this too; each instance may run once, each process needs a name of its own",
            );
        }
    }

    /// Steps wait because others do not take what they were sent.
    pub(super) fn blocked(&mut self, now: u64, link: &Link<Body>) {
        self.waiting(now, link, "no step is taken until others have taken what they were sent");
    }

    /// The run is over, but others have not taken what they were sent.
    pub(super) fn staying(&mut self, now: u64, link: &Link<Body>) {
        self.waiting(now, link, "the run is over; it stays until others have taken what they were sent");
    }

    fn waiting(&mut self, now: u64, link: &Link<Body>, why: &str) {
        let since = *self.blocked_since.get_or_insert(now);
        if now.saturating_sub(since.max(self.told_at)) >= PATIENCE {
            self.told_at = now;
            let first = link.backlog().into_iter().next();
            let (receiver, count) =
                first.map_or((Arc::from("?"), 0), |(_, receiver, count)| (receiver, count));
            let waiting_ms = now - since;
            tracing::warn!(target: "csml::link", waiting_ms, receiver = %receiver, events = count, "{why}");
        }
    }

    /// They no longer do.
    pub(super) fn unblocked(&mut self, now: u64) {
        if let Some(since) = self.blocked_since.take()
            && self.told_at >= since
            && self.told_at > 0
        {
            tracing::info!(target: "csml::link", waited_ms = now - since, "steps are taken again");
        }
    }

    pub(super) fn network(
        &self,
        connected: bool,
        link: LinkCounters,
        backlog: Vec<(SourceName, Arc<str>, u64)>,
    ) -> Network {
        let backlog = backlog
            .into_iter()
            .map(|(source, receiver, count)| (name(&source).to_string(), receiver.to_string(), count));
        Network { connected, link, refused: self.counts.clone(), backlog: backlog.collect() }
    }
}

fn name(source: &SourceName) -> &str {
    match source {
        SourceName::Instance(name) | SourceName::Process(name) => name,
    }
}

fn event_name<A: Machines>(event: u16) -> &'static str {
    A::DESCRIPTION.events.get(usize::from(event)).map_or("", |info| info.name)
}
