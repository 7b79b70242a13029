//! Calls of `csml!` that must compile, and what rustc says about those that must not.
//!
//! A case is a file in `pass` or `fail`; `TRYBUILD=overwrite cargo test -p csml-tests-macro-ui` renews the
//! messages, which are reviewed in the diff. Cases of one kind share a file: each file costs a run of rustc.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path};

/// Puts the descriptions where `csml!` looks for them: trybuild compiles the cases in a package of its own.
fn lay_out_descriptions() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let package = target.join("tests/trybuild").join(env!("CARGO_PKG_NAME"));
    let to = package.join("descriptions");
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("descriptions")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn ui() {
    lay_out_descriptions();
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    cases.compile_fail("fail/*.rs");
}
