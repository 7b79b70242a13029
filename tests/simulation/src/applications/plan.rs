//! The plan of one run, drawn from its seed.

use std::fmt::Write as _;
use std::time::Duration;

use crate::dice::Dice;
use csml_rt::link::LinkOptions;
use csml_rt::store;
use csml_rt::transport::memory::BrokerFaults;

use crate::applications::catalog::{APPLICATIONS, Application};

/// An action on processes or broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A process is cut off from the broker.
    Cut(usize),
    /// It can connect again.
    Reconnect(usize),
    /// The broker restarts.
    Restart,
    /// The event with this position is published as a plain message.
    Publish(usize),
    /// All of them are published again: the broker may lose plain messages, so their sender repeats them.
    PublishAll,
    /// There are no more faults.
    Calm,
}

/// The plan of a run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The application.
    pub application: &'static Application,
    /// The instances of each process.
    pub processes: Vec<Vec<&'static str>>,
    /// For each process, whether it writes CBOR.
    pub cbor: Vec<bool>,
    /// Whether the transport carries properties; otherwise the envelope is part of the payload.
    pub properties: bool,
    /// The process that is handed events from outside; without one they are published as plain messages.
    pub handing: Option<usize>,
    /// Events from outside: when, in milliseconds, and how many events they lead to.
    pub events: Vec<(u64, u64)>,
    /// Bounds of all links.
    pub link: LinkOptions,
    /// The faults of the broker.
    pub faults: BrokerFaults,
    /// The faults of the store, for applications with persistent data.
    pub store: store::StoreFaults,
    /// The actions with their times, sorted.
    pub acts: Vec<(u64, Act)>,
    /// When the last event from outside has been sent, in milliseconds.
    pub told_ms: u64,
}

/// From the end of the broker's faults until plain messages are repeated, so that all processes are connected again.
const CONNECTED_MS: u64 = 500;

impl Plan {
    /// The plan of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x005E_ED0F_A995);
        let dice = &mut dice;
        let application = &APPLICATIONS[dice.below(APPLICATIONS.len() as u64) as usize];
        let processes = split(dice, application.instances);
        let count = processes.len() as u64;
        let handing = (!dice.percent(30)).then(|| dice.below(count) as usize);
        let talks = |process: &Vec<&str>| process.iter().all(|name| application.talkers.contains(name));
        let listens = |process: &Vec<&str>| !process.iter().any(|name| application.talkers.contains(name));
        let one_way = !application.talkers.is_empty()
            && processes.iter().all(|process| talks(process) || listens(process))
            && handing.is_none_or(|process| processes.get(process).is_some_and(talks));
        let span_ms = dice.pick(&[0, 20, 300, 1_500]).unwrap_or(0);
        let mut times: Vec<u64> = (0..dice.between(1, 3)).map(|_| dice.between(0, span_ms)).collect();
        times.sort_unstable();
        let mut plan = Self {
            application,
            cbor: (0..count).map(|_| dice.percent(40)).collect(),
            processes,
            properties: dice.percent(70),
            handing,
            events: times.into_iter().map(|at| (at, dice.between(1, 4))).collect(),
            link: LinkOptions {
                capacity: if one_way { dice.between(1, 16) } else { dice.between(32, 64) } as usize,
                window: dice.between(1, 16) as usize,
                ack_every: dice.between(1, 8) as u32,
                hold_back: dice.between(1, 16) as usize,
                ..LinkOptions::default()
            },
            faults: faults(dice),
            store: store::StoreFaults {
                seed,
                conflicts: dice.pick(&[0, 0, 100]).unwrap_or(0),
                conflict_series: dice.below(4) as u32,
                delay: Duration::from_millis(dice.pick(&[0, 0, 2, 20]).unwrap_or(0)),
                ..store::StoreFaults::default()
            },
            acts: Vec::new(),
            told_ms: span_ms,
        };
        plan.go_wrong(dice, span_ms + 300);
        plan
    }

    /// Plans disconnections, restarts and the end of faults.
    fn go_wrong(&mut self, dice: &mut Dice, span_ms: u64) {
        let mut calm_ms = 0;
        for _ in 0..dice.pick(&[0, 0, 1, 2, 3]).unwrap_or(0) {
            let at = dice.below(span_ms);
            if dice.percent(35) {
                self.acts.push((at, Act::Restart));
                calm_ms = calm_ms.max(at);
            } else {
                let process = dice.below(self.processes.len() as u64) as usize;
                let reconnected = at + dice.between(1, 1_500);
                self.acts.extend([(at, Act::Cut(process)), (reconnected, Act::Reconnect(process))]);
                calm_ms = calm_ms.max(reconnected);
            }
        }
        calm_ms = calm_ms.max(span_ms);
        // Some brokers have faults until the end.
        if self.handing.is_none() || dice.percent(80) {
            self.acts.push((calm_ms, Act::Calm));
        }
        if self.handing.is_none() {
            let all = self.events.iter().enumerate();
            self.acts.extend(all.map(|(position, (at, _))| (*at, Act::Publish(position))));
            self.told_ms = calm_ms + CONNECTED_MS;
            self.acts.push((self.told_ms, Act::PublishAll));
        }
        self.acts.sort_by_key(|(at, _)| *at);
    }

    /// The data of an event from outside, as JSON.
    #[must_use]
    pub fn data(&self, position: usize) -> String {
        let (more, last) =
            (self.events.get(position).map_or(0, |(_, more)| *more), position + 1 == self.events.len());
        format!("{{\"k\":{},\"more\":{more},\"last\":{last}}}", position + 1)
    }

    /// The events from outside, for a process that is handed them.
    #[must_use]
    pub fn script(&self) -> String {
        let mut script = String::new();
        for (position, (at, _)) in self.events.iter().enumerate() {
            // Writing to a `String` cannot fail.
            let _ = writeln!(script, "{{\"at\":{at},\"event\":\"go\",\"data\":{}}}", self.data(position));
        }
        script
    }

    /// The name of a process.
    #[must_use]
    pub fn process(position: usize) -> String {
        format!("p{position}")
    }

    /// The name by which the broker knows it.
    #[must_use]
    pub fn client(&self, position: usize) -> String {
        format!("csml-{}-{}", self.application.name, Self::process(position))
    }
}

/// Distributes instances to two to four processes.
fn split(dice: &mut Dice, instances: &[&'static str]) -> Vec<Vec<&'static str>> {
    let count = dice.between(2, instances.len().min(4) as u64) as usize;
    let mut left = instances.to_vec();
    let mut processes = vec![Vec::new(); count];
    for position in 0..instances.len() {
        let name = left.swap_remove(dice.below(left.len() as u64) as usize);
        // Each gets one; the rest is random.
        let to = if position < count { position } else { dice.below(count as u64) as usize };
        if let Some(process) = processes.get_mut(to) {
            process.push(name);
        }
    }
    processes
}

fn faults(dice: &mut Dice) -> BrokerFaults {
    let mut per_mille = |all: &[u64]| dice.pick(all).unwrap_or(0) as f64 / 1_000.0;
    BrokerFaults {
        loss: per_mille(&[0, 0, 10, 50, 200, 400]),
        duplication: per_mille(&[0, 10, 100, 300]),
        reordering: per_mille(&[0, 0, 200, 800]),
        disconnect: per_mille(&[0, 0, 0, 10, 50]),
        min_delay: Duration::ZERO,
        max_delay: Duration::from_millis(dice.pick(&[0, 0, 1, 5, 30, 250]).unwrap_or(0)),
        persistence: dice.percent(50),
    }
}
