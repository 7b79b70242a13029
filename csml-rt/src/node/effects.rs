//! Where the effects of a step go.

use std::collections::VecDeque;

use csml_rt_core::{Buffer, Channel, Effects, Machines, TransitionKind};

use super::outbound::OutboundEvent;
use super::queue::EventQueue;
use super::routes::{Audience, Delivery, Receivers, Routes};
use super::work::{Origin, Trigger, Work};
use super::{Address, Directory, TraceContext};

/// Takes the effects of one step. Raised events go to their queues at once: the queues are cut back if the step
/// fails, and no other step reads them before. Everything else waits in the buffer, with the records for an
/// observer.
///
/// One type for all steps, observed or not, so that generated code is compiled once.
pub(super) struct StepEffects<'n, A: Machines> {
    pub(super) buffer: &'n mut Buffer<A::Event, A::Call>,
    pub(super) queue: &'n mut EventQueue<A::Event>,
    pub(super) outbound: &'n mut VecDeque<OutboundEvent<A::Event>>,
    pub(super) routes: &'n Routes,
    pub(super) directory: &'n Directory,
    pub(super) at: Address,
    pub(super) origin: Origin,
    pub(super) context: &'n TraceContext,
}

impl<A: Machines> StepEffects<'_, A> {
    /// Keeps a copy of a raised event for the observer, in its place among the other effects.
    #[cold]
    fn record_raise(&mut self, channel: Channel, event: &A::Event) {
        self.buffer.raise(channel, event.clone());
    }
}

impl<A: Machines> Effects for StepEffects<'_, A> {
    type Event = A::Event;
    type Call = A::Call;

    #[inline]
    fn raise(&mut self, channel: Channel, event: A::Event) {
        if self.buffer.observed {
            self.record_raise(channel, &event);
        }
        let (at, directory) = (self.at, self.directory);
        let top = || directory.machine(at.machine).map_or(0, |machine| machine.top);
        let audience = Audience::of(channel, at.instance, top);
        let origin = self.origin.on(channel);
        match self.routes.receivers(A::event_index(&event), audience) {
            Receivers::None => {}
            Receivers::One(to) => {
                let context = self.context.clone();
                self.queue.push(Work { to, origin, context, trigger: Trigger::Event(event) });
            }
            Receivers::Many(route) => {
                let (queue, outbound, context) = (&mut *self.queue, &mut *self.outbound, self.context);
                let delivery = Delivery { queue, outbound, event, from: Some(at), origin, context };
                self.routes.deliver(route, delivery, audience);
            }
        }
    }

    #[inline]
    fn invoke(&mut self, invoke: u16, call: A::Call) {
        self.buffer.invoke(invoke, call);
    }

    #[inline]
    fn set_timer(&mut self, timer: u16, delay_ms: u64) {
        self.buffer.set_timer(timer, delay_ms);
    }

    #[inline]
    fn cancel_timer(&mut self, timer: u16) {
        self.buffer.cancel_timer(timer);
    }

    #[inline]
    fn cancel_while(&mut self) {
        self.buffer.cancel_while();
    }

    #[inline]
    fn started(&mut self, state: u16) {
        self.buffer.started(state);
    }

    #[inline]
    fn transition(&mut self, from: u16, to: u16, via: TransitionKind) {
        self.buffer.transition(from, to, via);
    }

    #[inline]
    fn internal(&mut self, state: u16) {
        self.buffer.internal(state);
    }

    #[inline]
    fn micro_step_limit(&self) -> u32 {
        self.buffer.micro_step_limit
    }
}
