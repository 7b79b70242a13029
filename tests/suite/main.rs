//! The test suite: see `README.md`.

mod expected;
mod runs;
