//! The loop that drives a node: events, clock, services, observers.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use csml_rt_core::{Machines, Status};
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};

use super::App;
use super::attempts::Finished;
use super::handle::Command;
use super::home::Home;
use super::input::Line;
use super::persist::{Persist, StoreNews};
use super::remote::{Remote, TransportEvent};
use super::remote_state::RemoteState;
use super::signals::Interrupt;
use super::store_state::StoreState;
use super::summary::{BuildError, EndReason, RunError, Summary};
use super::watch::{Observed, Quiet};
use crate::snapshot::Snapshot;

/// Steps between two looks at the world outside.
const SLICE: u64 = 1_024;
/// The same where other processes wait to hear that their events were handled.
const REMOTE_SLICE: u64 = 128;
/// How long a run in real time goes on with what is due at the time of its end, at most, and with what this leads to.
const LAST_ROUND: Duration = Duration::from_millis(100);
/// Slices that take longer get fewer steps, so that the end of the run and signals do not wait for slow steps.
const LONG_SLICE: Duration = Duration::from_millis(10);
/// Steps at one time of the virtual clock after which a run without a limit of its own ends: the clock would stand still
/// as long as machines answer each other.
const STEPS_AT_ONCE: u64 = 10_000_000;
/// Steps before the limit from which on the node keeps a trail.
const TRAIL: u64 = 1_000;
/// Commands taken at once, so that eager senders cannot keep the machines from their work.
const COMMANDS: usize = 4_096;
/// The longest sleep; tokio's timers reach no further than about two years.
pub(super) const LONGEST_SLEEP: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long calls that were made by ended instances may take to be made.
pub(super) const GRACE: Duration = Duration::from_secs(5);

/// What ends a wait.
pub(super) enum Wake<A: Machines> {
    Command(Command<A>),
    Finished(Finished<A>),
    /// A line of the input, or its end.
    Line(Option<Line<A>>),
    Time,
    Interrupt,
    Store(StoreNews),
    Remote(Option<TransportEvent>),
}

/// What belongs to one run.
pub(super) struct Run {
    start: Instant,
    /// When the time of [`Builder::until`](super::Builder::until) was seen to be over.
    over_since: Option<Instant>,
    /// Most steps of the next slice.
    slice: u64,
    /// Steps taken before the virtual clock moved last.
    moved_at: u64,
    sleep: Option<Pin<Box<Sleep>>>,
    pub(super) interrupt: Option<Interrupt>,
}

impl Run {
    /// The time of the real clock so many milliseconds after the start.
    pub(super) fn time(&self, ms: u64) -> Option<Instant> {
        self.start.checked_add(Duration::from_millis(ms))
    }

    /// Milliseconds since the start, on the real clock.
    pub(super) fn elapsed(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Lets other tasks run, and looks for a signal without waiting. Returns whether there was one.
    async fn yield_now(&mut self) -> bool {
        tokio::task::yield_now().await;
        let Some(interrupt) = &mut self.interrupt else {
            return false;
        };
        poll_fn(|context| Poll::Ready(interrupt.poll(context).is_ready())).await
    }
}

impl<A: Machines> App<A> {
    /// Runs until every instance has terminated, or something else ends it: see [`EndReason`].
    ///
    /// Needs a tokio runtime with time enabled, on one thread or several. Dropping the future stops the
    /// application at once.
    ///
    /// # Errors
    /// See [`RunError`].
    pub async fn run(mut self) -> Result<Summary, RunError> {
        if self.limits.virtual_time {
            self.check_home()?;
        }
        let mut run = Run {
            start: Instant::now(),
            over_since: None,
            slice: SLICE,
            moved_at: 0,
            sleep: None,
            interrupt: self.limits.ctrl_c.then(Interrupt::new),
        };
        let reason = match self.open_store(&mut run).await? {
            Some(reason) => reason,
            None => {
                self.open_remote();
                self.drive(&mut run).await
            }
        };
        self.finish_commit(&mut run).await;
        if reason == EndReason::AllTerminated {
            self.make_last_calls(&mut run).await;
        }
        self.attempts.cancel_all();
        self.disconnect(&mut run, reason).await;
        self.finish(&run, reason)
    }

    fn finish(mut self, run: &Run, reason: EndReason) -> Result<Summary, RunError> {
        if !self.limits.virtual_time {
            self.node.set_clock(self.real_now(run));
        }
        let snapshot = Snapshot::of(&self.node);
        if let Some(trace) = &mut self.watch.trace {
            trace.end(&snapshot);
        }
        // Set once, here.
        let _ = self.handle.end.set(snapshot.clone());
        let (connection, failure) = match self.remote {
            RemoteState::Closed { status, failure } => (Some(status), failure),
            _ => (None, None),
        };
        #[cfg(not(feature = "distributed"))]
        drop(connection);
        let summary = Summary {
            reason,
            counters: self.node.counters(),
            clock_ms: self.node.now(),
            elapsed: run.start.elapsed(),
            snapshot,
            #[cfg(feature = "distributed")]
            connection,
        };
        if let Some(reason) = failure {
            return Err(RunError::Transport { reason, summary: Box::new(summary) });
        }
        if let StoreState::Failed(error) = self.store {
            return Err(RunError::Store(error));
        }
        if let Some(error) = self.watch.trace.take().and_then(|trace| trace.into_error()) {
            return Err(RunError::Trace(error));
        }
        if let Some(error) = self.input.failure().cloned() {
            return Err(RunError::Events { error, summary: Box::new(summary) });
        }
        match reason {
            EndReason::MaxSteps => Err(RunError::MaxSteps {
                limit: self.limits.max_steps.unwrap_or(STEPS_AT_ONCE),
                cycle: self.node.trail(),
                summary: Box::new(summary),
            }),
            EndReason::QueueFull => Err(RunError::QueueFull {
                waiting: self.node.overflow().unwrap_or_default(),
                summary: Box::new(summary),
            }),
            EndReason::StepFailed => Err(RunError::StepFailed { summary: Box::new(summary) }),
            _ => Ok(summary),
        }
    }

    /// Refuses a run in which another task could race with the virtual clock.
    fn check_home(&self) -> Result<(), BuildError> {
        let is_shared = self.handle.commands.strong_count() > 1;
        match (self.handle.home.get(), Home::here()) {
            (Some(home), _) if is_shared && !home.is_here() => Err(BuildError::OtherTask),
            (None, Some(here)) => {
                // Set once, here.
                let _ = self.handle.home.set(here);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn drive(&mut self, run: &mut Run) -> EndReason {
        if run.yield_now().await {
            return EndReason::Stopped;
        }
        if let Some(reason) = self.start(run).await {
            return reason;
        }
        let mut round = 0_u32;
        loop {
            round = round.wrapping_add(1);
            if round.is_multiple_of(256) && run.yield_now().await {
                return EndReason::Stopped;
            }
            if self.take_waiting() {
                return EndReason::Stopped;
            }
            self.input.take_waiting(self.node.directory(), &mut self.script);
            self.take_store_news(run);
            self.exchange(run);
            // After these two: they may find out that nothing more comes, and nothing would wake the loop.
            if let Some(reason) = self.ended() {
                return reason;
            }
            self.prepare_steps(run);
            let blocked = self.is_blocked();
            if self.is_over(run, blocked) {
                return EndReason::Until;
            }
            if blocked {
                if let Some(reason) = self.wait(run, self.real_until()).await {
                    return reason;
                }
                self.after_steps(run);
                continue;
            }
            // The virtual clock moves when the event queue is empty. The real one moves by itself: steps must see
            // the time it is, and timers must not wait for machines that never stop talking to each other.
            let due = if !self.limits.virtual_time {
                self.join_due(self.real_now(run))
            } else if self.node.waiting() == 0 {
                self.join_due(self.node.now())
            } else {
                false
            };
            if self.node.waiting() > 0 {
                if let Some(reason) = self.slice(run) {
                    return reason;
                }
                self.after_steps(run);
                if self.node.waiting() > 0 && run.yield_now().await {
                    return EndReason::Stopped;
                }
            } else if !due && let Some(reason) = self.move_on(run).await {
                return reason;
            }
        }
    }

    /// Starts the instances. Earlier subscriptions see that, too; events that were sent earlier are handled after it.
    /// Returns why the run ends already.
    async fn start(&mut self, run: &mut Run) -> Option<EndReason> {
        let mut later = Vec::new();
        while let Ok(command) = self.commands.try_recv() {
            match command {
                Command::Subscribe(_) | Command::Outgoing(_) | Command::Wait(_) => {
                    self.handle_command(command);
                }
                other => later.push(other),
            }
        }
        loop {
            let started = match self.watch.is_active() {
                true => self.node.start(&mut Observed(&mut self.watch)),
                false => self.node.start(&mut Quiet(&mut self.watch)),
            };
            self.after_steps(run);
            if started || self.node.halted() {
                break;
            }
            self.prepare_steps(run);
            while self.is_blocked() {
                if self.is_over(run, true) {
                    return Some(EndReason::Until);
                }
                if let Some(reason) = self.wait(run, self.real_until()).await {
                    return Some(reason);
                }
                self.prepare_steps(run);
            }
        }
        later.into_iter().any(|command| self.handle_command(command)).then_some(EndReason::Stopped)
    }

    /// Before steps: begins commits, and tells the node which events it has to reject.
    fn prepare_steps(&mut self, run: &Run) {
        let now = run.elapsed();
        if let Some(remote) = self.remote.running_mut() {
            remote.apply_backpressure(&mut self.node, now);
        }
        if let Some(persist) = self.store.open_mut() {
            persist.prepare(&mut self.node, now);
        }
    }

    /// Whether no step can be taken at present.
    fn is_blocked(&self) -> bool {
        self.remote.running().is_some_and(Remote::is_blocked)
            || self.store.open().is_some_and(|persist| persist.is_blocked(&self.node))
    }

    /// Milliseconds since the start, not beyond the end of the run.
    fn real_now(&self, run: &Run) -> u64 {
        let now = run.elapsed();
        self.limits.until.map_or(now, |until| now.min(until))
    }

    /// When the run ends on the real clock, if it does.
    pub(super) fn real_until(&self) -> Option<u64> {
        self.limits.until.filter(|_| !self.limits.virtual_time)
    }

    /// Whether the time of the run is over on the real clock, whatever still waits. What is due at that time is still
    /// handled, unless steps are `blocked`.
    fn is_over(&self, run: &mut Run, blocked: bool) -> bool {
        if self.real_until().is_none_or(|until| run.elapsed() < until) {
            return false;
        }
        let since = *run.over_since.get_or_insert_with(Instant::now);
        blocked || since.elapsed() >= LAST_ROUND
    }

    fn ended(&self) -> Option<EndReason> {
        if self.store.has_failed() {
            Some(EndReason::StoreFailed)
        } else if self.remote.has_failed() {
            Some(EndReason::TransportFailed)
        } else if self.node.overflows() {
            Some(EndReason::QueueFull)
        } else if self.node.halted() {
            Some(EndReason::StepFailed)
        } else if self.input.failure().is_some() {
            Some(EndReason::EventsFailed)
        } else if self.node.all_ended()
            && (self.remote.running().is_none() || (self.script.is_empty() && !self.input.is_open()))
        {
            // A process that is to hand in events from outside does so, though its own instances have ended.
            Some(EndReason::AllTerminated)
        } else if self.watch.trace.as_ref().is_some_and(|t| t.failed()) {
            Some(EndReason::TraceClosed)
        } else {
            None
        }
    }

    /// Takes a part of the steps that wait.
    fn slice(&mut self, run: &mut Run) -> Option<EndReason> {
        let most = if self.remote.running().is_some() { REMOTE_SLICE } else { SLICE };
        let mut budget = run.slice.min(most);
        if let Some(limit) = self.step_limit(run) {
            let left = limit.saturating_sub(self.node.counters().steps);
            budget = match left {
                0 => return Some(EndReason::MaxSteps),
                1..=TRAIL => {
                    self.node.keep_trail();
                    left.min(budget)
                }
                _ => (left - TRAIL).min(budget),
            };
        }
        let start = (!self.limits.virtual_time).then(Instant::now);
        if self.watch.is_active() {
            self.node.run(&mut Observed(&mut self.watch), budget);
        } else {
            self.node.run(&mut Quiet(&mut self.watch), budget);
        }
        if let Some(start) = start {
            let long = start.elapsed() > LONG_SLICE;
            run.slice = if long { budget / 2 } else { run.slice.saturating_mul(2) }.clamp(1, SLICE);
        }
        None
    }

    /// The number of steps that the run may have taken at most.
    fn step_limit(&self, run: &Run) -> Option<u64> {
        let at_once = self.limits.virtual_time.then(|| run.moved_at.saturating_add(STEPS_AT_ONCE));
        self.limits.max_steps.or(at_once)
    }

    /// After steps: hands out events, and begins and cancels calls of services.
    fn after_steps(&mut self, run: &Run) {
        self.hand_out(run);
        while let Some(id) = self.node.next_cancelled() {
            self.attempts.cancel(id);
        }
        while let Some(request) = self.node.next_request() {
            self.attempts.begin(request, &mut self.node);
        }
        if !self.watch.waiters.is_empty() {
            // A dropped waiter tells its handle that the instance has ended.
            let node = &self.node;
            let waiters = &mut self.watch.waiters;
            waiters.retain(|w| node.status(w.at) != Status::Ended && !w.reply.is_closed());
        }
    }

    /// Lets everything join the event queue that is due at `now`: events of the script, then completed
    /// invocations, then timers (docs/trace.md). Returns whether there was anything.
    fn join_due(&mut self, now: u64) -> bool {
        let mut any = false;
        while self.script.front().is_some_and(|event| event.at <= now)
            && let Some(planned) = self.script.pop_front()
        {
            any = true;
            match planned.to {
                Some(to) => {
                    self.node.send_to(to, planned.event);
                }
                None => self.node.send(planned.event),
            }
        }
        self.node.set_clock(now);
        // Answers that are still being worked on come before the clock moves, in the order of the calls.
        if !(self.limits.virtual_time && self.attempts.are_running()) {
            any |= self.attempts.settle(&mut self.node, &mut self.watch);
        }
        self.node.advance(now);
        any || self.node.waiting() > 0
    }

    /// Nothing is left at this time: moves to the next one, or waits for it.
    async fn move_on(&mut self, run: &mut Run) -> Option<EndReason> {
        let until = self.limits.until;
        let planned = [self.script.front().map(|e| e.at), self.attempts.next_due()];
        let next = planned.into_iter().flatten().min();
        if self.limits.virtual_time {
            if self.attempts.are_running() {
                return self.wait(run, None).await;
            }
            if self.handle.commands.strong_count() > 1 {
                // Other tasks of this program may react before the clock moves.
                tokio::task::yield_now().await;
                if !self.commands.is_empty() {
                    return None;
                }
            }
            let limit = next.unwrap_or(u64::MAX).min(until.unwrap_or(u64::MAX));
            let next = self.node.next_due(limit).or(next);
            return match (next, until) {
                (Some(next), Some(until)) if next > until => {
                    self.node.set_clock(until);
                    Some(EndReason::Until)
                }
                (Some(next), _) => {
                    if next > self.node.now() {
                        run.moved_at = self.node.counters().steps;
                        if self.limits.max_steps.is_none() {
                            self.node.drop_trail();
                        }
                    }
                    self.join_due(next);
                    None
                }
                // Timers are set, for a time after the end.
                (None, Some(until)) if self.node.timers() > 0 => {
                    self.node.set_clock(until);
                    Some(EndReason::Until)
                }
                (None, _) if self.limits.until_idle.unwrap_or(true) => Some(EndReason::Idle),
                (None, _) => self.wait(run, None).await,
            };
        }
        if until.is_some_and(|until| self.node.now() >= until) {
            return Some(EndReason::Until);
        }
        let next = [next, self.node.next_deadline()].into_iter().flatten().min();
        let idle = next.is_none()
            && !self.attempts.are_running()
            && !self.input.is_open()
            && self.remote.running().is_none_or(Remote::is_flushed);
        if idle && self.limits.until_idle.unwrap_or(false) {
            return Some(EndReason::Idle);
        }
        let wake = [next, until].into_iter().flatten().min();
        self.wait(run, wake).await
    }

    /// Waits until something happens, at the latest until `wake` on the real clock.
    pub(super) async fn wait(&mut self, run: &mut Run, wake: Option<u64>) -> Option<EndReason> {
        if let Some(trace) = &mut self.watch.trace {
            trace.flush();
            if trace.failed() {
                return None;
            }
        }
        match self.next_wake(run, wake).await {
            Wake::Command(command) => self.handle_command(command).then_some(EndReason::Stopped),
            Wake::Finished(finished) => {
                self.attempts.finish(finished, &mut self.node);
                None
            }
            Wake::Line(line) => {
                self.input.take(line, self.node.directory(), &mut self.script);
                None
            }
            Wake::Time => None,
            Wake::Store(news) => {
                self.handle_store(news, run);
                self.store.has_failed().then_some(EndReason::StoreFailed)
            }
            Wake::Remote(incoming) => {
                if let (Some(remote), Some(incoming)) = (self.remote.running_mut(), incoming) {
                    remote.handle(incoming, &mut self.node, run.elapsed());
                }
                None
            }
            Wake::Interrupt => Some(EndReason::Stopped),
        }
    }

    pub(super) async fn next_wake(&mut self, run: &mut Run, wake: Option<u64>) -> Wake<A> {
        let mut sleeping = false;
        let store_due = self.store.open().and_then(Persist::deadline);
        let remote_due = self.remote.running().and_then(Remote::deadline);
        let wake = [wake, store_due, remote_due].into_iter().flatten().min();
        if let Some(wake) = wake {
            let now = Instant::now();
            let due = Duration::from_millis(wake).saturating_sub(now - run.start);
            let due = now + due.min(LONGEST_SLEEP);
            match &mut run.sleep {
                Some(sleep) => sleep.as_mut().reset(due),
                none => *none = Some(Box::pin(sleep_until(due))),
            }
            sleeping = true;
        }
        let pending = self.node.pending().is_some();
        poll_fn(|context: &mut Context<'_>| {
            if let Some(interrupt) = &mut run.interrupt
                && interrupt.poll(context).is_ready()
            {
                return Poll::Ready(Wake::Interrupt);
            }
            if let Poll::Ready(Some(command)) = self.commands.poll_recv(context) {
                return Poll::Ready(Wake::Command(command));
            }
            if let Poll::Ready(Some(finished)) = self.finished.poll_recv(context) {
                return Poll::Ready(Wake::Finished(finished));
            }
            if let Poll::Ready(line) = self.input.poll(self.script.len(), context) {
                return Poll::Ready(Wake::Line(line));
            }
            if let Some(persist) = self.store.open_mut()
                && let Poll::Ready(news) = persist.poll(pending, context)
            {
                return Poll::Ready(Wake::Store(news));
            }
            if let Some(remote) = self.remote.running_mut()
                && let Poll::Ready(incoming) = remote.poll(context)
            {
                return Poll::Ready(Wake::Remote(incoming));
            }
            if sleeping
                && let Some(sleep) = &mut run.sleep
                && sleep.as_mut().poll(context).is_ready()
            {
                return Poll::Ready(Wake::Time);
            }
            Poll::Pending
        })
        .await
    }

    /// Takes commands and answers that have come. Returns whether to stop.
    fn take_waiting(&mut self) -> bool {
        for _ in 0..COMMANDS {
            let Ok(command) = self.commands.try_recv() else {
                break;
            };
            if self.handle_command(command) {
                return true;
            }
        }
        while let Ok(finished) = self.finished.try_recv() {
            self.attempts.finish(finished, &mut self.node);
        }
        false
    }

    /// Carries out a command. Returns whether to stop. A reply that is no longer waited for is dropped.
    fn handle_command(&mut self, command: Command<A>) -> bool {
        match command {
            Command::Send(event) => self.node.send(event),
            Command::SendTo(to, event) => {
                self.node.send_to(to, event);
            }
            Command::State(at, reply) => {
                let _ = reply.send(self.node.state(at));
            }
            Command::Snapshot(reply) => {
                let _ = reply.send(Snapshot::of(&self.node));
            }
            Command::Subscribe(subscriber) => self.watch.subscribers.push(subscriber),
            Command::Outgoing(subscriber) => self.watch.outgoing.push(subscriber),
            Command::Wait(waiter) => {
                if self.node.state_index(waiter.at) == Some(waiter.state) {
                    let _ = waiter.reply.send(());
                } else if self.node.status(waiter.at) != Status::Ended {
                    self.watch.waiters.push(waiter);
                }
            }
            #[cfg(feature = "distributed")]
            Command::ConnectionStatus(reply) => {
                let _ = reply.send(self.remote.running().map(Remote::status));
            }
            Command::Stop => return true,
        }
        false
    }

    /// A terminal state may have called a service: such calls are made before the run ends.
    async fn make_last_calls(&mut self, run: &mut Run) {
        let deadline = Instant::now() + GRACE;
        while self.attempts.are_running() {
            match timeout_at(deadline, self.next_wake(run, None)).await {
                Ok(Wake::Finished(finished)) => {
                    self.attempts.finish(finished, &mut self.node);
                    self.attempts.settle(&mut self.node, &mut self.watch);
                }
                Ok(Wake::Interrupt) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }
}
