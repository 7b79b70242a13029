//! `cargo xtask bless`: writes the expected files of the test cases anew. The diff is what there is to review.

use std::process::{Command, Stdio};

use crate::test::{cargo, root};

/// Runs the test suite with leave to overwrite. `filter` restricts it to cases whose name contains it.
pub(crate) fn run(filter: Option<&str>) -> Result<(), String> {
    let mut command = Command::new(cargo());
    command
        .args(["test", "--package", "csml-tests", "--test", "suite", "--"])
        .args(filter)
        .current_dir(root())
        .stdin(Stdio::null())
        .env("CSML_BLESS", "1")
        // The same for the snapshots of insta, which reads variables of its own.
        .env("INSTA_UPDATE", "always")
        .env("INSTA_FORCE_PASS", "1");
    let status = command.status().map_err(|error| format!("cargo does not start: {error}"))?;
    if !status.success() {
        return Err("some tests fail for another reason than their expected files".to_owned());
    }
    // What is generated for the examples.
    if filter.is_none() {
        let mut command = Command::new(cargo());
        command
            .args(["test", "--package", "csmlc", "--test", "generated"])
            .current_dir(root())
            .stdin(Stdio::null())
            .env("CSML_BLESS", "1");
        let status = command.status().map_err(|error| format!("cargo does not start: {error}"))?;
        if !status.success() {
            return Err("the examples do not compile".to_owned());
        }
    }
    eprintln!("== what has changed: git diff tests/cases csmlc/tests/generated");
    Ok(())
}
