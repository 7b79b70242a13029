//! Evaluates scripts over untyped values (docs/expressions.md).
//!
//! A script is translated once to a flat list of instructions, which a machine with a stack of its own runs:
//! neither deep scripts nor deep calls use the stack of the thread. Loops and calls are counted against a
//! limit, so every evaluation ends.

mod code;
mod items;
mod machine;
mod operators;
mod translate;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use csml_rt_core::{Rng, StepErrorKind, Value};

use crate::{Parsed, protect};
use code::Code;
use machine::{Machine, Stop};

/// Variables and event data as a script sees them.
pub trait Context {
    /// A variable, if there is one of that name.
    fn variable(&self, name: &str) -> Option<&Value>;

    /// A variable to be changed, if there is one of that name.
    fn variable_mut(&mut self, name: &str) -> Option<&mut Value>;

    /// Gives a variable a value.
    ///
    /// # Errors
    /// The reason why there can be no such variable, for a message.
    fn assign(&mut self, name: &str, value: Value) -> Result<(), String>;

    /// An event datum, whose name is given without `$`.
    fn datum(&self, name: &str) -> Option<&Value>;
}

/// Variables by name; event data under their name with `$`. An assignment to a name that is not there creates it,
/// as in JEXL.
impl Context for BTreeMap<String, Value> {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }

    fn variable_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.get_mut(name)
    }

    fn assign(&mut self, name: &str, value: Value) -> Result<(), String> {
        match self.get_mut(name) {
            Some(variable) => *variable = value,
            None => {
                self.insert(name.to_owned(), value);
            }
        }
        Ok(())
    }

    fn datum(&self, name: &str) -> Option<&Value> {
        self.get(&format!("${name}"))
    }
}

/// Why an evaluation failed, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError<S> {
    /// What kind of error it is.
    pub kind: StepErrorKind,
    /// What happened, without the place.
    pub message: String,
    /// The expression that failed.
    pub span: S,
}

/// A script that is ready to be evaluated, any number of times.
#[derive(Debug)]
pub struct Program<S> {
    codes: Vec<Code<S>>,
    span: S,
}

impl<S: Clone> Program<S> {
    /// Prepares a script.
    #[must_use]
    pub fn new(script: &Parsed<S>) -> Self {
        let mut root = script.root.clone();
        protect(&mut root);
        Self { codes: translate::translate(&root), span: root.span }
    }

    /// Its value. What an evaluation that fails has changed before stays changed.
    ///
    /// `loop_limit` is the number of rounds of loops and of calls of its own functions that it may take.
    ///
    /// # Errors
    /// An operation that JEXL refuses, a number, string or collection that grows too large, a variable or
    /// function that does not exist, too many rounds, too deep a recursion.
    pub fn evaluate(
        &self,
        context: &mut dyn Context,
        rng: &mut Rng,
        loop_limit: u64,
    ) -> Result<Value, EvalError<S>> {
        Machine::new(&self.codes, context, rng, loop_limit).run().map_err(|stop| self.failed(&stop))
    }

    fn failed(&self, stop: &Stop) -> EvalError<S> {
        let (code, op) = stop.at;
        let span = self.codes.get(code).and_then(|code| code.spans.get(op));
        EvalError {
            kind: stop.error.kind(),
            message: stop.error.message().to_owned(),
            span: span.unwrap_or(&self.span).clone(),
        }
    }
}
