//! `cargo xtask instructions`: what a step of a generated machine costs beside the same machine by hand, in
//! instructions, which other work on the computer does not change.

use std::process::{Command, Stdio};

use crate::test::{cargo, root};

/// Counts, prints a table, and fails above the goal if `strict`.
pub(crate) fn run(strict: bool) -> Result<(), String> {
    provide_valgrind()?;
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

fn provide_valgrind() -> Result<(), String> {
    let works = || {
        let version = Command::new("valgrind").arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    };
    if works() {
        return Ok(());
    }
    eprintln!("valgrind is missing; trying `apt-get install valgrind`");
    let update = Command::new("apt-get").arg("update").stdin(Stdio::null()).status();
    let install = Command::new("apt-get")
        .args(["install", "--yes", "--no-install-recommends", "valgrind"])
        .stdin(Stdio::null())
        .status();
    if update.is_ok() && install.is_ok_and(|status| status.success()) && works() {
        return Ok(());
    }
    Err("valgrind is missing and could not be installed from here; install the package `valgrind` \
         (as root: apt-get install valgrind)"
        .to_owned())
}
