//! Whether formulas can hold together: one case after the other, each given up as soon as it contradicts itself.

use super::{
    formula::{Formula, Literal},
    terms::Terms,
    theory::{self, Deductions},
};
use crate::lists::{Gather, PushAll};

/// What a search comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Every case contradicts itself.
    Never,
    /// A case was found that `accept` takes.
    Found,
    /// Some case may be, or there are too many of them.
    Open,
}

/// Looks for a case that `accept` takes.
pub(super) fn search<'s>(
    terms: &'s Terms<'_>,
    formulas: impl IntoIterator<Item = &'s Formula>,
    fuel: &mut u32,
    accept: &mut dyn FnMut(&[&'s Literal], &Deductions) -> bool,
) -> Outcome {
    let mut search = Search { terms, literals: Vec::new(), fuel, accept };
    search.run(formulas.into_iter().gather(), Vec::new(), 0)
}

struct Search<'s, 'e, 'a> {
    terms: &'s Terms<'e>,
    literals: Vec<&'s Literal>,
    /// Cases that may still be looked at.
    fuel: &'a mut u32,
    accept: &'a mut dyn FnMut(&[&'s Literal], &Deductions) -> bool,
}

/// Choices within choices.
const DEEPEST: usize = 60;
/// Things that are so at once.
const MOST_LITERALS: usize = 300;

impl<'s> Search<'s, '_, '_> {
    fn run(
        &mut self,
        mut pending: Vec<&'s Formula>,
        mut choices: Vec<&'s [Formula]>,
        depth: usize,
    ) -> Outcome {
        let before = self.literals.len();
        let outcome = self.take(&mut pending, &mut choices).unwrap_or_else(|| self.decide(choices, depth));
        self.literals.truncate(before);
        outcome
    }

    /// Takes what must be so apart; the outcome if that is known.
    fn take(&mut self, pending: &mut Vec<&'s Formula>, choices: &mut Vec<&'s [Formula]>) -> Option<Outcome> {
        while let Some(formula) = pending.pop() {
            match formula {
                Formula::Constant(true) => {}
                Formula::Constant(false) => return Some(Outcome::Never),
                Formula::Literal(literal) => self.literals.push(literal),
                Formula::All(parts) => pending.push_all(parts),
                Formula::Any(parts) => choices.push(parts),
            }
        }
        None
    }

    fn decide(&mut self, mut choices: Vec<&'s [Formula]>, depth: usize) -> Outcome {
        if *self.fuel == 0 || depth > DEEPEST || self.literals.len() > MOST_LITERALS {
            return Outcome::Open;
        }
        let cost = 1 + self.literals.len() as u32 / 8;
        *self.fuel = self.fuel.saturating_sub(cost);
        let Ok(facts) = theory::check(self.terms, &self.literals) else { return Outcome::Never };
        let Some(choice) = choices.pop() else {
            return if (self.accept)(&self.literals, &facts) { Outcome::Found } else { Outcome::Open };
        };
        let mut outcome = Outcome::Never;
        for case in choice {
            match self.run(vec![case], choices.clone(), depth + 1) {
                Outcome::Never => {}
                Outcome::Found => return Outcome::Found,
                Outcome::Open => outcome = Outcome::Open,
            }
        }
        outcome
    }
}
