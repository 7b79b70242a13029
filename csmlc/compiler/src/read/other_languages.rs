//! Texts in another language: YAML, XML and others that people describe state machines in. One message says which it
//! is, where the reader's would be about each character that is no JSON.

use super::reading_rules::UNEXPECTED;
use crate::{
    diagnostics::Diagnostic,
    source::{SourceId, Span},
};

/// What to say of a text that is certainly in another language.
pub(super) fn recognise(text: &str, source: SourceId) -> Option<Diagnostic> {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let rest = text.trim_start_matches(blank);
    // A description begins with a bracket, or with a comment, which the reader skips.
    if rest.is_empty() || rest.starts_with(['{', '[', '"', '/']) {
        return None;
    }
    let line = rest.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let (language, help) = language(line)?;
    let start = text.len() - rest.len();
    let first = rest.lines().next().unwrap_or_default().trim_end();
    let span = Span::new(source, start as u32, (start + first.len()) as u32);
    let message = format!("this is {language}; a description is JSON: an object in `{{ }}`");
    Some(Diagnostic::new(&UNEXPECTED, span, message).help(help))
}

/// The language that a text with this first line is in, and what to do.
fn language(line: &str) -> Option<(&'static str, &'static str)> {
    let begins = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
    if begins(&["<"]) {
        let help = "CSML has constructs of its own: docs/getting-started.md shows them, and `csmlc new` writes a first \
                    description";
        return Some(("XML", help));
    }
    if begins(&["stateDiagram", "@startuml"]) {
        return Some(("a diagram", "`csmlc new` writes a first description, which shows how one is written"));
    }
    if begins(&["amends ", "module ", "import \"", "extends \""]) {
        return Some(("Pkl", "convert it: `pkl eval -f json machine.pkl > machine.csml`"));
    }
    if begins(&[
        "import ",
        "import{",
        "export ",
        "const ",
        "let ",
        "var ",
        "module.exports",
        "createMachine(",
    ]) {
        let help = "CSML has constructs of its own: docs/getting-started.md shows them, and `csmlc new` writes a first \
                    description";
        return Some(("JavaScript", help));
    }
    let yaml = "convert it: `yq -o json machine.yaml > machine.csml`, or in Python \
                `json.dump(yaml.safe_load(open(\"machine.yaml\")), open(\"machine.csml\", \"w\"))`";
    if line == "---" || begins(&["- ", "%YAML", "--- "]) {
        return Some(("YAML", yaml));
    }
    let key = line.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '$')))?;
    match line.get(key..)?.trim_start() {
        _ if key == 0 => None,
        ":" => Some(("YAML", yaml)),
        value if value.starts_with(": ") => Some(("YAML", yaml)),
        value if value.starts_with("= ") => Some((
            "TOML or Pkl",
            "convert it: `yq -p toml -o json machine.toml > machine.csml`, or `pkl eval -f json`",
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&'static str> {
        recognise(text, SourceId(0))?;
        let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
        language(line).map(|(language, _)| language)
    }

    #[test]
    fn other_languages_are_recognised_by_their_first_line() {
        for text in [
            "name: lamp\n",
            "---\nname: x",
            "# lamp\n\nname: x",
            "- name: x",
            "stateMachines:\n  - a",
            "%YAML 1.2",
        ] {
            assert_eq!(found(text), Some("YAML"), "{text}");
        }
        assert_eq!(found("<?xml version=\"1.0\"?>"), Some("XML"));
        assert_eq!(found("<scxml>"), Some("XML"));
        assert_eq!(found("import { createMachine } from 'xstate'"), Some("JavaScript"));
        assert_eq!(found("amends \"CSML.pkl\""), Some("Pkl"));
        assert_eq!(found("name = \"x\""), Some("TOML or Pkl"));
        assert_eq!(found("stateDiagram-v2\n[*] --> a"), Some("a diagram"));
    }

    #[test]
    fn what_may_be_json_is_the_readers() {
        for text in [
            "",
            " ",
            "{ name: 1 }",
            "// x\n{}",
            "[1]",
            "\"name\": 1",
            "true",
            "nothing",
            "-1",
            "# x",
            "name",
            ": x",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
