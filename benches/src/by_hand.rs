//! The machines of `benches/machines` as an expert writes them in Rust, with the same checked arithmetic.

pub mod climate;
pub mod exchange;
pub mod expressions;
pub mod vending;

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// No transition was enabled.
    Unhandled,
    /// A transition was taken.
    Handled,
}

/// An integer did not fit; the machine is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overflow;
