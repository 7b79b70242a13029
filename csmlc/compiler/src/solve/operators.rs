//! What each operator does with operands of given types: the one table that both inference and lowering
//! read, so that they cannot disagree (docs/expressions/types.md; the results of a real JEXL).

use crate::types::algebra::{has_float, held, is_dynamic, join, option, present};
use crate::{
    ir::{Arithmetic, Combine, Comparison},
    types::Type,
};

/// How arithmetic is done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sum {
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
    /// Collections put together or taken apart: types of the left operand and the result, and of the right one.
    Combine(Combine, Type, Type),
    /// As the operands turn out at run time.
    Dynamic,
    /// JEXL would certainly refuse it.
    Refused,
}

impl Sum {
    /// Type of the result.
    pub(crate) fn result(self) -> Type {
        match self {
            Self::Unknown | Self::Refused => Type::Unknown,
            Self::Numbers(ty) | Self::Append(ty) | Self::Push(ty) | Self::Combine(_, ty, _) => ty,
            Self::Concat => Type::Text,
            Self::Dynamic => Type::Dynamic,
        }
    }
}

/// `left op right`. An option counts as what it holds: `null` is refused at run time.
pub(crate) fn arithmetic(op: Arithmetic, left: &Type, right: &Type) -> Sum {
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
        (Type::Set(a), Type::Set(b)) => match same(a, b) {
            Some(item) => both(Combine::SetUnion, Type::Set(Box::new(item))),
            None => Sum::Dynamic,
        },
        // It may turn out to be a set itself.
        (Type::Set(_), Type::Dynamic) => Sum::Dynamic,
        (Type::Set(item), other) => match same(item, other) {
            Some(item) => Sum::Combine(Combine::SetWith, Type::Set(Box::new(item.clone())), item),
            None => Sum::Dynamic,
        },
        (Type::Map(..), Type::Map(..)) => match join(left, right) {
            Type::Dynamic => Sum::Dynamic,
            whole if is_dynamic(&whole) && !is_dynamic(left) && !is_dynamic(right) => Sum::Dynamic,
            whole => both(Combine::MapUnion, whole),
        },
        (Type::Map(..), Type::Dynamic) => Sum::Dynamic,
        (Type::Map(..), _) => Sum::Concat,
        (Type::Bool | Type::Int | Type::Float, Type::Text) => Sum::Concat,
        _ => Sum::Dynamic,
    }
}

fn subtraction(left: &Type, right: &Type) -> Sum {
    match (left, right) {
        (Type::Unknown, _) | (_, Type::Unknown) => Sum::Unknown,
        (Type::Dynamic, _) | (_, Type::Dynamic) => Sum::Dynamic,
        (Type::List(a), Type::List(b) | Type::Set(b)) => match same(a, b) {
            Some(item) => without(Combine::ListWithout, Type::List(Box::new(item.clone())), right, item),
            None => Sum::Dynamic,
        },
        (Type::Set(a), Type::List(b) | Type::Set(b)) => match same(a, b) {
            Some(item) => without(Combine::SetWithout, Type::Set(Box::new(item.clone())), right, item),
            None => Sum::Dynamic,
        },
        (Type::Map(key, value), Type::List(b) | Type::Set(b)) => match same(key, b) {
            Some(key) => {
                let whole = Type::Map(Box::new(key.clone()), value.clone());
                without(Combine::MapWithout, whole, right, key)
            }
            None => Sum::Dynamic,
        },
        _ if is_collection(left) || is_collection(right) => Sum::Refused,
        _ => Sum::Dynamic,
    }
}

/// The one type of two items that typed code finds equal exactly where JEXL does.
fn same(a: &Type, b: &Type) -> Option<Type> {
    let item = match (a, b) {
        (Type::Unknown, known) | (known, Type::Unknown) => known,
        (a, b) if a == b => a,
        _ => return None,
    };
    (!has_float(item)).then(|| item.clone())
}

fn both(combine: Combine, whole: Type) -> Sum {
    Sum::Combine(combine, whole.clone(), whole)
}

/// A collection without what is in the collection on the right.
fn without(combine: Combine, left: Type, right: &Type, item: Type) -> Sum {
    let item = Box::new(item);
    let right = if matches!(right, Type::Set(_)) { Type::Set(item) } else { Type::List(item) };
    Sum::Combine(combine, left, right)
}

/// Operations on bits, and shifts: on integers, as truth values count too.
pub(crate) fn bits(left: &Type, right: &Type) -> Sum {
    let (left, right) = (present(left), present(right));
    if *left == Type::Null || *right == Type::Null || is_collection(left) || is_collection(right) {
        return Sum::Refused;
    }
    match number(left, right) {
        Some(Type::Int) => Sum::Numbers(Type::Int),
        _ if *left == Type::Unknown || *right == Type::Unknown => Sum::Unknown,
        _ => Sum::Dynamic,
    }
}

/// The type of `left .. right`.
pub(crate) fn range(left: &Type, right: &Type) -> Type {
    match bits(left, right) {
        Sum::Dynamic => Type::Dynamic,
        _ => Type::List(Box::new(Type::Int)),
    }
}

/// The type of `~operand`; unknown where that is refused.
pub(crate) fn inverted(operand: &Type) -> Type {
    match present(operand) {
        Type::Bool | Type::Int => Type::Int,
        Type::Float | Type::Text | Type::Dynamic => Type::Dynamic,
        _ => Type::Unknown,
    }
}

/// The type of `left ?: right`.
pub(crate) fn elvis(left: &Type, right: &Type) -> Type {
    if always_holds(left) { left.clone() } else { join(present_or_unknown(left), right) }
}

/// The type of `left ?? right`.
pub(crate) fn coalesce(left: &Type, right: &Type) -> Type {
    match left {
        Type::Null | Type::Option(_) | Type::Unknown | Type::Dynamic => join(present_or_unknown(left), right),
        _ => left.clone(),
    }
}

/// What is left of a type once it is known not to be `null`.
fn present_or_unknown(ty: &Type) -> &Type {
    if *ty == Type::Null { &Type::Unknown } else { present(ty) }
}

/// Whether any value of the type counts as true.
pub(crate) fn always_holds(ty: &Type) -> bool {
    is_collection(ty)
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
pub(crate) enum Test {
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
pub(crate) fn comparison(op: Comparison, left: &Type, right: &Type) -> Test {
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
    let typed = |ty: Type| Test::Typed(if optional { option(ty) } else { ty });
    if held(left).has_host() && held(left) == held(right) {
        return typed(held(left).clone());
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

/// `left === right`: equal and of one type.
pub(crate) fn identity(left: &Type, right: &Type) -> Test {
    match equality(left, right) {
        Test::Typed(ty) if present(left) == present(right) => Test::Typed(ty),
        test @ (Test::LeftIsNull | Test::RightIsNull) => test,
        _ => Test::Dynamic,
    }
}

/// Whether values of these types are never equal, as far as that is certain.
pub(crate) fn never_equal(left: &Type, right: &Type) -> bool {
    let kind = |ty: &Type| match ty {
        Type::Null => Some(0),
        Type::List(_) => Some(1),
        Type::Set(_) => Some(2),
        Type::Map(..) => Some(3),
        Type::Bool | Type::Int | Type::Float | Type::Text | Type::Bytes => Some(4),
        Type::Option(_) | Type::Unknown | Type::Host(_) | Type::Dynamic => None,
    };
    match (kind(left), kind(right)) {
        (Some(a), Some(b)) => a != b,
        // An option of a collection and a scalar may both be nothing but unequal.
        _ => match (left, right) {
            (Type::Option(a), b) | (b, Type::Option(a)) if *b != Type::Null => {
                let (a, b) = (kind(a), kind(present(b)));
                matches!((a, b), (Some(a), Some(b)) if a != b)
            }
            _ => false,
        },
    }
}
