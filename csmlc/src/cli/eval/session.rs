//! Expressions with the variables they see.

use std::collections::BTreeMap;

use csml_compiler::{
    diagnostics::{Diagnostic, Diagnostics},
    expr::{self, Parsed, expression_rules},
    source::{SourceId, Sources, Span},
};
use csml_expr::eval::Program;
use csml_rt_core::{Rng, Value};

/// Variables and the generator of the random functions.
#[derive(Debug, Clone)]
pub(super) struct Session {
    /// Variables by name; event data with `$`.
    pub(super) variables: BTreeMap<String, Value>,
    rng: Rng,
    loop_limit: u64,
}

/// An expression without a value.
pub(super) struct Failed {
    /// The text of the expression.
    pub(super) sources: Sources,
    /// What is wrong with it.
    pub(super) diagnostic: Box<Diagnostic>,
}

impl Session {
    pub(super) fn new(variables: BTreeMap<String, Value>, seed: u64, loop_limit: u64) -> Self {
        Self { variables, rng: Rng::new(seed), loop_limit }
    }

    /// The value of an expression, which messages show under `name`. Variables change only if there is one.
    pub(super) fn evaluate(&mut self, name: &str, source: Vec<u8>) -> Result<Value, Failed> {
        let mut sources = Sources::new();
        let id = sources.add_bytes(name, source);
        match self.evaluate_source(&sources, id) {
            Ok(value) => Ok(value),
            Err(diagnostic) => Err(Failed { sources, diagnostic }),
        }
    }

    fn evaluate_source(&mut self, sources: &Sources, id: SourceId) -> Result<Value, Box<Diagnostic>> {
        let script = parse(sources, id)?;
        let mut variables = self.variables.clone();
        let mut rng = self.rng;
        let value = Program::new(&script).evaluate(&mut variables, &mut rng, self.loop_limit);
        let value = value.map_err(|error| {
            let known = self.variables.keys().map(String::as_str);
            Box::new(expr::not_evaluated(sources, error.span, error.message, known))
        })?;
        self.variables = variables;
        self.rng = rng;
        Ok(value)
    }
}

fn parse(sources: &Sources, id: SourceId) -> Result<Parsed, Box<Diagnostic>> {
    let mut diagnostics = Diagnostics::new();
    expr::parse_source(sources, id, &mut diagnostics).ok_or_else(|| {
        let nowhere = Span::new(id, 0, 0);
        let first = diagnostics.iter().next().cloned();
        Box::new(first.unwrap_or_else(|| {
            Diagnostic::new(&expression_rules::SYNTAX, nowhere, "this is not an expression")
        }))
    })
}
