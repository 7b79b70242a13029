//! Everything that happens in a run, for people and for comparing.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Lines about what has happened. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Journal(Arc<Mutex<Vec<String>>>);

impl Journal {
    /// Adds a line.
    pub fn say(&self, at: u64, what: fmt::Arguments<'_>) {
        self.lock().push(format!("{at:>7} {what}"));
    }

    /// What was said.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        // A line is added as a whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
