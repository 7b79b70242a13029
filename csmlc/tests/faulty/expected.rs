//! What the comments of a faulty description announce.

/// A rule reported on a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Announced {
    /// The line, from 1.
    pub(crate) line: u32,
    /// The rule's name.
    pub(crate) rule: String,
}

/// Everything that a description announces.
pub(crate) struct Expected {
    /// Sorted.
    pub(crate) announced: Vec<Announced>,
    /// Whether warnings do not count.
    pub(crate) errors_only: bool,
}

impl Expected {
    /// Reads the comments `//~ …` of a description.
    pub(crate) fn of(text: &str) -> Result<Self, String> {
        let mut expected = Self { announced: Vec::new(), errors_only: false };
        for (line, content) in (1..).zip(text.lines()) {
            let Some((_, comment)) = content.split_once("//~") else { continue };
            let words = comment.trim_start_matches('^');
            let above = (comment.len() - words.len()) as u32;
            for rule in words.split(',').map(str::trim) {
                if rule == "only errors" {
                    expected.errors_only = true;
                    continue;
                }
                csml_compiler::rules::find(rule)
                    .ok_or_else(|| format!("line {line}: there is no rule `{rule}`"))?;
                expected.announced.push(Announced { line: line - above, rule: rule.to_owned() });
            }
        }
        expected.announced.sort();
        Ok(expected)
    }
}
