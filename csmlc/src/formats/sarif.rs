//! Diagnostics as a SARIF 2.1.0 log, for code hosts. The numbers in comments are sections of that standard.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{json::word, json_parts::*};
use csml_compiler::{
    diagnostics::{Diagnostic, Label, Rule, fix::Fix},
    source::{SourceId, Sources, Span},
    text::json_string,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A log of one run, filled file by file. The same calls give the same bytes.
#[derive(Debug, Default)]
pub struct Sarif {
    artifacts: Vec<String>,
    /// The rules of the results.
    rules: BTreeMap<&'static str, &'static Rule>,
    /// Results but for the index of their rule, which is known only in the end.
    results: Vec<(&'static str, Vec<JsonField>)>,
    failures: Vec<String>,
}

impl Sarif {
    /// An empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that a description was to be checked.
    pub fn file(&mut self, name: &str) {
        let roles = list(std::iter::once(json_string("analysisTarget")));
        self.artifacts.push(object(vec![("location", artifact(name)), ("roles", roles)]));
    }

    /// Adds a diagnostic.
    pub fn diagnostic(&mut self, sources: &Sources, diagnostic: &Diagnostic) {
        let rule = diagnostic.rule;
        self.rules.insert(rule.code, rule);
        let mut fields = vec![
            ("level", json_string(word(diagnostic.severity))),
            ("message", text(&message(diagnostic))),
            ("locations", list(std::iter::once(object(vec![physical(sources, diagnostic.primary.span)])))),
        ];
        if !diagnostic.related.is_empty() {
            let related = diagnostic.related.iter().map(|label| location(sources, label));
            fields.push(("relatedLocations", list(related)));
        }
        let fixes: Vec<_> = diagnostic.fixes.iter().filter_map(|made| fix(sources, made)).collect();
        if !fixes.is_empty() {
            fields.push(("fixes", list(fixes.into_iter())));
        }
        self.results.push((rule.code, fields));
    }

    /// Adds that a file could not be read (3.20.21: it says something about the run, not about a text).
    pub fn failure(&mut self, file: &str, message: &str) {
        let place = object(vec![("artifactLocation", artifact(file))]);
        let place = object(vec![("physicalLocation", place)]);
        self.failures.push(object(vec![
            ("level", json_string("error")),
            ("message", text(message)),
            ("locations", list(std::iter::once(place))),
        ]));
    }

    /// The log, one line with a line break at its end.
    #[must_use]
    pub fn finish(self) -> String {
        let indices: BTreeMap<&str, usize> =
            self.rules.keys().enumerate().map(|(index, code)| (*code, index)).collect();
        let results = self.results.into_iter().map(|(code, fields)| {
            let mut all = vec![("ruleId", json_string(code))];
            all.extend(indices.get(code).map(|index| ("ruleIndex", index.to_string())));
            all.extend(fields);
            object(all)
        });
        let driver = object(vec![
            ("name", json_string("csmlc")),
            ("version", json_string(env!("CARGO_PKG_VERSION"))),
            ("semanticVersion", json_string(env!("CARGO_PKG_VERSION"))),
            ("rules", list(self.rules.values().map(|rule| described(rule)))),
        ]);
        let successful = self.failures.is_empty().to_string();
        let invocation = object(vec![
            ("executionSuccessful", successful),
            ("toolExecutionNotifications", list(self.failures.into_iter())),
        ]);
        let run = object(vec![
            ("tool", object(vec![("driver", driver)])),
            ("invocations", list(std::iter::once(invocation))),
            ("columnKind", json_string("unicodeCodePoints")),
            ("artifacts", list(self.artifacts.into_iter())),
            ("results", list(results)),
        ]);
        let log = object(vec![
            ("$schema", json_string(SCHEMA)),
            ("version", json_string("2.1.0")),
            ("runs", list(std::iter::once(run))),
        ]);
        log + "\n"
    }
}

/// 3.49
fn described(rule: &Rule) -> String {
    let help = format!("{}\n\nRun `csmlc explain {}` for details.", rule.explanation, rule.code);
    object(vec![
        ("id", json_string(rule.code)),
        ("name", json_string(rule.name)),
        ("shortDescription", text(first_sentence(rule.explanation))),
        ("fullDescription", text(rule.explanation)),
        ("help", text(&help)),
        ("defaultConfiguration", object(vec![("level", json_string(word(rule.severity)))])),
    ])
}

fn first_sentence(explanation: &str) -> &str {
    match explanation.find(". ") {
        Some(end) => explanation.get(..=end).unwrap_or(explanation),
        None => explanation,
    }
}

fn text(message: &str) -> String {
    object(vec![("text", json_string(message))])
}

/// Code hosts show nothing but this text, so that it has everything.
fn message(diagnostic: &Diagnostic) -> String {
    let mut message = diagnostic.message.clone();
    if !diagnostic.primary.text.is_empty() {
        let _ = write!(message, ": {}", diagnostic.primary.text);
    }
    diagnostic.help.iter().for_each(|help| message.push_str(&format!("\nhelp: {help}")));
    diagnostic.notes.iter().for_each(|note| message.push_str(&format!("\nnote: {note}")));
    message
}

fn location(sources: &Sources, label: &Label) -> String {
    let mut fields = vec![physical(sources, label.span)];
    if !label.text.is_empty() {
        fields.push(("message", text(&label.text)));
    }
    object(fields)
}

fn physical(sources: &Sources, span: Span) -> JsonField {
    let place = vec![
        ("artifactLocation", artifact(&sources.get(span.source).name)),
        ("region", region(sources, span)),
    ];
    ("physicalLocation", object(place))
}

/// 3.30: lines and columns from 1, the end exclusive; an empty one is a place between two characters.
fn region(sources: &Sources, span: Span) -> String {
    let (start, end) = (sources.position(span), sources.end_position(span));
    object(vec![
        ("startLine", start.line.to_string()),
        ("startColumn", start.column.to_string()),
        ("endLine", end.line.to_string()),
        ("endColumn", end.column.to_string()),
    ])
}

/// 3.55: the changes of each file stand together.
fn fix(sources: &Sources, fix: &Fix) -> Option<String> {
    let mut changes: BTreeMap<SourceId, Vec<String>> = BTreeMap::new();
    for made in fix.replacements(sources)? {
        changes.entry(made.span.source).or_default().push(object(vec![
            ("deletedRegion", region(sources, made.span)),
            ("insertedContent", text(&made.text)),
        ]));
    }
    let changes = changes.into_iter().map(|(id, replacements)| {
        object(vec![
            ("artifactLocation", artifact(&sources.get(id).name)),
            ("replacements", list(replacements.into_iter())),
        ])
    });
    Some(object(vec![("description", text(&fix.message)), ("artifactChanges", list(changes))]))
}

/// 3.4: a relative path is one below the root of the sources, as code hosts expect it.
fn artifact(name: &str) -> String {
    let uri = uri(name);
    let mut fields = vec![("uri", json_string(&uri))];
    if !uri.starts_with("file://") {
        fields.push(("uriBaseId", json_string("%SRCROOT%")));
    }
    object(fields)
}

/// A path as a URI reference: forward slashes, everything else that is not plain percent-encoded.
fn uri(name: &str) -> String {
    let path = if cfg!(windows) { name.replace('\\', "/") } else { name.to_owned() };
    let mut plain = path.as_str();
    while let Some(rest) = plain.strip_prefix("./") {
        plain = rest.trim_start_matches('/');
    }
    let drive =
        cfg!(windows) && matches!(plain.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    let mut uri = match (plain.starts_with('/'), drive) {
        (true, _) => "file://".to_owned(),
        (false, true) => "file:///".to_owned(),
        (false, false) => String::new(),
    };
    for byte in plain.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            // In a relative one it would end the scheme.
            b':' if drive => uri.push(':'),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests;
