//! Descriptions as test cases. A case is a folder `cases/<area>/<name>/`; see `README.md`.

mod case;
mod folders;
mod run;

pub use case::{Folder, cases_folder};
pub use folders::folders;
pub use run::{Inputs, Outcome, configure, run};

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
