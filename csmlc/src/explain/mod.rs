//! `csmlc explain`: what each rule means, with a wrong and a right example.
//!
//! Each code has a page, a file in `pages/`. Code, name, level and the short explanation come from the [`Rule`]. The
//! message below a wrong example is not stored: the compiler runs the example. The command prints the same pages that
//! `docs/diagnostics` has.

mod example;
mod index;
mod markdown;
mod page;
mod page_text;
mod pages;
#[cfg(test)]
mod tests;

use csml_compiler::diagnostics::{Rule, Severity};

pub use example::{Said, run};
pub use index::{list, to_markdown as index_to_markdown};
pub use markdown::to_markdown;
pub use page::{CodeBlock, Page, PageError, PagePart};
pub use page_text::to_text;

/// The page of a rule.
///
/// # Errors
/// If the rule has no page, or the page is malformed. Tests check both for every rule.
pub fn page(rule: &Rule) -> Result<Page, PageError> {
    let (_, text) = pages::PAGES
        .iter()
        .find(|(code, _)| *code == rule.code)
        .ok_or_else(|| PageError { line: 0, message: format!("there is no page for {}", rule.code) })?;
    Page::parse(text)
}

/// The level of a rule in a few words, such as `warning, an error with --strict`.
#[must_use]
pub fn level(rule: &Rule) -> &'static str {
    match (rule.severity, rule.strict) {
        (Severity::Error, _) if rule.lowerable => "error, unless lowered",
        (Severity::Error, _) => "error",
        (Severity::Warning, false) => "warning",
        (Severity::Warning, true) => "warning, an error with `--strict`",
    }
}

/// How the level of a rule can be changed.
fn advice(rule: &Rule) -> String {
    let name = rule.name;
    match rule.severity {
        Severity::Error if rule.lowerable => format!(
            "`--warn {name}` makes it a warning and `--allow {name}` turns it off. In `csml.toml`, write \
             `{name} = \"warn\"` or `{name} = \"allow\"` under `[lints]`."
        ),
        Severity::Error => "This is an error of the language: its level cannot be changed.".to_owned(),
        Severity::Warning => format!(
            "`--allow {name}` turns the warning off and `--deny {name}` makes it an error. In `csml.toml`, write \
             `{name} = \"allow\"` or `{name} = \"deny\"` under `[lints]`."
        ),
    }
}
