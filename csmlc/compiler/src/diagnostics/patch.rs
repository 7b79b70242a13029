//! Fixes as they are shown: lines before and after.

use std::ops::Range;

use super::{excerpt::LONG_LINE, fix::Fix};
use crate::{
    source::{Sources, Span},
    text::is_invisible,
};

/// A fix over more lines is only told.
const MOST_LINES: u32 = 5;

/// The lines that a fix changes.
pub(super) struct PatchedLines<'a> {
    /// Where it changes something first.
    pub(super) place: Span,
    /// The number of the first line, from 1.
    pub(super) number: usize,
    /// The lines as they are.
    pub(super) text: &'a str,
    /// What replaces which bytes of them, in order.
    pub(super) replacements: Vec<(Range<usize>, String)>,
}

impl<'a> PatchedLines<'a> {
    /// Nothing if the fix is better told in words.
    pub(super) fn of(sources: &'a Sources, fix: &Fix) -> Option<Self> {
        let replacements = fix.replacements(sources)?;
        let (first, last) = (replacements.first()?, replacements.last()?);
        let id = first.span.source;
        let source = sources.get(id);
        let lines = source.line_of(first.span.start)..=source.line_of(last.span.end);
        let short = lines.end() - lines.start() < MOST_LINES
            && lines
                .clone()
                .all(|line| (source.line_end(line) - source.line_start(line)) as usize <= LONG_LINE);
        if last.span.source != id || !short {
            return None;
        }
        let (from, to) = (source.line_start(*lines.start()), source.line_end(*lines.end()));
        let text = source.text.get(from as usize..to as usize)?;
        // Others would have to be replaced for showing, and the places moved with them.
        let drawable = |text: &str| !text.contains(|c: char| c != '\t' && c != '\n' && is_invisible(c));
        if !drawable(text) {
            return None;
        }
        let mut shown = Vec::new();
        for replacement in &replacements {
            let range = replacement.span.start.checked_sub(from)?..replacement.span.end.checked_sub(from)?;
            if range.end > to - from || !drawable(&replacement.text) || replacement.text.len() > LONG_LINE {
                return None;
            }
            shown.push((range.start as usize..range.end as usize, replacement.text.clone()));
        }
        Some(Self { place: first.span, number: *lines.start() as usize + 1, text, replacements: shown })
    }

    /// The lines as the fix makes them.
    pub(super) fn after(&self) -> String {
        let mut after = String::new();
        let mut from = 0;
        for (range, text) in &self.replacements {
            after.push_str(self.text.get(from..range.start).unwrap_or_default());
            after.push_str(text);
            from = range.end;
        }
        after.push_str(self.text.get(from..).unwrap_or_default());
        after
    }
}
