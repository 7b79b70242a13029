//! Without the feature `ctrl-c` an application does not listen for signals.

use std::task::{Context, Poll};

/// Waits for the first signal: without end.
pub(super) struct Interrupt;

impl Interrupt {
    pub(super) fn new() -> Self {
        Self
    }

    pub(super) fn poll(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}
