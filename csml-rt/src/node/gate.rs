//! The commit gate: steps that have succeeded but are not complete yet, because their writes to persistent data must
//! be committed to a store first, and steps that fail because of what they raise for other processes
//! (docs/semantics.md#7-a-step-is-a-transaction).
//!
//! Before such a step the instance and the shared data are saved. What it has raised and asked for stays out of sight
//! until the driver of the node says how the commit ended; no other step is taken meanwhile. Without a store and
//! without other processes there is no gate, and nothing is saved.

use std::collections::VecDeque;

use csml_rt_core::{Machines, Misfit, Outcome, Position, StepError, StepErrorKind, Value};

use super::outbound::{OutboundCheck, OutboundEvent, Rejects};
use super::step::Mark;
use super::work::{Trigger, Work};
use super::{Address, Node, Observer, TraceContext};

/// What the gate knows.
pub(super) struct Gate<A: Machines> {
    /// Persistent data are in a store.
    stored: bool,
    /// Which outbound events make their step fail at present.
    pub(super) rejects: Rejects,
    /// The replica of the persistent data shows everything that this process has to have seen.
    fresh: bool,
    /// A step was not taken, or undone, because the replica was not fresh.
    wants_fresh: bool,
    deferred: Option<Deferred<A>>,
    pub(super) outbound_check: Option<OutboundCheck<A::Event>>,
}

impl<A: Machines> Default for Gate<A> {
    fn default() -> Self {
        Self {
            stored: false,
            rejects: Rejects::default(),
            fresh: true,
            wants_fresh: false,
            deferred: None,
            outbound_check: None,
        }
    }
}

/// What a step started from.
pub(super) struct Saved<A: Machines> {
    instance: A::Instance,
    shared: A::Shared,
}

/// How an attempt to take a step ended.
pub(super) enum Progress<A: Machines> {
    /// The work is done: the step is complete, has failed, or was no longer due.
    Done,
    /// The step has to be taken again, with newer data.
    Retry,
    /// The step waits for its commit.
    Deferred(Box<Settled<A>>),
}

/// A step that has succeeded and writes to persistent data.
pub(super) struct Settled<A: Machines> {
    saved: Saved<A>,
    outcome: Outcome,
    raised: Vec<Work<A::Event>>,
    outbound: VecDeque<OutboundEvent<A::Event>>,
    writes: Vec<(u16, Option<Value>)>,
    context: TraceContext,
}

/// A step whose writes are being committed.
struct Deferred<A: Machines> {
    work: Work<A::Event>,
    settled: Box<Settled<A>>,
}

/// Persistent writes of a step that wait to be committed.
#[derive(Debug)]
pub struct Pending<'n> {
    /// Positions of the persistent variables that the step may have read, ascending; those it wrote are among
    /// them.
    pub reads: &'static [u16],
    /// What it wrote: positions and new values, `None` for a variable that it deleted.
    pub writes: &'n [(u16, Option<Value>)],
}

impl<A: Machines> Node<A> {
    /// From now on persistent data are in a store: steps that change any wait for
    /// [`commit`](Self::commit), [`retry`](Self::retry) or [`reject`](Self::reject).
    pub fn set_stored(&mut self) {
        self.gate.get_or_insert_default().stored = true;
    }

    /// Whether the replica of the persistent data is as new as everything that this process knows of. While it
    /// is not, a step that only reads them is not taken ([`wants_fresh`](Self::wants_fresh)).
    pub fn set_fresh(&mut self, fresh: bool) {
        if let Some(gate) = &mut self.gate {
            gate.fresh = fresh;
            if fresh {
                gate.wants_fresh = false;
            }
        }
    }

    /// Whether a step waits for a newer replica.
    #[must_use]
    pub fn wants_fresh(&self) -> bool {
        self.gate.as_ref().is_some_and(|gate| gate.wants_fresh)
    }

    /// Which steps fail at present because of what they raise: they are rolled back, and their events are dead
    /// letters.
    pub fn set_rejects(&mut self, rejects: Rejects) {
        if rejects != Rejects::default() || self.gate.is_some() {
            self.gate.get_or_insert_default().rejects = rejects;
        }
    }

    /// The step that waits for its commit.
    #[must_use]
    pub fn pending(&self) -> Option<Pending<'_>> {
        let deferred = self.gate.as_ref()?.deferred.as_ref()?;
        Some(Pending { reads: self.footprint(deferred.work.at()), writes: &deferred.settled.writes })
    }

    /// The writes of the step that waits are committed: it is complete.
    pub fn commit<O: Observer<A>>(&mut self, observer: &mut O) {
        let Some(Deferred { work, settled }) = self.take_deferred() else {
            return;
        };
        self.sinks.queue.append(settled.raised);
        self.sinks.outbound.extend(settled.outbound);
        self.conclude(&work, settled.outcome, &settled.context, observer);
        self.count_remote(work.origin);
    }

    /// The step that waits could not be committed: it is undone, and is the next one to be taken.
    pub fn retry(&mut self) {
        let Some(Deferred { work, settled }) = self.take_deferred() else {
            return;
        };
        self.sinks.buffer.effects.clear();
        self.counters.steps -= 1;
        self.restore(work.at(), settled.saved);
        // A start is found again by the machine's status.
        if !matches!(work.trigger, Trigger::Start) {
            self.sinks.queue.push_front(work);
        }
    }

    /// The step that waits can never be committed, for a reason: it is rolled back, and its event is a dead
    /// letter (docs/semantics.md#8-errors-in-a-step).
    pub fn reject<O: Observer<A>>(&mut self, reason: &str, observer: &mut O) {
        let Some(Deferred { work, settled }) = self.take_deferred() else {
            return;
        };
        self.restore(work.at(), settled.saved);
        let error = StepError::new(StepErrorKind::Rejected, Position::new(1, 1), reason.to_owned());
        self.fail_step(&work, self.mark(), &error, &settled.context, observer);
        self.count_remote(work.origin);
    }

    fn take_deferred(&mut self) -> Option<Deferred<A>> {
        self.gate.as_mut()?.deferred.take()
    }

    /// Keeps a step until its writes are committed.
    pub(super) fn defer(&mut self, work: Work<A::Event>, settled: Box<Settled<A>>) {
        if let Some(gate) = &mut self.gate {
            gate.deferred = Some(Deferred { work, settled });
        }
    }

    /// Whether a step waits for its commit.
    #[inline]
    pub(super) fn is_deferred(&self) -> bool {
        self.gate.as_ref().is_some_and(|gate| gate.deferred.is_some())
    }

    /// Brings a persistent variable up to date. Not while a step waits for its commit.
    ///
    /// # Errors
    /// The value has another type than the description gives the variable.
    pub fn set_persistent(&mut self, variable: u16, value: Option<&Value>) -> Result<(), Misfit> {
        A::set_persistent(&mut self.shared, variable, value)
    }

    /// The value of a persistent variable; `None` if it does not exist.
    #[must_use]
    pub fn persistent_value(&self, variable: u16) -> Option<Value> {
        A::persistent_value(&self.shared, variable)
    }

    /// Gives the node the data that the instances share, before any has started.
    pub(crate) fn set_shared(&mut self, shared: A::Shared) {
        self.shared = shared;
    }

    fn footprint(&self, at: Address) -> &'static [u16] {
        self.directory.machine(at.machine).map_or(&[], |machine| machine.persistent)
    }

    /// What to go back to, if the step that comes may have to be undone after it has succeeded.
    #[inline]
    pub(super) fn save(&self, at: Address) -> Option<Saved<A>> {
        match &self.gate {
            None => None,
            Some(gate) => self.save_for(gate, at),
        }
    }

    #[cold]
    fn save_for(&self, gate: &Gate<A>, at: Address) -> Option<Saved<A>> {
        let stored = gate.stored && !self.footprint(at).is_empty();
        let checked = gate.outbound_check.as_ref().is_some_and(|check| check.concerns(at.machine));
        if !stored && gate.rejects == Rejects::default() && !checked {
            return None;
        }
        let slot = self.slots.get(at.instance as usize)?;
        Some(Saved { instance: slot.instance.clone(), shared: self.shared.clone() })
    }

    fn restore(&mut self, at: Address, saved: Saved<A>) {
        self.shared = saved.shared;
        if let Some(slot) = self.slots.get_mut(at.instance as usize) {
            slot.instance = saved.instance;
        }
    }

    /// Decides about a step that has succeeded.
    ///
    /// # Errors
    /// Something that it raises may not leave; the instance and the shared data are as before.
    #[cold]
    pub(super) fn settle(
        &mut self,
        at: Address,
        saved: Saved<A>,
        mark: Mark,
        outcome: Outcome,
        context: &TraceContext,
    ) -> Result<Progress<A>, StepError> {
        if let Err(error) = self.may_leave(mark.outbound) {
            self.restore(at, saved);
            return Err(error);
        }
        let footprint = self.footprint(at);
        let Some(gate) = &self.gate else {
            return Ok(Progress::Done);
        };
        if !gate.stored || footprint.is_empty() {
            return Ok(Progress::Done);
        }
        let mut writes = Vec::new();
        for &variable in footprint {
            let now = A::persistent_value(&self.shared, variable);
            if now != A::persistent_value(&saved.shared, variable) {
                writes.push((variable, now));
            }
        }
        if writes.is_empty() {
            if gate.fresh {
                return Ok(Progress::Done);
            }
            return Ok(self.retry_fresh(at, saved, mark));
        }
        let raised = self.sinks.queue.split_off(mark.queue);
        let outbound = self.sinks.outbound.split_off(mark.outbound.min(self.sinks.outbound.len()));
        let context = context.clone();
        Ok(Progress::Deferred(Box::new(Settled { saved, outcome, raised, outbound, writes, context })))
    }

    /// Whether a step that has failed may have failed because of old data.
    #[cold]
    pub(super) fn is_outdated(&self) -> bool {
        self.gate.as_ref().is_some_and(|gate| gate.stored && !gate.fresh)
    }

    /// Undoes a step that was taken with old data; it is taken again with newer ones.
    #[cold]
    pub(super) fn retry_fresh(&mut self, at: Address, saved: Saved<A>, mark: Mark) -> Progress<A> {
        if let Some(gate) = &mut self.gate {
            gate.wants_fresh = true;
        }
        self.undo(mark);
        self.counters.steps -= 1;
        self.restore(at, saved);
        Progress::Retry
    }
}
