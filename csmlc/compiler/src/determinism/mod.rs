//! Pass `determinism`: whether two transitions for one trigger can be enabled together
//! (docs/semantics.md#2-static-rules, docs/semantics.md#3-execution).
//!
//! Requires a typed program. Establishes [`Choices`](crate::ir::Choices): which candidates need a check when they
//! run. Reports transitions that overlap, those of which it cannot say, and guards that never hold.
//!
//! A guard becomes a formula ([`build`]), which is true wherever the guard is; where two of them have no case in
//! common ([`search`], [`theory`]) the transitions exclude each other. Where they may have one, values are looked
//! for that enable both, and what is found is proven by evaluating the guards ([`example`], [`evaluate`]). Neither
//! answer rests on anything else, so that a right description is never refused and a check never left out.

mod build;
mod build_compare;
mod build_values;
mod candidate;
pub(crate) mod determinism_rules;
mod evaluate;
mod example;
mod first;
mod formula;
mod integers;
mod known;
mod linear;
mod never;
mod obstacle;
mod orders;
mod overlap_report;
mod quick;
mod search;
mod terms;
mod theory;

#[cfg(test)]
mod tests;

use crate::sorted::SortedSet;
use crate::{
    diagnostics::{Diagnostics, Severity},
    ir::{Choices, Expr, Kind, Typed},
    lists::Gather,
    model::{EventId, StateId, Transition},
    vocabulary::ChoicePolicy,
};
use build::Builder;
use candidate::Candidate;
use example::{Example, Finder};
use formula::{Formula, Literal};
use known::KnownValues;
use obstacle::Obstacle;
use search::{Outcome, search};
use theory::Deductions;

pub(crate) use determinism_rules::{OVERLAPPING, RULES};

/// Whether two transitions can be enabled together.
#[derive(Debug)]
enum Answer<'e> {
    /// Never.
    Exclusive,
    /// They can, with these values; none are needed for two that are always enabled.
    Overlapping(Example<'e>),
    /// It is not known, for a reason if there is one to name.
    Undecided(Option<(crate::source::Span, Obstacle<'e>)>),
}

/// Cases that are looked at for two guards.
const FUEL: u32 = 1_000;
/// The same for one choice, examples included.
const FUEL_OF_CHOICE: u32 = 30_000;
/// The same for a whole description.
const FUEL_OF_ALL: u32 = 150_000;

/// Decides every choice of a program. Overlaps are a warning if they are `checked` at run time.
pub(crate) fn choices(program: &Typed, checked: bool, diagnostics: &mut Diagnostics) -> Choices {
    let mut choices = Choices::default();
    // Where guards may be missing, transitions that exclude each other would seem to overlap.
    if program.app.gaps.actions {
        return choices;
    }
    let known = KnownValues::new(program);
    let mut fuel = FUEL_OF_ALL;
    for (id, state) in program.app.states.iter() {
        let always = (None, state.always.as_slice());
        let on = state.on.iter().map(|on| (Some(on.event), on.transitions.as_slice()));
        for (trigger, transitions) in on.chain([always]) {
            if diagnostics.has_errors() && transitions.iter().flat_map(|it| &it.guards).any(is_broken) {
                continue;
            }
            let fuel_of_choice = FUEL_OF_CHOICE.min(fuel);
            let mut choice = CompetingTransitions {
                program,
                known: &known,
                state: id,
                trigger,
                checked,
                fuel: fuel_of_choice,
            };
            let before = choice.fuel;
            let decided = match program.app.choice {
                ChoicePolicy::Exclusive => choice.decide(transitions, diagnostics),
                ChoicePolicy::First => choice.decide_first(transitions, diagnostics),
            };
            if let Some(checked) = decided {
                choices.decide(id, trigger, checked);
            }
            fuel = fuel.saturating_sub(before - choice.fuel);
        }
    }
    choices
}

/// Whether something in a guard is in error, and has been reported.
fn is_broken(guard: &Expr) -> bool {
    guard.any(&mut |part| matches!(part.kind, Kind::Never))
}

/// Whether at least one of these transitions is enabled whatever is the case, as far as that can be said. A guard
/// that fails counts as enabled: the step ends there too.
pub(crate) fn covers(transitions: &[&Transition<Expr>]) -> bool {
    let mut builder = Builder::new();
    let mut none = Vec::new();
    for transition in transitions {
        if transition.guards.is_empty() || transition.else_target.is_some() {
            return true;
        }
        if transition.guards.iter().any(Expr::acts) {
            continue;
        }
        none.push(Formula::any(transition.guards.iter().map(|guard| builder.truth(guard, false)).gather()));
    }
    !none.is_empty() && search(&builder.terms, &none, &mut FUEL.clone(), &mut |_, _| false) == Outcome::Never
}

/// The transitions of one state for one trigger.
struct CompetingTransitions<'e> {
    program: &'e Typed,
    known: &'e KnownValues,
    state: StateId,
    trigger: Option<EventId>,
    /// Whether transitions that overlap are checked at run time.
    checked: bool,
    /// Cases that may still be looked at.
    fuel: u32,
}

impl<'e> CompetingTransitions<'e> {
    /// The candidates that have to be checked when they run; none if there is nothing to choose.
    fn decide(
        &mut self,
        transitions: &'e [Transition<Expr>],
        diagnostics: &mut Diagnostics,
    ) -> Option<SortedSet<usize>> {
        let [_, more @ ..] = transitions else { return None };
        if more.is_empty() && !transitions.iter().any(|transition| self.may_never_hold(&transition.guards)) {
            return None;
        }
        let mut builder = Builder::new();
        let candidates: Vec<_> =
            transitions.iter().map(|transition| Candidate::new(&mut builder, transition)).gather();
        let facts = self.facts(&mut builder, &candidates);
        for candidate in &candidates {
            self.never_holds(&builder, &facts, candidate, diagnostics);
        }
        if more.is_empty() {
            return None;
        }
        let mut checked = SortedSet::new();
        let mut undecided = None;
        for (index, second) in candidates.iter().enumerate().skip(1) {
            let mut reported = false;
            for (before, first) in candidates.iter().enumerate().take(index) {
                if reported && checked.contains(&before) {
                    // Both are checked anyway, and one message about a transition is enough.
                    continue;
                }
                match self.pair(&builder, &facts, [first, second]) {
                    Answer::Exclusive => continue,
                    Answer::Overlapping(example) if !reported => {
                        reported = true;
                        let place = (self.state, self.trigger);
                        let both = [first, second];
                        let mut found = overlap_report::overlapping(self.program, place, both, &example);
                        if self.checked {
                            found.severity = Severity::Warning;
                            found.notes.push(overlap_report::CHECKED.to_owned());
                        }
                        diagnostics.push(found);
                    }
                    Answer::Overlapping(_) => {}
                    Answer::Undecided(why) => {
                        undecided.get_or_insert((before, index, why));
                    }
                }
                checked.extend([before, index]);
            }
        }
        if let Some((first, second, why)) = undecided
            && let (Some(first), Some(second)) = (candidates.get(first), candidates.get(second))
        {
            let place = (self.state, self.trigger);
            diagnostics.push(overlap_report::undecided(self.program, place, [first, second], why));
        }
        Some(checked)
    }

    /// What is so whenever a guard is evaluated: variables have one of their values.
    fn facts(&self, builder: &mut Builder<'e>, candidates: &[Candidate<'e>]) -> Vec<(terms::Term, Formula)> {
        let mut facts: Vec<(terms::Term, Formula)> = Vec::new();
        for (term, expr) in candidates.iter().flat_map(|candidate| &candidate.leaves) {
            let Kind::Variable(variable) = expr.kind else { continue };
            if facts.iter().any(|(known, _)| known == term) {
                continue;
            }
            let formula = self.known.formula(self.program, &mut builder.terms, variable);
            if formula != Formula::Constant(true) {
                facts.push((*term, formula));
            }
        }
        facts
    }

    fn pair(
        &mut self,
        builder: &Builder<'e>,
        facts: &[(terms::Term, Formula)],
        [first, second]: [&Candidate<'e>; 2],
    ) -> Answer<'e> {
        if first.is_certain() && second.is_certain() {
            return Answer::Overlapping(Vec::new());
        }
        let acting = [first, second].into_iter().find_map(|candidate| candidate.changes);
        if let Some(guard) = acting {
            let never = [first, second].iter().any(|it| it.formula == Formula::Constant(false));
            let why = Some((guard.span, Obstacle::Changes(guard)));
            return if never { Answer::Exclusive } else { Answer::Undecided(why) };
        }
        if first.units.exclude(&second.units) {
            return Answer::Exclusive;
        }
        let why = second.obstacles.first().or(first.obstacles.first()).copied();
        if self.fuel == 0 {
            return Answer::Undecided(why.or(Some((second.transition.span, Obstacle::TooLarge))));
        }
        let read =
            |term: &terms::Term| first.leaves.iter().chain(&second.leaves).any(|(leaf, _)| leaf == term);
        let facts = facts.iter().filter(|(term, _)| read(term)).map(|(_, formula)| formula);
        let formulas = [&first.formula, &second.formula].into_iter().chain(facts);
        let mut finder = Finder::new(self.program, &builder.terms, self.known, [first, second]);
        let mut nan = false;
        let mut accept = |literals: &[&Literal], facts: &Deductions| {
            nan |= literals.iter().any(|literal| matches!(literal, Literal::NotANumber(_)));
            finder.find(literals, facts)
        };
        let mut fuel = FUEL.min(self.fuel);
        let before = fuel;
        let outcome = search(&builder.terms, formulas, &mut fuel, &mut accept);
        self.fuel = self.fuel.saturating_sub(before - fuel + finder.tries);
        match outcome {
            Outcome::Never => Answer::Exclusive,
            Outcome::Found => Answer::Overlapping(finder.example()),
            Outcome::Open => match finder.enumerate() {
                Some(true) => Answer::Overlapping(finder.example()),
                Some(false) => Answer::Exclusive,
                None => {
                    let nan = nan.then_some((second.transition.span, Obstacle::NotANumber));
                    Answer::Undecided(why.or(nan))
                }
            },
        }
    }
}
