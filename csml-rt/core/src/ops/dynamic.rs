//! Operators on untyped values, with the coercions of JEXL's strict arithmetic.

mod access;
mod bits;
mod methods;
mod relations;

use alloc::string::String;
use core::cmp::Ordering;

pub use access::*;
pub use bits::*;
pub use methods::{function, method, method_mut};
pub use relations::*;

use super::{
    coerce::{NotANumber, is_floating, refused, to_float, to_int, too_wide, truth},
    collections, compare, float, int,
    text::{self, Piece},
};
use crate::{Position, StepError, StepErrorKind, Value, value_text::Described};

/// `left + right`: numbers are added, a collection on the left takes the right one in, anything else makes a
/// string.
///
/// # Errors
/// An operand is `null`, or the result does not fit.
#[inline]
pub fn add(left: &Value, right: &Value, at: Position) -> Result<Value, StepError> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => int::add(*left, *right, at).map(Value::Int),
        (Value::Float(left), Value::Float(right)) => Ok(Value::Float(left + right)),
        _ => add_coerced(left, right, at),
    }
}

fn add_coerced(left: &Value, right: &Value, at: Position) -> Result<Value, StepError> {
    if left.is_null() || right.is_null() {
        return Err(Operator::Add.refused(left, right, at));
    }
    if let Some(sum) = collections::add(left, right, at) {
        return sum;
    }
    let texts = is_text(left) || is_text(right);
    let numbers = !texts && to_float(left).is_some() && to_float(right).is_some();
    if numbers {
        return arithmetic(Operator::Add, left, right, at);
    }
    text::concat(&[Piece::Value(left), Piece::Value(right)], at).map(Value::from)
}

/// `left - right`: numbers are subtracted, a collection on the left loses what is on the right.
///
/// # Errors
/// An operand is no number, or the result does not fit.
#[inline]
pub fn sub(left: &Value, right: &Value, at: Position) -> Result<Value, StepError> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => int::sub(*left, *right, at).map(Value::Int),
        (Value::Float(left), Value::Float(right)) => Ok(Value::Float(left - right)),
        _ => match collections::sub(left, right, at) {
            Some(result) => result,
            None => arithmetic(Operator::Sub, left, right, at),
        },
    }
}

/// `left * right`
///
/// # Errors
/// An operand is no number, or the result does not fit.
#[inline]
pub fn mul(left: &Value, right: &Value, at: Position) -> Result<Value, StepError> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => int::mul(*left, *right, at).map(Value::Int),
        (Value::Float(left), Value::Float(right)) => Ok(Value::Float(left * right)),
        _ => arithmetic(Operator::Mul, left, right, at),
    }
}

/// `left / right`
///
/// # Errors
/// An operand is no number, or the right one is zero.
#[inline]
pub fn div(left: &Value, right: &Value, at: Position) -> Result<Value, StepError> {
    arithmetic(Operator::Div, left, right, at)
}

/// `left % right`
///
/// # Errors
/// An operand is no number, or the right one is zero.
#[inline]
pub fn rem(left: &Value, right: &Value, at: Position) -> Result<Value, StepError> {
    arithmetic(Operator::Rem, left, right, at)
}

/// `-operand`: of a truth value the other one.
///
/// # Errors
/// It is neither a number nor a truth value, or the result does not fit.
pub fn neg(operand: &Value, at: Position) -> Result<Value, StepError> {
    match operand {
        Value::Bool(value) => Ok(Value::Bool(!value)),
        Value::Int(value) => int::neg(*value, at).map(Value::Int),
        Value::Float(value) => Ok(Value::Float(-value)),
        other => Err(refused(format_args!("negate {}", Described(other)), other.is_null(), at)),
    }
}

/// `+operand`: the number or truth value itself.
///
/// # Errors
/// It is neither.
pub fn pos(operand: &Value, at: Position) -> Result<Value, StepError> {
    match operand {
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => Ok(operand.clone()),
        other => Err(refused(format_args!("take {} as a number", Described(other)), other.is_null(), at)),
    }
}

/// `!operand`
///
/// # Errors
/// It is `null`.
#[inline]
pub fn not(operand: &Value, at: Position) -> Result<bool, StepError> {
    to_bool(operand, at).map(|truth| !truth)
}

/// `left == right`
#[inline]
#[must_use]
pub fn eq(left: &Value, right: &Value) -> bool {
    compare::equal(left, right)
}

/// `left < right`
///
/// # Errors
/// The two have no order.
#[inline]
pub fn lt(left: &Value, right: &Value, at: Position) -> Result<bool, StepError> {
    order(left, right, at).map(Ordering::is_lt)
}

/// `left <= right`
///
/// # Errors
/// The two have no order.
#[inline]
pub fn le(left: &Value, right: &Value, at: Position) -> Result<bool, StepError> {
    order(left, right, at).map(Ordering::is_le)
}

/// `left > right`
///
/// # Errors
/// The two have no order.
#[inline]
pub fn gt(left: &Value, right: &Value, at: Position) -> Result<bool, StepError> {
    order(left, right, at).map(Ordering::is_gt)
}

/// `left >= right`
///
/// # Errors
/// The two have no order.
#[inline]
pub fn ge(left: &Value, right: &Value, at: Position) -> Result<bool, StepError> {
    order(left, right, at).map(Ordering::is_ge)
}

fn order(left: &Value, right: &Value, at: Position) -> Result<Ordering, StepError> {
    compare::order(left, right).ok_or_else(|| {
        refused(
            format_args!("compare {} with {}", Described(left), Described(right)),
            left.is_null() || right.is_null(),
            at,
        )
    })
}

/// The truth of a value: not zero, not `NaN`, not the empty string and not `"false"`. Collections are true.
///
/// # Errors
/// It is `null`.
#[inline]
pub fn to_bool(value: &Value, at: Position) -> Result<bool, StepError> {
    truth(value, at)
}

/// The text of a value as in concatenation.
///
/// # Errors
/// It is `null`, or the text would be too long.
#[inline]
pub fn to_text(value: &Value, at: Position) -> Result<String, StepError> {
    text::from_value(value, at)
}

/// A timer's delay in milliseconds; a fraction is rounded down.
///
/// # Errors
/// It is negative or not a number.
pub fn delay(milliseconds: &Value, at: Position) -> Result<u64, StepError> {
    match milliseconds {
        Value::Int(milliseconds) => int::delay(*milliseconds, at),
        Value::Float(milliseconds) => float::delay(*milliseconds, at),
        other => Err(StepError::new(
            StepErrorKind::Delay,
            at,
            alloc::format!("a delay cannot be {}", Described(other)),
        )),
    }
}

fn is_text(value: &Value) -> bool {
    matches!(value, Value::Text(_))
}

#[derive(Debug, Clone, Copy)]
enum Operator {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

impl Operator {
    #[cold]
    fn refused(self, left: &Value, right: &Value, at: Position) -> StepError {
        let null = left.is_null() || right.is_null();
        let (left, right) = (Described(left), Described(right));
        match self {
            Self::Add => refused(format_args!("add {left} and {right}"), null, at),
            Self::Sub => refused(format_args!("subtract {right} from {left}"), null, at),
            Self::Mul => refused(format_args!("multiply {left} by {right}"), null, at),
            Self::Div => refused(format_args!("divide {left} by {right}"), null, at),
            Self::Rem => refused(format_args!("take the remainder of {left} by {right}"), null, at),
        }
    }
}

/// Arithmetic on operands that may have to be coerced: in floats if one of them is a float or a string
/// written as one, otherwise in integers.
fn arithmetic(operator: Operator, left: &Value, right: &Value, at: Position) -> Result<Value, StepError> {
    if is_floating(left) || is_floating(right) {
        let (Some(left), Some(right)) = (to_float(left), to_float(right)) else {
            return Err(operator.refused(left, right, at));
        };
        let result = match operator {
            Operator::Add => left + right,
            Operator::Sub => left - right,
            Operator::Mul => left * right,
            Operator::Div => float::div(left, right, at)?,
            Operator::Rem => float::rem(left, right, at)?,
        };
        return Ok(Value::Float(result));
    }
    let operand = |value: &Value| {
        to_int(value).map_err(|reason| match reason {
            NotANumber::Type => operator.refused(left, right, at),
            NotANumber::Overflow => too_wide(value, at),
        })
    };
    let (a, b) = (operand(left)?, operand(right)?);
    let result = match operator {
        Operator::Add => int::add(a, b, at),
        Operator::Sub => int::sub(a, b, at),
        Operator::Mul => int::mul(a, b, at),
        Operator::Div => int::div(a, b, at),
        Operator::Rem if is_text(left) || is_text(right) => {
            // With a string JEXL takes the modulus, which is never negative and has no negative divisor.
            if b < 0 {
                return Err(operator.refused(left, right, at));
            }
            int::rem(a, b, at).map(|_| a.rem_euclid(b))
        }
        Operator::Rem => int::rem(a, b, at),
    };
    result.map(Value::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Position = Position::new(4, 2);

    #[test]
    fn errors_name_the_operation_and_its_operands() {
        let (abc, null) = (Value::from("abc"), Value::Null);
        let cases = [
            (sub(&abc, &1.into(), AT), "cannot subtract int 1 from string \"abc\""),
            (add(&null, &1.into(), AT), "cannot add null and int 1"),
            (mul(&Value::list([]), &2.into(), AT), "cannot multiply list of 0 by int 2"),
            (neg(&abc, AT), "cannot negate string \"abc\""),
            (div(&1.into(), &false.into(), AT), "division by zero"),
            (
                add(&i64::MAX.into(), &true.into(), AT),
                "integer overflow: 9223372036854775808 does not fit into 64 bits",
            ),
            (
                sub(&"9223372036854775808".into(), &1.into(), AT),
                "integer overflow: string \"9223372036854775808\" does not fit into 64 bits",
            ),
        ];
        for (result, message) in cases {
            let error = result.unwrap_err();
            assert_eq!(error.message(), message);
            assert_eq!(error.at(), AT);
        }
        let error = lt(&abc, &1.into(), AT).unwrap_err();
        assert_eq!(error.message(), "cannot compare string \"abc\" with int 1");
        assert_eq!(error.kind(), StepErrorKind::Type);
        let error = lt(&null, &1.into(), AT).unwrap_err();
        assert_eq!(error.kind(), StepErrorKind::Missing);
    }

    #[test]
    fn collections_take_in_and_numbers_do_not() {
        let list = Value::list([1.into()]);
        assert_eq!(add(&list, &"a".into(), AT), Ok(Value::list([1.into(), "a".into()])));
        assert_eq!(add(&1.into(), &list, AT), Ok("1[1]".into()));
        assert_eq!(add(&Value::map::<Value>([]), &1.into(), AT), Ok("{}1".into()));
        assert_eq!(sub(&list, &list, AT), Ok(Value::list([])));
        assert!(sub(&list, &1.into(), AT).is_err());
    }

    #[test]
    fn a_modulus_of_strings_is_never_negative() {
        assert_eq!(rem(&"-5".into(), &3.into(), AT), Ok(1.into()));
        assert_eq!(rem(&(-5).into(), &3.into(), AT), Ok((-2).into()));
        assert!(rem(&"5".into(), &(-3).into(), AT).is_err());
    }

    #[test]
    fn delays_are_numbers() {
        assert_eq!(delay(&2.5.into(), AT), Ok(2));
        assert_eq!(delay(&2.into(), AT), Ok(2));
        let error = delay(&"2".into(), AT).unwrap_err();
        assert_eq!(error.message(), "a delay cannot be string \"2\"");
    }
}
