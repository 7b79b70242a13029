//! Expressions, compiled to Rust in batches, built and run: what they give must be what the evaluator gives
//! and what a real JEXL gave.

pub mod compiled;
pub mod random;

pub mod vectors;
