//! Whether what an expression calls exists, whatever it is called on: types are looked at later.

use std::collections::BTreeSet;

use csml_expr::library;

use super::{Symbol, ast::Kind, rules};
use crate::{diagnostic::Diagnostic, source::Span, suggest::suggest};

/// What is wrong with a call, if anything is.
pub(super) fn check_call(kind: &Kind<Symbol, Span>) -> Option<Diagnostic> {
    match kind {
        Kind::Call { namespace, name, name_span, arguments } => {
            check_function(namespace.as_deref(), name, *name_span, arguments.len())
        }
        Kind::Method { name, name_span, arguments, .. } => check_method(name, *name_span, arguments.len()),
        _ => None,
    }
}

fn check_function(namespace: Option<&str>, name: &str, span: Span, arguments: usize) -> Option<Diagnostic> {
    let Some(namespace) = namespace else {
        let message = format!("unknown function `{name}`");
        let fault = Diagnostic::new(&rules::UNKNOWN_FUNCTION, span, message);
        let found = library::entries().find(|entry| entry.name == name);
        let help = found.and_then(|entry| match entry.on {
            library::On::Namespace(namespace) => Some(format!("did you mean `{namespace}:{name}`?")),
            _ => Some(format!("`{name}` is a method: `x.{name}(…)`")),
        });
        return Some(fault.maybe_help(help));
    };
    let counts: BTreeSet<usize> =
        library::functions(namespace, name).map(|entry| entry.parameters.len()).collect();
    if !counts.is_empty() {
        return check_count("function", &format!("{namespace}:{name}"), span, &counts, arguments);
    }
    let message = format!("unknown function `{namespace}:{name}`");
    let fault = Diagnostic::new(&rules::UNKNOWN_FUNCTION, span, message);
    let same = library::function_names(namespace);
    let near = suggest(name, same.into_iter()).map(|near| format!("did you mean `{namespace}:{near}`?"));
    let near = near.or_else(|| {
        let spaces = library::NAMESPACES.into_iter();
        suggest(namespace, spaces).map(|near| format!("did you mean the namespace `{near}`?"))
    });
    Some(fault.maybe_help(near))
}

fn check_method(name: &str, span: Span, arguments: usize) -> Option<Diagnostic> {
    let counts: BTreeSet<usize> = library::methods(name).map(|entry| entry.parameters.len()).collect();
    if !counts.is_empty() {
        return check_count("method", name, span, &counts, arguments);
    }
    let near = suggest(name, library::method_names().into_iter());
    let message = format!("unknown method `{name}`");
    let fault = Diagnostic::new(&rules::UNKNOWN_FUNCTION, span, message);
    Some(fault.maybe_help(near.map(|near| format!("did you mean `{near}`?"))))
}

fn check_count(
    what: &str,
    name: &str,
    span: Span,
    counts: &BTreeSet<usize>,
    arguments: usize,
) -> Option<Diagnostic> {
    if counts.contains(&arguments) {
        return None;
    }
    let wanted = counts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
    let takes = match wanted.as_str() {
        "0" => "no arguments".to_owned(),
        "1" => "1 argument".to_owned(),
        _ => format!("{wanted} arguments"),
    };
    let message = format!("{what} `{name}` takes {takes}, not {arguments}");
    Some(Diagnostic::new(&rules::UNKNOWN_FUNCTION, span, message))
}
