//! The broker and the ways to it.

use csml_rt::link::Transmit;

use crate::dice::Dice;
use crate::link::plan::Plan;
use crate::link::process::Number;

/// A message on its way.
pub(crate) type Message = Transmit<Number>;

/// The broker and the ways to it.
pub(crate) struct Net {
    dice: Dice,
    /// Restarts of the broker so far: it keeps nothing over one.
    pub(crate) generation: u64,
    /// Reasons why the broker is not there.
    pub(crate) down: u32,
    /// For each process, reasons why it is cut off.
    pub(crate) cut: Vec<u32>,
    /// For each process, what the broker keeps for it.
    pub(crate) kept: Vec<Vec<Message>>,
    /// Nothing goes wrong any more.
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

    /// Whether a process gets through to the broker.
    pub(crate) fn is_open(&self, process: usize) -> bool {
        self.down == 0 && self.cut.get(process) == Some(&0)
    }

    /// How long each copy of a message takes to one process.
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
