//! Without the feature `ctrl-c` an application does not listen for signals.

use std::future::{Future, pending};
use std::pin::Pin;

/// Completes with the first signal: never.
pub(super) type Interrupt = Pin<Box<dyn Future<Output = ()> + Send>>;

pub(super) fn interrupt() -> Interrupt {
    Box::pin(pending())
}

pub(super) fn end_process_on_next() {}
