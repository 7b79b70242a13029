//! What is done to a machine that was found by its index: the functions of [`Machines`](crate::Machines).

use crate::{
    Status, StepError, TimerKey, budget,
    compiled::{Call, Compiled, EffectsFor, Look, Visit},
    machine::{Context, StepResult, Steps, Variables},
};

/// A step begins.
#[inline]
fn renew<A: Compiled, M: Steps<A>>() {
    if M::BUILDS {
        budget::renew();
    }
}

pub(crate) struct Start<'a, A: Compiled, F> {
    pub(crate) shared: &'a mut A::Shared,
    pub(crate) effects: &'a mut F,
}

impl<'a, A: Compiled, F: EffectsFor<A>> Visit<'a, A> for Start<'a, A, F> {
    type Output = StepResult;

    #[inline]
    fn visit<M: Steps<A>>(self, machine: &'a mut M, outer: M::Outer<'a>) -> StepResult {
        budget::renew();
        let mut cx = Context { machine, outer, shared: self.shared, effects: self.effects };
        let result = M::start(&mut cx);
        if result.is_err() {
            cx.machine.undo_start();
        }
        result
    }
}

pub(crate) struct Step<'a, A: Compiled, F> {
    pub(crate) shared: &'a mut A::Shared,
    pub(crate) event: &'a A::Event,
    pub(crate) effects: &'a mut F,
}

impl<'a, A: Compiled, F: EffectsFor<A>> Visit<'a, A> for Step<'a, A, F> {
    type Output = StepResult;

    #[inline]
    fn visit<M: Steps<A>>(self, machine: &'a mut M, outer: M::Outer<'a>) -> StepResult {
        renew::<A, M>();
        M::step(&mut Context { machine, outer, shared: self.shared, effects: self.effects }, self.event)
    }
}

pub(crate) struct StepIfRunning<'a, A: Compiled, F>(pub(crate) Step<'a, A, F>);

impl<'a, A: Compiled, F: EffectsFor<A>> Visit<'a, A> for StepIfRunning<'a, A, F> {
    type Output = Option<StepResult>;

    #[inline]
    fn visit<M: Steps<A>>(self, machine: &'a mut M, outer: M::Outer<'a>) -> Option<StepResult> {
        match machine.status() {
            Status::Running => Some(self.0.visit(machine, outer)),
            _ => None,
        }
    }
}

pub(crate) struct Fire<'a, A: Compiled, F> {
    pub(crate) shared: &'a mut A::Shared,
    pub(crate) timer: u16,
    pub(crate) effects: &'a mut F,
}

impl<'a, A: Compiled, F: EffectsFor<A>> Visit<'a, A> for Fire<'a, A, F> {
    type Output = Result<(), StepError>;

    #[inline]
    fn visit<M: Steps<A>>(self, machine: &'a mut M, outer: M::Outer<'a>) -> Result<(), StepError> {
        renew::<A, M>();
        M::fire(&mut Context { machine, outer, shared: self.shared, effects: self.effects }, self.timer)
    }
}

pub(crate) struct Complete<'a, A: Compiled, F> {
    pub(crate) shared: &'a mut A::Shared,
    pub(crate) invoke: u16,
    pub(crate) reply: &'a <A::Call as Call>::Reply,
    pub(crate) effects: &'a mut F,
}

impl<'a, A: Compiled, F: EffectsFor<A>> Visit<'a, A> for Complete<'a, A, F> {
    type Output = Result<(), StepError>;

    #[inline]
    fn visit<M: Steps<A>>(self, machine: &'a mut M, outer: M::Outer<'a>) -> Result<(), StepError> {
        renew::<A, M>();
        let cx = &mut Context { machine, outer, shared: self.shared, effects: self.effects };
        M::complete(cx, self.invoke, self.reply)
    }
}

pub(crate) struct ReplaceTimer {
    pub(crate) timer: u16,
    pub(crate) key: TimerKey,
}

impl<'a, A: Compiled> Visit<'a, A> for ReplaceTimer {
    type Output = TimerKey;

    #[inline]
    fn visit<M: Steps<A>>(self, machine: &'a mut M, _: M::Outer<'a>) -> TimerKey {
        machine.replace_timer(self.timer, self.key)
    }
}

pub(crate) struct End;

impl<'a, A: Compiled> Visit<'a, A> for End {
    type Output = ();

    #[inline]
    fn visit<M: Steps<A>>(self, machine: &'a mut M, _: M::Outer<'a>) {
        machine.end();
    }
}

pub(crate) struct LookAtStatus;

impl<A: Compiled> Look<A> for LookAtStatus {
    type Output = Status;

    #[inline]
    fn look<M: Steps<A>>(self, machine: &M) -> Status {
        machine.status()
    }
}

pub(crate) struct LookAtState;

impl<A: Compiled> Look<A> for LookAtState {
    type Output = Option<u16>;

    #[inline]
    fn look<M: Steps<A>>(self, machine: &M) -> Option<u16> {
        machine.active()
    }
}

pub(crate) struct LookAtVariables;

impl<A: Compiled> Look<A> for LookAtVariables {
    type Output = Variables;

    fn look<M: Steps<A>>(self, machine: &M) -> Variables {
        if machine.active().is_none() {
            return Variables::new();
        }
        machine.variables()
    }
}
