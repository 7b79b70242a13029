//! The three ways that need no interpreter.

use csml_rt::{Machines, Outcome, Value};

use super::{Contestant, Input, Kind, Row};
use crate::by_hand::{self, expressions as hand};
use crate::machines::{expressions, untyped as dynamic};
use crate::steps::{Generated, run_by_hand};

/// The generated machine.
#[must_use]
pub fn generated(row: &Row) -> Option<Box<dyn Contestant>> {
    Some(Box::new(Step::<expressions::Machines>::new(row)?))
}

/// The generated machine whose data are `dynamic`: the operators on [`Value`].
#[must_use]
pub fn untyped(row: &Row) -> Option<Box<dyn Contestant>> {
    Some(Box::new(Step::<dynamic::Machines>::new(row)?))
}

/// The machine by hand.
#[must_use]
pub fn by_hand(row: &Row) -> Option<Box<dyn Contestant>> {
    let events =
        row.inputs().iter().map(|input| hand::Event::new(row.event, input)).collect::<Option<_>>()?;
    Some(Box::new(ByHand { kind: row.kind, machine: hand::Calculator::default(), events }))
}

/// The variables of the machine, as it starts.
#[must_use]
pub fn start() -> Option<Input> {
    Some(Generated::<expressions::Machines>::start()?.data())
}

struct Step<A: Machines> {
    kind: Kind,
    machine: Generated<A>,
    events: Vec<A::Event>,
}

impl<A: Machines> Step<A> {
    fn new(row: &Row) -> Option<Self> {
        let index = A::DESCRIPTION.events.iter().position(|event| event.name == row.event)?;
        let events = row
            .inputs()
            .into_iter()
            .map(|input| A::event_from(index as u16, &Value::map(input)).ok())
            .collect::<Option<_>>()?;
        Some(Self { kind: row.kind, machine: Generated::start()?, events })
    }
}

impl<A: Machines> Contestant for Step<A> {
    fn run(&mut self, times: u64) -> u64 {
        self.machine.run(&self.events, times)
    }

    fn result(&mut self, number: usize) -> Option<Value> {
        let outcome = self.machine.step(self.events.get(number)?)?;
        match self.kind {
            Kind::Guard => Some(Value::Bool(outcome == Outcome::Handled)),
            Kind::Assign(variable) => {
                self.machine.data().into_iter().find_map(|(name, value)| (name == variable).then_some(value))
            }
        }
    }
}

struct ByHand {
    kind: Kind,
    machine: hand::Calculator,
    events: Vec<hand::Event>,
}

impl Contestant for ByHand {
    fn run(&mut self, times: u64) -> u64 {
        run_by_hand(&mut self.machine, &self.events, times, hand::Calculator::step)
    }

    fn result(&mut self, number: usize) -> Option<Value> {
        let outcome = self.machine.step(self.events.get(number)?).ok()?;
        match self.kind {
            Kind::Guard => Some(Value::Bool(outcome == by_hand::Outcome::Handled)),
            Kind::Assign(variable) => self.machine.datum(variable),
        }
    }
}
