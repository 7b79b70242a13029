//! Source texts and places in them. One [`Span`] serves files and macro tokens: the macro hands the reader
//! a text laid out from its tokens, and the span of each token is found again by offset.

use std::fmt;

/// Index of a text in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A range of bytes in one source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Which text.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
}

impl Span {
    /// The smallest span that covers both; `self` if they stand in different texts.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.source != other.source {
            return self;
        }
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
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

/// Where a token of a macro call stands.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// First byte in the laid-out text.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
    /// The token itself.
    pub span: proc_macro2::Span,
}

/// One source text.
#[derive(Debug)]
pub struct Source {
    /// The name shown in messages and written into generated code; never an absolute path there.
    pub name: String,
    /// The text.
    pub text: String,
    /// Tokens of a macro call in order; empty for a file.
    pub tokens: Vec<Token>,
    /// Byte offset of each line's start.
    lines: Vec<u32>,
}

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

    /// Adds a text laid out from the tokens of a macro call.
    pub fn add_tokens(
        &mut self,
        name: impl Into<String>,
        text: impl Into<String>,
        tokens: Vec<Token>,
    ) -> SourceId {
        let text = text.into();
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(newlines.map(|(at, _)| at as u32 + 1)).collect();
        self.sources.push(Source { name: name.into(), text, tokens, lines });
        SourceId(self.sources.len() as u32 - 1)
    }

    /// The text with this id.
    ///
    /// # Panics
    /// If the id comes from other `Sources`.
    #[must_use]
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
        let source = self.get(span.source);
        if let Some(token) = source.token_at(span.start) {
            let start = token.span.start();
            return LineColumn {
                line: start.line as u32,
                column: start.column as u32 + 1 + (span.start - token.start),
            };
        }
        let line = source.lines.partition_point(|start| *start <= span.start).saturating_sub(1);
        let start = source.lines.get(line).copied().unwrap_or(0);
        let before = source.text.get(start as usize..span.start as usize).unwrap_or_default();
        LineColumn { line: line as u32 + 1, column: before.chars().count() as u32 + 1 }
    }
}

impl Source {
    /// The token that covers byte `at`, or the last one before it.
    #[must_use]
    pub fn token_at(&self, at: u32) -> Option<&Token> {
        let index = self.tokens.partition_point(|token| token.start <= at);
        self.tokens.get(index.checked_sub(1)?)
    }
}
