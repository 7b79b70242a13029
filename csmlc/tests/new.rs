//! `csmlc new`: each front end's project builds, and prints what docs/getting-started.md says.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{fs, path::Path, process::Command};

use common::{Folder, text};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn make(folder: &Folder, name: &str, front_end: &str) {
    let made = Command::new(env!("CARGO_BIN_EXE_csmlc"))
        .current_dir(&folder.path)
        .args(["new", name, "--front-end", front_end, "--runtime"])
        .arg(repository().join("csml-rt"))
        .output()
        .unwrap();
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
}

#[test]
fn new_projects_print_what_the_documentation_says() {
    let folder = Folder::new("new");
    let page = fs::read_to_string(repository().join("docs/getting-started.md")).unwrap();
    for front_end in ["macro", "build"] {
        let name = format!("lamp-by-{front_end}");
        make(&folder, &name, front_end);
        let ran = Command::new(env!("CARGO"))
            .current_dir(folder.path.join(&name))
            // Kept between runs of the tests: the runtime is built once.
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("new"))
            .args(["run", "--quiet"])
            .output()
            .unwrap();
        assert_eq!(ran.status.code(), Some(0), "{front_end}: {}", text(&ran.stderr));
        let printed = text(&ran.stdout);
        assert!(
            page.contains(&format!("```text\n{printed}```")),
            "not in docs/getting-started.md:\n{printed}"
        );
    }
}

#[test]
fn the_description_brings_no_warning_and_is_formatted() {
    let folder = Folder::new("new-cli");
    make(&folder, "lamp", "cli");
    for args in [["check", "lamp.csml", "--strict"], ["fmt", "lamp.csml", "--check"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_csmlc"))
            .current_dir(folder.path.join("lamp"))
            .args(args)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", text(&output.stderr));
        assert!(!text(&output.stderr).contains("warning"), "{}", text(&output.stderr));
    }
}
