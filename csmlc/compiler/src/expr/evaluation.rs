//! An expression that `csmlc eval` could not evaluate.

use super::expression_rules;
use crate::{
    diagnostics::{Diagnostic, suggest::did_you_mean},
    source::{Sources, Span},
};

/// The diagnostic for an evaluation that failed at `span` with this message. `variables` are the known ones, of
/// which the nearest is suggested.
#[must_use]
pub fn not_evaluated<'a>(
    sources: &Sources,
    span: Span,
    message: String,
    variables: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let found = sources.text(span);
    let unknown = message == format!("unknown variable `{found}`");
    let near = if unknown {
        did_you_mean(found, variables.filter(|name| csml_expr::is_variable_name(name)))
    } else {
        None
    };
    Diagnostic::new(&expression_rules::EVALUATION, span, message).maybe_help(near)
}
