//! Samples in JSON are JSON. Links between pages, and references to pages in code and messages, name a page and a
//! heading that exist, and paths in pages name files that exist.
#![allow(clippy::expect_used, reason = "what fails here fails a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use csml_tests_docs::files::{files, read, root};

/// Folders with sources that refer to pages.
const SOURCES: [&str; 8] =
    ["csmlc", "csml-macros", "csml-rt", "examples", "tests", "xtask", "benches", "fuzz"];

/// Folders with pages for readers. Pages elsewhere are templates and inputs of tests.
const PAGES: [&str; 5] = ["docs", "examples", "tests", "benches", "fuzz"];

/// Every page, with its path.
fn pages() -> Vec<(PathBuf, String)> {
    let mut paths = vec!["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]
        .into_iter()
        .map(|page| root().join(page))
        .collect();
    for folder in PAGES {
        files(&root().join(folder), &[".md"], &mut paths);
    }
    paths.sort();
    assert!(paths.len() > 100, "only {} pages", paths.len());
    paths.into_iter().map(|path| (path.clone(), read(&path))).collect()
}

/// Lines outside of code blocks, and the blocks with their language.
fn split(text: &str) -> (String, Vec<(String, String)>) {
    let (mut prose, mut blocks, mut open) = (String::new(), Vec::new(), None);
    for line in text.lines() {
        let line = line.trim_start();
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

/// The anchors GitHub gives to the headings of a page.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut anchors = BTreeSet::new();
    for heading in split(text).0.lines().filter(|line| line.starts_with('#')) {
        let heading = heading.trim_start_matches('#').trim();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let anchor = kept.collect::<String>().to_lowercase().replace(' ', "-");
        let count = counts.entry(anchor.clone()).or_default();
        anchors.insert(if *count == 0 { anchor } else { format!("{anchor}-{count}") });
        *count += 1;
    }
    anchors
}

/// Whether a page, or another file, exists and has the heading.
fn exists(target: &Path, anchor: Option<&str>) -> bool {
    target.exists() && anchor.is_none_or(|anchor| anchors(&read(target)).contains(anchor))
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for (path, text) in pages() {
        let folder = path.parent().expect("a page is in a folder");
        for link in split(&text).0.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("http") {
                continue;
            }
            let (file, anchor) = match link.split_once('#') {
                Some((file, anchor)) => (file, Some(anchor)),
                None => (link, None),
            };
            let target = if file.is_empty() { path.clone() } else { folder.join(file) };
            if !exists(&target, anchor) {
                broken.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{} links lead nowhere:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn paths_exist() {
    let mut missing = Vec::new();
    for (path, text) in pages() {
        // Inline code is every second part between backquotes, outside of code blocks.
        for code in split(&text).0.lines().flat_map(|line| line.split('`').skip(1).step_by(2)) {
            let plain = code.chars().all(|c| c.is_alphanumeric() || "/-_.".contains(c));
            let mut folders = SOURCES.iter().chain(&["docs"]);
            if plain
                && folders.any(|folder| code.starts_with(&format!("{folder}/")))
                && !root().join(code).exists()
            {
                missing.push(format!("{}: {code}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{} paths do not exist:\n{}", missing.len(), missing.join("\n"));
}

/// The references to pages in a text: `docs/<page>.md`, perhaps with `#<heading>`.
fn references(text: &str) -> Vec<(&str, Option<&str>)> {
    let part_of = |extra: &'static str| move |c: char| !(c.is_alphanumeric() || extra.contains(c));
    let mut found = Vec::new();
    for (at, _) in text.match_indices("docs/") {
        // A path that goes on to the left is another folder's.
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let path = rest.split(part_of("/-_.")).next().unwrap_or_default();
        let Some(end) = path.find(".md").map(|end| end + 3) else { continue };
        let (page, rest) = rest.split_at(end);
        let anchor = rest.strip_prefix('#').and_then(|rest| rest.split(part_of("-_")).next());
        found.push((page, anchor));
    }
    found
}

#[test]
fn references_are_found() {
    let text =
        "see docs/wire.md, `docs/semantics.md#3-execution`) and \"docs/adr/0033-link.md\". Not mydocs/a.md";
    let expected =
        [("docs/wire.md", None), ("docs/semantics.md", Some("3-execution")), ("docs/adr/0033-link.md", None)];
    assert_eq!(references(text), expected);
}

#[test]
fn references_in_sources_name_pages_and_headings() {
    let mut sources = Vec::new();
    for folder in SOURCES {
        files(&root().join(folder), &[".rs", ".toml", ".md", ".csml", ".txt"], &mut sources);
    }
    // This file has references that are made up.
    sources.retain(|path| !path.ends_with("tests/docs/tests/pages.rs"));
    let mut broken = Vec::new();
    for path in sources {
        for (page, anchor) in references(&read(&path)) {
            if !exists(&root().join(page), anchor) {
                broken.push(format!("{}: {page}#{}", path.display(), anchor.unwrap_or_default()));
            }
        }
    }
    assert!(broken.is_empty(), "{} references lead nowhere:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn texts_outside_of_the_repository_are_not_cited() {
    let names = ["SEMANTICS", "TRACE", "EXPRESSIONS", "DESIGN"];
    let mut sources = Vec::new();
    for folder in SOURCES.iter().chain(&["docs"]) {
        files(&root().join(folder), &[".rs", ".toml", ".md", ".csml", ".txt"], &mut sources);
    }
    sources.retain(|path| !path.ends_with("tests/docs/tests/pages.rs"));
    let mut cited = Vec::new();
    for path in sources {
        let text = read(&path);
        let comments = |line: &&str| path.extension().is_none_or(|end| end != "rs") || line.contains("//");
        for line in text.lines().filter(comments) {
            let words = || line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            if names.iter().any(|name| words().any(|word| word == *name)) {
                cited.push(format!("{}: {}", path.display(), line.trim()));
            }
        }
    }
    assert!(cited.is_empty(), "{} citations:\n{}", cited.len(), cited.join("\n"));
}
