//! Sums of integer terms, exact: what fits into 64 bits is known to, as anything else ends the step.

use super::terms::Term;

/// `constant + Σ coefficient · term`, terms ascending, no coefficient zero.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Linear {
    pub(super) terms: Vec<(Term, i128)>,
    pub(super) constant: i128,
}

/// Terms of a sum, beyond which it is taken as one thing.
const MOST_TERMS: usize = 12;
/// Coefficients and constants stay so small that no sum of terms leaves 128 bits.
const LARGEST_COEFFICIENT: u128 = 1 << 40;
const LARGEST_CONSTANT: u128 = 1 << 110;

impl Linear {
    pub(super) fn constant(constant: i128) -> Self {
        Self { terms: Vec::new(), constant }
    }

    pub(super) fn term(term: Term) -> Self {
        Self { terms: vec![(term, 1)], constant: 0 }
    }

    /// The value, if there are no terms.
    pub(super) fn as_constant(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.constant)
    }

    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        let mut terms = Vec::with_capacity(self.terms.len() + other.terms.len());
        let (mut left, mut right) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        loop {
            let next = match (left.peek(), right.peek()) {
                (Some(a), Some(b)) if a.0 == b.0 => {
                    let sum = (a.0, a.1.checked_add(b.1)?);
                    left.next();
                    right.next();
                    sum
                }
                (Some(a), Some(b)) if a.0 < b.0 => {
                    let next = **a;
                    left.next();
                    next
                }
                (_, Some(b)) => {
                    let next = **b;
                    right.next();
                    next
                }
                (Some(a), None) => {
                    let next = **a;
                    left.next();
                    next
                }
                (None, None) => break,
            };
            if next.1 != 0 {
                terms.push(next);
            }
        }
        Self { terms, constant: self.constant.checked_add(other.constant)? }.small()
    }

    pub(super) fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.times(-1)?)
    }

    pub(super) fn times(&self, factor: i128) -> Option<Self> {
        if factor == 0 {
            return Some(Self::default());
        }
        let terms =
            self.terms.iter().map(|(term, coefficient)| Some((*term, coefficient.checked_mul(factor)?)));
        Self { terms: terms.collect::<Option<_>>()?, constant: self.constant.checked_mul(factor)? }.small()
    }

    fn small(self) -> Option<Self> {
        let fits = self.terms.len() <= MOST_TERMS
            && self.constant.unsigned_abs() <= LARGEST_CONSTANT
            && self.terms.iter().all(|(_, coefficient)| coefficient.unsigned_abs() <= LARGEST_COEFFICIENT);
        fits.then_some(self)
    }
}
