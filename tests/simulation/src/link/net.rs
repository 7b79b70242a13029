//! The broker and the connections to it.

use csml_rt::link::internals::Transmit;

use crate::dice::Dice;
use crate::link::plan::Plan;
use crate::link::process::Number;

/// A message in flight.
pub(crate) type Message = Transmit<Number>;

/// The broker and the connections to it.
pub(crate) struct Net {
    dice: Dice,
    /// Restarts of the broker so far. A restart drops what it has stored.
    pub(crate) generation: u64,
    /// Number of faults because of which the broker is down.
    pub(crate) down: u32,
    /// For each process, the number of faults because of which it is cut off.
    pub(crate) cut: Vec<u32>,
    /// For each process, the messages that the broker stores for it.
    pub(crate) kept: Vec<Vec<Message>>,
    /// There are no more faults.
    pub(crate) calm: bool,
}

impl Net {
    pub(crate) fn new(plan: &Plan, seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            generation: 0,
            down: 0,
            cut: vec![0; plan.processes],
            kept: vec![Vec::new(); plan.processes],
            calm: false,
        }
    }

    /// Whether a process can reach the broker.
    pub(crate) fn is_open(&self, process: usize) -> bool {
        self.down == 0 && self.cut.get(process) == Some(&0)
    }

    /// The delay of each copy of a message to one process.
    pub(crate) fn ways(&mut self, plan: &Plan) -> Vec<u64> {
        if self.calm {
            return vec![self.dice.between(0, plan.delay_ms.min(5))];
        }
        let mut ways = Vec::new();
        let copies = 1 + u64::from(self.dice.percent(plan.twice));
        for _ in 0..copies {
            if !self.dice.percent(plan.loss) {
                ways.push(self.dice.between(0, plan.delay_ms));
            }
        }
        ways
    }

    pub(crate) fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }
}
