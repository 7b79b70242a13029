//! Every rule has a page, and every page tells the truth.

use std::{collections::BTreeSet, fs, path::Path};

use super::{page::blocks, *};
use csml_compiler::{
    diagnostics::render::{Style, render},
    rules,
};

/// The rules that have a page, with it. That every rule has one is a test of its own.
fn all() -> Vec<(&'static Rule, Page)> {
    let has_page = |rule: &&'static Rule| pages::PAGES.iter().any(|(code, _)| *code == rule.code);
    let page =
        |rule: &'static Rule| (rule, page(rule).unwrap_or_else(|error| panic!("{}: {error}", rule.code)));
    rules::all().into_iter().filter(has_page).map(page).collect()
}

/// The faults of all pages at once: who writes pages wants to see them together.
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n\n"));
}

fn drawn(said: &Said) -> String {
    let each = said.diagnostics.iter().map(|found| render(&said.sources, found, Style::Plain));
    each.collect::<Vec<_>>().join("\n\n")
}

#[test]
fn rules_pages_and_files_are_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/explain/pages");
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    let files: BTreeSet<String> =
        fs::read_dir(folder).unwrap().map(|entry| name(entry.unwrap()).replace(".md", "")).collect();
    let pages: BTreeSet<String> = pages::PAGES.iter().map(|(code, _)| (*code).to_owned()).collect();
    let rules: BTreeSet<String> = rules::all().iter().map(|rule| rule.code.to_owned()).collect();
    let mut faults = Vec::new();
    for code in rules.difference(&files) {
        faults.push(format!("{code} has no page: write csmlc/src/explain/pages/{code}.md"));
    }
    for code in files.difference(&pages) {
        faults.push(format!("{code}.md is not in csmlc/src/explain/pages.rs: run `cargo xtask docs`"));
    }
    for code in files.difference(&rules) {
        faults.push(format!("{code}.md is the page of no rule"));
    }
    assert_none(&faults);
    assert!(pages::PAGES.is_sorted_by(|(one, _), (other, _)| one < other), "in order, each once");
}

#[test]
fn wrong_examples_break_their_rule_and_no_other() {
    let mut faults = Vec::new();
    for (rule, page) in all() {
        let Some(said) = run(&page.wrong) else { continue };
        let found: BTreeSet<&str> = said.diagnostics.iter().map(|found| found.rule.code).collect();
        let also = page.also.iter().map(String::as_str);
        let expected: BTreeSet<&str> = also.chain([rule.code]).collect();
        if found != expected {
            faults.push(format!("{}: expected {expected:?}, found {found:?}\n{}", rule.code, drawn(&said)));
        }
    }
    assert_none(&faults);
}

#[test]
fn about_right_examples_the_compiler_has_nothing_to_say() {
    let mut faults = Vec::new();
    for (rule, page) in all() {
        let Some(said) = run(&page.right) else { continue };
        if !said.diagnostics.is_empty() {
            faults.push(format!("{}: expected nothing, found\n{}", rule.code, drawn(&said)));
        }
        if let Some(output) = &said.output {
            let shown = blocks(&page.right).next().unwrap().text.lines().nth(1);
            assert_eq!(shown, Some(output.as_str()), "{}: what the call prints", rule.code);
        }
    }
    assert_none(&faults);
}

#[test]
fn pages_are_written_alike() {
    let mut faults = Vec::new();
    for (rule, page) in all() {
        let mut fault = |what: String| faults.push(format!("{}: {what}", rule.code));
        if !page.specification.ends_with('.') {
            fault("the specification does not end with a full stop".to_owned());
        }
        let paragraphs = page.meaning.iter().filter(|part| matches!(part, PagePart::Prose(_))).count();
        if paragraphs > 4 {
            fault(format!("{paragraphs} paragraphs are too many"));
        }
        let text = pages::PAGES.iter().find(|(code, _)| *code == rule.code).unwrap().1;
        for line in text.lines() {
            // Code is shown indented, and never broken.
            let most = if line.starts_with([' ', '{', '"']) { 110 } else { 120 };
            if line.chars().count() > most || line.ends_with(' ') {
                fault(format!("longer than {most} characters, or a blank at its end: {line}"));
            }
        }
        // What is no JSON has no layout.
        let of_json = !rule.code.starts_with("CSML00");
        for block in blocks(&page.wrong).filter(|_| of_json).chain(blocks(&page.right)) {
            if block.language == "csml" || block.language == "json" {
                if let Some(line) = badly_indented(&block.text) {
                    fault(format!("not indented by two columns for each open line: {line}"));
                }
                if block.text.lines().count() > 60 {
                    fault("the example is too long".to_owned());
                }
            }
        }
    }
    assert_none(&faults);
}

/// The first line whose indentation is not two columns for each line above with brackets that are still open.
fn badly_indented(text: &str) -> Option<&str> {
    let mut open: Vec<usize> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let content = line.trim_start();
        let closing = content.chars().take_while(|c| matches!(c, '}' | ']')).count();
        let still_open = open.len().saturating_sub(closing);
        let lines: BTreeSet<usize> = open.iter().take(still_open).copied().collect();
        if line.len() - content.len() != 2 * lines.len() {
            return Some(line);
        }
        let (mut quoted, mut escaped) = (false, false);
        for c in content.chars() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                '{' | '[' if !quoted => open.push(number),
                '}' | ']' if !quoted => {
                    open.pop();
                }
                _ => {}
            }
        }
    }
    None
}

#[test]
fn the_command_and_the_documentation_show_the_same() {
    for (rule, page) in all() {
        let text = to_text(rule, Style::Plain, 80).unwrap();
        let markdown = to_markdown(rule).unwrap();
        assert!(text.starts_with(&format!("{} {}\nLevel: ", rule.code, rule.name)), "{text}");
        assert!(!text.contains('\u{1b}'));
        assert!(to_text(rule, Style::Color, 80).unwrap().contains('\u{1b}'));
        for shown in [&text, &markdown] {
            assert!(!shown.contains("\n\n\n"), "{shown}");
            assert!(shown.ends_with('\n') && !shown.ends_with("\n\n"), "{shown}");
        }
        if run(&page.wrong).is_some() {
            let severity = if rule.severity == Severity::Error { "error" } else { "warning" };
            let title = format!("{severity}[{}]: ", rule.code);
            assert!(text.contains(&title) && markdown.contains(&title), "{text}");
        }
    }
}
