//! Outbound events of the node, on their way to the transport.

use std::sync::Arc;

use csml_rt_core::Machines;
use tokio::sync::mpsc::error::TrySendError;

use super::super::persist::Persist;
use super::{Remote, unix_ms};
use crate::TraceParent;
use crate::link::Transmit;
use crate::node::{Node, OutboundEvent, TraceContext};
use crate::wire::{Body, lane};

impl Remote {
    /// Takes an outbound event: the link sends it to other processes, or it goes straight to the transport if it
    /// leaves the application.
    pub(in crate::app) fn send<A: Machines>(
        &mut self,
        node: &Node<A>,
        outbound: OutboundEvent<A::Event>,
        persist: Option<&Persist>,
        now: u64,
    ) {
        if outbound.leaves_application() {
            return self.send_peripheral::<A>(node, outbound);
        }
        let index = A::event_index(&outbound.event);
        let info = A::DESCRIPTION.events.get(usize::from(index));
        if outbound.from.is_none() && !info.is_some_and(|info| info.from_outside) {
            return self.report.not_from_outside::<A>(index);
        }
        let data = A::event_data(&outbound.event);
        let (payload, encoding) = match self.codec.payload(data.as_ref()) {
            Ok(encoded) => encoded,
            Err(rejection) => return self.report.unsent::<A>(index, &rejection),
        };
        let directory = node.directory();
        let (source, nested) = match outbound.from {
            None => (Some(self.process), ""),
            Some(at) => (self.sources.get(at.instance as usize).copied(), directory.path(at).nested),
        };
        let Some(source) = source else {
            return;
        };
        let body = Body {
            channel: outbound.channel,
            nested: nested.into(),
            to: outbound.to.map(|to| Arc::from(directory.path(to).to_string())),
            time: unix_ms(),
            revision: persist.map_or(0, |persist| persist.seen().0),
            traceparent: self.trace_of(outbound.context),
            payload,
            encoding,
        };
        self.link.send(now, source, lane(index, outbound.channel), body);
    }

    fn send_peripheral<A: Machines>(&mut self, node: &Node<A>, outbound: OutboundEvent<A::Event>) {
        let Some(from) = outbound.from else {
            return;
        };
        let path = node.directory().path(from);
        let index = A::event_index(&outbound.event);
        let data = A::event_data(&outbound.event);
        let trace = self.trace_of(outbound.context);
        let trace = trace.as_deref();
        match self.codec.output_event(path.instance, path.nested, index, data.as_ref(), unix_ms(), trace) {
            Ok(message) => self.peripheral.push_back(message),
            Err(rejection) => self.report.unsent::<A>(index, &rejection),
        }
    }

    /// The trace of an event; one that no traced step has led to may begin a trace. A malformed text begins none.
    fn trace_of(&self, context: TraceContext) -> Option<Arc<TraceParent>> {
        context.into_inner().or_else(|| {
            let text = self.begin_trace.as_ref()?()?;
            TraceParent::parse(&text).map(Arc::new)
        })
    }

    /// Gives the transport what it has room for; what did not fit last time goes first.
    pub(super) fn transmit(&mut self, now: u64) {
        while self.up && self.next.is_none() {
            let message = match self.peripheral.pop_front() {
                Some(message) => message,
                None => match self.link.transmit(now) {
                    Some(Transmit::Event { event, .. }) => self.codec.event(&event),
                    Some(Transmit::Ack { receiver, ack }) => self.codec.ack(&receiver, &ack),
                    Some(Transmit::Sync { source, sync }) => self.codec.sync(&source, &sync),
                    None => return,
                },
            };
            match self.connection.outgoing.try_send(message) {
                Ok(()) => {}
                Err(TrySendError::Full(message)) => self.next = Some(message),
                // It says why itself.
                Err(TrySendError::Closed(_)) => self.up = false,
            }
        }
    }
}
