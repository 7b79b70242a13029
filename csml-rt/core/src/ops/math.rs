//! The functions of the namespace `math` (docs/expressions/library.md): those of Java's `Math`.
//!
//! All floats come from one implementation (`libm`), so that they are the same on every platform (ADR 13).

use super::int::{self, by_zero};
use crate::{Position, Rng, StepError, StepErrorKind};

/// The absolute value.
///
/// # Errors
/// It does not fit.
pub fn abs_int(value: i64, at: Position) -> Result<i64, StepError> {
    if value < 0 { int::neg(value, at) } else { Ok(value) }
}

/// The absolute value.
#[must_use]
pub fn abs(value: f64) -> f64 {
    libm::fabs(value)
}

/// The nearest integer, of two the larger one; at most the largest, 0 for `NaN`.
#[must_use]
pub fn round(value: f64) -> i64 {
    let below = libm::floor(value);
    let rounded = if value - below >= 0.5 { below + 1.0 } else { below };
    rounded as i64
}

macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident = $function:path;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(value: f64) -> f64 {
            $function(value)
        }
    )*};
}

functions! {
    /// Rounded up.
    ceil = libm::ceil;
    /// Rounded down.
    floor = libm::floor;
    /// Rounded to the nearest integer, of two the even one.
    rint = libm::rint;
    /// The square root.
    sqrt = libm::sqrt;
    /// The cube root.
    cbrt = libm::cbrt;
    /// e to this power.
    exp = libm::exp;
    /// e to this power, minus 1, also precise near 0.
    expm1 = libm::expm1;
    /// The natural logarithm.
    log = libm::log;
    /// The logarithm to base 10.
    log10 = libm::log10;
    /// The natural logarithm of 1 plus this, also precise near 0.
    log1p = libm::log1p;
    /// The sine of an angle in radians.
    sin = libm::sin;
    /// The cosine of an angle in radians.
    cos = libm::cos;
    /// The tangent of an angle in radians.
    tan = libm::tan;
    /// The angle in radians that has this sine.
    asin = libm::asin;
    /// The angle in radians that has this cosine.
    acos = libm::acos;
    /// The angle in radians that has this tangent.
    atan = libm::atan;
    /// The hyperbolic sine.
    sinh = libm::sinh;
    /// The hyperbolic cosine.
    cosh = libm::cosh;
    /// The hyperbolic tangent.
    tanh = libm::tanh;
}

/// `base` to the power `exponent`.
#[must_use]
pub fn pow(base: f64, exponent: f64) -> f64 {
    // Java differs from C in these: no power of 1 that is not a number, or endless.
    if exponent.is_nan() || (libm::fabs(base) == 1.0 && exponent.is_infinite()) {
        return f64::NAN;
    }
    libm::pow(base, exponent)
}

/// The angle in radians of the point (`x`, `y`).
#[must_use]
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// The length of the hypotenuse over `x` and `y`.
#[must_use]
pub fn hypot(x: f64, y: f64) -> f64 {
    libm::hypot(x, y)
}

/// The larger one.
#[must_use]
pub fn max_int(left: i64, right: i64) -> i64 {
    left.max(right)
}

/// The larger one; `NaN` if one is.
#[must_use]
pub fn max(left: f64, right: f64) -> f64 {
    if left.is_nan() || right.is_nan() {
        f64::NAN
    } else if left == right {
        // Zero is larger than negative zero.
        if left.is_sign_negative() { right } else { left }
    } else if left > right {
        left
    } else {
        right
    }
}

/// The smaller one.
#[must_use]
pub fn min_int(left: i64, right: i64) -> i64 {
    left.min(right)
}

/// The smaller one; `NaN` if one is.
#[must_use]
pub fn min(left: f64, right: f64) -> f64 {
    -max(-left, -right)
}

/// -1 for negative, 1 for positive numbers, otherwise the number itself.
#[must_use]
pub fn signum(value: f64) -> f64 {
    if value > 0.0 {
        1.0
    } else if value < 0.0 {
        -1.0
    } else {
        value
    }
}

/// Degrees to radians.
#[must_use]
pub fn to_radians(degrees: f64) -> f64 {
    degrees * (core::f64::consts::PI / 180.0)
}

/// Radians to degrees.
#[must_use]
pub fn to_degrees(radians: f64) -> f64 {
    radians * (180.0 / core::f64::consts::PI)
}

/// `left / right`, rounded down.
///
/// # Errors
/// `right` is zero, or the result does not fit.
pub fn floor_div(left: i64, right: i64, at: Position) -> Result<i64, StepError> {
    let quotient = int::div(left, right, at)?;
    let inexact = left.wrapping_rem(right) != 0;
    Ok(if inexact && (left < 0) != (right < 0) { quotient - 1 } else { quotient })
}

/// The remainder of [`floor_div`], with the sign of `right`.
///
/// # Errors
/// `right` is zero.
pub fn floor_mod(left: i64, right: i64, at: Position) -> Result<i64, StepError> {
    if right == 0 {
        return Err(by_zero(at));
    }
    let remainder = left.wrapping_rem(right);
    Ok(if remainder != 0 && (remainder < 0) != (right < 0) { remainder + right } else { remainder })
}

/// `value`, but not below `least` and not above `most`.
///
/// # Errors
/// `least` is larger than `most`.
pub fn clamp_int(value: i64, least: i64, most: i64, at: Position) -> Result<i64, StepError> {
    if least > most {
        return Err(no_bounds(at));
    }
    Ok(value.clamp(least, most))
}

/// `value`, but not below `least` and not above `most`.
///
/// # Errors
/// `least` is larger than `most`, or one is `NaN`.
pub fn clamp(value: f64, least: f64, most: f64, at: Position) -> Result<f64, StepError> {
    if least <= most { Ok(min(max(value, least), most)) } else { Err(no_bounds(at)) }
}

#[cold]
fn no_bounds(at: Position) -> StepError {
    StepError::new(StepErrorKind::Type, at, "the lower bound of `clamp` is above the upper bound")
}

/// A float from 0 to less than 1.
pub fn random(rng: &mut Rng) -> f64 {
    rng.unit()
}

/// π
#[must_use]
pub const fn pi() -> f64 {
    core::f64::consts::PI
}

/// Euler's number.
#[must_use]
pub const fn e() -> f64 {
    core::f64::consts::E
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn rounding_is_that_of_java() {
        for (value, rounded) in [
            (2.5, 3),
            (-2.5, -2),
            (0.499_999_999_999_999_94, 0),
            (-0.5, 0),
            (1e30, i64::MAX),
            (f64::NAN, 0),
            (f64::NEG_INFINITY, i64::MIN),
            (4_503_599_627_370_497.0, 4_503_599_627_370_497),
        ] {
            assert_eq!(round(value), rounded, "{value}");
        }
        assert_eq!((rint(2.5), rint(3.5)), (2.0, 4.0));
    }

    #[test]
    fn edges_are_those_of_java() {
        assert!(pow(1.0, f64::NAN).is_nan());
        assert!(pow(-1.0, f64::INFINITY).is_nan());
        assert_eq!(pow(f64::NAN, 0.0), 1.0);
        assert!(max(0.0, -0.0).is_sign_positive());
        assert!(min(0.0, -0.0).is_sign_negative());
        assert!(max(f64::NAN, 1.0).is_nan());
        assert!(min(1.0, f64::NAN).is_nan());
        assert_eq!((max(1.0, 2.0), min(1.0, 2.0)), (2.0, 1.0));
        assert!(signum(-0.0).is_sign_negative());
        assert_eq!((signum(-5.0), signum(5.0)), (-1.0, 1.0));
        assert_eq!(to_degrees(to_radians(180.0)), 180.0);
        assert_eq!((hypot(3.0, 4.0), cbrt(27.0)), (5.0, 3.0));
    }

    #[test]
    fn integers_are_checked() {
        assert_eq!(abs_int(-3, AT), Ok(3));
        assert!(abs_int(i64::MIN, AT).is_err());
        assert_eq!((floor_div(-7, 2, AT), floor_mod(-7, 2, AT)), (Ok(-4), Ok(1)));
        assert_eq!((floor_div(7, -2, AT), floor_mod(7, -2, AT)), (Ok(-4), Ok(-1)));
        assert_eq!((floor_div(6, 3, AT), floor_mod(6, 3, AT)), (Ok(2), Ok(0)));
        assert!(floor_div(i64::MIN, -1, AT).is_err());
        assert_eq!(floor_mod(i64::MIN, -1, AT), Ok(0));
        assert!(floor_mod(1, 0, AT).is_err());
        assert_eq!(clamp_int(5, 1, 3, AT), Ok(3));
        assert!(clamp_int(5, 3, 1, AT).is_err());
        assert_eq!(clamp(0.5, 1.0, 3.0, AT), Ok(1.0));
        assert!(clamp(0.5, f64::NAN, 3.0, AT).is_err());
    }
}
