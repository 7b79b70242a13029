//! The execution of a plan.

use std::sync::Arc;
use std::time::Duration;

use crate::dice::Dice;
use bytes::Bytes;
use csml_rt::store::{MemoryStore, Scope, Store};
use csml_rt::transport::memory::{Broker, BrokerCounters, BrokerFaults};
use csml_rt::transport::{Message, QoS};
use csml_rt::wire::{Encoding, WireOptions};
use csml_rt::{Builder, EventScript, Handle, Machines, NoServices, RunError, Summary, TransportOptions};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout};

use crate::applications::check::{Outcome, Violation};
use crate::applications::journal::Journal;
use crate::applications::plan::{Act, Plan};

/// The interval of checks whether the application is idle, in milliseconds.
const CHECK_MS: u64 = 100;
/// How long the application may take to become idle after the last fault, in milliseconds. Lost events are resent every
/// five seconds.
const QUIET_DEADLINE_MS: u64 = 600_000;
/// How long processes may take to shut down. An application gives up earlier.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(60);

fn failed(error: &dyn std::fmt::Display) -> Violation {
    Violation::Failed(error.to_string())
}

/// Runs the application of a plan as several processes, until it is idle.
///
/// # Errors
/// A process fails, or the application does not become idle.
pub fn run_split<A: Machines>(
    plan: &Plan,
    seed: u64,
    journal: Option<&Journal>,
) -> Result<Outcome, Violation> {
    // One for each seed: the order of timers and tasks depends on the history of a runtime.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.map_err(|error| failed(&error))?;
    runtime.block_on(async {
        let mut world = World::<A>::start(plan, seed, journal)?;
        let quiet_ms = world.until_quiet().await?;
        world.end(quiet_ms).await
    })
}

struct Process<A: Machines> {
    task: JoinHandle<Result<Summary, RunError>>,
    handle: Handle<A>,
    client: String,
}

struct World<'a, A: Machines> {
    plan: &'a Plan,
    journal: Option<&'a Journal>,
    broker: Broker,
    store: Option<MemoryStore>,
    processes: Vec<Process<A>>,
    begun: Instant,
    /// The number of executed actions.
    done: usize,
    outcome: Outcome,
}

impl<'a, A: Machines> World<'a, A> {
    fn start(plan: &'a Plan, seed: u64, journal: Option<&'a Journal>) -> Result<Self, Violation> {
        let mut dice = Dice::new(seed);
        let store =
            (!A::DESCRIPTION.persistent.is_empty()).then(|| MemoryStore::with_faults(plan.store.clone()));
        let mut world = Self {
            plan,
            journal,
            broker: Broker::with_faults(dice.any(), plan.faults.clone()),
            store,
            processes: Vec::new(),
            begun: Instant::now(),
            done: 0,
            outcome: Outcome::default(),
        };
        for position in 0..plan.processes.len() {
            let app = world.app(position, dice.any() | 1)?.build().map_err(|error| failed(&error))?;
            let handle = app.handle();
            let task = tokio::spawn(app.run());
            world.processes.push(Process { task, handle, client: plan.client(position) });
        }
        Ok(world)
    }

    fn app(&self, position: usize, epoch: u64) -> Result<Builder<A>, Violation> {
        let plan = self.plan;
        let cbor = plan.cbor.get(position) == Some(&true);
        let encoding = if cbor { Encoding::Cbor } else { Encoding::Json };
        let transport = self.broker.transport();
        let transport = if plan.properties { transport } else { transport.without_properties() };
        let options = TransportOptions {
            link: plan.link.clone(),
            wire: WireOptions { encoding, ..WireOptions::default() },
            epoch: Some(epoch),
            ..TransportOptions::default()
        };
        let mut app = Builder::<A>::new(Arc::new(NoServices))
            .seed(0)
            .run_only(plan.processes.get(position).into_iter().flatten().copied())
            .process(Plan::process(position))
            .transport(transport, options);
        if let Some(store) = &self.store {
            app = app.store(store.clone());
        }
        if plan.handing == Some(position) {
            app = app.events(EventScript::parse(&plan.script()).map_err(|error| failed(&error))?);
        }
        if let Some(journal) = self.journal.cloned() {
            app = app.observer(move |seen| {
                journal.say(seen.at, format_args!("p{position} {}: {:?}", seen.instance, seen.kind));
            });
        }
        Ok(app)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Executes the planned actions until the application is idle, and returns the time.
    async fn until_quiet(&mut self) -> Result<u64, Violation> {
        let planned = self.plan.acts.last().map_or(0, |(at, _)| *at).max(self.plan.told_ms);
        let mut before = BrokerCounters::default();
        let mut next_check = CHECK_MS;
        loop {
            let now = self.now();
            while let Some((_, act)) = self.plan.acts.get(self.done).filter(|(at, _)| *at <= now) {
                self.done += 1;
                self.act(*act);
            }
            if now >= next_check {
                next_check = now + CHECK_MS;
                if self.processes.iter().all(|process| process.task.is_finished()) {
                    return Ok(now);
                }
                // While the broker is busy the application is not idle.
                let counters = self.broker.counters();
                if now > self.plan.told_ms && counters == before && self.is_quiet().await {
                    // The processes answered one after the other, so nothing may have been sent in between.
                    if self.broker.counters() == before {
                        return Ok(now);
                    }
                }
                before = counters;
            }
            if now > planned + QUIET_DEADLINE_MS {
                return Err(self.not_quiet().await);
            }
            let next = self.plan.acts.get(self.done).map_or(next_check, |(at, _)| next_check.min(*at));
            sleep_until(self.begun + Duration::from_millis(next)).await;
        }
    }

    /// Whether no event is in flight. A source or the broker keeps an event until it has been handled, and the events that
    /// its step raises are sent at the same time.
    async fn is_quiet(&self) -> bool {
        for process in &self.processes {
            if process.task.is_finished() {
                continue;
            }
            // A process that does not answer is about to end.
            let network = process.handle.connection_status().await;
            let quiet = network.is_some_and(|network| network.connected && network.backlog.is_empty());
            if !quiet || self.broker.waiting(&process.client) > 0 {
                return false;
            }
        }
        true
    }

    async fn not_quiet(&self) -> Violation {
        let mut there = Vec::new();
        for (position, process) in self.processes.iter().enumerate() {
            if !process.task.is_finished() {
                there.push((position, process.handle.connection_status().await));
            }
        }
        Violation::NotQuiet(there)
    }

    fn act(&mut self, act: Act) {
        if let Some(journal) = self.journal {
            journal.say(self.now(), format_args!("{act:?}"));
        }
        let report = &mut self.outcome.report;
        match act {
            Act::Cut(process) => {
                report.partitions += 1;
                self.broker.partition(&self.plan.client(process), true);
            }
            Act::Reconnect(process) => self.broker.partition(&self.plan.client(process), false),
            Act::Restart => {
                report.restarts += 1;
                self.broker.restart();
            }
            Act::Publish(position) => self.publish(position),
            Act::PublishAll => (0..self.plan.events.len()).for_each(|position| self.publish(position)),
            Act::Calm => {
                let max_delay = self.plan.faults.max_delay.min(Duration::from_millis(5));
                let persistence = self.plan.faults.persistence;
                self.broker.set_faults(BrokerFaults { max_delay, persistence, ..BrokerFaults::default() });
            }
        }
    }

    fn publish(&self, position: usize) {
        self.broker.publish(&Message {
            topic: format!("csml/{}/in/go", A::DESCRIPTION.name),
            payload: Bytes::from(self.plan.data(position)),
            qos: QoS::AtLeastOnce,
            ..Message::default()
        });
    }

    /// Ends all processes and collects their final states.
    async fn end(mut self, quiet_ms: u64) -> Result<Outcome, Violation> {
        for process in &self.processes {
            process.handle.stop();
        }
        let mut outcome = self.outcome;
        for process in &mut self.processes {
            let ended = timeout(SHUTDOWN_TIMEOUT, &mut process.task).await.map_err(|error| failed(&error))?;
            let summary = ended.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
            outcome.end.instances.extend(summary.snapshot.instances);
            outcome.dead_letters += summary.counters.dead_letters;
            outcome.report.steps += summary.counters.steps;
            if let Some(network) = summary.connection {
                outcome.report.links += network.link;
                outcome.networks.push(network);
            }
        }
        outcome.report.broker = self.broker.counters();
        outcome.report.quiet_ms = quiet_ms;
        if let Some(store) = &mut self.store {
            // The replica of a process may be older.
            let variables: Vec<&'static str> =
                A::DESCRIPTION.persistent.iter().map(|info| info.path).collect();
            let scope =
                Scope { app: A::DESCRIPTION.name.to_owned(), process: "reader".to_owned(), variables };
            let paths = scope.variables.clone();
            let opened = store.open(scope).await.map_err(|error| failed(&error))?;
            outcome.end.persistent.extend(
                opened
                    .variables
                    .into_iter()
                    .filter_map(|stored| Some((*paths.get(usize::from(stored.variable))?, stored.value?))),
            );
        }
        Ok(outcome)
    }
}
