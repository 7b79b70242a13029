//! Invocations of services, from the request to the completion step
//! (docs/semantics.md#6-timers-and-invocations).

use std::fmt;

use csml_rt_core::{Channel, InvokeInfo, Machines};

use super::routes::Audience;
use super::work::{Origin, Trigger, Work};
use super::{Address, CallId, Node, TraceContext};

/// An invocation to be handed to a service.
pub struct Requested<A: Machines> {
    /// Names it when the reply is brought back.
    pub id: CallId,
    /// The instance that asked for it.
    pub at: Address,
    /// What the description says about it.
    pub info: &'static InvokeInfo,
    /// The call, with its input.
    pub call: A::Call,
}

impl<A: Machines> fmt::Debug for Requested<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requested")
            .field("id", &self.id)
            .field("at", &self.at)
            .field("call", &self.call)
            .finish_non_exhaustive()
    }
}

impl<A: Machines> Node<A> {
    /// The next invocation that committed steps have asked for, in the order of the actions.
    pub fn next_request(&mut self) -> Option<Requested<A>> {
        loop {
            let id = self.requested.pop_front()?;
            // One that was cancelled before it could be handed over is gone.
            let Some((at, invoke, _)) = self.calls.owner(id) else {
                continue;
            };
            if let (Some(call), Some(info)) = (self.calls.start(id), self.invoke_info(at, invoke)) {
                return Some(Requested { id, at, info, call });
            }
        }
    }

    /// An invocation that was cancelled: its answer is no longer needed.
    pub fn next_cancelled(&mut self) -> Option<CallId> {
        self.cancelled.pop()
    }

    /// Whether the instance still waits for the answer.
    #[must_use]
    pub fn awaits(&self, id: CallId) -> bool {
        matches!(self.calls.owner(id), Some((_, _, false)))
    }

    /// The trace context of the step that has asked for an invocation.
    pub(crate) fn context_of(&self, id: CallId) -> TraceContext {
        self.calls.context(id)
    }

    /// Brings back a reply: its completion step joins the event queue. Does nothing for a cancelled invocation.
    pub fn complete(&mut self, id: CallId, reply: A::Reply) {
        let Some((at, invoke, detached)) = self.calls.owner(id) else {
            return;
        };
        let service = self.invoke_info(at, invoke).map_or(0, |info| info.service);
        if detached {
            self.forget(at, id);
            self.counters.invocations_ok += 1;
        } else if self.calls.complete(id, reply) {
            let (origin, context) = (Origin::invoke(service), self.calls.context(id));
            self.sinks.queue.push(Work::new(at, origin, context, Trigger::Completion(id)));
        }
    }

    /// An invocation has failed after its last attempt: the hierarchy of its instance gets
    /// `error.invoke.<serviceType>` if it handles that. Does nothing for a cancelled invocation; `false` then.
    pub fn fail(&mut self, id: CallId, message: String, status: Option<i64>) -> bool {
        let Some((at, invoke, detached)) = self.calls.owner(id) else {
            return false;
        };
        let context = self.calls.context(id);
        self.forget(at, id);
        self.counters.invocations_failed += 1;
        let service = self.invoke_info(at, invoke).map(|info| info.service);
        let top = self.directory.top(at.instance);
        if let (false, Some(service), Some(top)) = (detached, service, top)
            && let Some(event) = A::failure_event(service, message, status)
        {
            let audience = Audience::Hierarchy(at.instance, top);
            self.dispatch(audience, event, Origin::invoke(service).on(Channel::Internal), &context);
        }
        true
    }

    pub(super) fn invoke_info(&self, at: Address, invoke: u16) -> Option<&'static InvokeInfo> {
        let machine = self.directory.machine(at.machine)?;
        machine.invokes.get(usize::from(invoke))
    }

    pub(super) fn request(&mut self, at: Address, invoke: u16, call: A::Call, context: TraceContext) {
        let while_active = self.invoke_info(at, invoke).is_some_and(|info| info.while_active);
        let Some(slot) = self.slots.get_mut(at.instance as usize) else {
            return;
        };
        if let Some(id) = self.calls.request(&mut slot.calls, at, invoke, while_active, context, call) {
            self.requested.push_back(id);
        }
    }

    /// Cancels the running `while` invocations of one machine.
    pub(super) fn cancel_while(&mut self, at: Address) {
        self.cancel(at, |machine, while_active, _| machine == at.machine && while_active);
    }

    /// Ends the invocations of one machine. What its last step asked for is still made (a terminal state
    /// may notify a service), but its answer is dropped.
    pub(super) fn end_calls(&mut self, at: Address) {
        self.cancel(at, |machine, while_active, started| machine == at.machine && (while_active || started));
        let Some(slot) = self.slots.get_mut(at.instance as usize) else {
            return;
        };
        let mut rest = Vec::new();
        self.calls.select(slot.calls, |machine, _, _| machine == at.machine, &mut rest);
        for id in rest {
            self.calls.detach(&mut slot.calls, id);
        }
    }

    fn cancel(&mut self, at: Address, chosen: impl FnMut(u16, bool, bool) -> bool) {
        let Some(slot) = self.slots.get_mut(at.instance as usize) else {
            return;
        };
        if slot.calls.is_empty() {
            return;
        }
        let from = self.cancelled.len();
        self.calls.select(slot.calls, chosen, &mut self.cancelled);
        for id in self.cancelled.get(from..).unwrap_or_default() {
            self.calls.remove(&mut slot.calls, *id);
        }
    }

    /// Takes an invocation out of the table.
    pub(super) fn forget(&mut self, at: Address, id: CallId) {
        if let Some(slot) = self.slots.get_mut(at.instance as usize) {
            self.calls.remove(&mut slot.calls, id);
        }
    }
}
