//! What the node has for other processes, on its way to the transport.

use std::sync::Arc;

use csml_rt_core::Machines;
use tokio::sync::mpsc::error::TrySendError;

use super::super::watch::GoingOut;
use super::{Remote, unix_ms};
use crate::TraceParent;
use crate::link::Transmit;
use crate::node::{Leaving, Node};
use crate::store::Revision;
use crate::wire::{Body, lane};

impl Remote {
    pub(super) fn send<A: Machines>(
        &mut self,
        node: &Node<A>,
        left: Leaving<A::Event>,
        seen: Revision,
        now: u64,
    ) {
        let index = A::event_index(&left.event);
        let info = A::DESCRIPTION.events.get(usize::from(index));
        if left.from.is_none() && !info.is_some_and(|info| info.from_outside) {
            return self.report.not_from_outside::<A>(index);
        }
        let data = A::event_data(&left.event);
        let (payload, encoding) = match self.codec.payload(data.as_ref()) {
            Ok(encoded) => encoded,
            Err(refusal) => return self.report.unsent::<A>(index, &refusal),
        };
        let directory = node.directory();
        let (source, nested) = match left.from {
            None => (Some(self.process), ""),
            Some(at) => (self.sources.get(at.instance as usize).copied(), directory.path(at).nested),
        };
        let Some(source) = source else {
            return;
        };
        let body = Body {
            channel: left.channel,
            nested: nested.into(),
            to: left.to.map(|to| Arc::from(directory.path(to).to_string())),
            time: unix_ms(),
            revision: seen.0,
            traceparent: left.traceparent.or_else(|| self.begin_trace()),
            payload,
            encoding,
        };
        self.link.send(now, source, lane(index, left.channel), body);
    }

    pub(super) fn send_out<A: Machines>(&mut self, node: &Node<A>, going: GoingOut<A::Event>) {
        let path = node.directory().path(going.from);
        let index = A::event_index(&going.event);
        let data = A::event_data(&going.event);
        let trace = going.context.into_inner().or_else(|| self.begin_trace());
        let trace = trace.as_deref();
        match self.codec.outgoing(path.instance, path.nested, index, data.as_ref(), unix_ms(), trace) {
            Ok(message) => self.leaving.push_back(message),
            Err(refusal) => self.report.unsent::<A>(index, &refusal),
        }
    }

    /// What the host says about an event that no traced step has led to. What is malformed is passed over.
    fn begin_trace(&self) -> Option<Arc<TraceParent>> {
        let text = self.begin_trace.as_ref()?()?;
        TraceParent::parse(&text).map(Arc::new)
    }

    pub(super) fn transmit(&mut self, now: u64) {
        // What waits for room goes first.
        while self.up && self.next.is_none() {
            let message = match self.leaving.pop_front() {
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
