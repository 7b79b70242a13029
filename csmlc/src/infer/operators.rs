//! What each operator does with operands of given types: the one table that both inference and lowering
//! read, so that they cannot disagree (EXPRESSIONS, Types; the results of a real JEXL).

use super::lattice::{has_float, held, join, present};
use crate::{
    ir::{Arithmetic, Comparison},
    types::Type,
};

/// How arithmetic is done.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sum {
    /// Not known yet.
    Unknown,
    /// On two `int`s or two `float`s.
    Numbers(Type),
    /// The texts of both, joined.
    Concat,
    /// Two lists of this type, joined.
    Append(Type),
    /// A list of this type and one more item.
    Push(Type),
    /// As the operands turn out at run time.
    Dynamic,
    /// JEXL would certainly refuse it.
    Refused,
}

impl Sum {
    /// Type of the result.
    pub(super) fn result(self) -> Type {
        match self {
            Self::Unknown | Self::Refused => Type::Unknown,
            Self::Numbers(ty) | Self::Append(ty) | Self::Push(ty) => ty,
            Self::Concat => Type::Text,
            Self::Dynamic => Type::Dynamic,
        }
    }
}

/// `left op right`. An option counts as what it holds: `null` is refused at run time.
pub(super) fn arithmetic(op: Arithmetic, left: &Type, right: &Type) -> Sum {
    let (left, right) = (present(left), present(right));
    if *left == Type::Null || *right == Type::Null {
        return Sum::Refused;
    }
    if let Some(ty) = number(left, right) {
        return Sum::Numbers(ty);
    }
    match op {
        Arithmetic::Add => addition(left, right),
        Arithmetic::Sub => subtraction(left, right),
        Arithmetic::Mul | Arithmetic::Div | Arithmetic::Rem => match (left, right) {
            _ if is_collection(left) || is_collection(right) => Sum::Refused,
            (Type::Unknown, _) | (_, Type::Unknown) => Sum::Unknown,
            _ => Sum::Dynamic,
        },
    }
}

fn addition(left: &Type, right: &Type) -> Sum {
    match (left, right) {
        (Type::Text, _) => Sum::Concat,
        (Type::Unknown, _) | (_, Type::Unknown) => Sum::Unknown,
        (Type::Dynamic, _) => Sum::Dynamic,
        (Type::List(_), Type::List(_)) => Sum::Append(join(left, right)),
        (Type::List(_), Type::Dynamic) => Sum::Dynamic,
        (Type::List(item), _) => Sum::Push(Type::List(Box::new(join(item, right)))),
        (Type::Map(..), Type::Map(..) | Type::Dynamic) => Sum::Dynamic,
        (Type::Map(..), _) => Sum::Refused,
        (Type::Bool | Type::Int | Type::Float, Type::Text) => Sum::Concat,
        _ => Sum::Dynamic,
    }
}

fn subtraction(left: &Type, right: &Type) -> Sum {
    match (left, right) {
        (Type::Unknown, _) | (_, Type::Unknown) => Sum::Unknown,
        (Type::Dynamic, _) | (_, Type::Dynamic) => Sum::Dynamic,
        (Type::List(_) | Type::Set(_) | Type::Map(..), Type::List(_) | Type::Set(_)) => Sum::Dynamic,
        _ if is_collection(left) || is_collection(right) => Sum::Refused,
        _ => Sum::Dynamic,
    }
}

/// The type in which two numbers or truth values are calculated with.
fn number(left: &Type, right: &Type) -> Option<Type> {
    let numeric = |ty: &Type| matches!(ty, Type::Bool | Type::Int | Type::Float);
    if !numeric(left) || !numeric(right) {
        return None;
    }
    let float = *left == Type::Float || *right == Type::Float;
    Some(if float { Type::Float } else { Type::Int })
}

fn is_collection(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Set(_) | Type::Map(..) | Type::Bytes)
}

/// How a comparison is done.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// Both operands in this type.
    Typed(Type),
    /// Whether the left or the right operand is `null`, the other being `null` itself.
    LeftIsNull,
    /// Likewise.
    RightIsNull,
    /// As the operands turn out at run time.
    Dynamic,
    /// Like `Dynamic`, but hardly what was meant: a string with something that is none.
    Odd,
    /// JEXL would certainly refuse it.
    Refused,
}

/// `left op right`
pub(super) fn comparison(op: Comparison, left: &Type, right: &Type) -> Test {
    match op {
        Comparison::Eq | Comparison::Ne => equality(left, right),
        Comparison::Lt | Comparison::Le | Comparison::Gt | Comparison::Ge => ordering(left, right),
    }
}

fn ordering(left: &Type, right: &Type) -> Test {
    let (left, right) = (present(left), present(right));
    if let Some(ty) = number(left, right) {
        return Test::Typed(if *left == Type::Bool && *right == Type::Bool { Type::Bool } else { ty });
    }
    match (left, right) {
        (Type::Null, _) | (_, Type::Null) => Test::Refused,
        (Type::Dynamic | Type::Unknown, _) | (_, Type::Dynamic | Type::Unknown) => Test::Dynamic,
        (Type::Text, Type::Text) => Test::Typed(Type::Text),
        (Type::Text, _) | (_, Type::Text) => Test::Odd,
        _ => Test::Refused,
    }
}

fn equality(left: &Type, right: &Type) -> Test {
    match (left, right) {
        (Type::Option(_), Type::Null) => return Test::LeftIsNull,
        (Type::Null, Type::Option(_)) => return Test::RightIsNull,
        _ => {}
    }
    let optional = matches!(left, Type::Option(_)) || matches!(right, Type::Option(_));
    let typed = |ty: Type| Test::Typed(if optional { super::lattice::option(ty) } else { ty });
    if let (Type::Host(a), Type::Host(b)) = (held(left), held(right))
        && a == b
    {
        return typed(Type::Host(a.clone()));
    }
    match (present(left), present(right)) {
        (Type::Null | Type::Dynamic | Type::Unknown, _) | (_, Type::Null | Type::Dynamic | Type::Unknown) => {
            Test::Dynamic
        }
        (Type::Int | Type::Float, Type::Float) | (Type::Float, Type::Int) => typed(Type::Float),
        // Floats in collections are equal by their bits in JEXL, not by their value.
        (left, right) if left == right && (*left == Type::Float || !has_float(left)) => typed(left.clone()),
        (Type::Text, _) | (_, Type::Text) => Test::Odd,
        _ => Test::Dynamic,
    }
}
