//! A diagnostic as a line of JSON, for `--format json`.

use crate::{
    diagnostic::{Diagnostic, Severity},
    read::json_string,
    source::{Sources, Span},
};

/// A diagnostic as one JSON object on one line, without a line break at the end. Its keys are stable: `code`,
/// `name`, `severity` (`error` or `warning`), `message`, `file`, `line`, `column`, `endLine`, `endColumn` (all
/// from 1, columns in characters, the end exclusive), `label`, `related` (objects of `file` to `endColumn` and
/// `label`), `help` and `notes` (lists of strings).
#[must_use]
pub fn to_json_line(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let related = diagnostic
        .related
        .iter()
        .map(|label| format!("{{{},\"label\":{}}}", place(sources, label.span), json_string(&label.text)));
    format!(
        "{{\"code\":{},\"name\":{},\"severity\":\"{severity}\",\"message\":{},{},\"label\":{},\"related\":{},\
         \"help\":{},\"notes\":{}}}",
        json_string(diagnostic.rule.code),
        json_string(diagnostic.rule.name),
        json_string(&diagnostic.message),
        place(sources, diagnostic.primary.span),
        json_string(&diagnostic.primary.text),
        list(related),
        list(diagnostic.help.iter().map(|text| json_string(text))),
        list(diagnostic.notes.iter().map(|text| json_string(text))),
    )
}

fn place(sources: &Sources, span: Span) -> String {
    let start = sources.position(span);
    let end = sources.end_position(span);
    format!(
        "\"file\":{},\"line\":{},\"column\":{},\"endLine\":{},\"endColumn\":{}",
        json_string(&sources.get(span.source).name),
        start.line,
        start.column,
        end.line,
        end.column
    )
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}
