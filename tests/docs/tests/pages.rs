//! Samples in JSON are JSON, and links lead somewhere.
#![allow(clippy::expect_used, reason = "what fails here fails a test")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every page, with its path.
fn pages() -> Vec<(PathBuf, String)> {
    let folders = [
        "",
        "docs",
        "docs/adr",
        "docs/diagnostics",
        "docs/expressions",
        "examples/crossing",
        "examples/camera",
        "examples/bottling",
        "examples/distributed",
    ];
    let mut pages = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(root().join(folder)).expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let text = fs::read_to_string(&path).expect("it can be read");
                pages.push((path, text));
            }
        }
    }
    pages.sort();
    assert!(pages.len() > 12);
    pages
}

/// Lines outside of code blocks, and the blocks with their language.
fn split(text: &str) -> (String, Vec<(String, String)>) {
    let (mut prose, mut blocks, mut open) = (String::new(), Vec::new(), None);
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.to_owned(), String::new())),
            (None, None) => prose += &format!("{line}\n"),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, block)), None) => *block += &format!("{line}\n"),
        }
    }
    assert!(open.is_none(), "a code block is never closed");
    (prose, blocks)
}

#[test]
fn samples_in_json_are_json() {
    for (path, text) in pages() {
        for (_, block) in split(&text).1.iter().filter(|(language, _)| language == "json") {
            for value in serde_json::Deserializer::from_str(block).into_iter::<serde_json::Value>() {
                assert!(value.is_ok(), "{}: {value:?} in\n{block}", path.display());
            }
        }
    }
}

/// The name GitHub gives to a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[test]
fn links_lead_somewhere() {
    for (path, text) in pages() {
        let folder = path.parent().expect("a page is in a folder");
        for link in split(&text).0.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("http") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { folder.join(file) };
            assert!(target.exists(), "{}: {link}", path.display());
            if !heading.is_empty() {
                let text = fs::read_to_string(&target).expect("it can be read");
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                let found = headings.any(|line| anchor(line.trim_start_matches('#')) == heading);
                assert!(found, "{}: {link}", path.display());
            }
        }
    }
}
