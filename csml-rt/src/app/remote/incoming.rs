//! What comes from other processes, on its way to the node.

use std::sync::Arc;

use csml_rt_core::{Channel, Machines};

use super::super::persist::Persist;
use super::{AckTo, HANDED_BYTES, Remote, TransportEvent, Waiting};
use crate::TraceParent;
use crate::link::{Lane, SourceName, Weight as _};
use crate::node::{Address, InboundEvent, Node, TraceContext};
use crate::store::Revision;
use crate::transport::{Message, Receipt};
use crate::wire::{Body, Packet, lane_parts};

impl Remote {
    /// Handles one report of the transport.
    pub(in crate::app) fn handle<A: Machines>(
        &mut self,
        incoming: TransportEvent,
        node: &mut Node<A>,
        now: u64,
    ) {
        match incoming {
            TransportEvent::Up => {
                tracing::info!(target: "csml::link", "connected");
                self.up = true;
                self.report.up(now);
                self.link.connected(now);
            }
            TransportEvent::Down { reason } => {
                tracing::warn!(target: "csml::link", "disconnected: {reason}");
                self.up = false;
                self.report.down(now);
                self.link.disconnected(now);
            }
            TransportEvent::Message(message, receipt) => self.handle_message(&message, receipt, node, now),
            TransportEvent::Rejected { count, reason } => self.report.rejected_below(count, &reason),
            TransportEvent::Failed { reason } => {
                self.up = false;
                self.link.disconnected(now);
                self.failed = Some(reason);
            }
        }
    }

    fn handle_message<A: Machines>(
        &mut self,
        message: &Message,
        receipt: Option<Receipt>,
        node: &mut Node<A>,
        now: u64,
    ) {
        let mut receipt = receipt;
        self.report.set_clock(now);
        match self.codec.decode(now, message) {
            // They are the sender's: it keeps them, and reports them if no process takes them.
            Ok(Packet::Event(_)) if self.leaving => {}
            // The broker keeps it for the next run.
            Ok(Packet::FromOutside { .. }) if self.leaving => receipt = None,
            Ok(Packet::Event(event)) => {
                if !self.is_own(node, &event.source, event.epoch) {
                    self.link.receive_event(now, event);
                }
            }
            Ok(Packet::Ack { receiver, ack }) => self.link.receive_ack(now, &receiver, ack),
            Ok(Packet::Sync { source, sync }) => {
                if !self.is_own(node, &source, sync.epoch) {
                    self.link.receive_sync(now, &source, sync);
                }
            }
            Ok(Packet::FromOutside { event, data }) => match A::event_from(event, &data) {
                Ok(event) => {
                    let properties = message.properties.iter();
                    let properties = properties.map(|(name, text)| (name.as_str(), text.as_str()));
                    let context = TraceContext::from(TraceParent::among(properties).map(Arc::new));
                    let entries = node.deliver_to_all(event, &context);
                    self.delivered += u64::from(entries);
                    if let Some(receipt) = receipt.take() {
                        let to = AckTo::Transport(receipt);
                        self.waiting.push_back(Waiting { entries: self.delivered, to });
                    }
                }
                Err(misfit) => self.report.misfit(&message.topic, &misfit),
            },
            Ok(Packet::Presence { process, online }) => {
                tracing::debug!(target: "csml::link", process = %process, online);
            }
            Err(rejection) => self.report.rejected(&rejection),
        }
        if let Some(receipt) = receipt {
            // A transport that has ended wants none.
            let _ = self.connection.receipts.send(receipt);
        }
    }

    /// Whether something comes from this process itself. An error is logged if another process claims to be this one.
    fn is_own<A: Machines>(&mut self, node: &Node<A>, source: &SourceName, epoch: u64) -> bool {
        let own = match source {
            SourceName::Instance(name) => {
                node.directory().resolve(name).is_some_and(|at| node.directory().is_local(at.instance))
            }
            SourceName::Process(name) => **name == *self.report.process,
        };
        if own && epoch != self.epoch {
            self.report.twin(source);
        }
        own
    }

    /// Hands the node what the link has put in order.
    pub(super) fn hand_on<A: Machines>(
        &mut self,
        node: &mut Node<A>,
        persist: Option<&mut Persist>,
        now: u64,
    ) {
        let mut required = Revision(0);
        loop {
            self.acknowledge(node, now);
            if self.handed_bytes >= HANDED_BYTES {
                self.link.shrink_waiting();
                break;
            }
            let Some(delivery) = self.link.deliver() else { break };
            let body = &delivery.body;
            let bytes = body.weight();
            // A revision that a device names could block this process permanently.
            if let SourceName::Instance(_) = delivery.source {
                required = required.max(Revision(body.revision));
            }
            // Receivers were added in the order of the instances.
            let instance = delivery.receiver.index() as u32;
            let entries = match self.event::<A>(delivery.lane, body) {
                Ok((event, channel)) => {
                    let from = source_address(node, &delivery.source, &body.nested);
                    let context = TraceContext::from(body.traceparent.clone());
                    let inbound = InboundEvent { event, channel, from, context };
                    match &body.to {
                        None => node.deliver(instance, inbound),
                        Some(path) => match node.directory().resolve(path) {
                            Some(to) if to.instance == instance => {
                                u32::from(node.deliver_to(to, InboundEvent { from: None, ..inbound }))
                            }
                            _ => 0,
                        },
                    }
                }
                Err(rejection) => {
                    self.report.rejected_event(&delivery.source, &rejection);
                    0
                }
            };
            self.delivered += u64::from(entries);
            self.handed_bytes += bytes;
            let to = AckTo::Link(delivery.token, bytes);
            self.waiting.push_back(Waiting { entries: self.delivered, to });
        }
        self.report_link();
        while let Some(source) = self.link.next_overflow() {
            self.report.overflow(&source);
        }
        if let Some(persist) = persist {
            persist.require(required);
        }
    }

    fn report_link(&mut self) {
        while let Some(report) = self.link.next_report() {
            self.report.link(&report);
        }
    }

    /// The run is over: nothing that comes from now on is handled, and what is lost is reported.
    pub(in crate::app) fn leave(&mut self, now: u64, leaving: bool) {
        self.leaving = leaving;
        self.link.conclude(now);
        self.report_link();
    }

    /// Logs the last sums.
    pub(super) fn conclude(&mut self) {
        self.report_link();
        self.report.conclude();
    }

    fn event<A: Machines>(&self, lane: Lane, body: &Body) -> Result<(A::Event, Channel), String> {
        let (event, channel) = lane_parts(lane).ok_or("there is no such event")?;
        let data = self.codec.value(body).map_err(|rejection| rejection.to_string())?;
        let event = A::event_from(event, &data).map_err(|misfit| misfit.to_string())?;
        Ok((event, channel))
    }

    /// Acknowledges what has been handled.
    pub(super) fn acknowledge<A: Machines>(&mut self, node: &Node<A>, now: u64) {
        let handled = node.handled_remote();
        while let Some(first) = self.waiting.front()
            && first.entries <= handled
            && let Some(done) = self.waiting.pop_front()
        {
            match done.to {
                AckTo::Link(token, bytes) => {
                    self.handed_bytes -= bytes;
                    self.link.consumed(now, token);
                }
                AckTo::Transport(receipt) => {
                    let _ = self.connection.receipts.send(receipt);
                }
            }
        }
    }
}

fn source_address<A: Machines>(node: &Node<A>, source: &SourceName, nested: &str) -> Option<Address> {
    let SourceName::Instance(name) = source else {
        return None;
    };
    match nested {
        "" => node.directory().resolve(name),
        nested => node.directory().resolve(&format!("{name}/{nested}")),
    }
}
