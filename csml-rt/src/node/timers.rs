//! The node's clock and its `after` timers (docs/semantics.md#6-timers-and-invocations).

use csml_rt_core::{Machines, TimerKey};

use super::work::{Origin, Trigger, Work};
use super::{Address, Node, TraceContext};

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    /// Milliseconds between two firings, at least 1: a delay of 0 fires at once and then every millisecond,
    /// because a timer that is always due would not let the clock move.
    period: u64,
    instance: u32,
    machine: u16,
    timer: u16,
}

impl Due {
    pub(super) fn is(&self, at: Address, timer: u16) -> bool {
        (self.instance, self.machine, self.timer) == (at.instance, at.machine, timer)
    }
}

impl<A: Machines> Node<A> {
    /// The node's clock, in milliseconds.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Moves the clock forward without looking at timers, for what joins the event queue before them.
    pub(crate) fn set_clock(&mut self, now: u64) {
        self.now = self.now.max(now);
    }

    /// Moves the clock forward and lets the timers that are due join the event queue, earliest first, equal
    /// deadlines in the order in which they were set. Each timer joins at most once for one call.
    pub fn advance(&mut self, now: u64) {
        self.now = self.now.max(now);
        while let Some(expired) = self.wheel.expire(self.now) {
            let due = expired.value;
            // Without drift; a clock that jumped over several periods fires once and goes on from now.
            let mut next = expired.deadline.saturating_add(due.period);
            if next <= self.now {
                next = self.now.saturating_add(due.period);
            }
            if next > self.now {
                self.wheel.rearm(expired.id, next);
            } else {
                self.wheel.disarm(expired.id);
            }
            let to = Address { instance: due.instance, machine: due.machine };
            let origin = Origin::timer(due.machine, due.timer);
            self.sinks.queue.push(Work::new(to, origin, TraceContext::NONE, Trigger::Timer(expired.id)));
        }
    }

    /// When the next timer is due, if not after `limit`. The clock must not stay behind the result: call
    /// [`advance`](Self::advance) with it, or with an earlier time at which nothing sets a timer.
    pub fn next_due(&mut self, limit: u64) -> Option<u64> {
        self.wheel.next_due(limit)
    }

    /// A time not after the next timer, to sleep until. `None` without timers.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        self.wheel.next_deadline()
    }

    /// How many timers are set.
    #[must_use]
    pub fn timers(&self) -> usize {
        self.wheel.len()
    }

    #[inline]
    pub(super) fn set_timer(&mut self, at: Address, timer: u16, delay_ms: u64) {
        // Never by rearming: a firing that waits in the queue must not survive a reset.
        self.cancel_timer(at, timer);
        let deadline = self.now.saturating_add(delay_ms);
        let due = Due { period: delay_ms.max(1), instance: at.instance, machine: at.machine, timer };
        let Some(slot) = self.slots.get_mut(at.instance as usize) else {
            return;
        };
        if let Some(id) = self.wheel.arm(deadline, due) {
            A::replace_timer(&mut slot.instance, at.machine, timer, TimerKey(id.index()));
        }
    }

    #[inline]
    pub(super) fn cancel_timer(&mut self, at: Address, timer: u16) {
        let Some(slot) = self.slots.get_mut(at.instance as usize) else {
            return;
        };
        let pending = A::replace_timer(&mut slot.instance, at.machine, timer, TimerKey::NONE);
        if pending == TimerKey::NONE {
            return;
        }
        if let Some((id, due)) = self.wheel.at(pending.0)
            && due.is(at, timer)
        {
            self.wheel.disarm(id);
        }
    }
}
