//! Arithmetic on `float` that can fail. The rest are Rust's own operators.

use alloc::format;

use super::int::by_zero;
use crate::{Position, StepError, StepErrorKind, Value, value_text::FloatText};

/// Not a number.
pub const NAN: f64 = f64::NAN;
/// Infinity.
pub const INFINITY: f64 = f64::INFINITY;
/// Negative infinity.
pub const NEG_INFINITY: f64 = f64::NEG_INFINITY;

/// The nearest float.
#[inline]
#[must_use]
pub const fn from_int(value: i64) -> f64 {
    value as f64
}

/// The integer part, as operators on bits take it: at most the largest integer, 0 for `NaN`.
#[inline]
#[must_use]
pub const fn to_int(value: f64) -> i64 {
    value as i64
}

/// The float itself.
#[inline]
#[must_use]
pub const fn double_value(value: f64) -> f64 {
    value
}

/// Whether `other` is the same float; an integer is not. `NaN` is the same as itself, zero is not the same as
/// negative zero.
#[must_use]
pub fn equals_value(value: f64, other: &Value) -> bool {
    *other == Value::Float(value)
}

/// `left / right`
///
/// # Errors
/// `right` is zero; JEXL refuses that for floats too.
#[inline]
pub fn div(left: f64, right: f64, at: Position) -> Result<f64, StepError> {
    if right == 0.0 {
        return Err(by_zero(at));
    }
    Ok(left / right)
}

/// `left % right`, with the sign of `left`.
///
/// # Errors
/// `right` is zero.
#[inline]
pub fn rem(left: f64, right: f64, at: Position) -> Result<f64, StepError> {
    if right == 0.0 {
        return Err(by_zero(at));
    }
    Ok(left % right)
}

/// A timer's delay in milliseconds; a fraction is rounded down.
///
/// # Errors
/// It is negative or not a number.
#[inline]
pub fn delay(milliseconds: f64, at: Position) -> Result<u64, StepError> {
    #[cold]
    fn refused(milliseconds: f64, at: Position) -> StepError {
        let text = FloatText(milliseconds);
        StepError::new(StepErrorKind::Delay, at, format!("a delay of {text} ms is negative or not a number"))
    }
    if milliseconds >= 0.0 {
        // The cast rounds towards zero and ends at the largest integer.
        Ok(milliseconds as u64)
    } else {
        Err(refused(milliseconds, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn division_by_zero_is_an_error() {
        assert_eq!(div(1.0, 4.0, AT), Ok(0.25));
        assert_eq!(rem(-2.5, 1.0, AT), Ok(-0.5));
        for zero in [0.0, -0.0] {
            let error = div(1.0, zero, AT).unwrap_err();
            assert_eq!(error.kind(), StepErrorKind::DivisionByZero);
            assert!(rem(1.0, zero, AT).is_err());
        }
        assert!(div(1.0, NAN, AT).is_ok_and(f64::is_nan));
    }

    #[test]
    fn delays_round_down() {
        assert_eq!(delay(1.9, AT), Ok(1));
        assert_eq!(delay(0.0, AT), Ok(0));
        assert_eq!(delay(INFINITY, AT), Ok(u64::MAX));
        assert_eq!(delay(-0.5, AT).unwrap_err().message(), "a delay of -0.5 ms is negative or not a number");
        assert_eq!(delay(NAN, AT).unwrap_err().kind(), StepErrorKind::Delay);
    }
}
