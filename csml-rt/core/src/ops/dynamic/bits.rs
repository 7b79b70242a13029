//! `& | ^ ~ << >> >>>` and `..`

use super::super::{
    coerce::{refused, to_bits},
    int, list,
};
use crate::{Position, StepError, Value, value_text::Described};

/// `left & right`
///
/// # Errors
/// An operand is not a number, or a string that is no whole number.
pub fn bit_and(left: &Value, right: &Value, at: Position) -> Result<Value, StepError> {
    operands("combine the bits of", left, right, at).map(|(left, right)| Value::Int(left & right))
}

/// `left | right`
///
/// # Errors
/// As for [`bit_and`].
pub fn bit_or(left: &Value, right: &Value, at: Position) -> Result<Value, StepError> {
    operands("combine the bits of", left, right, at).map(|(left, right)| Value::Int(left | right))
}

/// `left ^ right`
///
/// # Errors
/// As for [`bit_and`].
pub fn bit_xor(left: &Value, right: &Value, at: Position) -> Result<Value, StepError> {
    operands("combine the bits of", left, right, at).map(|(left, right)| Value::Int(left ^ right))
}

/// `~operand`
///
/// # Errors
/// As for [`bit_and`].
pub fn bit_not(operand: &Value, at: Position) -> Result<Value, StepError> {
    let bits = to_bits(operand).ok_or_else(|| {
        refused(format_args!("invert the bits of {}", Described(operand)), operand.is_null(), at)
    });
    bits.map(|bits| Value::Int(!bits))
}

/// `left << right`
///
/// # Errors
/// As for [`bit_and`].
pub fn shl(left: &Value, right: &Value, at: Position) -> Result<Value, StepError> {
    shift(left, right, at).map(|(left, right)| Value::Int(int::shl(left, right)))
}

/// `left >> right`
///
/// # Errors
/// As for [`bit_and`].
pub fn shr(left: &Value, right: &Value, at: Position) -> Result<Value, StepError> {
    shift(left, right, at).map(|(left, right)| Value::Int(int::shr(left, right)))
}

/// `left >>> right`
///
/// # Errors
/// As for [`bit_and`].
pub fn ushr(left: &Value, right: &Value, at: Position) -> Result<Value, StepError> {
    shift(left, right, at).map(|(left, right)| Value::Int(int::ushr(left, right)))
}

/// `from..to`: the list of these integers.
///
/// # Errors
/// An end is no whole number, or there are too many between them.
pub fn range(from: &Value, to: &Value, at: Position) -> Result<Value, StepError> {
    let (from, to) = bounds(from, to, at)?;
    list::check_range(from, to, at)?;
    Ok(Value::list(int::range(from, to).map(Value::Int)))
}

/// The ends of `from..to`, for a loop that needs no list.
///
/// # Errors
/// One is no whole number.
pub fn bounds(from: &Value, to: &Value, at: Position) -> Result<(i64, i64), StepError> {
    operands("make a range of", from, to, at)
}

fn shift(left: &Value, right: &Value, at: Position) -> Result<(i64, i64), StepError> {
    operands("shift the bits of", left, right, at)
}

fn operands(operation: &str, left: &Value, right: &Value, at: Position) -> Result<(i64, i64), StepError> {
    match (to_bits(left), to_bits(right)) {
        (Some(left), Some(right)) => Ok((left, right)),
        _ => Err(refused(
            format_args!("{operation} {} and {}", Described(left), Described(right)),
            left.is_null() || right.is_null(),
            at,
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn operands_become_integers() {
        assert_eq!(bit_and(&7.into(), &(-2.5).into(), AT), Ok(6.into()));
        assert_eq!(bit_or(&" 7 ".into(), &true.into(), AT), Ok(7.into()));
        assert_eq!(bit_xor(&"".into(), &f64::NAN.into(), AT), Ok(0.into()));
        assert_eq!(bit_not(&(-2.5).into(), AT), Ok(1.into()));
        assert_eq!(shl(&1.into(), &"3".into(), AT), Ok(8.into()));
        let error = bit_and(&1.into(), &"1.5".into(), AT).unwrap_err();
        assert_eq!(error.message(), "cannot combine the bits of int 1 and string \"1.5\"");
        assert!(shr(&Value::Null, &1.into(), AT).is_err());
        assert!(ushr(&1.into(), &Value::list([]), AT).is_err());
        assert!(bit_not(&"abc".into(), AT).is_err());
    }

    #[test]
    fn ranges_are_lists() {
        let down = Value::list([2.into(), 1.into(), 0.into()]);
        assert_eq!(range(&2.into(), &"0".into(), AT), Ok(down));
        assert!(range(&0.into(), &i64::MAX.into(), AT).is_err());
        assert!(range(&Value::Null, &1.into(), AT).is_err());
    }
}
