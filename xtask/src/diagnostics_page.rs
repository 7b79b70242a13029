//! The pages of the diagnostics, made of the rules and their explanations.

use csmlc::{explain, rules};

/// The page of all of them; what it says now does not matter.
pub(crate) fn page(_found: &str) -> Result<String, String> {
    Ok(explain::index_to_markdown())
}

/// The name of the file of each rule in `docs/diagnostics`, and its text.
pub(crate) fn each() -> Result<Vec<(String, String)>, String> {
    let page = |rule: &&'static csmlc::diagnostics::Rule| {
        let text = explain::to_markdown(rule).map_err(|error| format!("{}: {error}", rule.code))?;
        Ok((format!("{}.md", rule.code), text))
    };
    rules::all().iter().map(page).collect()
}
