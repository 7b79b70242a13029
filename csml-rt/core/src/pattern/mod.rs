//! Regular expressions of `=~`, `matches` and `split`: those of Java, in linear time (ADR 13).

mod class;
mod parse;
mod program;
mod run;

use alloc::{boxed::Box, format, string::String, vec::Vec};

use once_cell::race::OnceBox;

use crate::{Position, StepError, StepErrorKind, budget};
use program::Instruction;
use run::Search;

/// A regular expression, ready to be searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Regex(Vec<Instruction>);

impl Regex {
    /// Reads a regular expression.
    ///
    /// # Errors
    /// Says what is wrong with it, and where.
    fn read(pattern: &str) -> Result<Self, PatternError> {
        let node = parse::parse(pattern)?;
        let whole = |message| PatternError { message, start: 0, end: pattern.len() };
        program::compile(&node).map(Self).map_err(whole)
    }

    /// Reads a regular expression that is only known now.
    ///
    /// # Errors
    /// It is malformed, or uses what is not supported.
    pub(crate) fn new(pattern: &str, at: Position) -> Result<Self, StepError> {
        Self::read(pattern).map_err(|error| malformed(pattern, &error, at))
    }

    /// Whether it matches the whole text.
    ///
    /// # Errors
    /// That takes more than the step may do.
    pub(crate) fn matches(&self, text: &str, at: Position) -> Result<bool, StepError> {
        let before = budget::remaining();
        let mut left = before;
        let matches = run::matches(&self.0, text, &mut left);
        budget::spend(before - left, at).map(|()| matches)
    }

    /// The parts of `text` between matches, as Java's `split` takes them apart.
    ///
    /// `limit` is the number of parts at most, the last one being all that is left. Without a limit (0)
    /// empty parts at the end are dropped; a negative one keeps them.
    ///
    /// # Errors
    /// That takes more than the step may do.
    pub(crate) fn split<'t>(
        &self,
        text: &'t str,
        limit: i64,
        at: Position,
    ) -> Result<Vec<&'t str>, StepError> {
        let most = usize::try_from(limit).ok().filter(|limit| *limit > 0).unwrap_or(usize::MAX);
        let before = budget::remaining();
        let mut search = Search::new(&self.0, before);
        let mut parts = Vec::new();
        // Where the part begins, and where to search.
        let (mut part, mut from) = (0, 0);
        while parts.len() + 1 < most
            && let Some((start, end)) = search.find(text, from)
        {
            from = if end > start {
                end
            } else {
                let next = text.get(end..).and_then(|rest| rest.chars().next());
                // Beyond the end after an empty match there: nothing is found.
                end + next.map_or(1, char::len_utf8)
            };
            if end == 0 {
                // No empty part before an empty match at the start.
                continue;
            }
            parts.extend(text.get(part..start));
            part = end;
        }
        let copied = budget::of_bytes(text.len()) + parts.len().saturating_mul(PART);
        budget::spend((before - search.left).saturating_add(copied), at)?;
        if part == 0 && parts.is_empty() {
            parts.push(text);
            return Ok(parts);
        }
        parts.extend(text.get(part..));
        if limit == 0 {
            while parts.last().is_some_and(|last| last.is_empty()) {
                parts.pop();
            }
        }
        Ok(parts)
    }
}

/// What it costs to make a string of a part.
const PART: usize = 24;

#[cold]
fn malformed(pattern: &str, error: &PatternError, at: Position) -> StepError {
    let shown: String = pattern.chars().take(60).collect();
    let cut = if shown.len() < pattern.len() { "…" } else { "" };
    StepError::new(
        StepErrorKind::Pattern,
        at,
        format!("regular expression \"{shown}{cut}\": {}", error.message),
    )
}

/// Why a text is no regular expression that can be matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// What is wrong.
    pub message: String,
    /// The first byte of the part that is wrong.
    pub start: usize,
    /// The end of this part, in bytes.
    pub end: usize,
}

/// Whether a text is a regular expression that can be matched.
///
/// # Errors
/// Says what is wrong with it, and where.
pub fn check_pattern(pattern: &str) -> Result<(), PatternError> {
    Regex::read(pattern).map(drop)
}

/// A regular expression known when the description is compiled: read once, at its first use.
#[derive(Debug)]
pub struct Pattern {
    source: &'static str,
    regex: OnceBox<Result<Regex, PatternError>>,
}

impl Pattern {
    /// The regular expression `source`; generated code keeps it in a `static`.
    #[must_use]
    pub const fn new(source: &'static str) -> Self {
        Self { source, regex: OnceBox::new() }
    }

    fn regex(&self, at: Position) -> Result<&Regex, StepError> {
        match self.regex.get_or_init(|| Box::new(Regex::read(self.source))) {
            Ok(regex) => Ok(regex),
            Err(error) => Err(malformed(self.source, error, at)),
        }
    }

    /// Whether it matches the whole text.
    ///
    /// # Errors
    /// It is malformed, which [`check_pattern`] says beforehand.
    pub fn matches(&self, text: &str, at: Position) -> Result<bool, StepError> {
        self.regex(at)?.matches(text, at)
    }

    /// The parts of `text` between matches; empty ones at the end are dropped.
    ///
    /// # Errors
    /// It is malformed.
    pub fn split(&self, text: &str, at: Position) -> Result<Vec<String>, StepError> {
        Ok(self.regex(at)?.split(text, 0, at)?.into_iter().map(String::from).collect())
    }
}

#[cfg(test)]
mod tests;
