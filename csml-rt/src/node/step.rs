//! Taking steps: one piece of work, one attempt, one conclusion (docs/semantics.md#3-execution).

use csml_rt_core::{Effect, Machines, Outcome, Status, StepError};

use super::gate::Progress;
use super::outbound::OUTBOUND_CAPACITY;
use super::work::{Origin, Trigger, Work};
use super::{Address, ErrorPolicy, Node, Observer, Record, TraceContext, View};

/// Where the queues ended when a step began: what a failed step has raised is cut off there.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub(super) queue: usize,
    pub(super) outbound: usize,
}

impl<A: Machines> Node<A> {
    /// Starts every instance of this process that was not started yet, in order of the description, each with
    /// everything nested in it before the next one. `false` if one waits for its commit or for newer data
    /// ([`pending`](Self::pending), [`wants_fresh`](Self::wants_fresh)), or if the outbound queue is full
    /// ([`next_outbound`](Self::next_outbound)): call it again after that.
    pub fn start<O: Observer<A>>(&mut self, observer: &mut O) -> bool {
        self.sinks.buffer.observed = O::OBSERVES;
        let instances: Vec<u32> = self.sinks.routes.instances().collect();
        for (index, &instance) in instances.iter().enumerate().skip(self.starting) {
            self.starting = index;
            let Some(top) = self.directory.top(instance) else {
                continue;
            };
            for machine in self.directory.hierarchy(top) {
                if !self.start_machine(Address { instance, machine }, observer) {
                    return self.sinks.halted;
                }
            }
        }
        self.starting = instances.len();
        true
    }

    /// Starts a machine that was not started yet. `false` if it has to be tried again.
    fn start_machine<O: Observer<A>>(&mut self, at: Address, observer: &mut O) -> bool {
        if self.is_deferred() || self.sinks.halted || self.sinks.outbound.len() >= OUTBOUND_CAPACITY {
            return false;
        }
        let work = Work::start(at);
        match self.attempt(&work, observer) {
            Progress::Done => true,
            Progress::Retry => false,
            Progress::Deferred(settled) => {
                self.defer(work, settled);
                false
            }
        }
    }

    /// Handles what waits in the event queue, at most `budget` steps. Returns how many steps were taken; fewer
    /// than `budget` only if the queue is empty, the application was stopped, a step waits for its commit or for
    /// newer data, or the outbound queue is full ([`next_outbound`](Self::next_outbound)).
    pub fn run<O: Observer<A>>(&mut self, observer: &mut O, budget: u64) -> u64 {
        self.sinks.buffer.observed = O::OBSERVES;
        let before = self.counters.steps;
        let end = before.saturating_add(budget);
        if self.is_deferred() {
            return 0;
        }
        // Whether an event's step concerns the machines alone. It stays so: only the driver changes it.
        let plain = !O::OBSERVES && self.gate.is_none() && self.trail.is_none();
        // A variable of this function, whose parts stay in registers.
        let mut batch = self.sinks.queue.take_batch();
        while !self.sinks.halted && self.counters.steps < end && self.sinks.outbound.len() < OUTBOUND_CAPACITY
        {
            let Some(work) = batch.first() else {
                if self.sinks.queue.refill(&mut batch) {
                    continue;
                }
                break;
            };
            match &work.trigger {
                Trigger::Event(event) if plain && !work.context.is_some() => {
                    self.attempt_event(work, event, observer)
                }
                _ => match self.attempt(work, observer) {
                    Progress::Done => {}
                    Progress::Retry => break,
                    Progress::Deferred(settled) => {
                        if let Some(work) = batch.take_first() {
                            self.defer(work, settled);
                        }
                        break;
                    }
                },
            }
            self.count_remote(work.origin);
            batch.advance();
        }
        self.sinks.queue.put_back(batch);
        self.counters.steps - before
    }

    /// Counts what another process waits to hear of.
    #[inline]
    pub(super) fn count_remote(&mut self, origin: Origin) {
        if origin.is_remote() {
            self.handled_remote += 1;
        }
    }

    fn view<'n>(&'n self, at: Address, context: &'n TraceContext) -> View<'n> {
        View { directory: &self.directory, now: self.now, at, context }
    }

    /// Takes the step of a piece of work, if it is still due.
    #[inline(never)]
    fn attempt<O: Observer<A>>(&mut self, work: &Work<A::Event>, observer: &mut O) -> Progress<A> {
        let at = work.at();
        if !self.is_due(work) {
            if let Trigger::Completion(id) = work.trigger {
                self.forget(at, id);
            }
            return Progress::Done;
        }
        let saved = self.save(at);
        let context = work.context.of_step(&mut self.spans);
        let _span = observer.begin(self.view(at, &context));
        let mark = self.mark();
        self.counters.steps += 1;
        let result = self.step(work, &context);
        if let Some(trail) = &mut self.trail {
            trail.push((at, work.cause::<A>()));
        }
        let result = match (saved, result) {
            (None, result) => result,
            (Some(saved), Err(_)) if self.is_outdated() => return self.retry_fresh(at, saved, mark),
            (Some(saved), Ok(outcome)) => match self.settle(at, saved, mark, outcome, &context) {
                Ok(Progress::Done) => Ok(outcome),
                Ok(progress) => return progress,
                Err(error) => Err(error),
            },
            (Some(_), Err(error)) => Err(error),
        };
        match result {
            Ok(outcome) => self.conclude(work, outcome, &context, observer),
            Err(error) => self.fail_step(work, mark, &error, &context, observer),
        }
        Progress::Done
    }

    /// [`attempt`](Self::attempt) for most work there is: an event without a trace context, where no step is
    /// observed, none can be undone once it has succeeded, and no trail is kept.
    #[inline(always)]
    fn attempt_event<O: Observer<A>>(&mut self, work: &Work<A::Event>, event: &A::Event, observer: &mut O) {
        let Some(slot) = self.slots.get_mut(work.at().instance as usize) else {
            return;
        };
        let context = &TraceContext::NONE;
        let mark = Mark { queue: self.sinks.queue.mark(), outbound: self.sinks.outbound.len() };
        let machine = work.at().machine;
        let fx = self.sinks.of_step(work.to, work.to.origin(), context);
        match A::step_if_running(&mut slot.instance, &mut self.shared, machine, event, fx) {
            None => {}
            Some(Ok(outcome)) => {
                self.counters.steps += 1;
                self.conclude_event(work.at(), event, outcome, context, observer);
            }
            Some(Err(error)) => {
                self.counters.steps += 1;
                self.fail_step(work, mark, &error, context, observer);
            }
        }
    }

    /// Whether the machine still waits for the work: an instance may have ended, a timer may have been cancelled or
    /// reset, an invocation may have been cancelled since.
    fn is_due(&self, work: &Work<A::Event>) -> bool {
        let at = work.at();
        let Some(slot) = self.slots.get(at.instance as usize) else {
            return false;
        };
        let status = A::status(&slot.instance, at.machine);
        match &work.trigger {
            Trigger::Event(_) => status == Status::Running,
            Trigger::Start => status == Status::Idle,
            Trigger::Timer(id) => {
                let due = self.wheel.get(*id).zip(work.timer());
                status == Status::Running && due.is_some_and(|(due, timer)| due.is(work.at(), timer))
            }
            Trigger::Completion(id) => status == Status::Running && self.calls.reply(*id).is_some(),
        }
    }

    /// Calls the machine.
    fn step(&mut self, work: &Work<A::Event>, context: &TraceContext) -> Result<Outcome, StepError> {
        let at = work.at();
        let Some(slot) = self.slots.get_mut(at.instance as usize) else {
            return Ok(Outcome::Unhandled);
        };
        let (instance, shared) = (&mut slot.instance, &mut self.shared);
        let fx = self.sinks.of_step(work.to, work.raises_as(), context);
        match &work.trigger {
            Trigger::Event(event) => A::step(instance, shared, at.machine, event, fx),
            Trigger::Start => A::start(instance, shared, at.machine, fx),
            Trigger::Timer(_) => {
                let timer = work.timer().unwrap_or_default();
                A::fire(instance, shared, at.machine, timer, fx).map(|()| Outcome::Handled)
            }
            Trigger::Completion(id) => match (self.calls.owner(*id), self.calls.reply(*id)) {
                (Some((_, invoke, _)), Some(reply)) => {
                    A::complete(instance, shared, at.machine, invoke, reply, fx).map(|()| Outcome::Handled)
                }
                _ => Ok(Outcome::Handled),
            },
        }
    }

    /// Concludes a step that has succeeded and, where a store has its data, is committed.
    pub(super) fn conclude<O: Observer<A>>(
        &mut self,
        work: &Work<A::Event>,
        outcome: Outcome,
        context: &TraceContext,
        observer: &mut O,
    ) {
        let at = work.at();
        if let Trigger::Event(event) = &work.trigger {
            if O::OBSERVES {
                let (channel, source) = (work.origin.channel(), work.origin.source());
                observer.record(self.view(at, context), Record::Event { event, channel, source });
            }
            return self.conclude_event(at, event, outcome, context, observer);
        }
        if let Trigger::Completion(id) = work.trigger {
            self.forget(at, id);
            self.counters.invocations_ok += 1;
        }
        self.release(at, context, observer);
        if outcome == Outcome::Terminated {
            self.terminated(at, context, observer);
        }
    }

    #[inline(always)]
    fn conclude_event<O: Observer<A>>(
        &mut self,
        at: Address,
        event: &A::Event,
        outcome: Outcome,
        context: &TraceContext,
        observer: &mut O,
    ) {
        if !self.sinks.buffer.effects.is_empty() {
            self.release(at, context, observer);
        }
        if outcome == Outcome::Unhandled {
            self.counters.unhandled += 1;
            if O::OBSERVES {
                observer.record(self.view(at, context), Record::Unhandled { event });
            }
        } else {
            self.counters.handled += 1;
            if outcome == Outcome::Terminated {
                self.terminated(at, context, observer);
            }
        }
    }

    /// Concludes a step that has failed: it is rolled back, and its event is a dead letter
    /// (docs/semantics.md#8-errors-in-a-step).
    #[cold]
    pub(super) fn fail_step<O: Observer<A>>(
        &mut self,
        work: &Work<A::Event>,
        mark: Mark,
        error: &StepError,
        context: &TraceContext,
        observer: &mut O,
    ) {
        let at = work.at();
        self.undo(mark);
        if let Trigger::Completion(id) = work.trigger {
            self.forget(at, id);
            self.counters.invocations_ok += 1;
        }
        self.counters.dead_letters += 1;
        let (cause, event) = (work.cause::<A>(), work.event());
        observer.record(self.view(at, context), Record::DeadLetter { cause, event, error });
        match self.policy {
            ErrorPolicy::Continue => {}
            ErrorPolicy::StopInstance => {
                let machine = self.directory.top(at.instance).unwrap_or(at.machine);
                self.end_machine(Address { machine, ..at });
            }
            ErrorPolicy::StopApplication => self.sinks.halted = true,
        }
        if let Trigger::Start = work.trigger {
            self.end_machine(at);
        }
    }

    /// Drops everything that the last step has asked for and raised.
    pub(super) fn undo(&mut self, mark: Mark) {
        self.sinks.buffer.effects.clear();
        self.sinks.queue.truncate(mark.queue);
        self.sinks.outbound.truncate(mark.outbound);
    }

    /// Carries out what a step has asked for, and reports what it has done, in order.
    fn release<O: Observer<A>>(&mut self, at: Address, context: &TraceContext, observer: &mut O) {
        let mut effects = std::mem::take(&mut self.sinks.buffer.effects);
        for effect in effects.drain(..) {
            match effect {
                Effect::Invoke(invoke, call) => {
                    if O::OBSERVES {
                        observer.record(self.view(at, context), Record::Invoke { call: &call });
                    }
                    self.request(at, invoke, call, context.clone());
                }
                Effect::SetTimer(timer, delay_ms) => self.set_timer(at, timer, delay_ms),
                Effect::CancelTimer(timer) => self.cancel_timer(at, timer),
                Effect::CancelWhile => self.cancel_while(at),
                // The rest is in the buffer for the observer only.
                Effect::Raise(channel, event) => {
                    observer.record(self.view(at, context), Record::Raise { event: &event, channel });
                }
                Effect::Started(state) => observer.record(self.view(at, context), Record::Start { state }),
                Effect::Transition(from, to, via) => {
                    observer.record(self.view(at, context), Record::Transition { from, to, via });
                }
                Effect::Internal(state) => {
                    observer.record(self.view(at, context), Record::Internal { state });
                }
            }
        }
        self.sinks.buffer.effects = effects;
    }

    /// A machine has reached a terminal state.
    fn terminated<O: Observer<A>>(&mut self, at: Address, context: &TraceContext, observer: &mut O) {
        if O::OBSERVES
            && let Some(slot) = self.slots.get(at.instance as usize)
            && let Some(state) = A::state(&slot.instance, at.machine)
        {
            observer.record(self.view(at, context), Record::Terminated { state });
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
