//! What the benchmarks share: the machines, generated and by hand, what drives them, and the harness.
//!
//! `cargo bench -p csml-benches` prints the table of `docs/performance.md`; `cargo xtask instructions`
//! counts instructions of the example `steps`.

pub mod by_hand;
pub mod describe;
pub mod harness;
pub mod machines;
pub mod steps;
