//! Descriptions as test cases. A case is a folder `cases/<area>/<name>/`; see `README.md`.
//!
//! Here every case that runs is compiled by the build script and by the macro. Nothing may warn, neither
//! rustc nor clippy: this crate is where generated code meets them.
#![deny(warnings)]

mod case;
mod run;

pub use case::{Folder, cases_folder};
pub use run::{Inputs, Outcome, run};

/// A case that runs.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Folder below `cases`.
    pub area: &'static str,
    /// Folder below that of the area.
    pub name: &'static str,
    /// Runs the case's machines.
    pub run: fn(&Inputs) -> Outcome,
}

/// Cases compiled by the build script.
pub mod build_door {
    include!(concat!(env!("OUT_DIR"), "/build_door.rs"));
}

/// Cases compiled by the macro.
#[allow(deprecated, reason = "the macro shows warnings about a description as uses of a deprecated item")]
pub mod macro_door {
    include!(concat!(env!("OUT_DIR"), "/macro_door.rs"));
}
