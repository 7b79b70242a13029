//! What has to be so for a guard to hold.

use super::{linear::Linear, terms::Term};
use crate::lists::PushAll;

/// A condition made of literals. It never says less than the guard it stands for: where something cannot be
/// expressed, it is left out.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Formula {
    Constant(bool),
    Literal(Literal),
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

/// One thing that is so.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    /// A truth value.
    Truth(Term, bool),
    /// Whether an option or dynamic value is `null`.
    Null(Term, bool),
    /// A sum of integers is at most zero.
    AtMostZero(Linear),
    /// A sum of integers is zero.
    Zero(Linear),
    /// A sum of integers is not zero.
    NotZero(Linear),
    /// The first comes before the second, in the order of floats, strings or dynamic numbers; neither is `NaN`.
    Before(Term, Term),
    /// The first is the second or comes before it; neither is `NaN`.
    NotAfter(Term, Term),
    /// Both are equal, and not `NaN`.
    Same(Term, Term),
    /// They are not equal.
    Different(Term, Term),
    /// A float is `NaN`.
    NotANumber(Term),
}

impl Formula {
    /// All of these.
    pub(super) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Vec::new();
        for part in parts {
            match part {
                Self::Constant(true) => {}
                Self::Constant(false) => return Self::Constant(false),
                Self::All(more) => all.push_all(more),
                other => all.push(other),
            }
        }
        match all.len() {
            0 => Self::Constant(true),
            1 => all.pop().unwrap_or(Self::Constant(true)),
            _ => Self::All(all),
        }
    }

    /// At least one of these.
    pub(super) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut any = Vec::new();
        for part in parts {
            match part {
                Self::Constant(false) => {}
                Self::Constant(true) => return Self::Constant(true),
                Self::Any(more) => any.push_all(more),
                other => any.push(other),
            }
        }
        match any.len() {
            0 => Self::Constant(false),
            1 => any.pop().unwrap_or(Self::Constant(false)),
            _ => Self::Any(any),
        }
    }

    /// `linear ≤ 0`
    pub(super) fn at_most_zero(linear: Linear) -> Self {
        match linear.as_constant() {
            Some(constant) => Self::Constant(constant <= 0),
            None => Self::Literal(Literal::AtMostZero(linear)),
        }
    }

    /// `linear = 0`, or `linear ≠ 0`
    pub(super) fn zero(linear: Linear, wanted: bool) -> Self {
        match linear.as_constant() {
            Some(constant) => Self::Constant((constant == 0) == wanted),
            None if wanted => Self::Literal(Literal::Zero(linear)),
            None => Self::Literal(Literal::NotZero(linear)),
        }
    }

    /// The literals that must hold whatever else does.
    pub(super) fn certain(&self) -> impl Iterator<Item = &Literal> {
        let parts = match self {
            Self::All(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        parts.iter().filter_map(|part| match part {
            Self::Literal(literal) => Some(literal),
            _ => None,
        })
    }
}
