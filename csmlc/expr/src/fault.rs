//! What is wrong with the text of an expression.

/// A fault at decoded bytes of an expression. Small, as results of the recursive parser hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(Box<Content>);

/// What kind of fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Something is missing, superfluous or misspelt.
    Syntax,
    /// A construct of JEXL that is not part of this language.
    Unsupported,
    /// An integer that needs more than 64 bits.
    IntTooLarge,
    /// Too many levels.
    TooDeep,
    /// Too many bytes.
    TooLong,
    /// A local is used in a way its declaration does not allow.
    Local,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Content {
    kind: FaultKind,
    start: usize,
    end: usize,
    message: String,
    label: String,
    help: Option<String>,
}

impl Fault {
    pub(crate) fn new(kind: FaultKind, start: usize, end: usize, message: impl Into<String>) -> Self {
        Self(Box::new(Content {
            kind,
            start,
            end,
            message: message.into(),
            label: String::new(),
            help: None,
        }))
    }

    /// About a construct that is not part of the language; `subject` with its verb, such as `annotations are`.
    pub(crate) fn unsupported(start: usize, end: usize, subject: &str) -> Self {
        Self::new(FaultKind::Unsupported, start, end, format!("{subject} not part of this language"))
    }

    pub(crate) fn label(mut self, text: impl Into<String>) -> Self {
        self.0.label = text.into();
        self
    }

    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.0.help = Some(text.into());
        self
    }

    /// What kind of fault it is.
    #[must_use]
    pub fn kind(&self) -> FaultKind {
        self.0.kind
    }

    /// The bytes of the decoded text it is about, from and up to.
    #[must_use]
    pub fn place(&self) -> (usize, usize) {
        (self.0.start, self.0.end)
    }

    /// What is wrong, without a place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What is there, or was expected; empty if the message says it all.
    #[must_use]
    pub fn label_text(&self) -> &str {
        &self.0.label
    }

    /// What to write instead.
    #[must_use]
    pub fn help_text(&self) -> Option<&str> {
        self.0.help.as_deref()
    }
}
