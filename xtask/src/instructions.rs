//! `cargo xtask instructions`: what a step of a generated machine costs beside the same machine by hand, in
//! instructions, which other work on the computer does not change.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::test::{cargo, root};

/// Instructions of a generated step, at most, times those of the step by hand.
const GOAL: f64 = 1.05;
/// Two runs of each machine: the difference is free of what happens before the first step.
const STEPS: [u64; 2] = [256_000, 1_280_000];

const MACHINES: [(&str, &str); 2] =
    [("vending", "integers, checked arithmetic"), ("climate", "floats and strings in guards")];

/// Counts, prints a table, and fails above the goal if `strict`.
pub(crate) fn run(strict: bool) -> Result<(), String> {
    provide_valgrind()?;
    let root = root();
    let arguments = ["build", "--quiet", "--release", "--package", "csml-benches", "--example", "steps"];
    let built = Command::new(cargo())
        .args(arguments)
        .current_dir(&root)
        .status()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if !built.success() {
        return Err(format!("cargo {} failed", arguments.join(" ")));
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |path| root.join(path));
    let program = target.join("release/examples/steps");
    println!("| step | generated | by hand | ratio | goal | met |");
    println!("| ---- | --------- | ------- | ----- | ---- | --- |");
    let mut missed = Vec::new();
    for (machine, what) in MACHINES {
        let generated = per_step(&program, machine, "generated")?;
        let by_hand = per_step(&program, machine, "by-hand")?;
        let ratio = generated / by_hand;
        let met = ratio <= GOAL;
        let answer = if met { "yes" } else { "no" };
        println!("| {what} | {generated:.2} | {by_hand:.2} | {ratio:.3} × | ≤ {GOAL} × | {answer} |");
        if !met {
            missed.push(machine);
        }
    }
    if strict && !missed.is_empty() {
        return Err(format!("above the goal: {}", missed.join(", ")));
    }
    Ok(())
}

/// Instructions of one step and the loop around it.
fn per_step(program: &Path, machine: &str, kind: &str) -> Result<f64, String> {
    let [few, many] = STEPS;
    let difference = count(program, machine, kind, many)?.saturating_sub(count(program, machine, kind, few)?);
    Ok(difference as f64 / (many - few) as f64)
}

fn count(program: &Path, machine: &str, kind: &str, steps: u64) -> Result<u64, String> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([machine, kind, &steps.to_string()])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("valgrind does not start: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("valgrind on {machine}, {kind}, failed:\n{said}"));
    }
    collected(&said).ok_or_else(|| format!("valgrind tells no number of instructions:\n{said}"))
}

/// The number behind `Collected :` in what callgrind says.
fn collected(said: &str) -> Option<u64> {
    let (_, number) = said.lines().find_map(|line| line.split_once("Collected :"))?;
    number.trim().parse().ok()
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

#[cfg(test)]
mod tests {
    use super::collected;

    #[test]
    fn the_number_is_found_in_what_callgrind_says() {
        let said = "==7== Events    : Ir\n==7== Collected : 2837298\n==7==\n";
        assert_eq!(collected(said), Some(2_837_298));
        assert_eq!(collected("==7== nothing"), None);
    }
}
