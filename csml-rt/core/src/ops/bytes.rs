//! Methods of `bytes` (docs/expressions/library.md).

use alloc::string::String;

use super::{MAX_TEXT, text::too_long};
use crate::{Bytes, Position, StepError, Value, base64, budget};

/// How many bytes there are.
#[inline]
#[must_use]
pub fn size(bytes: &Bytes) -> i64 {
    bytes.0.len() as i64
}

/// Whether there are none.
#[inline]
#[must_use]
pub fn is_empty(bytes: &Bytes) -> bool {
    bytes.0.is_empty()
}

/// Whether `other` are the same bytes.
#[must_use]
pub fn equals_value(bytes: &Bytes, other: &Value) -> bool {
    other.as_bytes() == Some(&bytes.0)
}

/// The bytes as Base64.
///
/// # Errors
/// The text would be too long.
pub fn to_text(bytes: &Bytes, at: Position) -> Result<String, StepError> {
    text_of(&bytes.0, at)
}

pub(super) fn text_of(bytes: &[u8], at: Position) -> Result<String, StepError> {
    if bytes.len().div_ceil(3).saturating_mul(4) > MAX_TEXT {
        return Err(too_long(at));
    }
    budget::spend(budget::of_bytes(bytes.len()), at)?;
    let mut text = String::new();
    base64::encode(bytes, &mut text);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn bytes_have_a_size_and_a_text() {
        let bytes = Bytes(vec![1, 2, 3, 4]);
        assert_eq!((size(&bytes), is_empty(&bytes)), (4, false));
        assert_eq!(to_text(&bytes, Position::new(1, 1)).as_deref(), Ok("AQIDBA=="));
        assert!(equals_value(&bytes, &bytes.clone().into()));
        assert!(!equals_value(&bytes, &"AQIDBA==".into()));
    }
}
