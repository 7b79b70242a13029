//! Shared by the benchmarks: the machines, generated and by hand, their drivers, and the harness.
//!
//! `cargo bench -p csml-benches` prints the table of `docs/performance.md`; `cargo xtask instructions`
//! runs the example `instructions`.

pub mod by_hand;
pub mod callgrind;
pub mod describe;
pub mod expressions;
pub mod harness;
pub mod machines;
pub mod steps;
