//! JEXL's coercions of untyped values: to truth values, and to operands of arithmetic.

use alloc::format;

use crate::{Position, StepError, StepErrorKind, Value, value_text::Described};

/// Why a value is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotANumber {
    /// It is something else.
    Type,
    /// It is an integer of more than 64 bits.
    Overflow,
}

/// Whether arithmetic with this operand is done in floats: a float, or a string written as one.
pub(super) fn is_floating(value: &Value) -> bool {
    match value {
        Value::Float(_) => true,
        Value::Text(text) => is_float_text(text),
        _ => false,
    }
}

/// Digits with a point or an exponent, as `^[+-]?\d*(\.\d*)?([eE][+-]?\d+)?$` matches them.
fn is_float_text(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !unsigned.is_empty() && digits(unsigned)
    });
    let float = fraction.is_some() || exponent.is_some();
    float && digits(whole) && fraction.is_none_or(digits) && exponent_fits
}

/// An operand of arithmetic as a float. The empty string is `NaN`.
pub(super) fn to_float(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        Value::Text(text) => text_to_float(text),
        _ => None,
    }
}

/// The float that a string stands for. The empty string is `NaN`.
pub(super) fn text_to_float(text: &str) -> Option<f64> {
    if text.is_empty() { Some(f64::NAN) } else { parse_float(text) }
}

/// A float as Java reads one: blanks around it are skipped, a suffix `f` or `d` is allowed.
fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim_matches(|character| character <= ' ');
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    match unsigned {
        "NaN" => return Some(f64::NAN),
        "Infinity" => return Some(sign * f64::INFINITY),
        _ => {}
    }
    let number = unsigned.strip_suffix(['f', 'F', 'd', 'D']).unwrap_or(unsigned);
    // Rust would also read `inf`, `nan` and a second sign.
    if !number.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    number.parse::<f64>().ok().map(|number| sign * number)
}

/// An operand of integer arithmetic. The empty string is 0.
pub(super) fn to_int(value: &Value) -> Result<i64, NotANumber> {
    match value {
        Value::Bool(value) => Ok(i64::from(*value)),
        Value::Int(value) => Ok(*value),
        Value::Text(text) if text.is_empty() => Ok(0),
        Value::Text(text) => parse_int(text),
        _ => Err(NotANumber::Type),
    }
}

fn parse_int(text: &str) -> Result<i64, NotANumber> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotANumber::Type);
    }
    text.parse().map_err(|_| NotANumber::Overflow)
}

/// An operand compared with an integer: a string may be written as a float if its value is whole, and have
/// blanks around it.
pub(super) fn to_compared_int(value: &Value) -> Option<i64> {
    match value {
        Value::Text(text) => text_to_compared_int(text),
        other => to_int(other).ok(),
    }
}

/// The integer that a string is compared as. The empty string is 0.
pub(super) fn text_to_compared_int(text: &str) -> Option<i64> {
    if let Ok(number) = parse_int(text) {
        return Some(number);
    }
    let number = text_to_float(text)?;
    if number.is_nan() {
        return Some(0);
    }
    let whole = number as i64;
    (whole as f64 == number).then_some(whole)
}

/// An operand of an operator on bits: a float without its fraction, a string as it is compared.
pub(super) fn to_bits(value: &Value) -> Option<i64> {
    match value {
        Value::Float(value) => Some(*value as i64),
        other => to_compared_int(other),
    }
}

/// Whether a value counts as true: not zero, not `NaN`, not the empty string and not `"false"`. Collections do.
///
/// # Errors
/// `null` is neither true nor false.
pub(super) fn truth(value: &Value, at: Position) -> Result<bool, StepError> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::Null => Err(StepError::new(StepErrorKind::Missing, at, "null is neither true nor false")),
        other => Ok(truth_of_present(other)),
    }
}

/// The same where `null` counts as false.
pub(super) fn truth_of_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Int(value) => *value != 0,
        Value::Float(value) => *value != 0.0 && !value.is_nan(),
        Value::Text(text) => truth_of_text(text),
        Value::Bytes(_) | Value::List(_) | Value::Set(_) | Value::Map(_) => true,
    }
}

/// Whether a string counts as true.
pub(super) fn truth_of_text(text: &str) -> bool {
    !text.is_empty() && text != "false"
}

/// `operand` is no number, in `expression` such as `subtract int 1 from string "abc"`.
#[cold]
pub(super) fn refused(expression: core::fmt::Arguments<'_>, null: bool, at: Position) -> StepError {
    let kind = if null { StepErrorKind::Missing } else { StepErrorKind::Type };
    StepError::new(kind, at, format!("cannot {expression}"))
}

/// An integer operand of more than 64 bits.
#[cold]
pub(super) fn too_wide(value: &Value, at: Position) -> StepError {
    StepError::new(
        StepErrorKind::Overflow,
        at,
        format!("integer overflow: {} does not fit into 64 bits", Described(value)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_that_are_floats() {
        for text in ["1.5", ".5", "1.", "-1e3", "+1.5E-7", "."] {
            assert!(is_float_text(text), "{text}");
        }
        for text in ["", "1", " 1.5", "1e", "1.5x", "e", "--1.0", "NaN", "1.2.3"] {
            assert!(!is_float_text(text), "{text}");
        }
    }

    #[test]
    fn floats_are_read_as_in_java() {
        let read = |text: &str| to_float(&text.into());
        assert_eq!(read(" 7 "), Some(7.0));
        assert_eq!(read("1.5f"), Some(1.5));
        assert_eq!(read("-Infinity"), Some(f64::NEG_INFINITY));
        assert!(read("").is_some_and(f64::is_nan));
        for text in ["inf", "nan", "abc", "+-1", "1e", "true"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn integers_are_read_exactly() {
        let read = |text: &str| to_int(&text.into());
        assert_eq!(read("9007199254740993"), Ok(9_007_199_254_740_993));
        assert_eq!(read("+5"), Ok(5));
        assert_eq!(read(" 5"), Err(NotANumber::Type));
        assert_eq!(read("9223372036854775808"), Err(NotANumber::Overflow));
        assert_eq!(to_compared_int(&"7.0".into()), Some(7));
        assert_eq!(to_compared_int(&" 7 ".into()), Some(7));
        assert_eq!(to_compared_int(&"1.5".into()), None);
    }
}
