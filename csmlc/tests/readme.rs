//! What the README shows is what comes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{fs, path::Path, process::Command};

use common::{Folder, text};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The blocks of the README in this language.
fn blocks(language: &str) -> Vec<String> {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let start = format!("```{language}\n");
    readme.split(&start).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_message_about_a_mistake() {
    let shown = blocks("text").into_iter().find(|block| block.starts_with("error[")).unwrap();
    let crossing = fs::read_to_string(repository().join("examples/crossing/crossing.csml")).unwrap();
    let mistaken = crossing.replacen("\"target\": \"lowering\"", "\"target\": \"lowerin\"", 1);
    assert_ne!(crossing, mistaken);
    let folder = Folder::new("readme");
    folder.write("crossing.csml", &mistaken);
    let output = Command::new(env!("CARGO_BIN_EXE_csmlc"))
        .current_dir(&folder.path)
        .args(["check", "crossing.csml"])
        .output()
        .unwrap();
    let said = text(&output.stderr);
    assert!(said.contains(&shown), "the README shows\n{shown}\nand csmlc says\n{said}");
}

#[test]
fn the_generated_code() {
    let generated = fs::read_to_string(repository().join("csmlc/tests/generated/crossing.rs")).unwrap();
    let mut lines = generated.lines().map(str::trim);
    let shown = blocks("rust,ignore").into_iter().next().unwrap();
    // Abridged: some lines are left out, but none is added and the order is the same.
    for line in shown.lines().map(str::trim).filter(|line| !line.is_empty()) {
        assert!(lines.any(|known| known == line), "not in the generated code, or not in this order: {line}");
    }
}

#[test]
fn the_example_is_a_part_of_the_crossing() {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().concat();
    let crossing = fs::read_to_string(repository().join("examples/crossing/crossing.csml")).unwrap();
    let crossing: String = crossing.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    for block in blocks("json") {
        let states = words(&block);
        let states = states.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap();
        assert!(words(&crossing).contains(states), "not in crossing.csml:\n{block}");
    }
}
