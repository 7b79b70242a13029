//! What loops and calls of one evaluation may still cost (docs/expressions/statements.md).

use alloc::format;

use crate::{Position, StepError, StepErrorKind};

/// Calls of functions of one's own that may be open at the same time.
pub const MAX_CALLS: u32 = 200;

/// Bounds the iterations and calls of one evaluation, so that no expression runs forever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fuel {
    left: u64,
    limit: u64,
    calls: u32,
}

impl Fuel {
    /// Iterations where the compile-time option `loop_limit` says nothing else.
    pub const DEFAULT_LIMIT: u64 = 10_000_000;

    /// Allows `limit` iterations and calls.
    #[inline]
    #[must_use]
    pub const fn new(limit: u64) -> Self {
        Self { left: limit, limit, calls: 0 }
    }

    /// Takes one iteration.
    ///
    /// # Errors
    /// None is left.
    #[inline]
    pub fn burn(&mut self, at: Position) -> Result<(), StepError> {
        self.take(1, at)
    }

    /// Takes `iterations` at once, as a loop over a collection of that size does.
    ///
    /// # Errors
    /// So many are not left.
    #[inline]
    pub fn take(&mut self, iterations: u64, at: Position) -> Result<(), StepError> {
        match self.left.checked_sub(iterations) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(exhausted(self.limit, at)),
        }
    }

    /// Enters a function of one's own; counts as an iteration.
    ///
    /// # Errors
    /// None is left, or [`MAX_CALLS`] calls are open.
    #[inline]
    pub fn enter(&mut self, at: Position) -> Result<(), StepError> {
        self.burn(at)?;
        if self.calls >= MAX_CALLS {
            return Err(too_deep(at));
        }
        self.calls += 1;
        Ok(())
    }

    /// Leaves the function entered last.
    #[inline]
    pub fn leave(&mut self) {
        self.calls = self.calls.saturating_sub(1);
    }
}

// Not a method: a pointer to the fuel would force it into memory.
#[cold]
fn exhausted(limit: u64, at: Position) -> StepError {
    StepError::new(
        StepErrorKind::LoopLimit,
        at,
        format!("loops and calls took more than {limit} iterations; the option `loop_limit` sets the limit"),
    )
}

#[cold]
fn too_deep(at: Position) -> StepError {
    StepError::new(
        StepErrorKind::LoopLimit,
        at,
        format!("more than {MAX_CALLS} calls of functions are open at the same time"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Position = Position::new(3, 4);

    #[test]
    fn iterations_end_at_the_limit() {
        let mut fuel = Fuel::new(3);
        for _ in 0..3 {
            assert_eq!(fuel.burn(AT), Ok(()));
        }
        let error = fuel.burn(AT).unwrap_err();
        assert_eq!(error.kind(), StepErrorKind::LoopLimit);
        assert_eq!(
            error.message(),
            "loops and calls took more than 3 iterations; the option `loop_limit` sets the limit"
        );
        let mut fuel = Fuel::new(3);
        assert!(fuel.take(4, AT).is_err());
        assert_eq!(fuel.take(3, AT), Ok(()));
        assert!(fuel.enter(AT).is_err());
    }

    #[test]
    fn calls_are_not_nested_too_deep() {
        let mut fuel = Fuel::new(Fuel::DEFAULT_LIMIT);
        for _ in 0..MAX_CALLS {
            assert_eq!(fuel.enter(AT), Ok(()));
        }
        let error = fuel.enter(AT).unwrap_err();
        assert_eq!(error.message(), "more than 200 calls of functions are open at the same time");
        fuel.leave();
        assert_eq!(fuel.enter(AT), Ok(()));
    }
}
