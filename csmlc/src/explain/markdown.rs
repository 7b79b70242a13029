//! A page as `docs/diagnostics` has it.

use super::{
    Page, PageError, Part, advice,
    example::{FILE, Said, run},
    level, page,
};
use csml_compiler::{
    diagnostic::Rule,
    project,
    render::{Style, render},
};

/// The page of a rule in Markdown, ending with a line break.
///
/// # Errors
/// If there is none, or it is not as a page has to be.
pub fn to_markdown(rule: &Rule) -> Result<String, PageError> {
    let Page { meaning, specification, wrong, right, .. } = page(rule)?;
    let mut out = format!(
        "# {code}: {name}\n\n<!-- Made by `cargo xtask docs` of csmlc/src/explain/pages/{code}.md. Do not edit. -->\n\n\
         Level: {level}.\n\n{explanation}\n\n",
        code = rule.code,
        name = rule.name,
        level = level(rule),
        explanation = rule.explanation,
    );
    section(&mut out, &meaning);
    out.push_str(&format!("Specification: {}\n\n## Wrong\n\n", linked(&specification)));
    section(&mut out, &wrong);
    if let Some(said) = run(&wrong) {
        out.push_str(&format!("The compiler says:\n\n```text\n{}\n```\n\n", drawn(&said, Style::Plain)));
    }
    out.push_str("## Right\n\n");
    section(&mut out, &right);
    out.push_str(&format!("## Its level\n\n{}\n\n[All diagnostics](../diagnostics.md)\n", advice(rule)));
    Ok(out)
}

fn section(out: &mut String, parts: &[Part]) {
    let several = parts.iter().filter(|part| matches!(part, Part::Block(_))).count() > 1;
    for part in parts {
        match part {
            Part::Prose(text) => out.push_str(&format!("{text}\n\n")),
            Part::Block(block) => {
                if let (true, Some(name)) = (several, file(&block.language, &block.name)) {
                    out.push_str(&format!("`{name}`:\n\n"));
                }
                // What highlighters know.
                let tag = if block.language == "csml" { "jsonc" } else { &block.language };
                out.push_str(&format!("```{tag}\n{}```\n\n", block.text));
            }
        }
    }
}

/// The text with links to the pages of the documentation that it names.
fn linked(specification: &str) -> String {
    let word = |word: &str| {
        let name = word.trim_end_matches(['.', ',', ';', ':']);
        let page = if name == "SEMANTICS" { Some("semantics.md") } else { name.strip_prefix("docs/") };
        let behind = word.strip_prefix(name).unwrap_or_default();
        page.map_or_else(|| word.to_owned(), |page| format!("[{name}](../{page}){behind}"))
    };
    specification.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The file that a block of this language shows.
pub(super) fn file<'a>(language: &str, name: &'a str) -> Option<&'a str> {
    match language {
        "csml" => Some(FILE),
        "toml" => Some(project::FILE),
        "json" => Some(name),
        _ => None,
    }
}

/// The messages as the command shows them, with an empty line between two, without a line break at the end.
pub(super) fn drawn(said: &Said, style: Style) -> String {
    let drawn = said.diagnostics.iter().map(|diagnostic| render(&said.sources, diagnostic, style));
    drawn.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_the_documentation_are_linked() {
        assert_eq!(linked("2.0, Variable; SEMANTICS 2."), "2.0, Variable; [SEMANTICS](../semantics.md) 2.");
        assert_eq!(linked("docs/typing.md, Names."), "[docs/typing.md](../typing.md), Names.");
    }
}
