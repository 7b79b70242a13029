//! Descriptions of the area `rules`: what the compiler says about them.

use std::path::Path;

use csml_tests::cases_folder;
use csmlc::{
    Options,
    diagnostics::render::{Style, render},
    formats::summary,
};

use crate::{described, expected::blessing};

#[test]
fn rules() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut failed = Vec::new();
    for folder in csml_tests::folders(&cases_folder().join("rules")).unwrap() {
        let text = snapshot(&folder);
        settings.set_snapshot_path(&folder);
        // insta reads its mode once, from a variable of its own; `cargo xtask bless` sets both.
        let checked =
            settings.bind(|| std::panic::catch_unwind(|| insta::assert_snapshot!("diagnostics", text)));
        if checked.is_err() && !blessing() {
            failed.push(folder.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    assert!(failed.is_empty(), "diagnostics have changed: {failed:?}");
}

/// The description and, below it, what the compiler says.
fn snapshot(folder: &Path) -> String {
    let bytes = std::fs::read(folder.join("description.csml")).unwrap();
    let description = String::from_utf8_lossy(&bytes).into_owned();
    let compiled = described::compile(folder, "description.csml", &Options::default());
    let said: Vec<String> = compiled
        .diagnostics
        .iter()
        .map(|diagnostic| render(&compiled.sources, diagnostic, Style::Plain))
        .collect();
    let summary = summary(&compiled.diagnostics);
    // Beside the description, what its project file says.
    let project = match std::fs::read_to_string(folder.join("csml.toml")) {
        Ok(text) => format!("csml.toml:\n{text}\n"),
        Err(_) => String::new(),
    };
    format!("{description}\n{project}{}\n\n{}\n\n{summary}", "-".repeat(100), said.join("\n\n"))
}
