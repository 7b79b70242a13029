//! What a step asks its driver to do (docs/semantics.md#7-a-step-is-a-transaction).

use alloc::vec::Vec;

use crate::{Channel, TransitionKind};

/// Takes what a step asks for, in the order of the actions.
///
/// The driver releases it when the step has succeeded and drops it when the step has failed. Step functions
/// are generic over this trait, so a driver that ignores an effect pays nothing for it.
pub trait Effects {
    /// The application's events.
    type Event;
    /// The application's service calls.
    type Call;

    /// Raise `event` on `channel`.
    fn raise(&mut self, channel: Channel, event: Self::Event);
    /// Call a service. `invoke` is an index into [`MachineInfo::invokes`](crate::MachineInfo::invokes).
    fn invoke(&mut self, invoke: u16, call: Self::Call);
    /// Start timer `timer` of this machine, or start it anew, to fire every `delay_ms` milliseconds.
    fn set_timer(&mut self, timer: u16, delay_ms: u64);
    /// Stop timer `timer` of this machine.
    fn cancel_timer(&mut self, timer: u16);
    /// Cancel this machine's running `while` invocations.
    fn cancel_while(&mut self);
    /// The initial state has become active.
    #[inline]
    fn started(&mut self, state: u16) {
        let _ = state;
    }
    /// State `to` has become active.
    #[inline]
    fn transition(&mut self, from: u16, to: u16, via: TransitionKind) {
        let _ = (from, to, via);
    }
    /// An internal transition of `state` is taken.
    #[inline]
    fn internal(&mut self, state: u16) {
        let _ = state;
    }
    /// Micro-steps after which a step counts as livelocked (docs/semantics.md#3-execution).
    #[inline]
    fn micro_step_limit(&self) -> u32 {
        1_000
    }
}

/// One effect, as a [`Buffer`] keeps it.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect<E, C> {
    /// See [`Effects::raise`].
    Raise(Channel, E),
    /// See [`Effects::invoke`].
    Invoke(u16, C),
    /// See [`Effects::set_timer`].
    SetTimer(u16, u64),
    /// See [`Effects::cancel_timer`].
    CancelTimer(u16),
    /// See [`Effects::cancel_while`].
    CancelWhile,
    /// See [`Effects::started`]; only when observed.
    Started(u16),
    /// See [`Effects::transition`]; only when observed.
    Transition(u16, u16, TransitionKind),
    /// See [`Effects::internal`]; only when observed.
    Internal(u16),
}

/// Effects kept in order, for a driver to release or drop. Reuse one: it keeps its memory.
#[derive(Debug)]
pub struct Buffer<E, C> {
    /// What the current step asked for.
    pub effects: Vec<Effect<E, C>>,
    /// Whether state changes are recorded as well.
    pub observed: bool,
    /// See [`Effects::micro_step_limit`].
    pub micro_step_limit: u32,
}

impl<E, C> Default for Buffer<E, C> {
    fn default() -> Self {
        Self { effects: Vec::new(), observed: false, micro_step_limit: 1_000 }
    }
}

impl<E, C> Buffer<E, C> {
    // Apart from the steps, which record each transition: they stay small, and an application that is not observed
    // fast.
    #[cold]
    #[inline(never)]
    fn record(&mut self, effect: Effect<E, C>) {
        self.effects.push(effect);
    }
}

impl<E, C> Effects for Buffer<E, C> {
    type Event = E;
    type Call = C;

    #[inline]
    fn raise(&mut self, channel: Channel, event: E) {
        self.effects.push(Effect::Raise(channel, event));
    }

    #[inline]
    fn invoke(&mut self, invoke: u16, call: C) {
        self.effects.push(Effect::Invoke(invoke, call));
    }

    #[inline]
    fn set_timer(&mut self, timer: u16, delay_ms: u64) {
        self.effects.push(Effect::SetTimer(timer, delay_ms));
    }

    #[inline]
    fn cancel_timer(&mut self, timer: u16) {
        self.effects.push(Effect::CancelTimer(timer));
    }

    #[inline]
    fn cancel_while(&mut self) {
        self.effects.push(Effect::CancelWhile);
    }

    #[inline]
    fn started(&mut self, state: u16) {
        if self.observed {
            self.record(Effect::Started(state));
        }
    }

    #[inline]
    fn transition(&mut self, from: u16, to: u16, via: TransitionKind) {
        if self.observed {
            self.record(Effect::Transition(from, to, via));
        }
    }

    #[inline]
    fn internal(&mut self, state: u16) {
        if self.observed {
            self.record(Effect::Internal(state));
        }
    }

    #[inline]
    fn micro_step_limit(&self) -> u32 {
        self.micro_step_limit
    }
}
