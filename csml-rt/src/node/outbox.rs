//! Where a step's effects go.

use std::collections::VecDeque;

use csml_rt_core::{Buffer, Channel, Effects, Machines, TransitionKind};

use super::line::{Audience, Away, Entry, Exits, Origin, Routes};
use super::{Address, Context, Directory};

/// Takes the effects of one step. Raised events join the line at once, unless someone observes: the line is
/// cut back if the step fails, and nobody looks at it before. Everything else waits in the buffer.
///
/// One type for all steps, observed or not, so that generated code is compiled once.
pub(super) struct Outbox<'n, A: Machines> {
    pub(super) buffer: &'n mut Buffer<A::Event, A::Call>,
    pub(super) line: &'n mut VecDeque<Entry<A::Event>>,
    pub(super) away: &'n mut VecDeque<Away<A::Event>>,
    pub(super) routes: &'n Routes,
    pub(super) directory: &'n Directory,
    pub(super) at: Address,
    pub(super) origin: Origin,
    pub(super) context: &'n Context,
}

/// Who is to see an event that `at` raises on a channel; nobody in here for the channel `peripheral`.
#[inline]
pub(super) fn audience(directory: &Directory, at: Address, channel: Channel) -> Option<Audience> {
    match channel {
        Channel::Internal => {
            let top = directory.machine(at.machine).map_or(0, |machine| machine.top);
            Some(Audience::Hierarchy(at.instance, top))
        }
        Channel::External => Some(Audience::Subscribers(at.instance)),
        Channel::Global => Some(Audience::Everyone),
        Channel::Peripheral => None,
    }
}

impl<A: Machines> Effects for Outbox<'_, A> {
    type Event = A::Event;
    type Call = A::Call;

    #[inline]
    fn raise(&mut self, channel: Channel, event: A::Event) {
        match audience(self.directory, self.at, channel) {
            Some(audience) if !self.buffer.observed => {
                let index = A::event_index(&event);
                let exits = Exits { line: self.line, away: self.away, context: self.context };
                self.routes.deliver(exits, index, audience, event, channel, self.origin);
            }
            _ => self.buffer.raise(channel, event),
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
