//! Arithmetic on `int`: 64 bits, checked.

use alloc::format;

use crate::{Position, StepError, StepErrorKind, Value};

#[cold]
#[inline(never)]
fn overflow(result: i128, at: Position) -> StepError {
    let message = format!("integer overflow: {result} does not fit into 64 bits");
    StepError::new(StepErrorKind::Overflow, at, message)
}

/// From the lower 64 bits of a sum or difference, whose sign is then wrong: a step keeps no operands for the
/// message, which would take registers on the way that does not fail.
#[cold]
#[inline(never)]
fn wrapped(bits: i64, at: Position) -> StepError {
    let carry = 1_i128 << 64;
    overflow(i128::from(bits) + if bits < 0 { carry } else { -carry }, at)
}

#[cold]
pub(super) fn by_zero(at: Position) -> StepError {
    StepError::new(StepErrorKind::DivisionByZero, at, "division by zero")
}

/// 1 for true, 0 for false.
#[inline]
#[must_use]
pub const fn from_bool(value: bool) -> i64 {
    value as i64
}

/// `left + right`
///
/// # Errors
/// The result does not fit.
#[inline]
pub fn add(left: i64, right: i64, at: Position) -> Result<i64, StepError> {
    match left.overflowing_add(right) {
        (result, false) => Ok(result),
        (bits, true) => Err(wrapped(bits, at)),
    }
}

/// `left - right`
///
/// # Errors
/// The result does not fit.
#[inline]
pub fn sub(left: i64, right: i64, at: Position) -> Result<i64, StepError> {
    match left.overflowing_sub(right) {
        (result, false) => Ok(result),
        (bits, true) => Err(wrapped(bits, at)),
    }
}

/// `left * right`
///
/// # Errors
/// The result does not fit.
#[inline]
pub fn mul(left: i64, right: i64, at: Position) -> Result<i64, StepError> {
    match left.checked_mul(right) {
        Some(result) => Ok(result),
        None => Err(overflow(i128::from(left) * i128::from(right), at)),
    }
}

/// `left / right`, rounded towards zero.
///
/// # Errors
/// `right` is zero, or the result does not fit.
#[inline]
pub fn div(left: i64, right: i64, at: Position) -> Result<i64, StepError> {
    match left.checked_div(right) {
        Some(result) => Ok(result),
        None if right == 0 => Err(by_zero(at)),
        None => Err(overflow(i128::from(left) / i128::from(right), at)),
    }
}

/// `left % right`, with the sign of `left`.
///
/// # Errors
/// `right` is zero.
#[inline]
pub fn rem(left: i64, right: i64, at: Position) -> Result<i64, StepError> {
    // The remainder by -1 is 0, also for the smallest integer, whose quotient does not fit.
    match right {
        0 => Err(by_zero(at)),
        _ => Ok(left.wrapping_rem(right)),
    }
}

/// `-operand`
///
/// # Errors
/// The result does not fit.
#[inline]
pub fn neg(operand: i64, at: Position) -> Result<i64, StepError> {
    match operand.checked_neg() {
        Some(result) => Ok(result),
        None => Err(overflow(-i128::from(operand), at)),
    }
}

/// `left << right`; the count is taken modulo 64, as in Java.
#[inline]
#[must_use]
pub const fn shl(left: i64, right: i64) -> i64 {
    left.wrapping_shl(right as u32)
}

/// `left >> right`, keeping the sign; the count is taken modulo 64.
#[inline]
#[must_use]
pub const fn shr(left: i64, right: i64) -> i64 {
    left.wrapping_shr(right as u32)
}

/// `left >>> right`, filling with zeros; the count is taken modulo 64.
#[inline]
#[must_use]
pub const fn ushr(left: i64, right: i64) -> i64 {
    (left as u64).wrapping_shr(right as u32) as i64
}

/// The integers of `from..to`, both included, downwards if `from` is the larger one.
#[inline]
pub fn range(from: i64, to: i64) -> Range {
    let step = if from <= to { 1 } else { -1 };
    Range { next: from, step, left: from.abs_diff(to).saturating_add(1) }
}

/// The integers of a range, one after the other; see [`range`].
#[derive(Debug, Clone)]
pub struct Range {
    next: i64,
    step: i64,
    /// One less for the range of all integers, whose end nothing reaches.
    left: u64,
}

impl Iterator for Range {
    type Item = i64;

    #[inline]
    fn next(&mut self) -> Option<i64> {
        self.left = self.left.checked_sub(1)?;
        let current = self.next;
        self.next = current.wrapping_add(self.step);
        Some(current)
    }
}

/// The integer itself.
#[inline]
#[must_use]
pub const fn int_value(value: i64) -> i64 {
    value
}

/// Whether `other` is the same integer; a float is not.
#[must_use]
pub fn equals_value(value: i64, other: &Value) -> bool {
    *other == Value::Int(value)
}

/// A timer's delay in milliseconds.
///
/// # Errors
/// It is negative.
#[inline]
pub fn delay(milliseconds: i64, at: Position) -> Result<u64, StepError> {
    #[cold]
    fn negative(milliseconds: i64, at: Position) -> StepError {
        StepError::new(StepErrorKind::Delay, at, format!("a delay of {milliseconds} ms is negative"))
    }
    u64::try_from(milliseconds).map_err(|_| negative(milliseconds, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn results_that_fit() {
        assert_eq!(add(1, 2, AT), Ok(3));
        assert_eq!(sub(1, 2, AT), Ok(-1));
        assert_eq!(mul(-3, 2, AT), Ok(-6));
        assert_eq!(div(7, -2, AT), Ok(-3));
        assert_eq!(rem(-5, 3, AT), Ok(-2));
        assert_eq!(rem(i64::MIN, -1, AT), Ok(0));
        assert_eq!(neg(5, AT), Ok(-5));
        assert_eq!(delay(5, AT), Ok(5));
    }

    #[test]
    fn shifts_are_those_of_java() {
        assert_eq!(shl(-3, 63), i64::MIN);
        assert_eq!(shl(7, 65), 14);
        assert_eq!(shr(-3, 1), -2);
        assert_eq!(shr(7, -1), 0);
        assert_eq!(ushr(-3, 33), 2_147_483_647);
        assert_eq!(ushr(-3, 64), -3);
    }

    #[test]
    fn a_float_does_not_equal_an_integer() {
        assert!(equals_value(5, &5.into()));
        assert!(!equals_value(5, &5.0.into()));
    }

    #[test]
    fn ranges_go_up_and_down_and_include_their_ends() {
        assert!(range(1, 3).eq([1, 2, 3]));
        assert!(range(1, -1).eq([1, 0, -1]));
        assert!(range(i64::MAX, i64::MAX).eq([i64::MAX]));
        assert!(range(i64::MIN + 1, i64::MIN).eq([i64::MIN + 1, i64::MIN]));
    }

    #[test]
    fn results_that_do_not() {
        let cases = [
            (add(i64::MAX, 1, AT), "integer overflow: 9223372036854775808 does not fit into 64 bits"),
            (sub(i64::MIN, 1, AT), "integer overflow: -9223372036854775809 does not fit into 64 bits"),
            (mul(i64::MAX, 2, AT), "integer overflow: 18446744073709551614 does not fit into 64 bits"),
            (div(i64::MIN, -1, AT), "integer overflow: 9223372036854775808 does not fit into 64 bits"),
            (
                add(i64::MIN, i64::MIN, AT),
                "integer overflow: -18446744073709551616 does not fit into 64 bits",
            ),
            (sub(i64::MAX, i64::MIN, AT), "integer overflow: 18446744073709551615 does not fit into 64 bits"),
            (neg(i64::MIN, AT), "integer overflow: 9223372036854775808 does not fit into 64 bits"),
            (div(1, 0, AT), "division by zero"),
            (rem(1, 0, AT), "division by zero"),
        ];
        for (result, message) in cases {
            let error = result.unwrap_err();
            assert_eq!(error.message(), message);
            assert_eq!(error.at(), AT);
            let by_zero = message == "division by zero";
            assert_eq!(error.kind() == StepErrorKind::DivisionByZero, by_zero);
        }
        assert_eq!(delay(-1, AT).unwrap_err().kind(), StepErrorKind::Delay);
    }
}
