//! Transitions of which the first enabled one is taken: which of them wins where several are enabled, and which never
//! does.

use super::{
    Answer, CompetingTransitions, FUEL,
    build::Builder,
    candidate::Candidate,
    formula::Formula,
    overlap_report,
    search::{Outcome, search},
    terms::Term,
};
use crate::{
    diagnostics::Diagnostics,
    ir::Expr,
    lists::Gather,
    model::{Transition, graph::takeable},
    sorted::SortedSet,
    vocabulary::ChoicePolicy,
};

impl<'e> CompetingTransitions<'e> {
    /// None of the candidates is checked; nothing if there is nothing to choose.
    pub(super) fn decide_first(
        &mut self,
        transitions: &'e [Transition<Expr>],
        diagnostics: &mut Diagnostics,
    ) -> Option<SortedSet<usize>> {
        if transitions.len() < 2 {
            return self.decide(transitions, diagnostics);
        }
        let mut builder = Builder::new();
        let candidates: Vec<_> =
            transitions.iter().map(|transition| Candidate::new(&mut builder, transition)).gather();
        let refused: Vec<_> = transitions.iter().map(|transition| refused(&mut builder, transition)).gather();
        let facts = self.facts(&mut builder, &candidates);
        let sure = takeable(ChoicePolicy::First, transitions).len();
        let place = (self.state, self.trigger);
        for (index, candidate) in candidates.iter().enumerate() {
            if self.never_holds(&builder, &facts, candidate, diagnostics) || index == 0 {
                continue;
            }
            let earlier = candidates.get(..index).unwrap_or_default();
            let behind = candidates.get(sure.saturating_sub(1)).filter(|_| index >= sure);
            if let Some(certain) = behind {
                let by = std::iter::once(certain);
                diagnostics.push(overlap_report::never_taken(self.program, place, candidate, by));
                continue;
            }
            let none_before = refused.get(..index).unwrap_or_default();
            if self.never_wins(&builder, &facts, candidate, earlier, none_before) {
                let by = earlier.iter();
                diagnostics.push(overlap_report::never_taken(self.program, place, candidate, by));
                continue;
            }
            for first in earlier {
                if let Answer::Overlapping(example) = self.pair(&builder, &facts, [first, candidate]) {
                    let both = [first, candidate];
                    diagnostics.push(overlap_report::first_wins(self.program, place, both, &example));
                    break;
                }
            }
        }
        Some(SortedSet::new())
    }

    /// Whether no values enable a candidate and none of the earlier ones.
    fn never_wins(
        &mut self,
        builder: &Builder<'e>,
        facts: &[(Term, Formula)],
        candidate: &Candidate<'e>,
        earlier: &[Candidate<'e>],
        none_before: &[Formula],
    ) -> bool {
        // What a guard changes, those that follow see.
        if earlier.iter().chain([candidate]).any(|one| one.changes.is_some()) {
            return false;
        }
        let facts = facts.iter().map(|(_, formula)| formula);
        let formulas = none_before.iter().chain([&candidate.formula]).chain(facts);
        let mut fuel = FUEL.min(self.fuel);
        let before = fuel;
        let outcome = search(&builder.terms, formulas, &mut fuel, &mut |_, _| false);
        self.fuel -= before - fuel;
        outcome == Outcome::Never
    }
}

/// What has to be so for a transition not to be enabled.
fn refused<'e>(builder: &mut Builder<'e>, transition: &'e Transition<Expr>) -> Formula {
    if transition.else_target.is_some() {
        return Formula::Constant(false);
    }
    let guards: Vec<_> = transition.guards.iter().map(|guard| builder.refused(guard)).gather();
    Formula::any(guards)
}
