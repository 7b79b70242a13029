//! `cargo xtask instructions`: what a step of a generated machine costs beside the same machine by hand, in
//! instructions, which other work on the computer does not change.

use std::process::{Command, Stdio};

use crate::packages::{Need, There, provide};
use crate::test::{cargo, root};

/// Counts, prints a table, and fails above the goal if `strict`.
pub(crate) fn run(strict: bool) -> Result<(), String> {
    provide(&[Need { package: "valgrind", there: There::Program("valgrind") }])?;
    let arguments = ["run", "--quiet", "--release", "--package", "csml-benches", "--example", "instructions"];
    let counted = Command::new(cargo())
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if strict && !counted.success() {
        return Err(format!("cargo {} failed", arguments.join(" ")));
    }
    Ok(())
}
