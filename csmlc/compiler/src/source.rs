//! Source texts and places in them. One [`Span`] serves files and macro tokens: the macro hands the reader
//! a text laid out from its tokens, and the span of each token is found again by offset.

use crate::lists::Gather;
use std::fmt;

/// Index of a text in [`Sources`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A range of bytes in one source text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Which text.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
    /// How the text came to where it counts; nothing for most.
    pub via: Via,
}

/// The provenance of a text: a machine may inherit it, an action may be used by its name. The same text then has a
/// span for each such path, which differ in this alone. [`Diagnostics`](crate::diagnostics::Diagnostics) know what
/// the number means; 0 is a text that applies where it is written. Only diagnostics depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Via(pub(crate) u32);

impl Via {
    /// None: the text applies where it is written.
    pub const NONE: Self = Self(0);
}

impl Span {
    /// A range of bytes, which counts where it stands.
    #[must_use]
    pub const fn new(source: SourceId, start: u32, end: u32) -> Self {
        Self { source, start, end, via: Via::NONE }
    }

    /// The place alone, the same for all copies of a text.
    #[must_use]
    pub const fn plain(self) -> Self {
        Self { via: Via::NONE, ..self }
    }

    /// The smallest span that covers both; `self` if they are in different texts.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.source != other.source {
            return self;
        }
        Self { start: self.start.min(other.start), end: self.end.max(other.end), ..self }
    }

    /// The empty span at its end.
    #[must_use]
    pub fn at_end(self) -> Self {
        Self { start: self.end, ..self }
    }

    /// The opening bracket of an object or list.
    #[must_use]
    pub fn opening(self) -> Self {
        Self { end: (self.start + 1).min(self.end), ..self }
    }

    /// The empty span at its start.
    #[must_use]
    pub fn at_start(self) -> Self {
        Self { end: self.start, ..self }
    }
}

/// Line and column of a place, both from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for LineColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Largest text the compiler reads, in bytes. A caller that reads files may stop one byte later.
pub const MAX_BYTES: usize = 32 << 20;

/// The place of a token of a macro call.
#[derive(Debug, Clone, Copy)]
pub struct MacroToken {
    /// First byte in the laid-out text.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
    /// The token itself.
    pub span: proc_macro2::Span,
    /// Whether the laid-out text has it as it was written.
    pub verbatim: bool,
}

/// Why a text cannot be read at all; `read` reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    /// It is larger than [`MAX_BYTES`] and was not kept.
    TooLarge,
    /// The bytes from here on are not UTF-8; only what comes before was kept.
    NotUtf8(u32),
    /// It begins with the byte order mark of UTF-16 and was not kept.
    Utf16,
}

/// One source text.
#[derive(Debug)]
pub struct Source {
    /// The name shown in messages and written into generated code; never an absolute path there.
    pub name: String,
    /// The text.
    pub text: String,
    /// Tokens of a macro call in order; empty for a file.
    pub tokens: Vec<MacroToken>,
    /// Byte offset of each line's start.
    lines: Vec<u32>,
    /// Number of characters before each chunk of [`CHUNK`] bytes, so that a column in a line of megabytes
    /// is found at once.
    characters: Vec<u32>,
    defect: Option<Defect>,
}

const CHUNK: usize = 256;

/// All texts of one compilation.
#[derive(Debug, Default)]
pub struct Sources {
    sources: Vec<Source>,
}

impl Sources {
    /// No texts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file's text.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        self.add_tokens(name, text, Vec::new())
    }

    /// Adds a file's bytes. Bytes that are not UTF-8 are reported as a diagnostic by the compilation itself.
    pub fn add_bytes(&mut self, name: impl Into<String>, bytes: Vec<u8>) -> SourceId {
        if bytes.len() > MAX_BYTES {
            return self.add_defect(name.into(), String::new(), Defect::TooLarge);
        }
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return self.add_defect(name.into(), String::new(), Defect::Utf16);
        }
        match String::from_utf8(bytes) {
            Ok(text) => self.add(name, text),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let bytes = error.as_bytes();
                // What follows is shown in the message, never read.
                let line_end = bytes.iter().skip(at).take(200).take_while(|byte| **byte != b'\n').count();
                let kept = bytes.get(..at + line_end).unwrap_or(bytes);
                let text = String::from_utf8_lossy(kept).into_owned();
                self.add_defect(name.into(), text, Defect::NotUtf8(at as u32))
            }
        }
    }

    /// Adds a text laid out from the tokens of a macro call.
    pub fn add_tokens(
        &mut self,
        name: impl Into<String>,
        text: impl Into<String>,
        tokens: Vec<MacroToken>,
    ) -> SourceId {
        let text = text.into();
        if text.len() > MAX_BYTES {
            return self.add_defect(name.into(), String::new(), Defect::TooLarge);
        }
        self.push(Source::new(name.into(), text, tokens, None))
    }

    fn add_defect(&mut self, name: String, text: String, defect: Defect) -> SourceId {
        self.push(Source::new(name, text, Vec::new(), Some(defect)))
    }

    fn push(&mut self, source: Source) -> SourceId {
        let id = SourceId(self.sources.len() as u32);
        self.sources.push(source);
        id
    }

    /// The text with this id.
    ///
    /// # Panics
    /// If the id comes from other `Sources`.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "only the sources make their ids")]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// The text of a span.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source).text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Line and column of a span's start. For macro tokens these are the ones of the Rust file.
    #[must_use]
    pub fn position(&self, span: Span) -> LineColumn {
        self.get(span.source).position(span.start)
    }

    /// Line and column after a span's end.
    #[must_use]
    pub fn end_position(&self, span: Span) -> LineColumn {
        self.get(span.source).position(span.end.max(span.start))
    }
}

impl Source {
    fn new(name: String, text: String, tokens: Vec<MacroToken>, defect: Option<Defect>) -> Self {
        // The first line starts after a byte order mark, which is no column of it.
        let first = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let newlines = text.match_indices('\n').map(|(at, _)| at as u32 + 1);
        let lines = std::iter::once(first).chain(newlines).gather();
        let mut characters = Vec::with_capacity(text.len() / CHUNK + 1);
        let mut total = 0;
        for chunk in text.as_bytes().chunks(CHUNK) {
            characters.push(total);
            total += count_characters(chunk);
        }
        characters.push(total);
        Self { name, text, tokens, lines, characters, defect }
    }

    /// Why it cannot be read at all, if so.
    pub(crate) fn defect(&self) -> Option<Defect> {
        self.defect
    }

    /// The token that covers byte `at`, or the last one before it.
    #[must_use]
    pub fn token_at(&self, at: u32) -> Option<&MacroToken> {
        let index = self.tokens.partition_point(|token| token.start <= at);
        self.tokens.get(index.checked_sub(1)?)
    }

    /// Line and column of byte `at`. For macro tokens these are the ones of the Rust file.
    #[must_use]
    pub fn position(&self, at: u32) -> LineColumn {
        match self.token_at(at) {
            Some(token) => self.position_in(token, at),
            None => {
                let line = self.line_of(at);
                let start = self.line_start(line);
                LineColumn {
                    line: line + 1,
                    column: self.characters_before(at).saturating_sub(self.characters_before(start)) + 1,
                }
            }
        }
    }

    /// Index of the line of byte `at`, from 0.
    pub(crate) fn line_of(&self, at: u32) -> u32 {
        self.lines.partition_point(|start| *start <= at).saturating_sub(1) as u32
    }

    /// First byte of a line, from 0; the text's end if there is no such line.
    pub(crate) fn line_start(&self, line: u32) -> u32 {
        self.lines.get(line as usize).copied().unwrap_or(self.text.len() as u32)
    }

    /// Byte after a line's last one, its line break not included.
    pub(crate) fn line_end(&self, line: u32) -> u32 {
        match self.lines.get(line as usize + 1) {
            None => self.text.len() as u32,
            Some(next) => {
                let end = next - 1;
                let carriage_return = self.text.as_bytes().get(end.wrapping_sub(1) as usize) == Some(&b'\r');
                let start = self.line_start(line);
                if carriage_return && end > start { end - 1 } else { end }
            }
        }
    }

    fn position_in(&self, token: &MacroToken, at: u32) -> LineColumn {
        if at >= token.end {
            let end = token.span.end();
            return LineColumn { line: end.line as u32, column: end.column as u32 + 1 };
        }
        let start = token.span.start();
        let (line, column) = (start.line as u32, start.column as u32 + 1);
        if !token.verbatim {
            return LineColumn { line, column };
        }
        let before = self.text.get(token.start as usize..at as usize).unwrap_or_default();
        match before.rsplit_once('\n') {
            None => LineColumn { line, column: column + before.chars().count() as u32 },
            Some((above, left)) => LineColumn {
                line: line + above.matches('\n').count() as u32 + 1,
                column: left.chars().count() as u32 + 1,
            },
        }
    }

    fn characters_before(&self, at: u32) -> u32 {
        let at = (at as usize).min(self.text.len());
        let chunk = at / CHUNK;
        let base = self.characters.get(chunk).copied().unwrap_or(0);
        let rest = self.text.as_bytes().get(chunk * CHUNK..at).unwrap_or(&[]);
        base + count_characters(rest)
    }
}

/// Characters that begin in these bytes of a UTF-8 text.
fn count_characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str, at: u32) -> (u32, u32) {
        let mut sources = Sources::new();
        let id = sources.add("t", text);
        let position = sources.get(id).position(at);
        (position.line, position.column)
    }

    #[test]
    fn columns_are_characters() {
        assert_eq!(position("{\n  é: x", 8), (2, 6));
        assert_eq!(position("", 0), (1, 1));
        assert_eq!(position("a\r\nb", 3), (2, 1));
        assert_eq!(position("a", 100), (1, 2));
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        assert_eq!(position("\u{feff}ab", 4), (1, 2));
        assert_eq!(position("\u{feff}ab", 0), (1, 1));
    }

    #[test]
    fn columns_of_long_lines() {
        let text = "é".repeat(5000);
        assert_eq!(position(&text, 9998), (1, 5000));
        assert_eq!(position(&text, 4096), (1, 2049));
    }

    #[test]
    fn line_ends_leave_out_the_line_break() {
        let mut sources = Sources::new();
        let id = sources.add("t", "ab\r\n\r\nc\n");
        let source = sources.get(id);
        let lines: Vec<_> = (0..4).map(|line| (source.line_start(line), source.line_end(line))).collect();
        assert_eq!(lines, [(0, 2), (4, 4), (6, 7), (8, 8)]);
    }

    #[test]
    fn bytes_that_are_not_utf_8_keep_what_comes_before() {
        let mut sources = Sources::new();
        let id = sources.add_bytes("t", b"ab\ncd\xffe\nf".to_vec());
        let source = sources.get(id);
        assert_eq!(source.defect(), Some(Defect::NotUtf8(5)));
        assert_eq!(source.text, "ab\ncd\u{fffd}e");
        let id = sources.add_bytes("t", vec![b' '; MAX_BYTES + 1]);
        assert_eq!(sources.get(id).defect(), Some(Defect::TooLarge));
        let id = sources.add_bytes("t", vec![0xff, 0xfe, b'{', 0]);
        assert_eq!(sources.get(id).defect(), Some(Defect::Utf16));
        let id = sources.add_bytes("t", b"{}".to_vec());
        assert_eq!(sources.get(id).defect(), None);
    }
}
