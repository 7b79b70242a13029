//! Whether floats, strings and other values that are compared as a whole can be ordered as they have to be.
//!
//! Float arithmetic rounds, so nothing is solved for an operand here: bounds only go from operands to results,
//! by the very operation that would be done, which is monotonic even where it rounds.

use crate::lists::PushAll;
use csml_rt_core::Value;

use super::{
    integers::{Bounds, Checked, Contradiction},
    terms::{FloatOperation, Shape, Term, Terms},
};

/// What the literals say about order.
#[derive(Debug, Default)]
pub(super) struct Orders {
    pub(super) before: Vec<(Term, Term)>,
    pub(super) not_after: Vec<(Term, Term)>,
    pub(super) same: Vec<(Term, Term)>,
    pub(super) different: Vec<(Term, Term)>,
    pub(super) not_a_number: Vec<Term>,
}

/// How one value stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Relation {
    Unknown,
    NotAfter,
    Before,
}

/// What follows for each term.
#[derive(Debug, Default)]
pub(super) struct TermOrder {
    terms: Vec<Term>,
    related: Vec<Relation>,
    floats: Vec<(f64, f64)>,
}

/// Terms beyond which nothing is concluded.
const MOST_TERMS: usize = 48;

impl Orders {
    fn is_empty(&self) -> bool {
        self.before.is_empty()
            && self.not_after.is_empty()
            && self.same.is_empty()
            && self.different.is_empty()
    }

    /// What follows, or a contradiction. `active` are the terms at hand, parts before what they make.
    pub(super) fn check(&self, terms: &Terms<'_>, active: &[Term], bounds: &Bounds) -> Checked<TermOrder> {
        if self.is_empty() {
            return Ok(TermOrder::default());
        }
        let compared = [&self.before, &self.not_after, &self.same];
        for (a, b) in compared.into_iter().flatten() {
            if self.not_a_number.contains(a) || self.not_a_number.contains(b) {
                return Err(Contradiction);
            }
        }
        let mut order = TermOrder { terms: active.to_vec(), ..TermOrder::default() };
        if order.terms.len() > MOST_TERMS {
            return Ok(TermOrder::default());
        }
        order.related = vec![Relation::Unknown; order.terms.len() * order.terms.len()];
        for (a, b) in &self.before {
            order.relate(*a, *b, Relation::Before);
        }
        for (a, b) in &self.not_after {
            order.relate(*a, *b, Relation::NotAfter);
        }
        for (a, b) in &self.same {
            order.relate(*a, *b, Relation::NotAfter);
            order.relate(*b, *a, Relation::NotAfter);
        }
        order.constants(terms);
        order.shifted(terms);
        order.close();
        for index in 0..order.terms.len() {
            if order.at(index, index) == Relation::Before {
                return Err(Contradiction);
            }
        }
        for (a, b) in &self.different {
            if a == b
                || (order.relation(*a, *b) != Relation::Unknown
                    && order.relation(*b, *a) != Relation::Unknown)
            {
                return Err(Contradiction);
            }
        }
        order.ranges(terms, bounds)?;
        Ok(order)
    }
}

impl TermOrder {
    fn place(&self, term: Term) -> Option<usize> {
        self.terms.iter().position(|known| *known == term)
    }

    fn at(&self, from: usize, to: usize) -> Relation {
        self.related.get(from * self.terms.len() + to).copied().unwrap_or(Relation::Unknown)
    }

    fn relation(&self, from: Term, to: Term) -> Relation {
        match (self.place(from), self.place(to)) {
            (Some(from), Some(to)) => self.at(from, to),
            _ => Relation::Unknown,
        }
    }

    fn relate(&mut self, from: Term, to: Term, relation: Relation) {
        if let (Some(from), Some(to)) = (self.place(from), self.place(to)) {
            self.relate_at(from, to, relation);
        }
    }

    fn relate_at(&mut self, from: usize, to: usize, relation: Relation) {
        let len = self.terms.len();
        if let Some(known) = self.related.get_mut(from * len + to) {
            *known = relation.max(*known);
        }
    }

    /// Constants of one kind have their own order.
    fn constants(&mut self, terms: &Terms<'_>) {
        let mut constants: Vec<(&Value, Term)> = Vec::new();
        for term in &self.terms {
            if let Some(Shape::Constant(value)) = terms.shape(*term) {
                constants.push((value, *term));
            }
        }
        crate::sorted::sort(&mut constants);
        for pair in constants.windows(2) {
            if let [(a, low), (b, high)] = pair
                && std::mem::discriminant(*a) == std::mem::discriminant(*b)
            {
                self.relate(*low, *high, Relation::Before);
            }
        }
    }

    /// `x + 1` and `x + 2` stand to each other, and to `x`, as their distances do, or are rounded to the same.
    fn shifted(&mut self, terms: &Terms<'_>) {
        let float = |term: Term| match terms.shape(term) {
            Some(Shape::Constant(Value::Float(value))) if value.is_finite() => Some(*value),
            _ => None,
        };
        let mut shifted = Vec::new();
        for (place, term) in self.terms.iter().enumerate() {
            let parts = match terms.shape(*term) {
                Some(Shape::Calculated(FloatOperation::Add, a, b)) => match (float(*a), float(*b)) {
                    (None, Some(by)) => Some((*a, by)),
                    (Some(by), None) => Some((*b, by)),
                    _ => None,
                },
                Some(Shape::Calculated(FloatOperation::Sub, a, b)) => float(*b).map(|by| (*a, -by)),
                _ => None,
            };
            if let Some((of, by)) = parts {
                shifted.push((of, by, place));
                shifted.push_all(self.place(of).map(|place| (of, 0.0, place)));
            }
        }
        for (of, by, place) in &shifted {
            for (other_of, other_by, other) in &shifted {
                if of == other_of && by <= other_by && place != other {
                    self.relate_at(*place, *other, Relation::NotAfter);
                }
            }
        }
    }

    /// What follows over others.
    fn close(&mut self) {
        let len = self.terms.len();
        for middle in 0..len {
            for from in 0..len {
                let first = self.at(from, middle);
                if first == Relation::Unknown {
                    continue;
                }
                for to in 0..len {
                    let second = self.at(middle, to);
                    if second != Relation::Unknown {
                        self.relate_at(from, to, first.max(second));
                    }
                }
            }
        }
    }

    /// Least and greatest value of each float.
    fn ranges(&mut self, terms: &Terms<'_>, bounds: &Bounds) -> Checked {
        let len = self.terms.len();
        self.floats = vec![(f64::NEG_INFINITY, f64::INFINITY); len];
        let mut any = false;
        for (place, term) in self.terms.iter().enumerate() {
            let range = match terms.shape(*term) {
                Some(Shape::Constant(Value::Float(value))) => (*value, *value),
                Some(Shape::Float(sum)) => {
                    let (low, high) = bounds.of_sum(sum);
                    (low as f64, high as f64)
                }
                _ => continue,
            };
            any = true;
            if let Some(known) = self.floats.get_mut(place) {
                *known = range;
            }
        }
        if !any {
            return Ok(());
        }
        for _ in 0..3 {
            for place in 0..len {
                let made = self.terms.get(place).and_then(|term| self.made(terms, *term));
                if let (Some(made), Some(known)) = (made, self.floats.get_mut(place)) {
                    *known = (known.0.max(made.0), known.1.min(made.1));
                }
            }
            for from in 0..len {
                for to in 0..len {
                    let relation = self.at(from, to);
                    if relation == Relation::Unknown {
                        continue;
                    }
                    let (Some(low), Some(high)) = (self.floats.get(from), self.floats.get(to)) else {
                        continue;
                    };
                    let (mut least, mut greatest) = (low.0, high.1);
                    if relation == Relation::Before {
                        (least, greatest) = (least.next_up(), greatest.next_down());
                    }
                    if let Some(range) = self.floats.get_mut(to) {
                        range.0 = range.0.max(least);
                    }
                    if let Some(range) = self.floats.get_mut(from) {
                        range.1 = range.1.min(greatest);
                    }
                }
            }
        }
        if self.floats.iter().any(|(low, high)| low > high) { Err(Contradiction) } else { Ok(()) }
    }

    /// The range of what arithmetic makes of the ranges of its operands.
    fn made(&self, terms: &Terms<'_>, term: Term) -> Option<(f64, f64)> {
        let range = |term: Term| self.place(term).and_then(|place| self.floats.get(place)).copied();
        let corners = |(a, b): (f64, f64), (c, d): (f64, f64), operation: fn(f64, f64) -> f64| {
            let all = [operation(a, c), operation(a, d), operation(b, c), operation(b, d)];
            let known = all.iter().all(|corner| !corner.is_nan());
            known.then(|| {
                let low = all.iter().copied().fold(f64::INFINITY, f64::min);
                (low, all.iter().copied().fold(f64::NEG_INFINITY, f64::max))
            })
        };
        match terms.shape(term)? {
            Shape::Negative(of) => range(*of).map(|(low, high)| (-high, -low)),
            Shape::Calculated(operation, a, b) => {
                let (a, b) = (range(*a)?, range(*b)?);
                match operation {
                    FloatOperation::Add => corners(a, b, |a, b| a + b),
                    FloatOperation::Sub => corners(a, b, |a, b| a - b),
                    FloatOperation::Mul => corners(a, b, |a, b| a * b),
                    FloatOperation::Div if b.0 > 0.0 || b.1 < 0.0 => corners(a, b, |a, b| a / b),
                    FloatOperation::Div => None,
                }
            }
            _ => None,
        }
    }

    /// Least and greatest value of a float.
    pub(super) fn range(&self, term: Term) -> (f64, f64) {
        let known = self.place(term).and_then(|place| self.floats.get(place));
        known.copied().unwrap_or((f64::NEG_INFINITY, f64::INFINITY))
    }

    /// The constant that a term equals.
    pub(super) fn constant<'t>(&self, terms: &'t Terms<'_>, term: Term) -> Option<&'t Value> {
        let place = self.place(term)?;
        self.terms.iter().enumerate().find_map(|(other, constant)| match terms.shape(*constant) {
            Some(Shape::Constant(value))
                if self.at(place, other) != Relation::Unknown
                    && self.at(other, place) != Relation::Unknown =>
            {
                Some(value)
            }
            _ => None,
        })
    }
}
