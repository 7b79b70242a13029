//! What the step that is taken may still build and copy (docs/expressions/errors.md).
//!
//! The size of each value is bounded, and so is the number of iterations; their product is not. So each step has a
//! budget for all data that it builds, copies or searches, in units of about a nanosecond. Operators that make data
//! larger check it; copies only count, so that a step that cannot fail stays one.
//!
//! The budget belongs to the thread, as a step does: passing it to every operator would cost those that need none.

use crate::{Position, StepError, StepErrorKind};

/// What one step may do: copy 256 MiB of text, for example.
pub(crate) const LIMIT: usize = 64 << 20;

/// What it costs to copy `bytes` that stand together.
#[inline]
pub(crate) const fn of_bytes(bytes: usize) -> usize {
    bytes / 4
}

/// What it costs to search `bytes`.
#[inline]
pub(crate) const fn of_search(bytes: usize) -> usize {
    bytes / 16
}

/// What it costs to build a tree of `count` items of `size` bytes each. Its nodes have room for eleven, and are mostly
/// half full.
#[inline]
pub(crate) const fn of_tree(count: usize, size: usize) -> usize {
    if count == 0 { 0 } else { of_bytes((count / 6 + 1) * (11 * size + 16)) }
}

#[cfg(feature = "std")]
mod left {
    use core::cell::Cell;

    use super::LIMIT;

    std::thread_local! {
        static LEFT: Cell<usize> = const { Cell::new(LIMIT) };
    }

    #[inline]
    pub(super) fn get() -> usize {
        LEFT.get()
    }

    #[inline]
    pub(super) fn set(left: usize) {
        LEFT.set(left);
    }
}

/// Without threads there is one budget for all.
#[cfg(not(feature = "std"))]
mod left {
    use core::sync::atomic::{AtomicUsize, Ordering};

    use super::LIMIT;

    static LEFT: AtomicUsize = AtomicUsize::new(LIMIT);

    #[inline]
    pub(super) fn get() -> usize {
        LEFT.load(Ordering::Relaxed)
    }

    #[inline]
    pub(super) fn set(left: usize) {
        LEFT.store(left, Ordering::Relaxed);
    }
}

/// A step begins: everything may be used again.
#[inline]
pub fn renew() {
    left::set(LIMIT);
}

/// What is left.
#[inline]
pub(crate) fn remaining() -> usize {
    left::get()
}

/// Counts what is done; the next [`check`] says whether it was too much.
#[inline]
pub(crate) fn note(cost: usize) {
    left::set(left::get().saturating_sub(cost));
}

/// Whether the step may go on.
///
/// # Errors
/// It has built, copied or searched too much.
#[inline]
pub fn check(at: Position) -> Result<(), StepError> {
    if left::get() == 0 { Err(exhausted(at)) } else { Ok(()) }
}

/// Counts something before it is done.
///
/// # Errors
/// Not that much is left.
#[inline]
pub(crate) fn spend(cost: usize, at: Position) -> Result<(), StepError> {
    note(cost);
    check(at)
}

#[cold]
pub(crate) fn exhausted(at: Position) -> StepError {
    StepError::new(StepErrorKind::TooLarge, at, "the step builds, copies or searches too much data")
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Position = Position::new(3, 4);

    #[test]
    fn a_step_has_a_budget_and_the_next_one_has_its_own() {
        renew();
        assert_eq!(spend(LIMIT - 1, AT), Ok(()));
        assert_eq!(check(AT), Ok(()));
        note(usize::MAX);
        let error = check(AT).unwrap_err();
        assert_eq!(error.kind(), StepErrorKind::TooLarge);
        assert_eq!(error.message(), "the step builds, copies or searches too much data");
        assert_eq!(spend(0, AT), Err(error));
        renew();
        assert_eq!(check(AT), Ok(()));
    }
}
