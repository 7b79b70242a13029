//! Taking steps and releasing what they ask for (SEMANTICS 3, 7, 8).

use csml_rt_core::{Channel, Effect, Machines, Outcome, Status, StepError};

use super::line::{Entry, Item, Origin};
use super::outbox::{Outbox, audience};
use super::{Address, CallId, Cause, ErrorPolicy, Host, Node, Record, Source, Trigger, View};
use crate::timer_wheel::TimerId;

/// The effects of a step of `$at`: a macro, because it borrows a part of the node only.
macro_rules! outbox {
    ($node:ident, $at:ident, $origin:ident) => {
        Outbox::<A> {
            buffer: &mut $node.buffer,
            line: &mut $node.line,
            routes: &$node.routes,
            directory: &$node.directory,
            at: $at,
            origin: $origin,
        }
    };
}

impl<A: Machines> Node<A> {
    /// Starts every instance that was not started yet, in order of the description, each with everything
    /// nested in it before the next one.
    pub fn start<H: Host<A>>(&mut self, host: &mut H) {
        self.buffer.observed = H::OBSERVES;
        let instances: Vec<u32> = self.routes.instances().collect();
        for instance in instances {
            let Some(top) = self.directory.top(instance) else {
                continue;
            };
            for machine in self.directory.hierarchy(top) {
                let at = Address { instance, machine };
                if self.status(at) == Status::Idle && !self.halted {
                    self.start_one(at, host);
                }
            }
        }
    }

    /// Handles what waits in the line, at most `budget` steps. Returns how many steps were taken; fewer
    /// than `budget` only if the line is empty or the application was stopped.
    pub fn run<H: Host<A>>(&mut self, host: &mut H, budget: u64) -> u64 {
        self.buffer.observed = H::OBSERVES;
        let before = self.counters.steps;
        while !self.halted && self.counters.steps - before < budget {
            let Some(Entry { to, item }) = self.line.pop_front() else {
                break;
            };
            match item {
                Item::Event { event, channel, origin } => self.handle(to, &event, channel, origin, host),
                Item::Timer { timer, id } => self.fire(to, timer, id, host),
                Item::Completion(id) => self.finish(to, id, host),
            }
        }
        self.counters.steps - before
    }

    fn view(&self, at: Address) -> View<'_> {
        View { directory: &self.directory, now: self.now, at }
    }

    fn start_one<H: Host<A>>(&mut self, at: Address, host: &mut H) {
        let _span = host.begin(self.view(at));
        let Some(slot) = self.slots.get_mut(at.instance as usize) else {
            return;
        };
        self.counters.steps += 1;
        let mark = self.line.len();
        let origin = Origin::machine(at);
        let fx = &mut outbox!(self, at, origin);
        match A::start(&mut slot.instance, &mut self.shared, at.machine, fx) {
            Ok(outcome) => {
                self.release(at, origin, host);
                if outcome == Outcome::Terminated {
                    self.terminated(at, host);
                }
            }
            Err(error) => {
                self.dead_letter(at, mark, Cause::Start, &error, host);
                self.end_machine(at);
            }
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
    ) {
        let Some(slot) = self.slots.get_mut(at.instance as usize) else {
            return;
        };
        if A::status(&slot.instance, at.machine) != Status::Running {
            return;
        }
        self.counters.steps += 1;
        let view = View { directory: &self.directory, now: self.now, at };
        let _span = host.begin(view);
        let mark = self.line.len();
        let by = Origin::machine(at);
        let fx = &mut outbox!(self, at, by);
        let result = A::step(&mut slot.instance, &mut self.shared, at.machine, event, fx);
        if let Some(trail) = &mut self.trail {
            trail.push((at, Trigger::Event(A::event_index(event))));
        }
        let outcome = match result {
            Ok(outcome) => outcome,
            Err(error) => return self.dead_letter(at, mark, Cause::Event(event), &error, host),
        };
        if H::OBSERVES {
            let record = Record::Event { event, channel, source: origin.source() };
            host.record(view, record);
        }
        if !self.buffer.effects.is_empty() {
            self.release(at, by, host);
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

    fn fire<H: Host<A>>(&mut self, at: Address, timer: u16, id: TimerId, host: &mut H) {
        let Some(slot) = self.slots.get_mut(at.instance as usize) else {
            return;
        };
        // Cancelled or reset since it joined the line.
        if self.wheel.get(id).is_none_or(|due| !due.is(at, timer))
            || A::status(&slot.instance, at.machine) != Status::Running
        {
            return;
        }
        self.counters.steps += 1;
        let view = View { directory: &self.directory, now: self.now, at };
        let _span = host.begin(view);
        let mark = self.line.len();
        let origin = Origin::from(Source::Timer(at.machine, timer));
        let fx = &mut outbox!(self, at, origin);
        let result = A::fire(&mut slot.instance, &mut self.shared, at.machine, timer, fx);
        self.note(at, Trigger::Timer(timer));
        match result {
            Ok(()) => self.release(at, origin, host),
            Err(error) => self.dead_letter(at, mark, Cause::Timer(timer), &error, host),
        }
    }

    fn finish<H: Host<A>>(&mut self, at: Address, id: CallId, host: &mut H) {
        let Some((_, invoke, _)) = self.calls.owner(id) else {
            return;
        };
        let (Some(reply), Some(info)) = (self.forget(at, id), self.invoke_info(at, invoke)) else {
            return;
        };
        let Some(slot) = self.slots.get_mut(at.instance as usize) else {
            return;
        };
        if A::status(&slot.instance, at.machine) != Status::Running {
            return;
        }
        self.counters.steps += 1;
        self.counters.invocations_ok += 1;
        let view = View { directory: &self.directory, now: self.now, at };
        let _span = host.begin(view);
        let mark = self.line.len();
        let origin = Origin::from(Source::Invoke(info.service));
        let fx = &mut outbox!(self, at, origin);
        let result = A::complete(&mut slot.instance, &mut self.shared, at.machine, invoke, &reply, fx);
        self.note(at, Trigger::Invoke(info.service));
        match result {
            Ok(()) => self.release(at, origin, host),
            Err(error) => self.dead_letter(at, mark, Cause::Invoke(info.service), &error, host),
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
            self.deliver(audience, event, channel, origin);
        }
    }

    #[cold]
    fn dead_letter<H: Host<A>>(
        &mut self,
        at: Address,
        mark: usize,
        cause: Cause<'_, A>,
        error: &StepError,
        host: &mut H,
    ) {
        self.buffer.effects.clear();
        self.line.truncate(mark);
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
    fn end_machine(&mut self, at: Address) {
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
            }
            let timers = self.directory.machine(machine).map_or(0, |m| m.timers.len());
            for timer in 0..timers {
                self.cancel_timer(at, timer as u16);
            }
            self.end_calls(at);
        }
    }
}
