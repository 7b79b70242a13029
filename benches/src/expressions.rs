//! One expression at a time: as generated code, by hand, and on untyped values, all behind one trait, so that
//! `benches/engines` can line up interpreters beside them.

mod contestants;
mod rows;

use csml_rt::{Rng, Value};

pub use contestants::{by_hand, generated, start, untyped};
pub use rows::ROWS;

/// An expression of `machines/expressions.csml`.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Its kind of data and its place, which names it: unlike those of all other rows.
    pub name: &'static str,
    /// As the description has it.
    pub source: &'static str,
    /// The event that evaluates it.
    pub event: &'static str,
    /// What evaluating it does.
    pub kind: Kind,
    /// The same for `rhai`, which has no `$` in names.
    pub rhai: &'static str,
    /// The same for `cel`, without the assignment, which it does not have; `None` if it cannot say it.
    pub cel: Option<&'static str>,
    /// Data of one event.
    pub input: fn(&mut Rng) -> Input,
}

/// Where an expression stands, and so what its result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A guard: whether it holds.
    Guard,
    /// The value of an assignment to this variable.
    Assign(&'static str),
}

/// Data of an event by name, without `$`.
pub type Input = Vec<(&'static str, Value)>;

/// Length of a row's stream of events: long enough that both answers of a guard mix, short enough to stay in
/// the caches.
pub const STREAM: usize = 256;

impl Row {
    /// The row of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Self> {
        ROWS.iter().find(|row| row.name == name)
    }

    /// Data of the events of the row's stream, the same in every run.
    #[must_use]
    pub fn inputs(&self) -> Vec<Input> {
        let mut random = Rng::new(self.name.len() as u64);
        (0..STREAM).map(|_| (self.input)(&mut random)).collect()
    }
}

/// One way to evaluate a row's expression.
pub trait Contestant {
    /// Evaluates it this many times, with the data of the row's stream in turn, and returns how many failed.
    fn run(&mut self, times: u64) -> u64;

    /// Evaluates it with the data of the event of this number and returns the result; `None` if that failed.
    fn result(&mut self, number: usize) -> Option<Value>;
}

/// A way to evaluate any row.
pub type Entry = fn(&Row) -> Option<Box<dyn Contestant>>;

/// Evaluates the whole stream twice.
#[must_use]
pub fn results(contestant: &mut dyn Contestant) -> Vec<Option<Value>> {
    (0..2 * STREAM).map(|number| contestant.result(number % STREAM)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPED: &str = include_str!("../machines/expressions.csml");
    const UNTYPED: &str = include_str!("../machines/expressions_untyped.csml");

    #[test]
    fn rows_are_those_of_both_descriptions() {
        for row in ROWS {
            let (event, source) = (format!("\"event\": \"{}\"", row.event), format!("\"{}\"", row.source));
            for description in [TYPED, UNTYPED] {
                assert!(description.contains(&event), "{event}");
                assert!(description.contains(&source), "{source}");
            }
            assert!(std::ptr::eq(Row::of(row.name).unwrap(), row), "{}: a name of its own", row.name);
        }
        assert_eq!(TYPED.matches("\"event\": ").count(), ROWS.len());
    }

    #[test]
    fn all_ways_give_the_same_results() {
        for row in ROWS {
            let expected = results(by_hand(row).unwrap().as_mut());
            assert!(expected.iter().all(Option::is_some), "{}", row.name);
            assert_eq!(results(generated(row).unwrap().as_mut()), expected, "{}: generated", row.name);
            assert_eq!(results(untyped(row).unwrap().as_mut()), expected, "{}: untyped", row.name);
        }
    }

    #[test]
    fn guards_hold_about_half_of_the_time() {
        for row in ROWS.iter().filter(|row| row.kind == Kind::Guard) {
            let results = results(by_hand(row).unwrap().as_mut());
            let held = results.iter().filter(|result| **result == Some(Value::Bool(true))).count();
            assert!((STREAM * 3 / 4..=STREAM * 5 / 4).contains(&held), "{}: {held}", row.name);
        }
    }

    #[test]
    fn a_run_is_that_many_evaluations() {
        for row in ROWS {
            let entries: [Entry; 3] = [by_hand, generated, untyped];
            for entry in entries {
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
