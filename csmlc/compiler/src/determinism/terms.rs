//! What guards are about, each thing once: the same variable in two guards is one term, and so is the same call.

use crate::sorted::SortedMap;
use csml_rt_core::Value;

use super::linear::Linear;
use crate::{
    ir::{Arithmetic, Coercion, Expr, Kind},
    model::{DatumId, OutputId, VarId},
};

/// A term of [`Terms`]; what it is made of stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Term(usize);

impl Term {
    /// Its position.
    pub(super) fn index(self) -> usize {
        self.0
    }
}

/// A value that guards read or make.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// A variable.
    Variable(VarId),
    /// Event data: its number in [`Terms::data`].
    Datum(usize),
    /// An output of a service.
    Output(OutputId),
    /// Something of which only this is known: the number in [`Terms::opaque`] of the expression that makes it.
    Opaque(usize),
    /// What an option holds.
    Present(Term),
    /// A constant that is no integer. Floats have no negative zero here, and are no `NaN`.
    Constant(Value),
    /// The remainder of an integer by a positive constant.
    Remainder(Linear, i128),
    /// An integer divided by a constant that is neither 0 nor -1.
    Quotient(Linear, i128),
    /// A sum of several terms, of which the first one counts positive; without a constant. Only for comparing what
    /// two guards say about it.
    Sum(Linear),
    /// A product of integers.
    Product(Linear, Linear),
    /// How many characters or items something has.
    Size(Term),
    /// An integer as a float.
    Float(Linear),
    /// A float with the other sign.
    Negative(Term),
    /// Arithmetic on floats: a sum, difference, product or quotient.
    Calculated(FloatOperation, Term, Term),
    /// A dynamic value as it is ordered beside integers.
    Number(Term),
    /// Whether a string has a part.
    Has(StringPart, Term, String),
    /// Whether two dynamic values are equal; the lower term first.
    Equal(Term, Term),
    /// Whether the first of two dynamic values is less than the second.
    Less(Term, Term),
}

/// Arithmetic on floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FloatOperation {
    Add,
    Sub,
    Mul,
    Div,
}

impl FloatOperation {
    pub(super) fn of(operator: Arithmetic) -> Option<Self> {
        Some(match operator {
            Arithmetic::Add => Self::Add,
            Arithmetic::Sub => Self::Sub,
            Arithmetic::Mul => Self::Mul,
            Arithmetic::Div => Self::Div,
            Arithmetic::Rem => return None,
        })
    }
}

/// Where a string has a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum StringPart {
    Start,
    End,
    Anywhere,
}

/// Event data as expressions name it.
#[derive(Debug, Clone, Copy)]
pub(super) struct EventDatum<'e> {
    pub(super) sources: &'e [(DatumId, Option<Coercion>)],
    pub(super) partial: bool,
}

/// All terms of the guards of one choice.
#[derive(Debug, Default)]
pub(super) struct Terms<'e> {
    shapes: Vec<Shape>,
    known: SortedMap<Shape, Term>,
    pub(super) data: Vec<EventDatum<'e>>,
    pub(super) opaque: Vec<&'e Expr>,
}

/// Opaque expressions that are looked at for being the same.
const MOST_COMPARED: usize = 100;

impl<'e> Terms<'e> {
    pub(super) fn shape(&self, term: Term) -> Option<&Shape> {
        self.shapes.get(term.0)
    }

    pub(super) fn len(&self) -> usize {
        self.shapes.len()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = Term> + use<> {
        (0..self.shapes.len()).map(Term)
    }

    pub(super) fn of(&mut self, shape: Shape) -> Term {
        if let Some(term) = self.known.get(&shape) {
            return *term;
        }
        let term = Term(self.shapes.len());
        self.shapes.push(shape.clone());
        self.known.insert(shape, term);
        term
    }

    /// The term of this shape, if a guard has it.
    pub(super) fn find(&self, shape: &Shape) -> Option<Term> {
        self.known.get(shape).copied()
    }

    /// The term of a variable, event datum or output, if a guard reads it.
    pub(super) fn find_leaf(&self, expr: &Expr) -> Option<Term> {
        match &expr.kind {
            Kind::Variable(variable) => self.find(&Shape::Variable(*variable)),
            Kind::Output(output) => self.find(&Shape::Output(*output)),
            Kind::Datum { sources, partial, .. } => {
                let same = |datum: &EventDatum<'_>| datum.sources == sources && datum.partial == *partial;
                self.find(&Shape::Datum(self.data.iter().position(same)?))
            }
            _ => None,
        }
    }

    /// A constant that is no integer; none for `NaN`, which equals nothing.
    pub(super) fn constant(&mut self, value: Value) -> Option<Term> {
        let value = match value {
            Value::Float(float) if float.is_nan() => return None,
            Value::Float(0.0) => Value::Float(0.0),
            other => other,
        };
        Some(self.of(Shape::Constant(value)))
    }

    /// What is read, or made in a way that is not looked into.
    pub(super) fn leaf(&mut self, expr: &'e Expr) -> Term {
        match &expr.kind {
            Kind::Variable(variable) => self.of(Shape::Variable(*variable)),
            Kind::Output(output) => self.of(Shape::Output(*output)),
            Kind::Datum { sources, partial, .. } => {
                let same = |datum: &EventDatum<'_>| datum.sources == sources && datum.partial == *partial;
                let number = self.data.iter().position(same).unwrap_or_else(|| {
                    self.data.push(EventDatum { sources, partial: *partial });
                    self.data.len() - 1
                });
                self.of(Shape::Datum(number))
            }
            _ => {
                let pure = self.opaque.len() < MOST_COMPARED && !expr.acts();
                let same = |other: &Expr| !other.acts() && other.says_the_same(expr);
                let number = self.opaque.iter().position(|other| pure && same(other)).unwrap_or_else(|| {
                    self.opaque.push(expr);
                    self.opaque.len() - 1
                });
                self.of(Shape::Opaque(number))
            }
        }
    }

    /// Calls `visit` for each term that a term is directly made of.
    pub(super) fn for_each_part(&self, term: Term, visit: &mut dyn FnMut(Term)) {
        match self.shape(term) {
            Some(
                Shape::Present(of)
                | Shape::Size(of)
                | Shape::Negative(of)
                | Shape::Number(of)
                | Shape::Has(_, of, _),
            ) => visit(*of),
            Some(Shape::Remainder(of, _) | Shape::Quotient(of, _) | Shape::Float(of) | Shape::Sum(of)) => {
                for (term, _) in &of.terms {
                    visit(*term);
                }
            }
            Some(Shape::Product(left, right)) => {
                for (term, _) in left.terms.iter().chain(&right.terms) {
                    visit(*term);
                }
            }
            Some(
                Shape::Calculated(_, left, right) | Shape::Equal(left, right) | Shape::Less(left, right),
            ) => {
                visit(*left);
                visit(*right);
            }
            Some(
                Shape::Variable(_)
                | Shape::Datum(_)
                | Shape::Output(_)
                | Shape::Opaque(_)
                | Shape::Constant(_),
            )
            | None => {}
        }
    }
}
