//! Strings: concatenation, and the text of other values in it.

mod methods;

use alloc::{
    format,
    string::{String, ToString},
};
use core::fmt::{self, Write as _};

pub use methods::*;

use super::{MAX_TEXT, coerce::refused, too_large};
use crate::{
    Position, StepError, Value, budget,
    value_text::{FloatText, ValueText},
};

/// One operand of a concatenation.
#[derive(Debug, Clone, Copy)]
pub enum Piece<'a> {
    /// A string.
    Text(&'a str),
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// Any value but `null`.
    Value(&'a Value),
    /// Any value; `null` leaves nothing.
    Shown(&'a Value),
}

/// The text of all `pieces`, one after the other, where they are known to be few, short and not `null`.
#[must_use]
pub fn join(pieces: &[Piece<'_>]) -> String {
    let mut out = String::new();
    for piece in pieces {
        // Writing to a string cannot fail.
        let _ = match piece {
            Piece::Text(text) => out.write_str(text),
            Piece::Bool(value) => write!(out, "{value}"),
            Piece::Int(value) => write!(out, "{value}"),
            Piece::Float(value) => write!(out, "{}", FloatText(*value)),
            Piece::Shown(Value::Null) => Ok(()),
            Piece::Value(value) | Piece::Shown(value) => write!(out, "{}", ValueText(value)),
        };
    }
    out
}

/// The text of all `pieces`, one after the other.
///
/// # Errors
/// A piece is `null`, or the text would be too long.
#[inline]
pub fn concat(pieces: &[Piece<'_>], at: Position) -> Result<String, StepError> {
    // Known where it is called, once this is part of it: only the way that is taken is left.
    let only_text = pieces.iter().all(|piece| matches!(piece, Piece::Text(_)));
    let known = pieces.iter().fold(0_usize, |sum, piece| sum.saturating_add(text_of(piece).len()));
    if known > MAX_TEXT {
        return Err(too_long(at));
    }
    budget::spend(budget::of_bytes(known), at)?;
    let out = String::with_capacity(known);
    if only_text {
        Ok(pieces.iter().fold(out, |out, piece| out + text_of(piece)))
    } else {
        concat_all(Limited(out), pieces, at)
    }
}

#[inline]
const fn text_of<'a>(piece: &Piece<'a>) -> &'a str {
    match piece {
        Piece::Text(text) => text,
        _ => "",
    }
}

fn concat_all(mut out: Limited, pieces: &[Piece<'_>], at: Position) -> Result<String, StepError> {
    let known = out.0.capacity();
    for piece in pieces {
        let written = match piece {
            Piece::Text(text) => out.write_str(text),
            Piece::Bool(value) => write!(out, "{value}"),
            Piece::Int(value) => write!(out, "{value}"),
            Piece::Float(value) => write!(out, "{}", FloatText(*value)),
            Piece::Value(Value::Null) => return Err(null(at)),
            Piece::Shown(Value::Null) => Ok(()),
            Piece::Value(value) | Piece::Shown(value) => write!(out, "{}", ValueText(value)),
        };
        if written.is_err() {
            return Err(too_long(at));
        }
    }
    budget::spend(budget::of_bytes(out.0.len().saturating_sub(known)), at)?;
    Ok(out.0)
}

#[cold]
fn null(at: Position) -> StepError {
    refused(format_args!("make a string of null"), true, at)
}

#[cold]
pub(super) fn too_long(at: Position) -> StepError {
    too_large("a string has too many characters", at)
}

/// The text of a list or set.
///
/// # Errors
/// It would be too long.
pub(super) fn sequence(
    open: char,
    items: impl Iterator<Item = Value>,
    close: char,
    at: Position,
) -> Result<String, StepError> {
    let mut out = Limited(String::new());
    let write = || {
        out.write_char(open)?;
        for (index, item) in items.enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(out, "{comma}{}", ValueText(&item))?;
        }
        out.write_char(close)
    };
    match write() {
        Ok(()) => budget::spend(budget::of_bytes(out.0.len()), at).map(|()| out.0),
        Err(_) => Err(too_long(at)),
    }
}

/// A string that refuses to grow beyond the limit.
struct Limited(String);

impl fmt::Write for Limited {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.len() > MAX_TEXT - self.0.len() {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

/// A string of its own.
#[must_use]
pub fn owned(text: &str) -> String {
    String::from(text)
}

/// The text of a truth value.
#[must_use]
pub fn from_bool(value: bool) -> String {
    String::from(if value { "true" } else { "false" })
}

/// The text of an integer.
#[must_use]
pub fn from_int(value: i64) -> String {
    value.to_string()
}

/// The text of a float as Java writes it: `1.0`, `1.0E10`.
#[must_use]
pub fn from_float(value: f64) -> String {
    format!("{}", FloatText(value))
}

/// The text of any value but `null`.
///
/// # Errors
/// It is `null`, or the text would be too long.
pub fn from_value(value: &Value, at: Position) -> Result<String, StepError> {
    concat(&[Piece::Value(value)], at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StepErrorKind;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn every_kind_of_piece_has_its_text() {
        let list = Value::list([1.into(), Value::Null]);
        let pieces =
            [Piece::Text("a"), Piece::Bool(true), Piece::Int(-3), Piece::Float(1e10), Piece::Value(&list)];
        let text = concat(&pieces, AT);
        assert_eq!(text.as_deref(), Ok("atrue-31.0E10[1, null]"));
        assert_eq!(from_bool(false), "false");
        assert_eq!(from_int(i64::MIN), "-9223372036854775808");
        assert_eq!(from_float(1.0), "1.0");
    }

    #[test]
    fn null_has_no_text() {
        let error = from_value(&Value::Null, AT).unwrap_err();
        assert_eq!(error.kind(), StepErrorKind::Missing);
        assert_eq!(error.message(), "cannot make a string of null");
    }

    #[test]
    fn strings_grow_up_to_the_limit() {
        let half = "x".repeat(MAX_TEXT / 2);
        let fits = [Piece::Text(&half), Piece::Text(&half)];
        assert!(concat(&fits, AT).is_ok());
        let [one, two] = fits;
        for last in [Piece::Int(1), Piece::Text("y")] {
            let error = concat(&[one, two, last], AT).unwrap_err();
            assert_eq!(error.kind(), StepErrorKind::TooLarge);
        }
    }
}
