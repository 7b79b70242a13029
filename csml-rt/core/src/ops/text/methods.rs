//! Methods of strings (docs/expressions/library.md). Indices into a string count characters (code points).

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{MAX_TEXT, Piece, concat as concat_pieces, too_long};
use crate::{Position, StepError, StepErrorKind, Value, budget, pattern::Regex};

/// Bytes of a string whose search does not count.
const SHORT: usize = 256;

/// A string that is searched or copied, which the budget of the step counts.
#[inline]
fn noted(text: &str) -> &str {
    // Loops count themselves: a short text is no more than one of their rounds.
    if text.len() >= SHORT {
        budget::note(budget::of_search(text.len()));
    }
    text
}

/// How many characters there are.
#[inline]
#[must_use]
pub fn length(text: &str) -> i64 {
    noted(text).chars().count() as i64
}

/// Whether there are none.
#[inline]
#[must_use]
pub fn is_empty(text: &str) -> bool {
    text.is_empty()
}

/// Whether there are only blanks, tabs and the like.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether `part` is somewhere in the string.
#[inline]
#[must_use]
pub fn contains(text: &str, part: &str) -> bool {
    noted(text).contains(part)
}

/// Whether the string begins with `start`.
#[inline]
#[must_use]
pub fn starts_with(text: &str, start: &str) -> bool {
    text.starts_with(start)
}

/// Whether the string ends with `end`.
#[inline]
#[must_use]
pub fn ends_with(text: &str, end: &str) -> bool {
    text.ends_with(end)
}

/// Where `part` stands first, -1 if it does not.
#[must_use]
pub fn index_of(text: &str, part: &str) -> i64 {
    found(text, noted(text).find(part))
}

/// Where `part` stands first from index `from` on, -1 if it does not.
#[must_use]
pub fn index_of_from(text: &str, part: &str, from: i64) -> i64 {
    let from = from.max(0);
    let Some(start) = offset(text, from) else {
        return if part.is_empty() { length(text) } else { -1 };
    };
    let rest = text.get(start..).unwrap_or_default();
    found(text, noted(rest).find(part).map(|place| start + place))
}

/// Where `part` stands last, -1 if it does not.
#[must_use]
pub fn last_index_of(text: &str, part: &str) -> i64 {
    found(text, noted(text).rfind(part))
}

/// The index of the character at a byte.
fn found(text: &str, byte: Option<usize>) -> i64 {
    byte.and_then(|byte| text.get(..byte)).map_or(-1, length)
}

/// The byte at which the character at `index` begins; the end counts.
fn offset(text: &str, index: i64) -> Option<usize> {
    let index = usize::try_from(index).ok()?;
    let mut starts = noted(text).char_indices().map(|(start, _)| start).chain([text.len()]);
    starts.nth(index)
}

/// The characters from index `from` on.
///
/// # Errors
/// `from` is beyond the end.
pub fn substring(text: &str, from: i64, at: Position) -> Result<String, StepError> {
    let part = offset(text, from).and_then(|start| text.get(start..));
    part.map(String::from).ok_or_else(|| no_part(text, from, length(text), at))
}

/// The characters from index `from` up to but not including index `to`.
///
/// # Errors
/// `from` or `to` is beyond the end, or `from` is behind `to`.
pub fn substring_to(text: &str, from: i64, to: i64, at: Position) -> Result<String, StepError> {
    let part = offset(text, from).zip(offset(text, to)).and_then(|(start, end)| text.get(start..end));
    part.map(String::from).ok_or_else(|| no_part(text, from, to, at))
}

#[cold]
fn no_part(text: &str, from: i64, to: i64, at: Position) -> StepError {
    let length = length(text);
    StepError::new(
        StepErrorKind::Range,
        at,
        format!("no characters from {from} to {to} in a string of {length}"),
    )
}

/// In upper case.
#[must_use]
pub fn to_upper_case(text: &str) -> String {
    noted(text).to_uppercase()
}

/// In lower case.
#[must_use]
pub fn to_lower_case(text: &str) -> String {
    noted(text).to_lowercase()
}

/// Without blanks and control characters at both ends.
#[must_use]
pub fn trim(text: &str) -> String {
    noted(text).trim_matches(|character| character <= ' ').to_string()
}

/// Without white space of any script at both ends.
#[must_use]
pub fn strip(text: &str) -> String {
    noted(text).trim().to_string()
}

/// With every `from` replaced by `to`, both taken literally.
///
/// # Errors
/// The result would be too long.
pub fn replace(text: &str, from: &str, to: &str, at: Position) -> Result<String, StepError> {
    // An empty `from` stands before each character and at the end.
    let longest = to.len().saturating_sub(from.len());
    let at_most = text.len().saturating_add(longest.saturating_mul(text.len().saturating_add(1)));
    if at_most > MAX_TEXT {
        let count = text.matches(from).count();
        let length = text.len().saturating_sub(count.saturating_mul(from.len()));
        if length.saturating_add(count.saturating_mul(to.len())) > MAX_TEXT {
            return Err(too_long(at));
        }
    }
    budget::spend(budget::of_bytes(text.len()), at)?;
    let replaced = text.replace(from, to);
    budget::spend(budget::of_bytes(replaced.len().saturating_sub(text.len())), at).map(|()| replaced)
}

/// The parts between matches of a regular expression; empty parts at the end are dropped.
///
/// # Errors
/// The regular expression is malformed, or uses what is not supported.
pub fn split(text: &str, pattern: &str, at: Position) -> Result<Vec<String>, StepError> {
    split_limit(text, pattern, 0, at)
}

/// The parts between matches of a regular expression, `limit` at most, the last one being all that is left.
/// 0 sets no limit and drops empty parts at the end, a negative limit keeps them.
///
/// # Errors
/// The regular expression is malformed, or uses what is not supported.
pub fn split_limit(text: &str, pattern: &str, limit: i64, at: Position) -> Result<Vec<String>, StepError> {
    let parts = Regex::new(pattern, at)?.split(text, limit, at)?;
    super::super::list::limit(parts.len(), at)?;
    Ok(parts.into_iter().map(String::from).collect())
}

/// Whether a regular expression matches the whole string.
///
/// # Errors
/// The regular expression is malformed, or uses what is not supported.
pub fn matches(text: &str, pattern: &str, at: Position) -> Result<bool, StepError> {
    Regex::new(pattern, at)?.matches(text, at)
}

/// The character at `index`, as a string.
///
/// # Errors
/// There is none.
pub fn char_at(text: &str, index: i64, at: Position) -> Result<String, StepError> {
    let character = usize::try_from(index).ok().and_then(|index| noted(text).chars().nth(index));
    character.map(String::from).ok_or_else(|| {
        let length = length(text);
        StepError::new(StepErrorKind::Range, at, format!("no character {index} in a string of {length}"))
    })
}

/// The string, then `other`.
///
/// # Errors
/// The result would be too long.
pub fn append(text: &str, other: &str, at: Position) -> Result<String, StepError> {
    concat_pieces(&[Piece::Text(text), Piece::Text(other)], at)
}

/// The string `times` times.
///
/// # Errors
/// `times` is negative, or the result would be too long.
pub fn repeat(text: &str, times: i64, at: Position) -> Result<String, StepError> {
    let Ok(times) = usize::try_from(times) else {
        return Err(super::super::negative("repeat a string", times, at));
    };
    if text.len().saturating_mul(times) > MAX_TEXT {
        return Err(too_long(at));
    }
    budget::spend(budget::of_bytes(text.len().saturating_mul(times)), at)?;
    Ok(text.repeat(times))
}

/// Whether the two are the same string.
#[inline]
#[must_use]
pub fn equals(text: &str, other: &str) -> bool {
    text == other
}

/// Whether `other` is a string and the same one.
#[must_use]
pub fn equals_value(text: &str, other: &Value) -> bool {
    other.as_text() == Some(text)
}

/// How the string stands to `other` in the order of strings: negative, 0 or positive. It is the distance of
/// the first characters that differ, or of the lengths.
#[must_use]
pub fn compare_to(text: &str, other: &str) -> i64 {
    let differs = noted(text).chars().zip(other.chars()).find(|(left, right)| left != right);
    match differs {
        Some((left, right)) => i64::from(u32::from(left)) - i64::from(u32::from(right)),
        None => length(text) - length(other),
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn places_count_characters() {
        let text = "aé😀a";
        assert_eq!(length(text), 4);
        assert_eq!((index_of(text, "a"), last_index_of(text, "a"), index_of(text, "x")), (0, 3, -1));
        assert_eq!((index_of_from(text, "a", 1), index_of_from(text, "a", 4)), (3, -1));
        assert_eq!((index_of_from(text, "a", -5), index_of_from(text, "", 9)), (0, 4));
        assert_eq!(substring(text, 2, AT).as_deref(), Ok("😀a"));
        assert_eq!(substring(text, 4, AT).as_deref(), Ok(""));
        assert_eq!(substring_to(text, 1, 3, AT).as_deref(), Ok("é😀"));
        assert_eq!(char_at(text, 2, AT).as_deref(), Ok("😀"));
        assert!(char_at(text, 4, AT).is_err());
        assert!(char_at(text, -1, AT).is_err());
        for (from, to) in [(-1, 1), (2, 1), (0, 5)] {
            assert!(substring_to(text, from, to, AT).is_err());
        }
        assert_eq!(
            substring("ab", 3, AT).unwrap_err().message(),
            "no characters from 3 to 2 in a string of 2"
        );
    }

    #[test]
    fn blanks_are_those_of_java() {
        assert_eq!(trim(" \u{1} a\u{A0} "), "a\u{A0}");
        assert_eq!(strip("\u{2003} a "), "a");
        assert!(is_blank(" \t\n"));
        assert!(!is_blank("\u{1}"));
    }

    #[test]
    fn strings_are_compared_by_distance() {
        assert_eq!(compare_to("  pad ", "A"), -33);
        assert_eq!(compare_to("", "A"), -1);
        assert_eq!(compare_to("abc", "ab"), 1);
        assert_eq!(compare_to("ab", "ab"), 0);
        assert!(equals_value("1", &"1".into()) && !equals_value("1", &1.into()));
    }

    #[test]
    fn results_do_not_grow_beyond_the_limit() {
        let long = "a".repeat(MAX_TEXT / 64);
        let replacement = "b".repeat(65);
        assert!(replace(&long, "a", &replacement, AT).is_err());
        assert!(replace(&long, "ab", &replacement, AT).is_ok());
        assert!(replace("x", "", &long, AT).is_ok());
        assert!(repeat(&long, 65, AT).is_err());
        assert!(repeat("", i64::MAX, AT).is_ok());
        assert!(append("a", &long.repeat(64), AT).is_err());
        assert_eq!(repeat("a", -1, AT).unwrap_err().message(), "cannot repeat a string -1 times");
    }

    #[test]
    fn parts_and_replacements() {
        assert_eq!(split("a, b", ",\\s*", AT), Ok(vec!["a".into(), "b".into()]));
        assert_eq!(split_limit("a,b,c", ",", 2, AT), Ok(vec!["a".into(), "b,c".into()]));
        assert!(split("a", "(", AT).is_err());
        assert_eq!(matches("World", ".*W.*", AT), Ok(true));
        assert_eq!(replace("a.c", ".", "", AT).as_deref(), Ok("ac"));
        assert_eq!(replace("ab", "", "-", AT).as_deref(), Ok("-a-b-"));
        assert_eq!((to_upper_case("aß"), to_lower_case("ÄB")), ("ASS".into(), "äb".into()));
    }
}
