//! Whether some literals can be so at once. `Contradiction` is certain; without one nothing is promised.

use crate::lists::PushAll;
use std::cmp::Ordering;

use csml_rt_core::Value;

use super::{
    evaluate::{self, Stop},
    formula::Literal,
    integers::{Bounds, Checked, Contradiction, Integers},
    orders::{Orders, TermOrder},
    terms::{Shape, StringPart, Term, Terms},
};
use crate::ir::Expr;

/// What follows from literals that do not contradict each other, as far as is known.
#[derive(Debug)]
pub(super) struct Deductions {
    truths: Vec<(Term, bool)>,
    nulls: Vec<(Term, bool)>,
    pub(super) bounds: Bounds,
    pub(super) order: TermOrder,
}

/// What follows from these literals.
pub(super) fn check(terms: &Terms<'_>, literals: &[&Literal]) -> Checked<Deductions> {
    let mut facts = Deductions {
        truths: Vec::new(),
        nulls: Vec::new(),
        bounds: Bounds::new(terms),
        order: TermOrder::default(),
    };
    let (mut integers, mut orders) = (Integers::default(), Orders::default());
    for literal in literals {
        match literal {
            Literal::Truth(term, value) => note(&mut facts.truths, *term, *value)?,
            Literal::Null(term, value) => note(&mut facts.nulls, *term, *value)?,
            Literal::AtMostZero(sum) => integers.at_most.push(sum),
            Literal::Zero(sum) => integers.zero.push(sum),
            Literal::NotZero(sum) => integers.not_zero.push(sum),
            Literal::Before(a, b) => orders.before.push((*a, *b)),
            Literal::NotAfter(a, b) => orders.not_after.push((*a, *b)),
            Literal::Same(a, b) => orders.same.push((*a, *b)),
            Literal::Different(a, b) => orders.different.push((*a, *b)),
            Literal::NotANumber(term) => orders.not_a_number.push(*term),
        }
    }
    let active = active(terms, literals);
    integers.check(terms, &active, &mut facts.bounds)?;
    facts.order = orders.check(terms, &active, &facts.bounds)?;
    facts.parts(terms)?;
    facts.calculated(terms, &active)?;
    if active.iter().any(|term| matches!(terms.shape(*term), Some(Shape::Opaque(_)))) {
        facts.comparisons(terms, &orders)?;
    }
    Ok(facts)
}

fn note(known: &mut Vec<(Term, bool)>, term: Term, value: bool) -> Checked {
    match known.iter().find(|(other, _)| *other == term) {
        Some((_, other)) if *other != value => return Err(Contradiction),
        Some(_) => {}
        None => known.push((term, value)),
    }
    Ok(())
}

/// The terms of these literals and what they are made of, parts first.
fn active(terms: &Terms<'_>, literals: &[&Literal]) -> Vec<Term> {
    let mut found = Vec::new();
    for literal in literals {
        match literal {
            Literal::Truth(term, _) | Literal::Null(term, _) | Literal::NotANumber(term) => found.push(*term),
            Literal::AtMostZero(sum) | Literal::Zero(sum) | Literal::NotZero(sum) => {
                found.push_all(sum.terms.iter().map(|(term, _)| *term));
            }
            Literal::Before(a, b)
            | Literal::NotAfter(a, b)
            | Literal::Same(a, b)
            | Literal::Different(a, b) => found.push_all([*a, *b]),
        }
    }
    crate::sorted::sort(&mut found);
    found.dedup();
    let mut next = 0;
    let mut more = Vec::new();
    while let Some(term) = found.get(next).copied() {
        next += 1;
        terms.for_each_part(term, &mut |part| more.push(part));
        for part in more.drain(..) {
            if !found.contains(&part) {
                found.push(part);
            }
        }
    }
    crate::sorted::sort_by_key(&mut found, |term| term.index());
    found
}

impl Deductions {
    /// Whether a truth value is known.
    pub(super) fn truth(&self, term: Term) -> Option<bool> {
        self.truths.iter().find(|(known, _)| *known == term).map(|(_, value)| *value)
    }

    /// Whether it is known if a value is `null`.
    pub(super) fn null(&self, term: Term) -> Option<bool> {
        self.nulls.iter().find(|(known, _)| *known == term).map(|(_, value)| *value)
    }

    /// The one value that a term can have.
    pub(super) fn value(&self, terms: &Terms<'_>, term: Term) -> Option<Value> {
        if let Some(Shape::Constant(value)) = terms.shape(term) {
            return Some(value.clone());
        }
        if self.null(term) == Some(true) {
            return Some(Value::Null);
        }
        if let Some(value) = self.bounds.fixed(term).and_then(|value| i64::try_from(value).ok()) {
            return Some(Value::Int(value));
        }
        // Zero may be the negative one.
        let zero = |value: &Value| value.as_float() == Some(0.0);
        let order = || self.order.constant(terms, term).filter(|value| !zero(value)).cloned();
        let content = || terms.find(&Shape::Present(term)).and_then(|content| self.value(terms, content));
        let made = || match terms.shape(term) {
            Some(Shape::Opaque(number)) => self.made(terms, *number)?.ok(),
            _ => None,
        };
        made().or_else(|| self.truth(term).map(Value::Bool)).or_else(order).or_else(content)
    }

    /// What something that is not looked into makes of what is known.
    fn made(&self, terms: &Terms<'_>, number: usize) -> Option<Result<Value, Stop>> {
        let look = |expr: &Expr| terms.find_leaf(expr).and_then(|term| self.value(terms, term));
        terms.opaque.get(number).map(|expr| evaluate::evaluate(expr, &look))
    }

    /// Comparisons of what is known.
    fn comparisons(&self, terms: &Terms<'_>, orders: &Orders) -> Checked {
        let fits = |pairs: &[(Term, Term)], holds: fn(Option<Ordering>) -> bool| {
            pairs.iter().all(|(a, b)| match (self.value(terms, *a), self.value(terms, *b)) {
                (Some(Value::Float(a)), Some(Value::Float(b))) => holds(a.partial_cmp(&b)),
                (Some(a), Some(b)) => holds(Some(a.cmp(&b))),
                _ => true,
            })
        };
        let all = fits(&orders.before, |order| order.is_some_and(Ordering::is_lt))
            && fits(&orders.not_after, |order| order.is_some_and(Ordering::is_le))
            && fits(&orders.same, |order| order.is_some_and(Ordering::is_eq))
            && fits(&orders.different, |order| !order.is_some_and(Ordering::is_eq));
        if all { Ok(()) } else { Err(Contradiction) }
    }

    /// Strings that have parts.
    fn parts(&self, terms: &Terms<'_>) -> Checked {
        let mut having: Vec<(StringPart, Term, &str)> = Vec::new();
        for (term, holds) in &self.truths {
            let Some(Shape::Has(place, of, part)) = terms.shape(*term) else { continue };
            if let Some(Value::Text(text)) = self.value(terms, *of)
                && has(*place, &text, part) != *holds
            {
                return Err(Contradiction);
            }
            let size = terms.find(&Shape::Size(*of)).map(|size| self.bounds.get(size).1);
            if *holds && size.is_some_and(|size| size < part.chars().count() as i128) {
                return Err(Contradiction);
            }
            if *holds {
                let other = having.iter().find(|(other_place, other_of, other)| {
                    let fits = match place {
                        StringPart::Start => other.starts_with(part.as_str()) || part.starts_with(other),
                        StringPart::End => other.ends_with(part.as_str()) || part.ends_with(other),
                        StringPart::Anywhere => true,
                    };
                    other_place == place && other_of == of && !fits
                });
                if other.is_some() {
                    return Err(Contradiction);
                }
                having.push((*place, *of, part));
            }
        }
        for (term, holds) in &self.truths {
            let Some(Shape::Has(place, of, part)) = terms.shape(*term) else { continue };
            let implied = |(other_place, other_of, other): &(StringPart, Term, &str)| {
                let within = match place {
                    StringPart::Anywhere => other.contains(part.as_str()),
                    _ => other_place == place && has(*place, other, part),
                };
                other_of == of && within
            };
            if !*holds && having.iter().any(implied) {
                return Err(Contradiction);
            }
        }
        Ok(())
    }

    /// What is not looked into, but of operands that are known.
    fn calculated(&self, terms: &Terms<'_>, active: &[Term]) -> Checked {
        for term in active {
            match terms.shape(*term) {
                Some(Shape::Size(of)) => {
                    let size = self.value(terms, *of).map(|value| csml_rt_core::private::size(&value));
                    let (low, high) = self.bounds.get(*term);
                    if size.is_some_and(|size| !(low..=high).contains(&i128::from(size))) {
                        return Err(Contradiction);
                    }
                }
                Some(Shape::Opaque(number)) => {
                    let Some(made) = self.made(terms, *number) else { continue };
                    let fits = match made {
                        Err(Stop::Fails | Stop::Lacks) => false,
                        Err(Stop::Unknown) => true,
                        Ok(Value::Bool(value)) => self.truth(*term).is_none_or(|known| known == value),
                        Ok(Value::Int(value)) => {
                            let (low, high) = self.bounds.get(*term);
                            (low..=high).contains(&i128::from(value))
                        }
                        Ok(Value::Null) => self.null(*term) != Some(false),
                        Ok(_) => self.null(*term) != Some(true),
                    };
                    if !fits {
                        return Err(Contradiction);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Whether a string has a part.
fn has(place: StringPart, text: &str, part: &str) -> bool {
    match place {
        StringPart::Start => text.starts_with(part),
        StringPart::End => text.ends_with(part),
        StringPart::Anywhere => text.contains(part),
    }
}
