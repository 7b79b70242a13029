//! Whether sums of integers can be as they have to be: bounds first, then elimination of one term after the
//! other (Fourier and Motzkin's), which finds every contradiction of inequalities over the rationals.

use super::{
    linear::Linear,
    terms::{Shape, Term, Terms},
};
use crate::lists::{Gather, PushAll};

/// Bounds of terms, both included.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    of: Vec<(i128, i128)>,
}

/// What the literals say about integers.
#[derive(Debug, Default)]
pub(super) struct Integers<'l> {
    /// At most zero.
    pub(super) at_most: Vec<&'l Linear>,
    /// Zero.
    pub(super) zero: Vec<&'l Linear>,
    /// Not zero.
    pub(super) not_zero: Vec<&'l Linear>,
}

/// A contradiction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Contradiction;

pub(super) type Checked<T = ()> = Result<T, Contradiction>;

const LEAST: i128 = i64::MIN as i128;
const GREATEST: i128 = i64::MAX as i128;
/// Times that bounds are passed on.
const ROUNDS: usize = 6;
/// Inequalities that elimination may come to.
const MOST_INEQUALITIES: usize = 60;

impl Bounds {
    pub(super) fn new(terms: &Terms<'_>) -> Self {
        Self { of: vec![(LEAST, GREATEST); terms.len()] }
    }

    pub(super) fn get(&self, term: Term) -> (i128, i128) {
        self.of.get(term.index()).copied().unwrap_or((LEAST, GREATEST))
    }

    /// The one value that a term can have.
    pub(super) fn fixed(&self, term: Term) -> Option<i128> {
        let (low, high) = self.get(term);
        (low == high).then_some(low)
    }

    /// Narrows the bounds of a term; whether that changed them.
    pub(super) fn narrow(&mut self, term: Term, low: i128, high: i128) -> Checked<bool> {
        let Some(bounds) = self.of.get_mut(term.index()) else { return Ok(false) };
        let new = (bounds.0.max(low), bounds.1.min(high));
        let changed = new != *bounds;
        *bounds = new;
        if new.0 > new.1 { Err(Contradiction) } else { Ok(changed) }
    }

    /// Least and greatest value of a sum.
    pub(super) fn of_sum(&self, sum: &Linear) -> (i128, i128) {
        let mut bounds = (sum.constant, sum.constant);
        for (term, coefficient) in &sum.terms {
            let (low, high) = self.of_product(*term, *coefficient);
            bounds = (bounds.0.saturating_add(low), bounds.1.saturating_add(high));
        }
        bounds
    }

    fn of_product(&self, term: Term, coefficient: i128) -> (i128, i128) {
        let (low, high) = self.get(term);
        let (a, b) = (low.saturating_mul(coefficient), high.saturating_mul(coefficient));
        (a.min(b), a.max(b))
    }

    /// Narrows the terms of a sum that is at most zero.
    fn at_most_zero(&mut self, sum: &Linear, factor: i128) -> Checked<bool> {
        let mut least = sum.constant.saturating_mul(factor);
        for (term, coefficient) in &sum.terms {
            least = least.saturating_add(self.of_product(*term, coefficient * factor).0);
        }
        if least > 0 {
            return Err(Contradiction);
        }
        let mut changed = false;
        for (term, coefficient) in &sum.terms {
            let coefficient = coefficient * factor;
            let rest = least.saturating_sub(self.of_product(*term, coefficient).0);
            // coefficient · term ≤ -rest
            let limit = rest.saturating_neg();
            changed |= if coefficient > 0 {
                self.narrow(*term, i128::MIN, limit.div_euclid(coefficient))?
            } else {
                self.narrow(*term, -limit.div_euclid(-coefficient), i128::MAX)?
            };
            // What has just been narrowed only makes the least sum greater.
            least = rest.saturating_add(self.of_product(*term, coefficient).0);
            if least > 0 {
                return Err(Contradiction);
            }
        }
        Ok(changed)
    }

    /// A sum is not zero: of one term it may cut off an end.
    fn not_zero(&mut self, sum: &Linear) -> Checked<bool> {
        let open: Vec<_> = sum.terms.iter().filter(|(term, _)| self.fixed(*term).is_none()).gather();
        let fixed = sum.terms.iter().filter_map(|(term, coefficient)| Some(self.fixed(*term)? * coefficient));
        let rest = sum.constant.saturating_add(fixed.fold(0, i128::saturating_add));
        match open.as_slice() {
            [] if rest == 0 => Err(Contradiction),
            [(term, coefficient)] if rest % coefficient == 0 => {
                let missing = -rest / coefficient;
                let (low, high) = self.get(*term);
                let low_cut = if low == missing { low + 1 } else { low };
                let high_cut = if high == missing { high - 1 } else { high };
                self.narrow(*term, low_cut, high_cut)
            }
            _ => Ok(false),
        }
    }

    /// What is known of a term by what it is.
    fn by_shape(&mut self, terms: &Terms<'_>, term: Term) -> Checked<bool> {
        match terms.shape(term) {
            Some(Shape::Size(_)) => self.narrow(term, 0, GREATEST),
            Some(Shape::Remainder(of, divisor)) => {
                let (low, high) = self.of_sum(of);
                if low == high {
                    return self.narrow(term, low % divisor, low % divisor);
                }
                let most = divisor - 1;
                let least = if low >= 0 { 0 } else { -(most.min(low.saturating_neg())) };
                let greatest = if high <= 0 { 0 } else { most.min(high) };
                self.narrow(term, least, greatest)
            }
            Some(Shape::Quotient(of, divisor)) => {
                let (low, high) = self.of_sum(of);
                let (a, b) = (low / divisor, high / divisor);
                self.narrow(term, a.min(b), a.max(b))
            }
            Some(Shape::Product(left, right)) => {
                let ((a, b), (c, d)) = (self.of_sum(left), self.of_sum(right));
                let corners = [(a, c), (a, d), (b, c), (b, d)].map(|(x, y)| x.saturating_mul(y));
                let low = corners.iter().copied().min().unwrap_or(i128::MIN);
                let high = corners.iter().copied().max().unwrap_or(i128::MAX);
                // A square is never negative.
                self.narrow(term, if left == right { low.max(0) } else { low }, high)
            }
            _ => Ok(false),
        }
    }
}

impl Integers<'_> {
    /// Bounds of all terms, or a contradiction. `active` are the terms at hand, parts before what they make.
    pub(super) fn check(&self, terms: &Terms<'_>, active: &[Term], bounds: &mut Bounds) -> Checked {
        for _ in 0..ROUNDS {
            let mut changed = false;
            for sum in &self.at_most {
                changed |= bounds.at_most_zero(sum, 1)?;
            }
            for sum in &self.zero {
                changed |= bounds.at_most_zero(sum, 1)?;
                changed |= bounds.at_most_zero(sum, -1)?;
            }
            for sum in &self.not_zero {
                changed |= bounds.not_zero(sum)?;
            }
            for term in active {
                changed |= bounds.by_shape(terms, *term)?;
            }
            if !changed {
                break;
            }
        }
        self.remainders(terms, active, bounds)?;
        self.eliminate(bounds)
    }

    /// Remainders of one sum by several divisors agree.
    fn remainders(&self, terms: &Terms<'_>, active: &[Term], bounds: &Bounds) -> Checked {
        let known = |term: &Term| match terms.shape(*term) {
            Some(Shape::Remainder(of, divisor)) => Some((of, *divisor, bounds.fixed(*term)?)),
            _ => None,
        };
        let known: Vec<_> = active.iter().filter_map(known).take(16).gather();
        for (index, (of, divisor, remainder)) in known.iter().enumerate() {
            for (other_of, other_divisor, other) in known.iter().skip(index + 1) {
                if of == other_of && (remainder - other) % greatest_divisor(*divisor, *other_divisor) != 0 {
                    return Err(Contradiction);
                }
            }
        }
        Ok(())
    }

    fn eliminate(&self, bounds: &Bounds) -> Checked {
        let several = |sums: &[&Linear]| sums.iter().filter(|sum| sum.terms.len() > 1).count();
        if several(&self.at_most) + 2 * several(&self.zero) + several(&self.not_zero) < 2 {
            return Ok(());
        }
        let mut all: Vec<Linear> = self.at_most.iter().map(|sum| (*sum).clone()).gather();
        for sum in &self.zero {
            all.push((*sum).clone());
            all.push_all(sum.times(-1));
        }
        let mut involved: Vec<Term> = all.iter().flat_map(|sum| &sum.terms).map(|(term, _)| *term).gather();
        crate::sorted::sort(&mut involved);
        involved.dedup();
        for term in &involved {
            let (low, high) = bounds.get(*term);
            let is = Linear::term(*term);
            let limits = [
                is.plus(&Linear::constant(-high)),
                is.times(-1).and_then(|it| it.plus(&Linear::constant(low))),
            ];
            all.push_all(limits.into_iter().flatten());
        }
        contradiction(all.clone(), &involved)?;
        // What is not zero is less or greater.
        for sum in &self.not_zero {
            if sum.terms.len() < 2 {
                continue;
            }
            let one = Linear::constant(1);
            let sides = [sum.plus(&one), sum.times(-1).and_then(|sum| sum.plus(&one))];
            let refuted = sides.into_iter().all(|side| {
                side.is_some_and(|side| {
                    contradiction(all.iter().cloned().chain([side]).gather(), &involved).is_err()
                })
            });
            if refuted {
                return Err(Contradiction);
            }
        }
        Ok(())
    }
}

fn greatest_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// Whether sums that are all at most zero contradict each other.
fn contradiction(mut all: Vec<Linear>, involved: &[Term]) -> Checked {
    let coefficient =
        |sum: &Linear, of: Term| sum.terms.iter().find(|(term, _)| *term == of).map_or(0, |(_, c)| *c);
    let mut left = involved.to_vec();
    while !left.is_empty() {
        crate::sorted::sort(&mut all);
        all.dedup();
        // The term that makes the fewest new inequalities.
        let cost = |term: &Term| {
            let ups = all.iter().filter(|sum| coefficient(sum, *term) > 0).count();
            let downs = all.iter().filter(|sum| coefficient(sum, *term) < 0).count();
            ups * downs
        };
        let Some(at) = (0..left.len()).min_by_key(|at| left.get(*at).map_or(usize::MAX, cost)) else { break };
        let term = left.swap_remove(at);
        let (with, mut rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|sum| coefficient(sum, term) != 0);
        let (ups, downs): (Vec<_>, Vec<_>) = with.into_iter().partition(|sum| coefficient(sum, term) > 0);
        if rest.len() + ups.len() * downs.len() > MOST_INEQUALITIES {
            return Ok(());
        }
        for up in &ups {
            for down in &downs {
                let (a, b) = (coefficient(up, term), -coefficient(down, term));
                let common = greatest_divisor(a, b);
                let sum = up.times(b / common).zip(down.times(a / common)).and_then(|(x, y)| x.plus(&y));
                // One that is too large is left out, which only finds less.
                let Some(sum) = sum.map(reduced) else { continue };
                match sum.as_constant() {
                    Some(constant) if constant > 0 => return Err(Contradiction),
                    Some(_) => {}
                    None => rest.push(sum),
                }
            }
        }
        all = rest;
    }
    let impossible = all.iter().any(|sum| sum.as_constant().is_some_and(|constant| constant > 0));
    if impossible { Err(Contradiction) } else { Ok(()) }
}

/// Divided by what all coefficients have in common; the constant is rounded up, as the terms are integers.
fn reduced(sum: Linear) -> Linear {
    let common = sum.terms.iter().fold(0, |common, (_, coefficient)| greatest_divisor(common, *coefficient));
    if sum.terms.is_empty() || common <= 1 {
        return sum;
    }
    let terms = sum.terms.iter().map(|(term, coefficient)| (*term, coefficient / common)).gather();
    Linear { terms, constant: -((-sum.constant).div_euclid(common)) }
}
