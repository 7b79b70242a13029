//! The page of all diagnostics, made of the rules themselves.

use std::fmt::Write as _;

use csmlc::diagnostic::{Rule, Severity};

/// What the first two digits of a code say, as `Rule::code` documents it.
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

Every message of the compiler names its rule, as in `error[CSML0210]`. The level of a warning can be changed, by
code or by name: `--allow`, `--warn`, `--deny` of the command line ([cli.md](cli.md)). Rules marked *strict* are
broken \"musts\" of the CSML 2.0 text: warnings because real descriptions break them on purpose, errors with
`--strict`. Errors cannot be allowed.
";

/// The page; what it says now does not matter.
pub(crate) fn page(_found: &str) -> Result<String, String> {
    Ok(all_rules())
}

fn all_rules() -> String {
    let rules = csmlc::rules::all();
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
            let level = match (rule.severity, rule.strict) {
                (Severity::Error, _) => "error",
                (Severity::Warning, false) => "warning",
                (Severity::Warning, true) => "warning, strict",
            };
            let meaning = rule.explanation.replace('|', "\\|");
            let _ = writeln!(page, "| {} | `{}` | {level} | {meaning} |", rule.code, rule.name);
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_on_the_page() {
        let page = all_rules();
        for rule in csmlc::rules::all() {
            assert!(page.contains(&format!("\n| {} | `{}` |", rule.code, rule.name)), "{}", rule.code);
        }
    }
}
