//! What is wrong with an expression's text, before its place in the source is known.

use super::rules::NOT_YET;
use crate::{
    diagnostic::{Diagnostic, Rule},
    text::Text,
};

/// A diagnostic about decoded bytes of an expression. Small, as results of the recursive parser hold it.
#[derive(Debug)]
pub(super) struct Fault(Box<Content>);

#[derive(Debug)]
struct Content {
    rule: &'static Rule,
    start: usize,
    end: usize,
    message: String,
    label: String,
    help: Option<String>,
}

impl Fault {
    pub(super) fn new(rule: &'static Rule, start: usize, end: usize, message: impl Into<String>) -> Self {
        Self(Box::new(Content {
            rule,
            start,
            end,
            message: message.into(),
            label: String::new(),
            help: None,
        }))
    }

    /// About a construct of JEXL that cannot be compiled yet; `subject` with its verb, such as `loops are`.
    pub(super) fn not_yet(start: usize, end: usize, subject: &str) -> Self {
        Self::new(&NOT_YET, start, end, format!("{subject} not supported yet"))
    }

    pub(super) fn label(mut self, text: impl Into<String>) -> Self {
        self.0.label = text.into();
        self
    }

    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.0.help = Some(text.into());
        self
    }

    /// The diagnostic, pointing into the string of the description.
    pub(super) fn diagnostic(self, text: &Text) -> Diagnostic {
        let Content { rule, start, end, message, label, help } = *self.0;
        Diagnostic::new(rule, text.span_of(start, end), message).label(label).maybe_help(help)
    }
}
