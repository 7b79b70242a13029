//! Faulty descriptions: what the compiler says about each, and where.
//!
//! Each file below `cases` is a description. Comments in it say which rules have to be reported and on which line
//! their places begin: `//~ rule-name` on the line itself, `//~^ rule-name` for the line above (`^^` for the one above
//! that), several names separated by commas. Every error must be announced and every announcement come true; a
//! file with `//~ only errors` says nothing of warnings. The rendered messages are snapshots beside the files.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod expected;

use std::{
    fs,
    path::{Path, PathBuf},
};

use csml_compiler::{
    Options,
    diagnostics::{
        Severity,
        levels::Levels,
        render::{Style, render},
    },
    request::{self, Compiled},
};
use csmlc::formats::summary;
use expected::{Announced, Expected};

/// All cases, sorted.
fn cases() -> Vec<PathBuf> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faulty/cases")];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "csml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn compile(case: &Path) -> (String, Compiled) {
    let bytes = fs::read(case).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    let options = Options { generate: false, ..Options::default() };
    (text, request::compile_bytes(&name, bytes, &options, &Levels::new()))
}

/// What is reported: line and rule of each.
fn reported(compiled: &Compiled, errors_only: bool) -> Vec<Announced> {
    let all = compiled.diagnostics.iter();
    let mut found: Vec<Announced> = all
        .filter(|found| !errors_only || found.severity == Severity::Error)
        .map(|found| Announced {
            line: compiled.sources.position(found.primary.span).line,
            rule: found.rule.name.to_owned(),
        })
        .collect();
    found.sort();
    found
}

#[test]
fn what_is_announced_is_reported_and_nothing_else() {
    let mut wrong = Vec::new();
    for case in cases() {
        let (text, compiled) = compile(&case);
        let expected = Expected::of(&text).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
        let reported = reported(&compiled, expected.errors_only);
        if reported != expected.announced {
            let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let said = drawn(&compiled);
            wrong
                .push(format!("{name}\n announced {:?}\n reported {reported:?}\n{said}", expected.announced));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn every_case_is_faulty_and_there_are_enough_of_them() {
    let all = cases();
    assert!(all.len() >= 150, "{}", all.len());
    for case in &all {
        let (_, compiled) = compile(case);
        assert!(!compiled.diagnostics.is_empty(), "{}", case.display());
    }
}

#[test]
fn messages_are_as_they_were() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut failed = Vec::new();
    for case in cases() {
        let (text, compiled) = compile(&case);
        let all = format!("{text}\n{}\n\n{}", "-".repeat(100), drawn(&compiled));
        settings.set_snapshot_path(case.parent().unwrap());
        let name = case.file_stem().unwrap().to_string_lossy().into_owned();
        let checked =
            settings.bind(|| std::panic::catch_unwind(|| insta::assert_snapshot!(name.clone(), all)));
        if checked.is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "messages have changed: {failed:?}");
}

/// All that the compiler says.
fn drawn(compiled: &Compiled) -> String {
    let all = compiled.diagnostics.iter();
    let said: Vec<String> = all.map(|found| render(&compiled.sources, found, Style::Plain)).collect();
    format!("{}\n\n{}", said.join("\n\n"), summary(&compiled.diagnostics))
}
