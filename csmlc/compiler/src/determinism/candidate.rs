//! One of the transitions that a trigger may take.

use csml_rt_core::Value;

use super::{
    build::Builder,
    evaluate::{self, Stop},
    formula::Formula,
    obstacle::Obstacle,
    quick::Units,
    terms::Term,
};
use crate::{
    ir::{Expr, Kind},
    model::{Transition, graph::is_certain},
    source::Span,
};

/// A transition with what has to be so for it to be enabled.
pub(super) struct Candidate<'e> {
    pub(super) transition: &'e Transition<Expr>,
    /// When it is enabled.
    pub(super) formula: Formula,
    /// When its guards hold.
    pub(super) guards: Formula,
    pub(super) units: Units,
    /// What could not be looked into.
    pub(super) obstacles: Vec<(Span, Obstacle<'e>)>,
    /// What its guards read, each once.
    pub(super) leaves: Vec<(Term, &'e Expr)>,
    /// A guard that changes something.
    pub(super) changes: Option<&'e Expr>,
}

impl<'e> Candidate<'e> {
    pub(super) fn new(builder: &mut Builder<'e>, transition: &'e Transition<Expr>) -> Self {
        let guards = builder.guards(&transition.guards);
        let formula = if is_certain(transition) { Formula::Constant(true) } else { guards.clone() };
        let units = Units::new(&mut builder.terms, &formula);
        let obstacles = std::mem::take(&mut builder.obstacles);
        let changes = transition.guards.iter().find(|guard| !guard.changes().is_empty());
        let mut candidate =
            Self { transition, formula, guards, units, obstacles, leaves: Vec::new(), changes };
        for guard in &transition.guards {
            candidate.read(builder, guard);
        }
        candidate
    }

    fn read(&mut self, builder: &mut Builder<'e>, expr: &'e Expr) {
        if let Kind::Variable(_) | Kind::Datum { .. } | Kind::Output(_) = expr.kind {
            let term = builder.terms.leaf(expr);
            if !self.leaves.iter().any(|(known, _)| *known == term) {
                self.leaves.push((term, expr));
            }
        }
        expr.for_each_child(&mut |child| self.read(builder, child));
    }

    /// Whether it is enabled whatever is the case.
    pub(super) fn is_certain(&self) -> bool {
        is_certain(self.transition)
    }

    /// Whether it is enabled with these values.
    pub(super) fn enabled_with(&self, look: &dyn Fn(&Expr) -> Option<Value>) -> Result<bool, Stop> {
        for guard in &self.transition.guards {
            match evaluate::evaluate(guard, look)? {
                Value::Bool(true) => {}
                Value::Bool(false) => return Ok(self.transition.else_target.is_some()),
                _ => return Err(Stop::Unknown),
            }
        }
        Ok(true)
    }
}
