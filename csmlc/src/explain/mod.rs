//! `csmlc explain`: what each rule means, with a wrong and a right example.
//!
//! A page is a file in `pages/` for each code. Code, name, level and the short explanation come from the
//! [`Rule`]; the message below a wrong example is what the compiler says about it now. The command, and the pages
//! in `docs/diagnostics`, are written from the same.

mod example;
mod index;
mod markdown;
mod page;
mod pages;
#[cfg(test)]
mod tests;
mod text;

use csml_compiler::diagnostic::{Rule, Severity};

pub use example::{Said, run};
pub use index::{list, to_markdown as index_to_markdown};
pub use markdown::to_markdown;
pub use page::{Block, Page, PageError, Part};
pub use text::to_text;

/// The page of a rule.
///
/// # Errors
/// If there is none, or it is not as a page has to be. Tests make sure of both for every rule.
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
        (Severity::Error, _) => "error",
        (Severity::Warning, false) => "warning",
        (Severity::Warning, true) => "warning, an error with `--strict`",
    }
}

/// How the level of a rule can be changed.
fn advice(rule: &Rule) -> String {
    let name = rule.name;
    match rule.severity {
        Severity::Error => "It is an error of the language: its level cannot be changed.".to_owned(),
        Severity::Warning => format!(
            "`--allow {name}` leaves it out and `--deny {name}` makes it an error. In `csml.toml` the same is said \
             by `{name} = \"allow\"` or `{name} = \"deny\"` under `[lints]`."
        ),
    }
}
