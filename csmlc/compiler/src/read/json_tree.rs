//! The spanned JSON tree.

use crate::{source::Span, text::Text};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonNode {
    /// What it is.
    pub kind: JsonKind,
    /// The whole value.
    pub span: Span,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as written.
    Number(String),
    /// A string.
    String(Text),
    /// A list.
    Array(Vec<JsonNode>),
    /// An object, in order of the text; keys are unique.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its key.
    pub key: Text,
    /// Its value.
    pub value: JsonNode,
}

impl JsonKind {
    /// Whether it is this string.
    pub fn is_text(&self, text: &str) -> bool {
        matches!(self, Self::String(string) if string.as_str() == text)
    }

    /// What messages call it.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}
