//! What the compiler generates for the examples and the benchmarks is checked in, so that a review sees what a change
//! makes of it. `cargo xtask bless` writes the files anew.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{env, fs, path::Path, process::Command};

const DESCRIPTIONS: &[&str] = &[
    "examples/bottling/bottling.csml",
    "examples/camera/camera.csml",
    "examples/crossing/crossing.csml",
    "examples/distributed/railway.csml",
    "benches/machines/climate.csml",
    "benches/machines/crowd.csml",
    "benches/machines/exchange.csml",
    "benches/machines/vending.csml",
    "benches/machines/watchdog.csml",
];

#[test]
fn generated_code_of_the_examples_is_what_is_checked_in() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bless = env::var_os("CSML_BLESS").is_some_and(|value| !value.is_empty() && value != "0");
    let mut stale = Vec::new();
    for description in DESCRIPTIONS {
        let file = package.join("..").join(description);
        let output = Command::new(env!("CARGO_BIN_EXE_csmlc")).arg("emit").arg(&file).output().unwrap();
        assert!(output.status.success(), "{description}: {}", String::from_utf8_lossy(&output.stderr));
        let name = file.file_stem().unwrap();
        let expected = package.join("tests/generated").join(name).with_extension("rs");
        if bless {
            fs::write(&expected, &output.stdout).unwrap();
        } else if fs::read(&expected).ok().as_ref() != Some(&output.stdout) {
            stale.push(*description);
        }
    }
    assert!(
        stale.is_empty(),
        "`cargo xtask bless` writes the generated code of {stale:?} anew; review the diff"
    );
}
