//! Collects the errors of one text: at most a certain number, and none that only follows from another.

use super::MAX_ERRORS;
use crate::diagnostics::{Diagnostic, Diagnostics};

/// Collector of one text's errors.
pub(super) struct Report<'a> {
    text: &'a str,
    diagnostics: &'a mut Diagnostics,
    left: usize,
    /// Byte of the last structural error, and how many tokens have been taken since.
    last: Option<(usize, usize)>,
    structure_known: bool,
}

impl<'a> Report<'a> {
    pub(super) fn new(text: &'a str, diagnostics: &'a mut Diagnostics) -> Self {
        Self { text, diagnostics, left: MAX_ERRORS, last: None, structure_known: true }
    }

    /// Reports an error that leaves no doubt about the structure of the text.
    pub(super) fn minor(&mut self, diagnostic: Diagnostic) {
        self.push(diagnostic);
    }

    /// Reports an error in the structure of the text, unless it follows one too closely: on the same line,
    /// with fewer than three tokens in between, it is most likely a consequence.
    pub(super) fn structural(&mut self, diagnostic: Diagnostic) {
        self.structure_known = false;
        let at = diagnostic.primary.span.start as usize;
        let follows = self.follows_closely(at);
        self.last = Some((at, 0));
        if !follows {
            self.push(diagnostic);
        }
    }

    /// Whether an error at byte `at` is most likely a consequence of the last structural one.
    pub(super) fn follows_closely(&self, at: usize) -> bool {
        self.last.is_some_and(|(last, tokens)| tokens < 3 && !self.line_break_between(last, at))
    }

    /// Counts a token taken.
    pub(super) fn token_taken(&mut self) {
        if let Some((_, tokens)) = &mut self.last {
            *tokens += 1;
        }
    }

    /// Whether no more errors are taken.
    pub(super) fn is_full(&self) -> bool {
        self.left == 0
    }

    /// Whether no structural error was found.
    pub(super) fn structure_known(&self) -> bool {
        self.structure_known
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        self.left = self.left.saturating_sub(1);
        let diagnostic = if self.is_full() {
            self.structure_known = false;
            diagnostic.note("reading stops here: too many errors")
        } else {
            diagnostic
        };
        self.diagnostics.push(diagnostic);
    }

    /// Whether the text has a line break between two bytes.
    pub(super) fn line_break_between(&self, a: usize, b: usize) -> bool {
        self.text.get(a.min(b)..a.max(b)).is_some_and(|between| between.contains('\n'))
    }
}
