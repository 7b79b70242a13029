//! How many errors and warnings a run has found.

use csml_compiler::diagnostics::{Diagnostics, Severity};

/// The number of files, errors and warnings of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files that were to be checked.
    pub files: usize,
    /// Of those, the ones that could not be read.
    pub failures: usize,
    /// Diagnostics that are errors.
    pub errors: usize,
    /// Diagnostics that are warnings.
    pub warnings: usize,
}

impl Tally {
    /// Counts a diagnostic.
    pub fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
    }

    /// `2 errors, 1 warning`; `ok` if there is nothing to count.
    #[must_use]
    pub fn words(&self) -> String {
        let unread = match self.failures {
            0 => None,
            1 => Some("1 could not be read".to_owned()),
            number => Some(format!("{number} could not be read")),
        };
        let words = [counted(self.errors, "error"), counted(self.warnings, "warning"), unread];
        let words: Vec<_> = words.into_iter().flatten().collect();
        if words.is_empty() { "ok".to_owned() } else { words.join(", ") }
    }
}

/// `2 errors, 1 warning`; empty if there are none.
#[must_use]
pub fn summary(diagnostics: &Diagnostics) -> String {
    let mut tally = Tally::default();
    diagnostics.iter().for_each(|diagnostic| tally.count(diagnostic.severity));
    if diagnostics.is_empty() { String::new() } else { tally.words() }
}

fn counted(number: usize, noun: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{number} {noun}s")),
    }
}
