//! Status and log messages of the connection to other processes.

use std::collections::BTreeMap;
use std::sync::Arc;

use csml_rt_core::{Machines, Misfit, encode_name};

use crate::link::{Link, LinkCounters, LinkReport, SourceName};
use crate::wire::{Body, Rejection, RejectionKind};

/// Messages of one kind that are logged one by one; after that one in a while, with the number of those before it.
const SHOWN: u64 = 20;
/// That while, in milliseconds.
const QUIET: u64 = 60_000;
/// A connection that lasts no longer is short, in milliseconds, and after how many of them a warning is logged.
const SHORT_CONNECTION: u64 = 2_000;
const SHORT_CONNECTIONS: u32 = 5;
/// How long steps wait for room before that is logged, and then again each time as long, in milliseconds.
const PATIENCE: u64 = 5_000;

/// The connection to other processes at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionStatus {
    /// Whether the transport is connected.
    pub connected: bool,
    /// What the link has done so far.
    pub link: LinkCounters,
    /// How many messages were rejected, by reason: malformed, too large, too deep, too many, or with data that do not
    /// fit.
    pub rejected: BTreeMap<&'static str, u64>,
    /// What waits: source, receiver, how many events; largest first.
    pub backlog: Vec<(String, String, u64)>,
}

/// Counts and logs.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) process: Arc<str>,
    counts: BTreeMap<&'static str, u64>,
    /// By kind: when it was last logged, and the count then.
    logged: BTreeMap<&'static str, (u64, u64)>,
    /// The time of the last thing that happened.
    now: u64,
    /// Since when the transport is connected, and how many connections in a row were short.
    up_since: u64,
    short: u32,
    blocked_since: Option<u64>,
    warned_at: u64,
}

impl Report {
    pub(super) fn new(process: Arc<str>) -> Self {
        Self { process, ..Self::default() }
    }

    /// Counts, and says whether to log.
    fn count(&mut self, what: &'static str, by: u64) -> bool {
        let count = self.counts.entry(what).or_default();
        *count += by;
        let (at, logged) = self.logged.entry(what).or_default();
        if *count > SHOWN && self.now < at.saturating_add(QUIET) {
            return false;
        }
        let silent = (*count - *logged).saturating_sub(by);
        if silent > 0 {
            tracing::warn!(target: "csml::link", kind = what, count = silent, "further messages of this kind, not shown");
        }
        (*at, *logged) = (self.now, *count);
        true
    }

    /// Sets the time.
    pub(super) fn set_clock(&mut self, now: u64) {
        self.now = now;
    }

    /// Logs how many messages of each kind were counted and not shown.
    pub(super) fn conclude(&self) {
        for (kind, count) in &self.counts {
            let logged = self.logged.get(kind).map_or(0, |(_, logged)| *logged);
            if *count > logged {
                tracing::warn!(target: "csml::link", kind, count = count - logged, total = count, "not shown");
            }
        }
    }

    /// Something that the link reports.
    pub(super) fn link(&mut self, report: &LinkReport) {
        match report {
            LinkReport::TwinSource(source) => {
                if self.count("twin", 1) {
                    tracing::error!(
                        target: "csml::link",
                        source = %name(source),
                        "two processes send events as this source at the same time; both are heard. Each instance may run \
                         once, and each process needs a name of its own. If only one runs, somebody forges the topic \
                         `ev/…` or `syn/…` of this source: set up access control",
                    );
                }
            }
            LinkReport::OwnTwin { source, receiver } => {
                if self.count("twin", 1) {
                    tracing::error!(
                        target: "csml::link",
                        source = %name(source),
                        told_by = %receiver,
                        "another process runs the same instance or has the same name as this process; each instance may run \
                         once, and each process needs a name of its own",
                    );
                }
            }
            LinkReport::TwinReceiver(receiver) => {
                if self.count("twin", 1) {
                    tracing::error!(
                        target: "csml::link",
                        receiver = %receiver,
                        "two processes receive events as this instance at the same time; each instance may run once",
                    );
                }
            }
            LinkReport::Dropped { source, events, gaps } => {
                if self.count("dropped", 1) {
                    tracing::warn!(
                        target: "csml::link",
                        source = %name(source),
                        events,
                        gaps,
                        "events of an earlier run of this source are lost: `events` were received and dropped, because \
                         it is unknown whether an earlier run of the receiver has handled them; at `gaps` places \
                         others are missing",
                    );
                }
            }
            LinkReport::Lost { source, receiver, events } => {
                if self.count("lost", 1) {
                    tracing::warn!(
                        target: "csml::link",
                        source = %name(source),
                        receiver = %receiver,
                        events,
                        "so many events of this source, or more, are lost for the receiver",
                    );
                }
            }
            LinkReport::ImpossibleAck { receiver, what } => {
                self.impossible(&format!("ack/{}", encode_name(receiver)), what);
            }
            LinkReport::ImpossibleSync { source, what } => {
                let (family, name) = levels(source);
                self.impossible(&format!("syn/{family}/{}", encode_name(name)), what);
            }
            LinkReport::ImpossibleEvent { source, what } => {
                let (family, name) = levels(source);
                self.impossible(&format!("{family}/{}/+", encode_name(name)), what);
            }
        }
    }

    fn impossible(&mut self, topic: &str, what: &str) {
        if self.count("impossible", 1) {
            tracing::warn!(
                target: "csml::link",
                topic,
                "a message that no process of this application can have sent: {what}. Somebody publishes on this topic who \
                 may not, or two processes run the same instance: give each user of the broker access to its own topics \
                 (`csmlc acl`)",
            );
        }
    }

    /// The transport is connected.
    pub(super) fn up(&mut self, now: u64) {
        self.up_since = now;
    }

    /// The connection is gone. Brokers end the connection of a process when another one of the same name connects, often
    /// without giving a reason.
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
                "connections end right after they are established: does another process run under the same name?",
            );
        }
    }

    /// A message was not understood.
    pub(super) fn rejected(&mut self, rejection: &Rejection) {
        let shown = self.count(rejection.kind.as_str(), 1);
        let once = rejection.kind == RejectionKind::Version;
        if shown && (!once || self.counts.get(rejection.kind.as_str()) == Some(&1)) {
            tracing::warn!(target: "csml::link", "rejected: {rejection}");
        }
    }

    /// The transport has rejected messages.
    pub(super) fn rejected_below(&mut self, count: u64, reason: &str) {
        if self.count("transport", count) {
            tracing::warn!(target: "csml::link", count, "rejected by the transport: {reason}");
        }
    }

    /// An event from outside has data that do not fit.
    pub(super) fn misfit(&mut self, topic: &str, misfit: &Misfit) {
        if self.count("misfit", 1) {
            tracing::warn!(target: "csml::link", topic, "rejected: the data do not fit the event: {misfit}");
        }
    }

    /// An event of another process cannot be handed on.
    pub(super) fn rejected_event(&mut self, source: &SourceName, reason: &str) {
        if self.count("misfit", 1) {
            tracing::warn!(target: "csml::link", source = %name(source), "rejected: {reason}");
        }
    }

    /// So many bytes or events of a source are kept that the link drops others.
    pub(super) fn overflow(&mut self, source: &SourceName) {
        if self.count("overflow", 1) {
            tracing::warn!(
                target: "csml::link",
                source = %name(source),
                "its events arrive out of order, or faster than they are handled, and as many are kept as the limits allow \
                 (`LinkOptions::hold_back`, `hold_back_bytes`, `hold_back_total_bytes`): further ones are dropped until \
                 there is room, and the source sends them again. `rejected` counts them; this is not reported again for \
                 this source",
            );
        }
    }

    /// An event of this process cannot be sent.
    pub(super) fn unsent<A: Machines>(&mut self, event: u16, rejection: &Rejection) {
        if self.count("unsent", 1) {
            let event = event_name::<A>(event);
            tracing::error!(target: "csml::link", event, "not sent to other processes: {rejection}");
        }
    }

    /// An event was sent from outside that the description does not take from outside.
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

    /// Another process claims to be this one.
    pub(super) fn twin(&mut self, source: &SourceName) {
        if self.count("twin", 1) {
            tracing::error!(
                target: "csml::link",
                source = %name(source),
                "another process runs the same instance or has the same name; each instance may run once, and each process \
                 needs a name of its own",
            );
        }
    }

    /// Steps wait because others do not take what they were sent.
    pub(super) fn blocked(&mut self, now: u64, link: &Link<Body>) {
        self.waiting(now, link, "no step is taken until others have taken what they were sent");
    }

    /// The run is over, but others have not taken what they were sent.
    pub(super) fn staying(&mut self, now: u64, link: &Link<Body>) {
        self.waiting(
            now,
            link,
            "the run is over; the process stays until others have taken what they were sent",
        );
    }

    fn waiting(&mut self, now: u64, link: &Link<Body>, why: &str) {
        let since = *self.blocked_since.get_or_insert(now);
        if now.saturating_sub(since.max(self.warned_at)) >= PATIENCE {
            self.warned_at = now;
            let first = link.backlog().into_iter().next();
            let (receiver, count) =
                first.map_or((Arc::from("?"), 0), |(_, receiver, count)| (receiver, count));
            let waiting_ms = now - since;
            tracing::warn!(target: "csml::link", waiting_ms, receiver = %receiver, events = count, "{why}");
        }
    }

    /// Steps are taken again.
    pub(super) fn unblocked(&mut self, now: u64) {
        if let Some(since) = self.blocked_since.take()
            && self.warned_at >= since
            && self.warned_at > 0
        {
            tracing::info!(target: "csml::link", waited_ms = now - since, "steps are taken again");
        }
    }

    pub(super) fn status(
        &self,
        connected: bool,
        link: LinkCounters,
        backlog: Vec<(SourceName, Arc<str>, u64)>,
    ) -> ConnectionStatus {
        let backlog = backlog
            .into_iter()
            .map(|(source, receiver, count)| (name(&source).to_string(), receiver.to_string(), count));
        ConnectionStatus { connected, link, rejected: self.counts.clone(), backlog: backlog.collect() }
    }
}

fn levels(source: &SourceName) -> (&'static str, &str) {
    match source {
        SourceName::Instance(name) => ("ev", name),
        SourceName::Process(name) => ("env", name),
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
