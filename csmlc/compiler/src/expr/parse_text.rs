//! Text in the description → tree with places in the source.

use csml_expr::{Fault, FaultKind};

use super::{HostArities, Parsed, expression_rules, patterns};
use crate::{
    diagnostics::{Diagnostic, Diagnostics},
    read,
    source::{SourceId, Sources, Span},
    text::Text,
};

/// Parses an expression that can call functions of these host namespaces too.
///
/// # Errors
/// Where and why, if the text is not an expression that can be compiled.
pub(super) fn parse_with(text: &Text, hosts: &HostArities) -> Result<Parsed, Box<Diagnostic>> {
    let is_namespace =
        |name: &str| hosts.keys().any(|key| key.split_once(':').is_some_and(|(space, _)| space == name));
    csml_expr::parse_with(text.as_str(), &is_namespace, &|start, end| text.span_of(start, end))
        .map_err(|fault| Box::new(diagnostic(&fault, text)))
}

/// Parses an expression.
///
/// Returns nothing, and reports where and why, if the text is not an expression that can be compiled.
#[must_use]
pub fn parse(text: &Text, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    parse_with(text, &HostArities::new()).map_err(|fault| diagnostics.push(*fault)).ok()
}

/// Parses a text that is an expression as a whole.
///
/// Returns nothing, and reports where and why, if the text cannot be read or is no expression.
#[must_use]
pub fn parse_source(sources: &Sources, id: SourceId, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    let source = sources.get(id);
    if let Some(defect) = source.defect() {
        diagnostics.push(read::describe(defect, id));
        return None;
    }
    // A byte order mark is no part of the expression.
    let (start, text) = match source.text.strip_prefix('\u{feff}') {
        Some(rest) => (3, rest),
        None => (0, source.text.as_str()),
    };
    let text = Text::plain(text, Span::new(id, start, source.text.len() as u32));
    let parsed = parse(&text, diagnostics)?;
    patterns::check(&parsed.root, &text, diagnostics).then_some(parsed)
}

/// The diagnostic, pointing into the string of the description.
fn diagnostic(fault: &Fault, text: &Text) -> Diagnostic {
    let rule = match fault.kind() {
        FaultKind::Syntax => &expression_rules::SYNTAX,
        FaultKind::Unsupported => &expression_rules::UNSUPPORTED,
        FaultKind::IntTooLarge => &expression_rules::INT_TOO_LARGE,
        FaultKind::TooDeep => &expression_rules::TOO_DEEP,
        FaultKind::TooLong => &expression_rules::TOO_LONG,
        FaultKind::Local => &expression_rules::LOCAL,
    };
    let (start, end) = fault.place();
    // Of a text that is far too long no part is shown.
    let span = if fault.kind() == FaultKind::TooLong { text.span } else { text.span_of(start, end) };
    Diagnostic::new(rule, span, fault.message())
        .label(fault.label_text())
        .maybe_help(fault.help_text().map(str::to_owned))
}
