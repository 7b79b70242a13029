//! A string of the description with the places its characters come from.

use crate::source::Span;

/// A decoded string and where it stands. Escapes make decoded and written offsets differ, so the places of
/// escapes are kept: an error inside an expression can point at the very character in the JSON string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The decoded text.
    pub value: String,
    /// The whole literal, quotes included.
    pub span: Span,
    /// `(decoded offset, written offset from span.start)` at the start and after each escape, ascending.
    pub anchors: Vec<(u32, u32)>,
}

impl Text {
    /// A text that stands as it is written, without quotes or escapes.
    #[must_use]
    pub fn plain(value: impl Into<String>, span: Span) -> Self {
        Self { value: value.into(), span, anchors: vec![(0, 0)] }
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// The place of the decoded bytes `start..end`.
    #[must_use]
    pub fn span_of(&self, start: usize, end: usize) -> Span {
        let start = self.written(start as u32);
        Span { source: self.span.source, start, end: self.written(end as u32).max(start) }
    }

    fn written(&self, decoded: u32) -> u32 {
        let index = self.anchors.partition_point(|(at, _)| *at <= decoded).saturating_sub(1);
        let (from, to) = self.anchors.get(index).copied().unwrap_or((0, 0));
        self.span.start + to + (decoded - from)
    }
}
