//! Pass `read`: text → spanned JSON tree.
//!
//! Requires a text in [`Sources`], of a file or laid out from macro tokens. Establishes a tree whose every
//! value and key has its place, without duplicate keys and of limited depth and size. Reports what is not
//! JSON; `//` and `/* */` comments, trailing commas and a byte order mark are taken.

mod json_parser;
mod json_tree;
mod other_languages;
mod reading_report;
mod reading_rules;
mod scan;
mod strings;
mod tokens;

pub use json_tree::{JsonKind, JsonNode, Member};
pub(crate) use reading_rules::RULES;
pub use tokens::lay_out;

use crate::{
    diagnostics::{Diagnostic, Diagnostics},
    source::{Defect, MAX_BYTES, SourceId, Sources, Span},
};

/// Deepest nesting of lists and objects.
const MAX_DEPTH: usize = 128;
/// Most values in one text.
const MAX_VALUES: usize = 2_000_000;
/// Most errors reported of one text.
const MAX_ERRORS: usize = 50;

/// Reads a text as JSON. `None` if its structure is not known for sure: what follows would only guess.
pub fn read(sources: &Sources, id: SourceId, diagnostics: &mut Diagnostics) -> Option<JsonNode> {
    let source = sources.get(id);
    if let Some(defect) = source.defect() {
        diagnostics.push(describe(defect, id));
        return None;
    }
    if let Some(diagnostic) = other_languages::recognise(&source.text, id) {
        diagnostics.push(diagnostic);
        return None;
    }
    json_parser::parse(&source.text, id, diagnostics)
}

/// Says why a text cannot be read.
pub(crate) fn describe(defect: Defect, source: SourceId) -> Diagnostic {
    let at = |start| Span::new(source, start, start);
    match defect {
        Defect::TooLarge => Diagnostic::new(
            &reading_rules::TOO_LARGE,
            at(0),
            format!("the text is larger than {} MiB", MAX_BYTES >> 20),
        ),
        Defect::NotUtf8(start) => {
            Diagnostic::new(&reading_rules::NOT_UTF_8, at(start), "the file is not valid UTF-8")
                .label("the first invalid byte")
                .help("save the file as UTF-8")
        }
        Defect::Utf16 => Diagnostic::new(
            &reading_rules::NOT_UTF_8,
            at(0),
            "the file is UTF-16; a description must be UTF-8",
        )
        .help("save the file as UTF-8"),
    }
}

#[cfg(test)]
mod tests;
