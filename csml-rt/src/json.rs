//! JSON text of the user's files → [`Value`]s.

use csml_expr::json::read;
use csml_rt_core::{Datum, Value};

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

/// A time or duration of a file: a whole number that is not negative, `5.0` too.
pub(crate) fn milliseconds(value: &Value) -> Option<u64> {
    u64::try_from(i64::from_value(value).ok()?).ok()
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
