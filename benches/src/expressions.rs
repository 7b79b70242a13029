//! Expressions as generated code, by hand, and on untyped values, all behind one trait, so that `benches/engines` can
//! compare interpreters with them.
//!
//! Each expression has a machine of its own with one event. In a machine with many expressions rustc shares registers
//! among all of them, which would affect the result.

mod contestants;
mod machines;
mod rows;

use csml_rt::machine::{Rng, Value};

pub use rows::ROWS;

/// An expression and its contestants.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The unique name of the row.
    pub name: &'static str,
    /// The expression in the description.
    pub source: &'static str,
    /// The use of the expression.
    pub kind: Kind,
    /// The name of the event's datum, without `$`.
    pub datum: &'static str,
    /// The datum of one event.
    pub input: fn(&mut Rng) -> Value,
    /// The expression for `rhai`, which has no `$` in names.
    pub rhai: &'static str,
    /// The expression for `cel`, which has no assignments; `None` if cel cannot express it.
    pub cel: Option<&'static str>,
    /// The initial variables of the machine.
    pub start: fn() -> Option<Vec<(&'static str, Value)>>,
    /// The generated machine.
    pub generated: Entry,
    /// The generated machine with `dynamic` data: the operators on [`Value`].
    pub untyped: Entry,
    /// The machine by hand.
    pub by_hand: Entry,
}

/// The use of an expression, which determines its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A guard; the result is whether it is true.
    Guard,
    /// The value of an assignment to this variable.
    Assign(&'static str),
}

/// A way to evaluate a row. `None` if it cannot.
pub type Entry = fn(&Row) -> Option<Box<dyn Contestant>>;

/// Length of a row's stream of events: long enough to mix both results of a guard, short enough to stay in the caches.
pub const STREAM: usize = 256;

impl Row {
    /// The row of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.name == name)
    }

    /// The data of the events of the row's stream, the same in every run.
    #[must_use]
    pub fn inputs(&self) -> Vec<Value> {
        let mut random = Rng::new(self.name.len() as u64);
        (0..STREAM).map(|_| (self.input)(&mut random)).collect()
    }
}

/// A contestant that evaluates the expression of a row.
pub trait Contestant {
    /// Evaluates it this many times, with the data of the row's stream in turn, and returns how many failed.
    fn run(&mut self, times: u64) -> u64;

    /// Evaluates it with the datum of this number and returns the result; `None` if that failed.
    fn result(&mut self, number: usize) -> Option<Value>;
}

/// Evaluates the whole stream twice.
#[must_use]
pub fn results(contestant: &mut dyn Contestant) -> Vec<Option<Value>> {
    (0..2 * STREAM).map(|number| contestant.result(number % STREAM)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results_of(row: &Row, entry: Entry) -> Vec<Option<Value>> {
        results(entry(row).unwrap().as_mut())
    }

    #[test]
    fn names_of_rows_are_their_own() {
        for row in ROWS {
            assert!(std::ptr::eq(Row::of(row.name).unwrap(), row), "{}", row.name);
        }
    }

    #[test]
    fn all_ways_give_the_same_results() {
        for row in ROWS {
            let expected = results_of(row, row.by_hand);
            assert!(expected.iter().all(Option::is_some), "{}", row.name);
            assert_eq!(results_of(row, row.generated), expected, "{}: generated", row.name);
            assert_eq!(results_of(row, row.untyped), expected, "{}: untyped", row.name);
        }
    }

    #[test]
    fn guards_hold_about_half_of_the_time() {
        for row in ROWS.iter().filter(|row| row.kind == Kind::Guard) {
            let results = results_of(row, row.by_hand);
            let held = results.iter().filter(|result| **result == Some(Value::Bool(true))).count();
            assert!((STREAM * 3 / 4..=STREAM * 5 / 4).contains(&held), "{}: {held}", row.name);
        }
    }

    #[test]
    fn a_run_is_that_many_evaluations() {
        for row in ROWS {
            for entry in [row.by_hand, row.generated, row.untyped] {
                let (mut at_once, mut one_by_one) = (entry(row).unwrap(), entry(row).unwrap());
                assert_eq!(at_once.run(300), 0, "{}", row.name);
                for number in 0..300 {
                    one_by_one.result(number % STREAM);
                }
                assert_eq!(at_once.result(44), one_by_one.result(44), "{}", row.name);
            }
        }
    }
}
