//! Functions: their number of parameters, and the locals of their surroundings that they use.

use std::collections::BTreeSet;

use super::{Name, Scopes};
use crate::{
    ast::{Function, LocalId},
    fault::{Fault, FaultKind},
};

/// Functions a script may have.
const MAX_FUNCTIONS: usize = 200;
/// Locals of its surroundings a function may use.
const MAX_CAPTURES: usize = 200;

/// A function, or the script.
#[derive(Default)]
pub(super) struct FunctionScope {
    /// Names declared for all of it.
    pub(super) names: Vec<String>,
    /// Locals of its surroundings that it uses, in order.
    captures: Vec<LocalId>,
    captured: BTreeSet<LocalId>,
    /// Functions that it calls or that stand in it, by index.
    needs: BTreeSet<usize>,
    closed: bool,
    /// Where it begins in the text.
    start: usize,
    end: usize,
}

impl<S> Scopes<S> {
    /// Opens a function whose text begins with the token from `start` to `end`, and a block in it for its
    /// parameters. Gives its index.
    pub(crate) fn open_function(&mut self, start: usize, end: usize) -> Result<usize, Fault> {
        let index = self.functions.len();
        if index > MAX_FUNCTIONS {
            let message = format!("this script has more than {MAX_FUNCTIONS} functions");
            return Err(Fault::new(FaultKind::TooLong, start, end, message));
        }
        self.functions.push(FunctionScope { start, end, ..FunctionScope::default() });
        self.open.push(index);
        self.open_block();
        Ok(index)
    }

    /// Says which function a local is, once its parameters are known.
    pub(crate) fn set_callable(&mut self, local: LocalId, parameters: usize, index: usize) {
        if let Some(info) = self.info_mut(local) {
            info.callable = Some((parameters, index));
        }
    }

    /// Ends the innermost function. Gives what it captures, as far as is known.
    pub(crate) fn close_function(&mut self) -> Result<Vec<LocalId>, Fault> {
        self.close_block();
        let Some(index) = self.open.pop() else { return Ok(Vec::new()) };
        let Some(function) = self.functions.get_mut(index) else { return Ok(Vec::new()) };
        function.closed = true;
        let names = std::mem::take(&mut function.names);
        let captures = function.captures.clone();
        self.forget(names);
        self.need(index, &captures)?;
        Ok(captures)
    }

    /// Number of parameters of a function that is called here.
    pub(crate) fn call(&mut self, local: LocalId) -> Result<usize, Fault> {
        let Some((parameters, index)) = self.info(local).and_then(|info| info.callable) else { return Ok(0) };
        self.inner_recursion |= index != self.function() && self.open.contains(&index);
        let closed = self.functions.get(index).filter(|function| function.closed);
        let captures = closed.map(|function| function.captures.clone()).unwrap_or_default();
        self.need(index, &captures)?;
        Ok(parameters)
    }

    /// Notes that the innermost function needs another one, and so what that captures.
    fn need(&mut self, needed: usize, captures: &[LocalId]) -> Result<(), Fault> {
        let index = self.function();
        if let Some(function) = self.functions.get_mut(index) {
            function.needs.insert(needed);
        }
        for local in captures {
            self.capture_in(index, *local)?;
        }
        Ok(())
    }

    /// Notes that a local is used here.
    pub(super) fn capture(&mut self, local: LocalId, name: &Name) -> Result<(), Fault> {
        self.capture_in(self.function(), local).map(drop).map_err(|_| {
            name.misused(format!(
                "this function uses more than {MAX_CAPTURES} variables declared outside of it"
            ))
            .help("put them into a list or map")
        })
    }

    /// Whether the function had to be told.
    fn capture_in(&mut self, index: usize, local: LocalId) -> Result<bool, Fault> {
        let declared = self.info(local).map_or(0, |info| info.function);
        let Some(function) = self.functions.get_mut(index) else { return Ok(false) };
        if index == 0 || declared == index || !function.captured.insert(local) {
            return Ok(false);
        }
        function.captures.push(local);
        if function.captures.len() <= MAX_CAPTURES {
            return Ok(true);
        }
        let message = format!("this function uses more than {MAX_CAPTURES} variables declared outside of it");
        Err(Fault::new(FaultKind::Local, function.start, function.end, message)
            .help("put them into a list or map"))
    }

    /// Completes what functions capture that call one they stand in, whose captures were not known yet. Whether
    /// any of them changed.
    pub(crate) fn complete_captures(&mut self) -> Result<bool, Fault> {
        let mut changed = false;
        while self.inner_recursion {
            let mut again = false;
            for index in (1..self.functions.len()).rev() {
                let needs: Vec<usize> =
                    self.functions.get(index).map(|f| f.needs.iter().copied().collect()).unwrap_or_default();
                for needed in needs {
                    let captures = self.functions.get(needed).map(|f| f.captures.clone()).unwrap_or_default();
                    for local in captures {
                        again |= self.capture_in(index, local)?;
                    }
                }
            }
            self.inner_recursion = again;
            changed |= again;
        }
        Ok(changed)
    }

    /// Gives a function literal what it captures; `index` counts literals in the order of the text.
    pub(crate) fn set_captures<R, T>(&self, index: usize, function: &mut Function<R, T>) {
        if let Some(scope) = self.functions.get(index) {
            function.captures.clone_from(&scope.captures);
        }
    }
}
