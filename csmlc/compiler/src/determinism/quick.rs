//! What a guard says about single terms. Most guards that exclude each other do so by one of them, so that most
//! pairs need no more than this.

use crate::lists::Gather;
use csml_rt_core::Value;

use super::{
    formula::{Formula, Literal},
    linear::Linear,
    terms::{Shape, Term, Terms},
};

/// What must be so of some terms, ascending.
#[derive(Debug, Default)]
pub(super) struct Units {
    all: Vec<(Term, Unit)>,
}

#[derive(Debug, Clone, Copy)]
enum Unit {
    Truth(bool),
    Null(bool),
    Int(i128, i128),
    Float(f64, f64),
    Is(Term),
}

impl Units {
    pub(super) fn new(terms: &mut Terms<'_>, formula: &Formula) -> Self {
        let mut all: Vec<_> = formula.certain().filter_map(|literal| unit(terms, literal)).gather();
        crate::sorted::sort_by_key(&mut all, |(term, _)| *term);
        Self { all }
    }

    /// Whether the two certainly exclude each other.
    pub(super) fn exclude(&self, other: &Self) -> bool {
        let (mut mine, mut theirs) = (self.all.as_slice(), other.all.as_slice());
        while let (Some(((term, unit), rest)), Some(((other_term, _), other_rest))) =
            (mine.split_first(), theirs.split_first())
        {
            if term < other_term {
                mine = rest;
            } else if other_term < term {
                theirs = other_rest;
            } else {
                let of_term = theirs.iter().take_while(|(other, _)| other == term);
                if of_term.into_iter().any(|(_, other)| unit.excludes(*other)) {
                    return true;
                }
                mine = rest;
            }
        }
        false
    }
}

impl Unit {
    fn excludes(self, other: Self) -> bool {
        match (self, other) {
            (Self::Truth(a), Self::Truth(b)) | (Self::Null(a), Self::Null(b)) => a != b,
            (Self::Int(low, high), Self::Int(other_low, other_high)) => low > other_high || other_low > high,
            (Self::Float(low, high), Self::Float(other_low, other_high)) => {
                low > other_high || other_low > high
            }
            (Self::Is(a), Self::Is(b)) => a != b,
            _ => false,
        }
    }
}

fn unit(terms: &mut Terms<'_>, literal: &Literal) -> Option<(Term, Unit)> {
    Some(match literal {
        Literal::Truth(term, value) => (*term, Unit::Truth(*value)),
        Literal::Null(term, value) => (*term, Unit::Null(*value)),
        Literal::AtMostZero(sum) => {
            let (term, positive, limit) = single(terms, sum)?;
            let range = if positive { (i128::MIN, limit) } else { (limit, i128::MAX) };
            (term, Unit::Int(range.0, range.1))
        }
        Literal::Zero(sum) => {
            let (term, _, value) = single(terms, sum)?;
            (term, Unit::Int(value, value))
        }
        Literal::Before(a, b) => match (float(terms, *a), float(terms, *b)) {
            (None, Some(limit)) => (*a, Unit::Float(f64::NEG_INFINITY, limit.next_down())),
            (Some(limit), None) => (*b, Unit::Float(limit.next_up(), f64::INFINITY)),
            _ => return None,
        },
        Literal::NotAfter(a, b) => match (float(terms, *a), float(terms, *b)) {
            (None, Some(limit)) => (*a, Unit::Float(f64::NEG_INFINITY, limit)),
            (Some(limit), None) => (*b, Unit::Float(limit, f64::INFINITY)),
            _ => return None,
        },
        Literal::Same(a, b) => match (float(terms, *a), float(terms, *b)) {
            (None, Some(value)) => (*a, Unit::Float(value, value)),
            (Some(value), None) => (*b, Unit::Float(value, value)),
            _ if is_constant(terms, *b) => (*a, Unit::Is(*b)),
            _ if is_constant(terms, *a) => (*b, Unit::Is(*a)),
            _ => return None,
        },
        Literal::NotZero(_) | Literal::Different(..) | Literal::NotANumber(_) => return None,
    })
}

fn float(terms: &Terms<'_>, term: Term) -> Option<f64> {
    match terms.shape(term) {
        Some(Shape::Constant(Value::Float(value))) => Some(*value),
        _ => None,
    }
}

fn is_constant(terms: &Terms<'_>, term: Term) -> bool {
    matches!(terms.shape(term), Some(Shape::Constant(_)))
}

/// `±term + constant`, where several terms count as one: the term, its sign, and the value at which the sum is zero.
fn single(terms: &mut Terms<'_>, sum: &Linear) -> Option<(Term, bool, i128)> {
    let (_, first) = sum.terms.first()?;
    let positive = *first > 0;
    let value = if positive { -sum.constant } else { sum.constant };
    let term = match sum.terms.as_slice() {
        [(term, 1 | -1)] => *term,
        [_] => return None,
        _ => {
            let positive_sum = sum.times(if positive { 1 } else { -1 })?;
            terms.of(Shape::Sum(Linear { constant: 0, ..positive_sum }))
        }
    };
    Some((term, positive, value))
}
