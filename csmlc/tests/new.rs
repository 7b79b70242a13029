//! `csmlc new`: the project builds, and prints what docs/getting-started.md says.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{fs, path::Path, process::Command};

use common::{Folder, text};

#[test]
fn a_new_project_prints_what_the_documentation_says() {
    let folder = Folder::new("new");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_csmlc"))
        .current_dir(&folder.path)
        .args(["new", "my-lamp", "--runtime"])
        .arg(repository.join("csml-rt"))
        .output()
        .unwrap();
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let ran = Command::new(env!("CARGO"))
        .current_dir(folder.path.join("my-lamp"))
        // Kept between runs of the tests: the runtime is built once.
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("new"))
        .args(["run", "--quiet"])
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
    let page = fs::read_to_string(repository.join("docs/getting-started.md")).unwrap();
    let printed = text(&ran.stdout);
    assert!(page.contains(&format!("```text\n{printed}```")), "not in docs/getting-started.md:\n{printed}");
}
