//! The log of a run, for people and for comparisons.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The lines of the log. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Journal(Arc<Mutex<Vec<String>>>);

impl Journal {
    /// Adds a line.
    pub fn say(&self, at: u64, what: fmt::Arguments<'_>) {
        self.lock().push(format!("{at:>7} {what}"));
    }

    /// All lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        // A poisoned lock is harmless: a line is added at once.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
