//! Steps that may have to be taken back after they succeeded: their writes to persistent data must first be
//! committed to a store, or what they raise for other processes may be refused (SEMANTICS 7).
//!
//! Before such a step the instance and the shared data are saved, and what it raised and asked for stays out of sight until whoever drives the node says how the commit ended. Nothing
//! else runs meanwhile. Without a store and without other processes there is no gate and no copy.

use std::collections::VecDeque;

use csml_rt_core::{Machines, Misfit, Outcome, Position, StepError, StepErrorKind, Value};

use super::departures::Departures;
use super::line::{Away, Entry, Item};
use super::{Address, Cause, Context, Host, Node};

/// What the gate knows.
pub(super) struct Gate<A: Machines> {
    /// Persistent data are in a store.
    stored: bool,
    /// What is refused at present.
    pub(super) refuses: Refuses,
    /// The replica of the persistent data shows everything that this process has to have seen.
    fresh: bool,
    /// A step was not taken, or taken back, because the replica was not fresh.
    wants_fresh: bool,
    held: Option<Held<A>>,
    /// What is looked at before it leaves.
    pub(super) departures: Option<Departures<A::Event>>,
}

impl<A: Machines> Default for Gate<A> {
    fn default() -> Self {
        Self {
            stored: false,
            refuses: Refuses::default(),
            fresh: true,
            wants_fresh: false,
            held: None,
            departures: None,
        }
    }
}

/// What steps may not raise at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Refuses {
    /// Events for instances of other processes.
    pub away: bool,
    /// Events that leave the application.
    pub out: bool,
}

/// What a step started from.
pub(super) struct Saved<A: Machines> {
    instance: A::Instance,
    shared: A::Shared,
    line: usize,
    pub(super) away: usize,
}

/// A step whose writes are being committed.
struct Held<A: Machines> {
    at: Address,
    saved: Saved<A>,
    /// What the step was about; `None` for the start of an instance.
    entry: Option<Entry<A::Event>>,
    outcome: Outcome,
    raised: VecDeque<Entry<A::Event>>,
    away: VecDeque<Away<A::Event>>,
    writes: Vec<(u16, Option<Value>)>,
    context: Context,
}

/// How an attempt to take a step ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// The step is complete, or there was none to take.
    Done,
    /// It waits for its commit.
    Held,
    /// It has to be taken again.
    Again,
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
    /// [`commit`](Self::commit) or [`take_back`](Self::take_back).
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

    /// Which steps fail at present for what they raise: they are rolled back, and their events are dead letters.
    pub fn refuse(&mut self, refuses: Refuses) {
        if refuses != Refuses::default() || self.gate.is_some() {
            self.gate.get_or_insert_default().refuses = refuses;
        }
    }

    /// The step that waits for its commit.
    #[must_use]
    pub fn pending(&self) -> Option<Pending<'_>> {
        let held = self.gate.as_ref()?.held.as_ref()?;
        Some(Pending { reads: self.footprint(held.at), writes: &held.writes })
    }

    /// The writes of the step that waits are committed: it is complete.
    pub fn commit<H: Host<A>>(&mut self, host: &mut H) {
        let Some(mut held) = self.gate.as_mut().and_then(|gate| gate.held.take()) else {
            return;
        };
        self.line.append(&mut held.raised);
        self.away.append(&mut held.away);
        self.context = held.context;
        match held.entry {
            None => self.conclude_start(held.at, held.outcome, host),
            Some(entry) => {
                match &entry.item {
                    Item::Event { event, channel, origin, .. } => {
                        self.conclude_event(held.at, event, *channel, *origin, held.outcome, host);
                    }
                    Item::Timer { timer, .. } => self.conclude_timer(held.at, *timer, host),
                    Item::Completion(id) => self.conclude_completion(held.at, *id, host),
                }
                self.count_elsewhere(&entry.item);
            }
        }
        self.context = Context::NONE;
    }

    /// The step that waits could not be committed: it has not been taken, and is the next one to be.
    pub fn take_back(&mut self) {
        let Some(held) = self.gate.as_mut().and_then(|gate| gate.held.take()) else {
            return;
        };
        self.buffer.effects.clear();
        self.counters.steps -= 1;
        self.restore(held.at, held.saved);
        if let Some(entry) = held.entry {
            self.line.push_front(entry);
        }
    }

    /// The step that waits can never be committed, for a reason: it is rolled back, and its event is a dead
    /// letter (SEMANTICS 8).
    pub fn reject<H: Host<A>>(&mut self, reason: &str, host: &mut H) {
        let Some(held) = self.gate.as_mut().and_then(|gate| gate.held.take()) else {
            return;
        };
        let mark = (self.line.len(), self.away.len());
        self.restore(held.at, held.saved);
        self.context = held.context;
        let at = held.at;
        let error = StepError::new(StepErrorKind::Refused, Position::new(1, 1), reason.to_owned());
        match &held.entry {
            None => {
                self.dead_letter(at, mark, Cause::Start, &error, host);
                self.end_machine(at);
            }
            Some(entry) => {
                match &entry.item {
                    Item::Event { event, .. } => {
                        self.dead_letter(at, mark, Cause::Event(event), &error, host)
                    }
                    Item::Timer { timer, .. } => {
                        self.dead_letter(at, mark, Cause::Timer(*timer), &error, host)
                    }
                    Item::Completion(id) => {
                        let owner =
                            self.calls.owner(*id).and_then(|(_, invoke, _)| self.invoke_info(at, invoke));
                        self.forget(at, *id);
                        let service = owner.map_or(0, |info| info.service);
                        self.dead_letter(at, mark, Cause::Invoke(service), &error, host);
                    }
                }
                self.count_elsewhere(&entry.item);
            }
        }
        self.context = Context::NONE;
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

    /// What to go back to, if the step that comes may have to be taken back.
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
        let leaving = gate.departures.as_ref().is_some_and(|departures| departures.raised_by(at.machine));
        if !stored && gate.refuses == Refuses::default() && !leaving {
            return None;
        }
        let slot = self.slots.get(at.instance as usize)?;
        Some(Saved {
            instance: slot.instance.clone(),
            shared: self.shared.clone(),
            line: self.line.len(),
            away: self.away.len(),
        })
    }

    fn restore(&mut self, at: Address, saved: Saved<A>) {
        self.shared = saved.shared;
        if let Some(slot) = self.slots.get_mut(at.instance as usize) {
            slot.instance = saved.instance;
        }
    }

    /// What becomes of a step that has succeeded.
    ///
    /// # Errors
    /// It is refused; everything is as before it.
    pub(super) fn settle(
        &mut self,
        at: Address,
        saved: Saved<A>,
        outcome: Outcome,
    ) -> Result<Turn, StepError> {
        let footprint = self.footprint(at);
        if let Err(error) = self.object(&saved) {
            self.buffer.effects.clear();
            self.line.truncate(saved.line);
            self.away.truncate(saved.away);
            self.restore(at, saved);
            return Err(error);
        }
        let Some(gate) = &mut self.gate else {
            return Ok(Turn::Done);
        };
        if !gate.stored || footprint.is_empty() {
            return Ok(Turn::Done);
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
                return Ok(Turn::Done);
            }
            gate.wants_fresh = true;
            self.buffer.effects.clear();
            self.line.truncate(saved.line);
            self.away.truncate(saved.away);
            self.counters.steps -= 1;
            self.restore(at, saved);
            return Ok(Turn::Again);
        }
        let raised = self.line.split_off(saved.line.min(self.line.len()));
        let away = self.away.split_off(saved.away.min(self.away.len()));
        let context = self.context.clone();
        gate.held = Some(Held { at, saved, entry: None, outcome, raised, away, writes, context });
        Ok(Turn::Held)
    }

    /// Whether a step that has failed is to be taken again with a newer replica.
    pub(super) fn failed_on_old_data(&mut self, saved: Option<&Saved<A>>) -> bool {
        let (Some(gate), Some(saved)) = (&mut self.gate, saved) else {
            return false;
        };
        if gate.fresh || !gate.stored {
            return false;
        }
        gate.wants_fresh = true;
        self.buffer.effects.clear();
        self.line.truncate(saved.line);
        self.away.truncate(saved.away);
        self.counters.steps -= 1;
        true
    }

    /// Keeps what a step that waits for its commit was about.
    pub(super) fn park(&mut self, entry: Entry<A::Event>) {
        if let Some(held) = self.gate.as_mut().and_then(|gate| gate.held.as_mut()) {
            held.entry = Some(entry);
        }
    }

    /// Whether a step waits for its commit.
    #[inline]
    pub(super) fn holds(&self) -> bool {
        self.gate.as_ref().is_some_and(|gate| gate.held.is_some())
    }
}
