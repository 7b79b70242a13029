//! All rules, one line each.

use std::fmt::Write as _;

use super::level;
use csml_compiler::{
    diagnostic::{Rule, Severity},
    render::Style,
    rules,
};

/// What the first two digits of a code say, as [`Rule::code`] documents it.
const BLOCKS: [(&str, &str); 8] = [
    ("00", "Reading: the text is no JSON, or more than a description may be"),
    ("01", "Syntax: the JSON is no CSML"),
    ("02", "Names and structure"),
    ("03", "Rules of the language"),
    ("04", "Expressions"),
    ("05", "Types"),
    ("06", "Typing aids and the project file"),
    ("09", "Internal"),
];

const INTRODUCTION: &str = "\
# Diagnostics

<!-- Made by `cargo xtask docs` of the rules in csmlc. Do not edit. -->

Every message of the compiler names its rule, as in `error[CSML0210]`. Each has a page with a wrong and a right example,
which `csmlc explain CODE` prints as well. The level of a warning can be changed, by code or by name, with `--allow`,
`--warn` and `--deny` ([cli.md](cli.md)). With `--strict` some warnings are errors: the broken \"musts\" of the CSML 2.0
text that real descriptions break on purpose. Errors cannot be allowed.
";

/// The page of all rules in Markdown, with links to the pages in `diagnostics/`.
#[must_use]
pub fn to_markdown() -> String {
    let rules = rules::all();
    let mut page = INTRODUCTION.to_owned();
    for (block, title) in BLOCKS {
        let of_block = |rule: &&&Rule| rule.code.get(4..6) == Some(block);
        let mut rules = rules.iter().filter(of_block).peekable();
        if rules.peek().is_none() {
            continue;
        }
        // Writing to a String cannot fail.
        let _ =
            write!(page, "\n## {block} {title}\n\n| code | name | level | meaning |\n|---|---|---|---|\n");
        for rule in rules {
            let (code, name) = (rule.code, rule.name);
            let meaning = first_sentence(rule.explanation).replace('|', "\\|");
            let _ = writeln!(
                page,
                "| [{code}](diagnostics/{code}.md) | `{name}` | {} | {meaning} |",
                level(rule)
            );
        }
    }
    page
}

/// Code, name, level and meaning of every rule, one line each, cut to `width` columns if one is given.
#[must_use]
pub fn list(style: Style, width: Option<usize>) -> String {
    let rules = rules::all();
    let name_width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for rule in rules {
        let level = match (rule.severity, rule.strict) {
            (Severity::Error, _) => "error",
            (Severity::Warning, false) => "warning",
            (Severity::Warning, true) => "strict",
        };
        let start = format!("{}  {:name_width$}  {level:7}  ", rule.code, rule.name);
        let meaning = first_sentence(rule.explanation);
        let room = width.map(|width| width.saturating_sub(start.len()));
        let meaning = match room {
            Some(room) if meaning.chars().count() > room => {
                let kept: String = meaning.chars().take(room.saturating_sub(1)).collect();
                format!("{}…", kept.trim_end())
            }
            _ => meaning.to_owned(),
        };
        let line = match style {
            Style::Plain => format!("{start}{meaning}\n"),
            Style::Color => {
                let rest = start.strip_prefix(rule.code).unwrap_or_default();
                format!("\x1b[1m{}\x1b[0m{rest}{meaning}\n", rule.code)
            }
        };
        out.push_str(&line);
    }
    out
}

/// The first sentence of an explanation.
fn first_sentence(explanation: &str) -> &str {
    explanation.find(". ").and_then(|end| explanation.get(..=end)).unwrap_or(explanation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_in_the_lists() {
        let (page, list) = (to_markdown(), list(Style::Plain, None));
        for rule in rules::all() {
            let link = format!("\n| [{0}](diagnostics/{0}.md) | `{1}` |", rule.code, rule.name);
            assert!(page.contains(&link), "{}", rule.code);
            assert!(list.lines().any(|line| line.starts_with(rule.code)), "{}", rule.code);
        }
        assert_eq!(list.lines().count(), rules::all().len());
    }

    #[test]
    fn lines_fit() {
        for width in [60, 80, 200] {
            assert!(list(Style::Plain, Some(width)).lines().all(|line| line.chars().count() <= width));
        }
    }

    #[test]
    fn the_first_sentence_ends_with_its_full_stop() {
        assert_eq!(first_sentence("One (2.0, State). Two."), "One (2.0, State).");
        assert_eq!(first_sentence("One."), "One.");
    }
}
