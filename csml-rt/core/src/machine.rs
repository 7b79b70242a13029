//! One machine of an instance: its state, its data, and what its step functions reach.

use alloc::vec::Vec;
use core::mem;

use crate::{
    Channel, Outcome, Status, StepError, TimerKey, TransitionKind, Value,
    compiled::{Call, Compiled, EffectsFor},
};

/// How a step function ends.
pub type StepResult = Result<Outcome, StepError>;

/// Variables by name, as snapshots and traces show them.
pub type Variables = Vec<(&'static str, Value)>;

/// The states of a machine: a plain enum.
pub trait State: Copy {
    /// Position in [`MachineInfo::states`](crate::MachineInfo::states).
    fn index(self) -> u16;
}

/// A machine: its active state, its data, and what the runtime keeps with it. `R` is a random generator if the
/// machine draws random numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine<S, D = (), const TIMERS: usize = 0, R = ()> {
    /// The active state; the initial one before the start.
    pub state: S,
    /// Its data.
    pub data: D,
    /// Its random generator.
    pub rng: R,
    timers: [TimerKey; TIMERS],
    status: Status,
    entered: bool,
}

impl<S: Default, D: Default, const TIMERS: usize, R: Default> Default for Machine<S, D, TIMERS, R> {
    #[inline]
    fn default() -> Self {
        Self {
            state: S::default(),
            data: D::default(),
            rng: R::default(),
            timers: [TimerKey::NONE; TIMERS],
            status: Status::Idle,
            entered: false,
        }
    }
}

impl<S, D, const TIMERS: usize, R> Machine<S, D, TIMERS, R> {
    /// Where the machine stands in its life.
    #[must_use]
    #[inline]
    pub const fn status(&self) -> Status {
        self.status
    }
}

/// What all machines have, whatever their states and data are.
pub trait AnyMachine {
    /// Where the machine stands in its life.
    fn status(&self) -> Status;

    /// Ends the machine: it handles nothing more.
    fn end(&mut self);

    /// Undoes a start that failed: the machine is in no state and has no data.
    fn undo_start(&mut self);

    /// Index of the active state; `None` before the start.
    fn active(&self) -> Option<u16>;

    /// See [`Machines::replace_timer`](crate::Machines::replace_timer).
    fn replace_timer(&mut self, timer: u16, key: TimerKey) -> TimerKey;
}

impl<S: State + Default, D: Default, const TIMERS: usize, R> AnyMachine for Machine<S, D, TIMERS, R> {
    #[inline]
    fn status(&self) -> Status {
        self.status
    }

    #[inline]
    fn end(&mut self) {
        self.status = Status::Ended;
    }

    #[cold]
    fn undo_start(&mut self) {
        (self.state, self.data, self.status, self.entered) =
            (S::default(), D::default(), Status::Idle, false);
    }

    #[inline]
    fn active(&self) -> Option<u16> {
        self.entered.then(|| self.state.index())
    }

    #[inline]
    fn replace_timer(&mut self, timer: u16, key: TimerKey) -> TimerKey {
        self.timers.get_mut(usize::from(timer)).map_or(TimerKey::NONE, |noted| mem::replace(noted, key))
    }
}

/// What a step of machine `M` reaches.
#[derive(Debug)]
pub struct Context<'a, A: Compiled, M: Steps<A>, F> {
    /// The machine itself.
    pub machine: &'a mut M,
    /// Data of the machines around it that it names.
    pub outer: M::Outer<'a>,
    /// The root's local data and the persistent data.
    pub shared: &'a mut A::Shared,
    /// Takes what the step asks for.
    pub effects: &'a mut F,
}

impl<A, S, D, const TIMERS: usize, R, F> Context<'_, A, Machine<S, D, TIMERS, R>, F>
where
    A: Compiled,
    S: State,
    Machine<S, D, TIMERS, R>: Steps<A>,
    F: EffectsFor<A>,
{
    /// The initial state becomes active; its entry follows.
    #[inline]
    pub fn start(&mut self, initial: S) {
        self.machine.state = initial;
        self.effects.started(initial.index());
    }

    /// The initial state has been entered: the machine is running.
    #[inline]
    pub fn entered(&mut self) {
        self.machine.status = Status::Running;
        self.machine.entered = true;
    }

    /// State `to` becomes active; its entry follows.
    #[inline]
    pub fn transition(&mut self, to: S, kind: TransitionKind) {
        let from = mem::replace(&mut self.machine.state, to);
        self.effects.transition(from.index(), to.index(), kind);
    }

    /// An internal transition of the active state is taken.
    #[inline]
    pub fn internal(&mut self) {
        self.effects.internal(self.machine.state.index());
    }

    /// A terminal state has been entered.
    #[inline]
    pub fn terminate(&mut self) -> Outcome {
        self.machine.status = Status::Ended;
        Outcome::Terminated
    }
}

impl<A: Compiled, M: Steps<A>, F: EffectsFor<A>> Context<'_, A, M, F> {
    /// See [`Effects::raise`](crate::Effects::raise).
    #[inline]
    pub fn raise(&mut self, channel: Channel, event: A::Event) {
        self.effects.raise(channel, event);
    }

    /// See [`Effects::invoke`](crate::Effects::invoke).
    #[inline]
    pub fn invoke(&mut self, invoke: u16, call: A::Call) {
        self.effects.invoke(invoke, call);
    }

    /// See [`Effects::set_timer`](crate::Effects::set_timer).
    #[inline]
    pub fn set_timer(&mut self, timer: u16, delay_ms: u64) {
        self.effects.set_timer(timer, delay_ms);
    }

    /// See [`Effects::cancel_timer`](crate::Effects::cancel_timer).
    #[inline]
    pub fn cancel_timer(&mut self, timer: u16) {
        self.effects.cancel_timer(timer);
    }

    /// See [`Effects::cancel_while`](crate::Effects::cancel_while).
    #[inline]
    pub fn cancel_while(&mut self) {
        self.effects.cancel_while();
    }

    /// See [`Effects::micro_step_limit`](crate::Effects::micro_step_limit).
    #[inline]
    #[must_use]
    pub fn micro_step_limit(&self) -> u32 {
        self.effects.micro_step_limit()
    }
}

/// The step functions of a machine, generated from its description. See [`Machines`](crate::Machines) for what
/// they do; one that fails has changed nothing but the effects.
pub trait Steps<A: Compiled>: AnyMachine + Sized {
    /// Data of the machines around it that it names.
    type Outer<'a>;

    /// Whether a step after the start may build, copy or search strings or collections, and so needs a budget.
    const BUILDS: bool = true;

    /// Creates the data, enters the initial state and follows `always`.
    ///
    /// # Errors
    /// The step error; the caller ends the machine.
    fn start<F: EffectsFor<A>>(cx: &mut Context<'_, A, Self, F>) -> StepResult;

    /// Handles one event.
    ///
    /// # Errors
    /// The step error.
    fn step<F: EffectsFor<A>>(cx: &mut Context<'_, A, Self, F>, event: &A::Event) -> StepResult;

    /// An `after` timer is due.
    ///
    /// # Errors
    /// The step error.
    fn fire<F: EffectsFor<A>>(cx: &mut Context<'_, A, Self, F>, timer: u16) -> Result<(), StepError> {
        let _ = (cx, timer);
        Ok(())
    }

    /// An invocation has completed.
    ///
    /// # Errors
    /// The step error.
    fn complete<F: EffectsFor<A>>(
        cx: &mut Context<'_, A, Self, F>,
        invoke: u16,
        reply: &<A::Call as Call>::Reply,
    ) -> Result<(), StepError> {
        let _ = (cx, invoke, reply);
        Ok(())
    }

    /// Local and static variables of the machine and its active state, inner ones last.
    fn variables(&self) -> Variables {
        Variables::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, Default, PartialEq)]
    enum Lamp {
        #[default]
        Off,
        On,
    }

    impl State for Lamp {
        fn index(self) -> u16 {
            self as u16
        }
    }

    #[test]
    fn a_new_machine_is_idle_and_shows_no_state() {
        let mut machine = Machine::<Lamp>::default();
        assert_eq!((machine.state, machine.status(), machine.active()), (Lamp::Off, Status::Idle, None));
        machine.state = Lamp::On;
        machine.entered = true;
        assert_eq!(machine.active(), Some(1));
        machine.end();
        assert_eq!((machine.status(), machine.active()), (Status::Ended, Some(1)));
    }

    #[test]
    fn a_timer_that_does_not_exist_is_never_pending() {
        let mut machine = Machine::<Lamp, (), 1>::default();
        assert_eq!(machine.replace_timer(0, TimerKey(7)), TimerKey::NONE);
        assert_eq!(machine.replace_timer(0, TimerKey::NONE), TimerKey(7));
        assert_eq!(machine.replace_timer(1, TimerKey(7)), TimerKey::NONE);
        assert_eq!(machine.replace_timer(1, TimerKey(7)), TimerKey::NONE);
    }
}
