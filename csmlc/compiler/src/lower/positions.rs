//! Lines and columns for run-time errors.

use csml_rt_core::Position;

use crate::source::{LineColumn, Sources, Span};

/// Finds positions, quickly when they are asked for in the order of the text: a description may be one very
/// long line.
pub(super) struct Positions<'a> {
    sources: &'a Sources,
    last: Option<(Span, LineColumn)>,
}

impl<'a> Positions<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self { sources, last: None }
    }

    /// Line and column where a span starts.
    pub(super) fn position(&mut self, span: Span) -> Position {
        let found = self.after_last(span).unwrap_or_else(|| self.sources.position(span));
        self.last = Some((span, found));
        Position::new(found.line, found.column)
    }

    /// The place counted from the last one, if it follows on it on the same line of a file.
    fn after_last(&self, span: Span) -> Option<LineColumn> {
        let (last, at) = self.last?;
        let source = self.sources.get(span.source);
        if last.source != span.source || span.start < last.start || !source.tokens.is_empty() {
            return None;
        }
        let between = source.text.get(last.start as usize..span.start as usize)?;
        if between.contains('\n') {
            return None;
        }
        Some(LineColumn { line: at.line, column: at.column + between.chars().count() as u32 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_sources() {
        let mut sources = Sources::new();
        let text = "é a\nb çç d\n\ne";
        let id = sources.add("x", text);
        let mut places = Positions::new(&sources);
        for start in [0, 3, 2, 5, 8, 12, 7, 13, 13, 14].into_iter().filter(|at| text.is_char_boundary(*at)) {
            let span = Span::new(id, start as u32, start as u32);
            let expected = sources.position(span);
            assert_eq!(places.position(span), Position::new(expected.line, expected.column), "{start}");
        }
    }
}
