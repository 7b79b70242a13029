//! The contestants without an interpreter.

use csml_rt::machine::{Datum, Machines, Outcome, Value};

use super::{Contestant, Kind, Row};
use crate::by_hand::{
    self,
    expressions::{Calculator, Failure},
};
use crate::steps::{Generated, run_by_hand};

/// The initial variables of a generated machine.
pub(super) fn start<A: Machines>() -> Option<Vec<(&'static str, Value)>> {
    Some(Generated::<A>::start()?.data())
}

/// A generated machine whose first event is the event of the row.
pub(super) fn generated<A: Machines + 'static>(row: &Row) -> Option<Box<dyn Contestant>> {
    let index = A::DESCRIPTION.events.iter().position(|event| event.name == "evaluate")?;
    let event = |input| A::event_from(index as u16, &Value::map([(row.datum, input)])).ok();
    let events = row.inputs().into_iter().map(event).collect::<Option<_>>()?;
    Some(Box::new(Step::<A> { kind: row.kind, machine: Generated::start()?, events }))
}

/// A machine by hand with this step.
pub(super) fn by_hand<E, F>(row: &Row, step: F) -> Option<Box<dyn Contestant>>
where
    E: Datum + 'static,
    F: Fn(&mut Calculator, &E) -> Result<by_hand::Outcome, Failure> + Copy + 'static,
{
    let events = row.inputs().iter().map(|input| E::from_value(input).ok()).collect::<Option<_>>()?;
    Some(Box::new(ByHand { kind: row.kind, machine: Calculator::default(), events, step }))
}

struct Step<A: Machines> {
    kind: Kind,
    machine: Generated<A>,
    events: Vec<A::Event>,
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

struct ByHand<E, F> {
    kind: Kind,
    machine: Calculator,
    events: Vec<E>,
    step: F,
}

impl<E, F> Contestant for ByHand<E, F>
where
    F: Fn(&mut Calculator, &E) -> Result<by_hand::Outcome, Failure> + Copy,
{
    fn run(&mut self, times: u64) -> u64 {
        run_by_hand(&mut self.machine, &self.events, times, self.step)
    }

    fn result(&mut self, number: usize) -> Option<Value> {
        let outcome = (self.step)(&mut self.machine, self.events.get(number)?).ok()?;
        match self.kind {
            Kind::Guard => Some(Value::Bool(outcome == by_hand::Outcome::Handled)),
            Kind::Assign(variable) => self.machine.datum(variable),
        }
    }
}
