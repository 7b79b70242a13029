//! The plan of one simulation, drawn from its seed.

use csml_rt::link::LinkOptions;
use csml_rt::link::internals::Transmit;

use crate::dice::Dice;
use crate::link::net::Message;
use crate::link::process::process_of;

/// A fault, or the end of a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A process is cut off. Messages to and from it are lost until it notices.
    Partition {
        /// The process.
        process: usize,
        /// How long, in milliseconds.
        for_ms: u64,
        /// When it notices, in milliseconds.
        noticed_ms: u64,
    },
    /// The broker stops, and loses what it has stored.
    Broker {
        /// How long, in milliseconds.
        for_ms: u64,
    },
    /// A process is killed and started again: a new incarnation of its source and receivers.
    Restart {
        /// The process.
        process: usize,
        /// How long it is down, in milliseconds.
        for_ms: u64,
    },
    /// A receiver ends.
    End {
        /// Its number.
        receiver: usize,
    },
}

/// A schedule.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Processes; each has one source.
    pub processes: usize,
    /// The process of each receiver.
    pub receivers: Vec<usize>,
    /// For each process and lane, the remote receivers that get it.
    pub routes: Vec<Vec<Vec<usize>>>,
    /// Bounds of all links.
    pub options: LinkOptions,
    /// Percentage of lost messages.
    pub loss: u64,
    /// Percentage of repeated messages.
    pub twice: u64,
    /// Maximum delay of a message, in milliseconds. Each has a delay of its own.
    pub delay_ms: u64,
    /// The broker stores messages for disconnected processes.
    pub persistent: bool,
    /// Every process gets every message, including its own; otherwise only those that concern it.
    pub everyone: bool,
    /// Messages that a transport accepts at a time.
    pub transport: usize,
    /// For each process, the milliseconds between two events of its source.
    pub pace_ms: Vec<u64>,
    /// For each process, the time that it takes to handle an event, in milliseconds.
    pub work_ms: Vec<u64>,
    /// For each process, the number of events that its source raises.
    pub events: Vec<u64>,
    /// The faults and their times.
    pub faults: Vec<(u64, Fault)>,
}

/// The time with faults, in milliseconds.
pub(crate) const TROUBLE_MS: u64 = 4_000;

impl Plan {
    /// The plan of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x7C5_B11A_51AC);
        let dice = &mut dice;
        let processes = dice.pick(&[2, 2, 3, 3, 4]).unwrap_or(2);
        let mut receivers: Vec<_> = (0..processes).collect();
        (0..dice.below(3)).for_each(|_| receivers.push(dice.below(processes as u64) as usize));
        let routes = (0..processes).map(|from| routes(dice, from, &receivers)).collect();
        let mut plan = Self {
            processes,
            routes,
            options: LinkOptions {
                capacity: dice.between(4, 64) as usize,
                window: dice.between(1, 24) as usize,
                ack_every: dice.between(1, 8) as u32,
                hold_back: dice.between(1, 24) as usize,
                ..LinkOptions::default()
            },
            loss: dice.pick(&[0, 0, 1, 5, 20, 40]).unwrap_or(0),
            twice: dice.pick(&[0, 1, 10, 30]).unwrap_or(0),
            delay_ms: dice.pick(&[0, 1, 5, 30, 300]).unwrap_or(0),
            persistent: dice.percent(50),
            everyone: dice.percent(20),
            transport: dice.pick(&[1, 4, 64]).unwrap_or(1),
            pace_ms: (0..processes).map(|_| dice.pick(&[0, 1, 10, 60]).unwrap_or(1)).collect(),
            work_ms: (0..processes).map(|_| dice.pick(&[0, 0, 1, 25]).unwrap_or(0)).collect(),
            events: (0..processes).map(|_| dice.between(0, 40)).collect(),
            faults: Vec::new(),
            receivers,
        };
        for _ in 0..dice.below(6) {
            let fault = plan.fault(dice);
            plan.faults.push((dice.below(TROUBLE_MS * 3 / 4), fault));
        }
        plan
    }

    /// Whether a message of one process concerns another one.
    pub(crate) fn concerns(&self, message: &Message, from: usize, to: usize) -> bool {
        match message {
            Transmit::Ack { ack, .. } => {
                from != to
                    && (ack.sources.is_empty()
                        || ack.sources.iter().any(|(source, ..)| process_of(source) == Some(to)))
            }
            Transmit::Event { .. } | Transmit::Sync { .. } => {
                let mut heard = self.routes.get(from).into_iter().flatten().flatten();
                heard.any(|receiver| self.receivers.get(*receiver) == Some(&to))
            }
        }
    }

    fn fault(&self, dice: &mut Dice) -> Fault {
        let process = dice.below(self.processes as u64) as usize;
        match dice.below(10) {
            0..3 => {
                let for_ms = dice.between(1, 1_500);
                Fault::Partition { process, for_ms, noticed_ms: dice.between(0, for_ms) }
            }
            3..5 => Fault::Broker { for_ms: dice.between(0, 700) },
            5..9 => Fault::Restart { process, for_ms: dice.between(0, 700) },
            _ => Fault::End { receiver: dice.below(self.receivers.len() as u64) as usize },
        }
    }
}

fn routes(dice: &mut Dice, from: usize, receivers: &[usize]) -> Vec<Vec<usize>> {
    let lanes = dice.between(1, 3);
    (0..lanes)
        .map(|_| {
            let remote = (0..receivers.len()).filter(|receiver| receivers.get(*receiver) != Some(&from));
            remote.filter(|_| dice.percent(70)).collect()
        })
        .collect()
}
