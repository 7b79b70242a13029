//! Taking steps and releasing what they ask for (SEMANTICS 3, 7, 8).

use csml_rt_core::{Channel, Effect, Machines, Outcome, Status, StepError};

use super::gate::Turn;
use super::line::{Item, Origin};
use super::outbox::{Outbox, audience};
use super::{Address, CallId, Cause, Context, ErrorPolicy, Host, Node, Record, Source, Trigger, View};
use crate::timer_wheel::TimerId;

/// The effects of a step of `$at`: a macro, because it borrows a part of the node only.
macro_rules! outbox {
    ($node:ident, $at:ident, $origin:ident) => {
        Outbox::<A> {
            buffer: &mut $node.buffer,
            line: &mut $node.line,
            away: &mut $node.away,
            routes: &$node.routes,
            directory: &$node.directory,
            at: $at,
            origin: $origin,
            context: &$node.context,
        }
    };
}

impl<A: Machines> Node<A> {
    /// Starts every instance of this process that was not started yet, in order of the description, each with
    /// everything nested in it before the next one. `false` if one waits for its commit or for newer data
    /// ([`pending`](Self::pending), [`wants_fresh`](Self::wants_fresh)): call it again after that.
    pub fn start<H: Host<A>>(&mut self, host: &mut H) -> bool {
        self.buffer.observed = H::OBSERVES;
        self.context = Context::NONE;
        let instances: Vec<u32> = self.routes.instances().collect();
        let from = self.starting;
        for (index, &instance) in instances.iter().enumerate().skip(from) {
            self.starting = index;
            let Some(top) = self.directory.top(instance) else {
                continue;
            };
            for machine in self.directory.hierarchy(top) {
                let at = Address { instance, machine };
                if self.status(at) == Status::Idle
                    && !self.halted
                    && (self.holds() || self.start_one(at, host) != Turn::Done)
                {
                    return false;
                }
            }
        }
        self.starting = instances.len();
        true
    }

    /// Handles what waits in the line, at most `budget` steps. Returns how many steps were taken; fewer
    /// than `budget` only if the line is empty, the application was stopped, or a step waits for its commit
    /// or for newer data.
    pub fn run<H: Host<A>>(&mut self, host: &mut H, budget: u64) -> u64 {
        self.buffer.observed = H::OBSERVES;
        let before = self.counters.steps;
        if self.holds() {
            return 0;
        }
        while !self.halted && self.counters.steps - before < budget {
            let Some(entry) = self.line.pop_front() else {
                break;
            };
            let to = entry.to;
            let turn = match &entry.item {
                Item::Event { event, channel, origin, context } => {
                    self.context = context.step(&mut self.spans);
                    self.handle(to, event, *channel, *origin, host)
                }
                Item::Timer { timer, id } => {
                    self.context = Context::NONE;
                    self.fire(to, *timer, *id, host)
                }
                Item::Completion(id) => {
                    self.context = self.calls.context(*id).step(&mut self.spans);
                    self.finish(to, *id, host)
                }
            };
            match turn {
                Turn::Done => self.count_elsewhere(&entry.item),
                Turn::Held => {
                    self.park(entry);
                    break;
                }
                Turn::Again => {
                    self.line.push_front(entry);
                    break;
                }
            }
        }
        self.context = Context::NONE;
        self.counters.steps - before
    }

    /// Counts what another process waits to hear of.
    #[inline]
    pub(super) fn count_elsewhere(&mut self, item: &Item<A::Event>) {
        if let Item::Event { origin, .. } = item
            && origin.is_elsewhere()
        {
            self.handled_elsewhere += 1;
        }
    }

    fn view(&self, at: Address) -> View<'_> {
        View::new(&self.directory, self.now, at, &self.context)
    }

    fn start_one<H: Host<A>>(&mut self, at: Address, host: &mut H) -> Turn {
        let saved = self.save(at);
        let _span = host.begin(self.view(at));
        let Some(slot) = self.slots.get_mut(at.instance as usize) else {
            return Turn::Done;
        };
        self.counters.steps += 1;
        let mark = (self.line.len(), self.away.len());
        let origin = Origin::machine(at);
        let fx = &mut outbox!(self, at, origin);
        let result = match A::start(&mut slot.instance, &mut self.shared, at.machine, fx) {
            Ok(outcome) => match saved.map(|saved| self.settle(at, saved, outcome)) {
                None | Some(Ok(Turn::Done)) => Ok(outcome),
                Some(Ok(turn)) => return turn,
                Some(Err(error)) => Err(error),
            },
            Err(_) if self.failed_on_old_data(saved.as_ref()) => return Turn::Again,
            Err(error) => Err(error),
        };
        match result {
            Ok(outcome) => self.conclude_start(at, outcome, host),
            Err(error) => {
                self.dead_letter(at, mark, Cause::Start, &error, host);
                self.end_machine(at);
            }
        }
        Turn::Done
    }

    pub(super) fn conclude_start<H: Host<A>>(&mut self, at: Address, outcome: Outcome, host: &mut H) {
        self.release(at, Origin::machine(at), host);
        if outcome == Outcome::Terminated {
            self.terminated(at, host);
        }
    }

    #[inline]
    fn handle<H: Host<A>>(
        &mut self,
        at: Address,
        event: &A::Event,
        channel: Channel,
        origin: Origin,
        host: &mut H,
    ) -> Turn {
        let Some(slot) = self.slots.get(at.instance as usize) else {
            return Turn::Done;
        };
        if A::status(&slot.instance, at.machine) != Status::Running {
            return Turn::Done;
        }
        let saved = self.save(at);
        let _span = host.begin(self.view(at));
        let Some(slot) = self.slots.get_mut(at.instance as usize) else {
            return Turn::Done;
        };
        self.counters.steps += 1;
        let mark = (self.line.len(), self.away.len());
        let by = Origin::machine(at);
        let fx = &mut outbox!(self, at, by);
        let result = A::step(&mut slot.instance, &mut self.shared, at.machine, event, fx);
        if let Some(trail) = &mut self.trail {
            trail.push((at, Trigger::Event(A::event_index(event))));
        }
        let outcome = match result {
            Ok(outcome) => outcome,
            Err(_) if self.failed_on_old_data(saved.as_ref()) => return Turn::Again,
            Err(error) => {
                self.dead_letter(at, mark, Cause::Event(event), &error, host);
                return Turn::Done;
            }
        };
        if let Some(saved) = saved {
            match self.settle(at, saved, outcome) {
                Ok(Turn::Done) => {}
                Ok(turn) => return turn,
                Err(error) => {
                    self.dead_letter(at, mark, Cause::Event(event), &error, host);
                    return Turn::Done;
                }
            }
        }
        self.conclude_event(at, event, channel, origin, outcome, host);
        Turn::Done
    }

    #[inline]
    pub(super) fn conclude_event<H: Host<A>>(
        &mut self,
        at: Address,
        event: &A::Event,
        channel: Channel,
        origin: Origin,
        outcome: Outcome,
        host: &mut H,
    ) {
        if H::OBSERVES {
            let record = Record::Event { event, channel, source: origin.source() };
            host.record(self.view(at), record);
        }
        if !self.buffer.effects.is_empty() {
            self.release(at, Origin::machine(at), host);
        }
        match outcome {
            Outcome::Handled => self.counters.handled += 1,
            Outcome::Unhandled => {
                self.counters.unhandled += 1;
                if H::OBSERVES {
                    host.record(self.view(at), Record::Unhandled { event });
                }
            }
            Outcome::Terminated => {
                self.counters.handled += 1;
                self.terminated(at, host);
            }
        }
    }

    fn fire<H: Host<A>>(&mut self, at: Address, timer: u16, id: TimerId, host: &mut H) -> Turn {
        let Some(slot) = self.slots.get(at.instance as usize) else {
            return Turn::Done;
        };
        // Cancelled or reset since it joined the line.
        if self.wheel.get(id).is_none_or(|due| !due.is(at, timer))
            || A::status(&slot.instance, at.machine) != Status::Running
        {
            return Turn::Done;
        }
        let saved = self.save(at);
        let _span = host.begin(self.view(at));
        let Some(slot) = self.slots.get_mut(at.instance as usize) else {
            return Turn::Done;
        };
        self.counters.steps += 1;
        let mark = (self.line.len(), self.away.len());
        let origin = Origin::from(Source::Timer(at.machine, timer));
        let fx = &mut outbox!(self, at, origin);
        let result = A::fire(&mut slot.instance, &mut self.shared, at.machine, timer, fx);
        self.note(at, Trigger::Timer(timer));
        let result = match result {
            Ok(()) => match saved.map(|saved| self.settle(at, saved, Outcome::Handled)) {
                None | Some(Ok(Turn::Done)) => Ok(()),
                Some(Ok(turn)) => return turn,
                Some(Err(error)) => Err(error),
            },
            Err(_) if self.failed_on_old_data(saved.as_ref()) => return Turn::Again,
            Err(error) => Err(error),
        };
        match result {
            Ok(()) => self.conclude_timer(at, timer, host),
            Err(error) => self.dead_letter(at, mark, Cause::Timer(timer), &error, host),
        }
        Turn::Done
    }

    pub(super) fn conclude_timer<H: Host<A>>(&mut self, at: Address, timer: u16, host: &mut H) {
        self.release(at, Origin::from(Source::Timer(at.machine, timer)), host);
    }

    fn finish<H: Host<A>>(&mut self, at: Address, id: CallId, host: &mut H) -> Turn {
        let Some((_, invoke, _)) = self.calls.owner(id) else {
            return Turn::Done;
        };
        let Some(info) = self.invoke_info(at, invoke) else {
            return Turn::Done;
        };
        let running = self
            .slots
            .get(at.instance as usize)
            .is_some_and(|slot| A::status(&slot.instance, at.machine) == Status::Running);
        if !running {
            self.forget(at, id);
            return Turn::Done;
        }
        let saved = self.save(at);
        let _span = host.begin(self.view(at));
        let (Some(slot), Some(reply)) = (self.slots.get_mut(at.instance as usize), self.calls.reply(id))
        else {
            return Turn::Done;
        };
        self.counters.steps += 1;
        let mark = (self.line.len(), self.away.len());
        let origin = Origin::from(Source::Invoke(info.service));
        let fx = &mut outbox!(self, at, origin);
        let result = A::complete(&mut slot.instance, &mut self.shared, at.machine, invoke, reply, fx);
        self.note(at, Trigger::Invoke(info.service));
        let result = match result {
            Ok(()) => match saved.map(|saved| self.settle(at, saved, Outcome::Handled)) {
                None | Some(Ok(Turn::Done)) => Ok(()),
                Some(Ok(turn)) => return turn,
                Some(Err(error)) => Err(error),
            },
            Err(_) if self.failed_on_old_data(saved.as_ref()) => return Turn::Again,
            Err(error) => Err(error),
        };
        match result {
            Ok(()) => self.conclude_completion(at, id, host),
            Err(error) => {
                self.forget(at, id);
                self.counters.invocations_ok += 1;
                self.dead_letter(at, mark, Cause::Invoke(info.service), &error, host);
            }
        }
        Turn::Done
    }

    pub(super) fn conclude_completion<H: Host<A>>(&mut self, at: Address, id: CallId, host: &mut H) {
        let owner = self.calls.owner(id).and_then(|(_, invoke, _)| self.invoke_info(at, invoke));
        self.forget(at, id);
        self.counters.invocations_ok += 1;
        if let Some(info) = owner {
            self.release(at, Origin::from(Source::Invoke(info.service)), host);
        }
    }

    /// Carries out what a committed step asked for, in order.
    fn release<H: Host<A>>(&mut self, at: Address, origin: Origin, host: &mut H) {
        let mut effects = std::mem::take(&mut self.buffer.effects);
        for effect in effects.drain(..) {
            match effect {
                Effect::Raise(channel, event) => {
                    if H::OBSERVES || channel == Channel::Peripheral {
                        let event = &event;
                        host.record(self.view(at), Record::Raise { event, channel });
                    }
                    self.raise(at, channel, event, origin);
                }
                Effect::Invoke(invoke, call) => {
                    if H::OBSERVES {
                        host.record(self.view(at), Record::Invoke { call: &call });
                    }
                    self.request(at, invoke, call);
                }
                Effect::SetTimer(timer, delay_ms) => self.set_timer(at, timer, delay_ms),
                Effect::CancelTimer(timer) => self.cancel_timer(at, timer),
                Effect::CancelWhile => self.cancel_while(at),
                Effect::Started(state) => host.record(self.view(at), Record::Start { state }),
                Effect::Transition(from, to, via) => {
                    host.record(self.view(at), Record::Transition { from, to, via });
                }
                Effect::Internal(state) => {
                    host.record(self.view(at), Record::Internal { state });
                }
            }
        }
        self.buffer.effects = effects;
    }

    #[inline]
    fn raise(&mut self, at: Address, channel: Channel, event: A::Event, origin: Origin) {
        if let Some(audience) = audience(&self.directory, at, channel) {
            self.dispatch(audience, event, channel, origin);
        }
    }

    #[cold]
    pub(super) fn dead_letter<H: Host<A>>(
        &mut self,
        at: Address,
        mark: (usize, usize),
        cause: Cause<'_, A>,
        error: &StepError,
        host: &mut H,
    ) {
        self.buffer.effects.clear();
        self.line.truncate(mark.0);
        self.away.truncate(mark.1);
        self.counters.dead_letters += 1;
        host.record(self.view(at), Record::DeadLetter { cause, error });
        match self.policy {
            ErrorPolicy::Continue => {}
            ErrorPolicy::StopInstance => {
                let machine = self.directory.top(at.instance).unwrap_or(at.machine);
                self.end_machine(Address { machine, ..at });
            }
            ErrorPolicy::StopApplication => self.halted = true,
        }
    }

    /// A machine has reached a terminal state.
    fn terminated<H: Host<A>>(&mut self, at: Address, host: &mut H) {
        if H::OBSERVES
            && let Some(slot) = self.slots.get(at.instance as usize)
            && let Some(state) = A::state(&slot.instance, at.machine)
        {
            host.record(self.view(at), Record::Terminated { state });
        }
        self.end_machine(at);
    }

    /// Ends a machine and everything nested in it, with its timers and invocations.
    pub(super) fn end_machine(&mut self, at: Address) {
        let machines = self.directory.description().machines;
        let Some(top) = self.directory.top(at.instance) else {
            return;
        };
        for machine in self.directory.hierarchy(top) {
            let mut above = Some(machine);
            while above.is_some_and(|m| m != at.machine) {
                above = above.and_then(|m| machines.get(usize::from(m))).and_then(|info| info.parent);
            }
            if above.is_none() {
                continue;
            }
            let at = Address { machine, ..at };
            let Some(slot) = self.slots.get_mut(at.instance as usize) else {
                return;
            };
            A::end(&mut slot.instance, machine);
            if machine == top && !std::mem::replace(&mut slot.ended, true) {
                self.alive = self.alive.saturating_sub(1);
                self.ended.push(at.instance);
            }
            let timers = self.directory.machine(machine).map_or(0, |m| m.timers.len());
            for timer in 0..timers {
                self.cancel_timer(at, timer as u16);
            }
            self.end_calls(at);
        }
    }
}
