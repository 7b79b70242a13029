//! Expressions, compiled to Rust in batches, built and run: what they give must be what the evaluator gives
//! and what a real JEXL gave.

#![expect(clippy::expect_used, clippy::panic, reason = "only tests call it, and fail with what is said")]

pub mod compiled;
pub mod evaluated;
pub mod random;

pub mod vectors;
