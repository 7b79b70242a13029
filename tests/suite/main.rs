//! The test suite: see `README.md`.
//!
//! Every case that runs is compiled here, as the build script and as the macro have made it. Nothing may warn,
//! neither rustc nor clippy: this is where generated code meets them.
#![deny(warnings)]

#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
mod api;
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
mod converted;
mod corpus;
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
mod described;
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
mod diagnostics;
mod expected;
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
mod front_ends;
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
mod runs;

/// Cases compiled by the build script.
mod build_script_cases {
    include!(concat!(env!("OUT_DIR"), "/build_script_cases.rs"));
}

/// Cases compiled by the macro.
#[allow(deprecated, reason = "the macro shows warnings about a description as uses of a deprecated item")]
mod macro_cases {
    include!(concat!(env!("OUT_DIR"), "/macro_cases.rs"));
}

/// Cases that `csmlc convert` has rewritten.
mod converted_cases {
    include!(concat!(env!("OUT_DIR"), "/converted.rs"));
}

/// The descriptions in use, as far as they are there.
mod corpus_cases {
    include!(concat!(env!("OUT_DIR"), "/corpus_cases.rs"));
}
