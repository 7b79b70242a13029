//! A string of the description with the places its characters come from.

use crate::source::Span;

/// A decoded string and its place. Escapes make decoded and written offsets differ, so the places of
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
    /// A text as it is written, without quotes or escapes.
    #[must_use]
    pub fn plain(value: impl Into<String>, span: Span) -> Self {
        Self { value: value.into(), span, anchors: vec![(0, 0)] }
    }

    /// A placeholder for an expression whose absence or error has been reported.
    #[must_use]
    pub fn broken(span: Span) -> Self {
        Self { value: String::new(), span, anchors: Vec::new() }
    }

    /// Whether it is a placeholder for something in error. A text that was read has an anchor at its start.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.anchors.is_empty()
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
        Span { start, end: self.written(end as u32).max(start), ..self.span }
    }

    /// The decoded byte that is written at this position of the source.
    pub(crate) fn offset_of(&self, position: u32) -> Option<usize> {
        let mut boundaries = self.value.char_indices().map(|(at, _)| at).chain([self.value.len()]);
        boundaries.find(|at| self.written(*at as u32) == position)
    }

    fn written(&self, decoded: u32) -> u32 {
        let index = self.anchors.partition_point(|(at, _)| *at <= decoded).saturating_sub(1);
        let (from, to) = self.anchors.get(index).copied().unwrap_or((0, 0));
        self.span.start + to + (decoded - from)
    }
}

pub use csml_rt_core::is_invisible;

/// A message as it can be shown on one line: names in it may be of any length and hold any character.
#[must_use]
pub fn tidy(message: String) -> String {
    const LONGEST: usize = 2_000;
    if message.len() <= LONGEST && !message.contains(is_invisible) {
        return message;
    }
    let mut out = String::new();
    for (index, c) in message.chars().enumerate() {
        match c {
            _ if index == LONGEST => {
                out.push('…');
                break;
            }
            c if is_invisible(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// A user's name as messages show it: between backticks, cut if long, invisible characters as `\u{…}`.
#[must_use]
pub fn shown(name: &str) -> String {
    const LONGEST: usize = 60;
    let mut out = String::from("`");
    let mut rest = name.chars();
    for c in rest.by_ref().take(LONGEST) {
        if is_invisible(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    if rest.next().is_some() {
        out.push('…');
    }
    out.push('`');
    out
}

/// A text as a JSON string, quotes included.
#[must_use]
pub fn json_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn spans_follow_escapes() {
        // "a\n\u0041b" from byte 10: a is 1 byte in, b after 1 + 1 + 2 + 6
        let text = Text {
            value: "a\nAb".into(),
            span: Span::new(SourceId(0), 10, 22),
            anchors: vec![(0, 1), (2, 4), (3, 10)],
        };
        let span = text.span_of(0, 1);
        assert_eq!((span.start, span.end), (11, 12));
        let span = text.span_of(3, 4);
        assert_eq!((span.start, span.end), (20, 21));
    }

    #[test]
    fn names_are_cut_and_made_visible() {
        assert_eq!(shown("a b"), "`a b`");
        assert_eq!(shown("a\u{202e}\n"), "`a\\u{202e}\\u{a}`");
        assert_eq!(shown(&"x".repeat(100)), format!("`{}…`", "x".repeat(60)));
    }
}
