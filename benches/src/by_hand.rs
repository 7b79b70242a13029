//! The machines of `benches/machines` as an expert writes them in Rust, with the same checked arithmetic.

pub mod climate;
pub mod exchange;
pub mod expressions;
pub mod vending;

/// The outcome of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// No transition was enabled.
    Unhandled,
    /// A transition was taken.
    Handled,
}

/// An integer overflowed; the machine is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overflow;
