//! The cases of `../tests/cases` through the command line: `emit` for all, `build` and cargo for a few.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use common::{Folder, text};
use csml_compiler::diagnostics::levels::{Level, Levels};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases")
}

/// Folders of all cases that compile.
fn running_cases() -> Vec<PathBuf> {
    let folders = |of: &Path| -> Vec<PathBuf> {
        let mut folders: Vec<_> = fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.retain(|path| path.is_dir());
        folders.sort();
        folders
    };
    let areas = folders(&cases()).into_iter().filter(|area| !area.ends_with("rules"));
    areas.flat_map(|area| folders(&area)).collect()
}

fn csmlc(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_csmlc")).args(arguments).output().unwrap()
}

#[test]
fn every_case_is_emitted_by_all_means_alike() {
    let folder = Folder::new("emit");
    let mut quiet = Levels::new();
    quiet.set(Level::Allow, "all", &csml_compiler::rules::all()).unwrap();
    let cases = running_cases();
    assert!(cases.len() > 100, "only {} cases", cases.len());
    for case in cases {
        let description = case.join("description.csml");
        let module = case.file_name().unwrap().to_str().unwrap().to_owned();
        let output = csmlc(&["emit", "--allow", "all", "--mod", &module, description.to_str().unwrap()]);
        assert!(output.status.success(), "{}: {}", case.display(), text(&output.stderr));
        let builder = csmlc::Builder::new().levels(quiet.clone()).module(&module).out_dir(&folder.path);
        builder.compile(&description).unwrap();
        let built = fs::read(folder.path.join("description.rs")).unwrap();
        assert!(built == output.stdout, "{}", case.display());
    }
}

/// `csmlc build`, then cargo, then the program: one after the other, in the target folder of `csmlc run`'s test, so
/// that the runtime is built once.
#[test]
fn crates_of_cases_run_as_they_are() {
    let folder = Folder::new("crates");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("run-cache/target");
    for case in [
        "invocations/completion_assigns_outputs_then_raises_done",
        "names/any_characters",
        "traces/an_application_that_never_settles_ends",
    ] {
        let from = cases().join(case);
        let to = folder.path.join(from.file_name().unwrap());
        let output =
            csmlc(&["build", from.join("description.csml").to_str().unwrap(), "-o", to.to_str().unwrap()]);
        assert!(output.status.success(), "{case}: {}", text(&output.stderr));
        let ran = run(&from, &to, &target);
        let expected = fs::read_to_string(from.join("trace.jsonl")).unwrap();
        assert_eq!(text(&ran.stdout), expected, "{case}: {}", text(&ran.stderr));
        match fs::read_to_string(from.join("error.txt")) {
            Ok(error) => {
                assert_eq!(ran.status.code(), Some(1), "{case}");
                assert!(text(&ran.stderr).contains(error.trim()), "{case}: {}", text(&ran.stderr));
            }
            Err(_) => assert_eq!(ran.status.code(), Some(0), "{case}: {}", text(&ran.stderr)),
        }
    }
}

fn run(case: &Path, krate: &Path, target: &Path) -> Output {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(krate).env("CARGO_TARGET_DIR", target);
    command.args(["run", "--quiet", "--", "--virtual-time", "--trace", "json"]);
    for (option, file) in [("--events", "events.jsonl"), ("--services", "services.json")] {
        if case.join(file).is_file() {
            command.arg(option).arg(case.join(file));
        }
    }
    if let Ok(args) = fs::read_to_string(case.join("args")) {
        command.args(args.split_whitespace());
    }
    command.output().unwrap()
}
