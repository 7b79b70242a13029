//! The concrete tree: values as they are written, with their comments and the line breaks that count.

use std::borrow::Cow;

/// A whole text.
#[derive(Debug, Clone)]
pub(crate) struct Document<'a> {
    /// Comments before the value.
    pub(crate) before: Vec<Comment<'a>>,
    /// The gap between the last of them and the value.
    pub(crate) gap: Gap,
    /// The value.
    pub(crate) value: Value<'a>,
    /// Comments after the value.
    pub(crate) after: Vec<Comment<'a>>,
    /// Whether lines end with a carriage return and a line feed.
    pub(crate) crlf: bool,
}

/// A value.
#[derive(Debug, Clone)]
pub(crate) struct Value<'a> {
    /// What it is.
    pub(crate) kind: Kind<'a>,
    /// Its first byte in the text; none if it is made.
    pub(crate) start: Option<u32>,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Kind<'a> {
    /// Anything but a list or an object.
    Scalar {
        /// As it is written, quotes included.
        written: Cow<'a, str>,
        /// The decoded text of a string.
        text: Option<Cow<'a, str>>,
    },
    /// A list or an object.
    Block(Block<'a>),
}

/// A kind of bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bracket {
    /// `{ }`
    Object,
    /// `[ ]`
    List,
}

/// A list or an object.
#[derive(Debug, Clone)]
pub(crate) struct Block<'a> {
    /// Which of them.
    pub(crate) bracket: Bracket,
    /// Whether a line ends after the opening bracket: then the lines are kept.
    pub(crate) expanded: bool,
    /// Comments behind the opening bracket that end its line.
    pub(crate) open: Vec<Comment<'a>>,
    /// Members or items.
    pub(crate) entries: Vec<Entry<'a>>,
    /// Comments before the closing bracket that belong to no entry.
    pub(crate) end: Vec<Comment<'a>>,
}

/// A member of an object or an item of a list.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    /// Comments before it. The gap of the first is that to the entry before.
    pub(crate) before: Vec<Comment<'a>>,
    /// The gap between the last of them, or the entry before, and this one.
    pub(crate) gap: Gap,
    /// The key of a member.
    pub(crate) key: Option<Key<'a>>,
    /// Comments between key and value.
    pub(crate) inner: Vec<Comment<'a>>,
    /// The value.
    pub(crate) value: Value<'a>,
    /// Comments behind it on its last line.
    pub(crate) after: Vec<Comment<'a>>,
}

/// A key.
#[derive(Debug, Clone)]
pub(crate) struct Key<'a> {
    /// As it is written, quotes included.
    pub(crate) written: Cow<'a, str>,
    /// The decoded text.
    pub(crate) text: Cow<'a, str>,
}

/// A comment.
#[derive(Debug, Clone)]
pub(crate) struct Comment<'a> {
    /// The gap before it.
    pub(crate) gap: Gap,
    /// As it is written, `//` or `/*` and `*/` included, without blanks at its end.
    pub(crate) text: &'a str,
    /// The indentation of the line that it begins; none if something else begins that line.
    pub(crate) indent: Option<&'a str>,
}

/// Line breaks between two things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// Nothing.
    Same,
    /// A line break.
    Line,
    /// An empty line, or several.
    Blank,
}

impl Comment<'_> {
    /// Whether it takes the rest of its line.
    pub(crate) fn ends_line(&self) -> bool {
        self.text.starts_with("//")
    }

    /// Whether something else may follow it on one line.
    pub(crate) fn fits_line(&self) -> bool {
        !self.ends_line() && !self.text.contains('\n')
    }
}
