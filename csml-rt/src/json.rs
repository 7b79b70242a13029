//! JSON text of the user's files → [`Value`]s.

use csml_expr::json::read;
use csml_rt_core::Value;

/// Reads one JSON value of a text of one line.
///
/// # Errors
/// Says what is wrong, with the column.
pub(crate) fn parse_line(text: &str) -> Result<Value, String> {
    read(text).map_err(|error| format!("{} (column {})", error.message, error.column))
}

/// Reads one JSON value of a text of any number of lines.
///
/// # Errors
/// Says what is wrong, with line and column.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Err("it is empty".into());
    }
    read(text).map_err(|error| format!("line {}: {} (column {})", error.line, error.message, error.column))
}

/// A time or duration of a file: a whole number that is not negative.
pub(crate) fn milliseconds(value: &Value) -> Option<u64> {
    match value {
        Value::Int(ms) => u64::try_from(*ms).ok(),
        // A float such as 5.0 is a whole number too; up to 2^53 it is exact.
        Value::Float(ms) if ms.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(ms) => {
            Some(*ms as u64)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong() {
        let error = |text: &str| parse(text).unwrap_err();
        assert!(error("[9223372036854775808]").contains("does not fit into 64 bits"));
        assert!(error("[1,").contains("column"));
        assert!(error("{\n  \"a\": x\n}").starts_with("line 2: "));
        assert_eq!(error(" \n"), "it is empty");
        assert!(!parse_line("[1,").unwrap_err().contains("line"));
    }
}
