//! Parts of an envelope.

use super::rejection::{Rejection, RejectionKind};

/// Names and values of the fields of an envelope.
pub(super) type Properties = Vec<(String, String)>;

/// Parses a number, which has only one valid spelling.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
    let spelling = digits && (text == "0" || !text.starts_with('0'));
    if spelling { text.parse().ok() } else { None }
}

#[cold]
pub(super) fn rejected(what: &str) -> Rejection {
    Rejection::new(RejectionKind::Envelope, format!("envelope: {what}"))
}
