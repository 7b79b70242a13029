//! Where the effects of a step go.

use std::collections::VecDeque;

use csml_rt_core::{Buffer, Channel, Effects, Machines, TransitionKind};

use super::crowd::DEFAULT_QUEUE_LIMIT;
use super::outbound::OutboundEvent;
use super::queue::EventQueue;
use super::routes::{Audience, Delivery, Receivers, Routes};
use super::work::{Origin, PackedAddress, Trigger, Work};
use super::{Address, TraceContext};

/// Takes the effects of the step that is taken. Raised events go to their queues at once: the queues are cut back if
/// the step fails, and no other step reads them before. Everything else waits in the buffer, with the records for an
/// observer.
///
/// One type for all steps, observed or not, so that generated code is compiled once. It is a part of the node and not
/// made for each step: what a step raises is found with fewer reads, which follow upon each other.
pub(super) struct Sinks<A: Machines> {
    pub(super) buffer: Buffer<A::Event, A::Call>,
    pub(super) queue: EventQueue<A::Event>,
    pub(super) outbound: VecDeque<OutboundEvent<A::Event>>,
    pub(super) routes: Routes,
    /// Raised events that may wait.
    pub(super) queue_limit: usize,
    /// More events were raised than may wait.
    pub(super) overflows: bool,
    /// No further step is taken.
    pub(super) halted: bool,
    /// The machine that takes the step.
    at: PackedAddress,
    /// Of what the step raises.
    origin: Origin,
    /// Of the step.
    context: TraceContext,
}

impl<A: Machines> Sinks<A> {
    pub(super) fn new() -> Self {
        let at = PackedAddress::of(Address { instance: 0, machine: 0 });
        Self {
            buffer: Buffer::default(),
            queue: EventQueue::new(),
            outbound: VecDeque::new(),
            routes: Routes::new(A::DESCRIPTION),
            queue_limit: DEFAULT_QUEUE_LIMIT,
            overflows: false,
            halted: false,
            at,
            origin: at.origin(),
            context: TraceContext::NONE,
        }
    }

    /// The effects of a step, which begins.
    #[inline]
    pub(super) fn of_step(&mut self, at: PackedAddress, origin: Origin, context: &TraceContext) -> &mut Self {
        self.at = at;
        self.origin = origin;
        self.context = context.clone();
        self
    }

    /// Any event: goes to its receivers, with a copy for the observer in its place among the other effects.
    #[inline(never)]
    fn deliver(&mut self, channel: Channel, event: A::Event) {
        if self.queue.is_long() && !self.may_grow() {
            (self.overflows, self.halted) = (true, true);
            return;
        }
        if self.buffer.observed {
            self.buffer.raise(channel, event.clone());
        }
        let at = self.at.unpacked();
        let top = || A::DESCRIPTION.machines.get(usize::from(at.machine)).map_or(0, |machine| machine.top);
        let audience = Audience::of(channel, at.instance, top);
        let origin = self.origin.on(channel);
        match self.routes.receivers(A::event_index(&event), audience) {
            Receivers::None => {}
            Receivers::One(to) => {
                let context = self.context.clone();
                self.queue.push(Work::new(to, origin, context, Trigger::Event(event)));
            }
            Receivers::Many(route) => {
                let (queue, outbound, context) = (&mut self.queue, &mut self.outbound, &self.context);
                let delivery = Delivery { queue, outbound, event, from: Some(at), origin, context };
                self.routes.deliver(route, delivery, audience);
            }
        }
    }
}

impl<A: Machines> Effects for Sinks<A> {
    type Event = A::Event;
    type Call = A::Call;

    // Never inlined: where each step that raises has a copy of this, the processor does not learn on which write the
    // read of the next event depends, reads too early and starts again (9.1 instead of 7.0 ns for an event between two
    // machines). Mostly one machine handles the event: that way has no call, so that no register has to be saved.
    #[inline(never)]
    fn raise(&mut self, channel: Channel, event: A::Event) {
        if !self.buffer.observed
            && self.queue.has_room()
            && let Some(to) = self.routes.direct(A::event_index(&event), channel)
        {
            let (origin, context) = (self.origin.on(channel), self.context.clone());
            self.queue.push(Work { to, origin, context, trigger: Trigger::Event(event) });
        } else {
            self.deliver(channel, event);
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
