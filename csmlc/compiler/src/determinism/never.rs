//! Guards that never hold: because they contradict themselves or each other, or because of the values that their
//! variables ever get.

use super::{
    CompetingTransitions, FUEL,
    build::Builder,
    candidate::Candidate,
    formula::Formula,
    overlap_report,
    search::{Outcome, search},
    terms::Term,
};
use crate::{
    diagnostics::Diagnostics,
    ir::{Expr, Kind},
    lists::Gather,
};

impl<'e> CompetingTransitions<'e> {
    /// Whether it is worth asking if guards ever hold.
    pub(super) fn may_never_hold(&self, guards: &[Expr]) -> bool {
        contradictory(guards) || guards.iter().any(|guard| guard.any(&mut |part| self.is_known(part)))
    }

    fn is_known(&self, part: &Expr) -> bool {
        matches!(part.kind, Kind::Variable(variable) if self.known.variable(variable).is_some())
    }

    /// Warns of guards that never hold; whether they do not.
    pub(super) fn never_holds(
        &mut self,
        builder: &Builder<'e>,
        facts: &[(Term, Formula)],
        candidate: &Candidate<'e>,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let guards = &candidate.transition.guards;
        // Who writes `false` means it.
        if guards.iter().any(|guard| matches!(guard.kind, Kind::Bool(false))) {
            return true;
        }
        if candidate.changes.is_some() {
            return false;
        }
        let place = (self.state, self.trigger);
        if contradictory(guards) && self.is_never(builder, &[&candidate.guards]) {
            diagnostics.push(overlap_report::never(self.program, place, candidate));
            return true;
        }
        // What is in error may have given a variable other values.
        if diagnostics.has_errors() {
            return false;
        }
        let read = |term: &Term| candidate.leaves.iter().any(|(leaf, _)| leaf == term);
        let facts = facts.iter().filter(|(term, _)| read(term)).map(|(_, formula)| formula);
        let formulas: Vec<_> = facts.chain([&candidate.guards]).gather();
        if formulas.len() < 2 || !self.is_never(builder, &formulas) {
            return false;
        }
        let values = candidate.leaves.iter().filter_map(|(_, expr)| match expr.kind {
            Kind::Variable(variable) => Some((variable, self.known.variable(variable)?)),
            _ => None,
        });
        diagnostics.push(overlap_report::never_with_values(self.program, place, candidate, values));
        true
    }

    fn is_never(&mut self, builder: &Builder<'e>, formulas: &[&Formula]) -> bool {
        let mut fuel = FUEL.min(self.fuel);
        let before = fuel;
        let formulas = formulas.iter().copied();
        let outcome = search(&builder.terms, formulas, &mut fuel, &mut |_, _| false);
        self.fuel -= before - fuel;
        outcome == Outcome::Never
    }
}

/// Whether guards say more than one thing.
fn contradictory(guards: &[Expr]) -> bool {
    guards.len() > 1 || guards.iter().any(may_contradict)
}

fn may_contradict(guard: &Expr) -> bool {
    match &guard.kind {
        Kind::And(..) | Kind::Or(..) | Kind::Conditional(..) | Kind::Script(_) | Kind::Block(..) => true,
        Kind::Not(inner) => may_contradict(inner),
        Kind::Compare(..) => guard.any(&mut |part| matches!(part.kind, Kind::Conditional(..))),
        _ => false,
    }
}
