//! Diagnostics as lines of JSON, for `--format json`. `docs/formats.md` describes every key.

use super::{Tally, json_parts::*};
use csml_compiler::{
    diagnostics::{
        Diagnostic, Severity,
        fix::{Fix, Replacement},
    },
    source::{Sources, Span},
    text::json_string,
};

/// Version of the form of the lines. Keys may be added to one version; what is there stays as it is.
const FORMAT: usize = 1;

/// A diagnostic as one JSON object on one line, without a line break at the end. Its keys are stable: `record`
/// (`diagnostic`), `code`, `name`, `severity` (`error` or `warning`), `message`, `file`, `line`, `column`,
/// `endLine`, `endColumn` (all from 1, columns in characters, the end exclusive), `label`, `related` (objects of
/// `file` to `endColumn` and `label`), `help` and `notes` (lists of strings) and `fixes`: what of `help` a program
/// can carry out, objects of `message` and `edits`, and those of `file` to `endColumn` and `replacement`.
#[must_use]
pub fn to_json_line(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let label = |text: &str, span| placed(sources, span, vec![("label", json_string(text))]);
    let mut fields = vec![
        ("record", json_string("diagnostic")),
        ("code", json_string(diagnostic.rule.code)),
        ("name", json_string(diagnostic.rule.name)),
        ("severity", json_string(word(diagnostic.severity))),
        ("message", json_string(&diagnostic.message)),
    ];
    fields.extend(label(&diagnostic.primary.text, diagnostic.primary.span));
    let related = diagnostic.related.iter().map(|related| object(label(&related.text, related.span)));
    fields.extend([
        ("related", list(related)),
        ("help", list(diagnostic.help.iter().map(|text| json_string(text)))),
        ("notes", list(diagnostic.notes.iter().map(|text| json_string(text)))),
        ("fixes", list(diagnostic.fixes.iter().filter_map(|made| fix(sources, made)))),
    ]);
    object(fields)
}

/// What was to be checked and could not be read, as one JSON object on one line: `record` (`failure`), `file` and
/// `message`.
#[must_use]
pub fn failure_to_json_line(file: &str, message: &str) -> String {
    object(vec![
        ("record", json_string("failure")),
        ("file", json_string(file)),
        ("message", json_string(message)),
    ])
}

/// The last line: `record` (`summary`), `format`, `files`, `failures`, `errors` and `warnings`.
#[must_use]
pub fn tally_to_json_line(tally: &Tally) -> String {
    object(vec![
        ("record", json_string("summary")),
        ("format", FORMAT.to_string()),
        ("files", tally.files.to_string()),
        ("failures", tally.failures.to_string()),
        ("errors", tally.errors.to_string()),
        ("warnings", tally.warnings.to_string()),
    ])
}

pub(super) const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn fix(sources: &Sources, fix: &Fix) -> Option<String> {
    let edit = |made: &Replacement| {
        object(placed(sources, made.span, vec![("replacement", json_string(&made.text))]))
    };
    let edits = fix.replacements(sources)?;
    Some(object(vec![("message", json_string(&fix.message)), ("edits", list(edits.iter().map(edit)))]))
}

/// A place, and what there is to say about it.
fn placed(sources: &Sources, span: Span, said: Vec<JsonField>) -> Vec<JsonField> {
    let start = sources.position(span);
    let end = sources.end_position(span);
    let mut fields = vec![
        ("file", json_string(&sources.get(span.source).name)),
        ("line", start.line.to_string()),
        ("column", start.column.to_string()),
        ("endLine", end.line.to_string()),
        ("endColumn", end.column.to_string()),
    ];
    fields.extend(said);
    fields
}
