//! Calls in expressions: that the function or method exists and can take that many arguments. Which types it
//! takes is known only when types are.

use crate::sorted::SortedMap;
use csml_expr::library::{self, Entry, NAMESPACES};

use super::{Symbol, ast, ast::Kind, expression_rules};
use crate::{
    diagnostics::{Diagnostic, Diagnostics, fix::Fix, suggest::suggest},
    lists::Gather,
    source::Span,
};

/// Host functions: `namespace:name`, and how many parameters they have.
pub type HostArities = SortedMap<String, usize>;

/// Reports calls of what does not exist; whether all is well.
pub(super) fn check(
    expr: &ast::Expr<Symbol, Span>,
    hosts: &HostArities,
    diagnostics: &mut Diagnostics,
) -> bool {
    let mut fine = true;
    expr.visit(&mut |expr| {
        let fault = match &expr.kind {
            Kind::Call { namespace: None, name, name_span, .. } => Some(bare(name, hosts, *name_span)),
            Kind::Call { namespace: Some(namespace), name, name_span, arguments } => {
                function(namespace, name, arguments.len(), hosts, *name_span)
            }
            // What it is called on is reported.
            Kind::Method { receiver, .. } if is_foreign_class(receiver) => None,
            Kind::Method { name, name_span, arguments, .. } => method(name, arguments.len(), *name_span),
            _ => None,
        };
        fine &= fault.is_none();
        if let Some(fault) = fault {
            diagnostics.push(fault);
        }
    });
    fine
}

fn is_foreign_class(expr: &ast::Expr<Symbol, Span>) -> bool {
    matches!(&expr.kind, Kind::Ref(Symbol::Name(name)) if foreign_class(name).is_some())
}

fn fault(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(&expression_rules::UNKNOWN_FUNCTION, span, message)
}

/// A call without a namespace, where no local function has that name.
fn bare(name: &str, hosts: &HostArities, span: Span) -> Diagnostic {
    let unknown = fault(span, format!("unknown function `{name}`"));
    let all: Vec<String> = NAMESPACES
        .iter()
        .flat_map(|space| {
            library::function_names(space).into_iter().map(move |name| format!("{space}:{name}"))
        })
        .chain(hosts.keys().cloned())
        .gather();
    let without = |full: &String| full.split(':').next_back().is_some_and(|last| last == name);
    if let Some(full) = all.iter().find(|full| without(full)) {
        return unknown.did_you_mean(span, name, Some(full));
    }
    if library::methods(name).next().is_some() {
        return unknown.help(format!("`{name}` is a method: write `x.{name}(…)`"));
    }
    if let Some(here) = foreign_function(name) {
        return unknown.help(here);
    }
    let bare = all.iter().filter_map(|full| full.split(':').next_back());
    match suggest(name, bare) {
        Some(near) => match all.iter().find(|full| full.split(':').next_back() == Some(near)) {
            Some(full) => unknown.did_you_mean(span, name, Some(full)),
            None => unknown,
        },
        None => unknown.help(format!("define a function of your own first: `{name} = (x) -> …`")),
    }
}

fn function(
    namespace: &str,
    name: &str,
    arguments: usize,
    hosts: &HostArities,
    span: Span,
) -> Option<Diagnostic> {
    let full = format!("{namespace}:{name}");
    if let Some(arity) = hosts.get(&full) {
        return wrong_arity("function", &full, &[*arity], arguments, span);
    }
    let arities = arities(library::functions(namespace, name));
    if !arities.is_empty() {
        return wrong_arity("function", &full, &arities, arguments, span);
    }
    let unknown = fault(span, format!("unknown function `{full}`"));
    let of_hosts = hosts.keys().filter_map(|key| key.split_once(':'));
    if !NAMESPACES.contains(&namespace) && !of_hosts.clone().any(|(space, _)| space == namespace) {
        let spaces = NAMESPACES.into_iter().chain(of_hosts.map(|(space, _)| space));
        let mut spaces: Vec<&str> = spaces.gather();
        crate::sorted::sort(&mut spaces);
        spaces.dedup();
        let label = format!("there is no namespace `{namespace}`");
        return Some(unknown.label(label).help(match suggest(namespace, spaces.iter().copied()) {
            Some(near) => format!("did you mean `{near}:{name}`?"),
            None => format!("the namespaces are `{}`", spaces.join("`, `")),
        }));
    }
    let known: Vec<String> = library::function_names(namespace)
        .into_iter()
        .map(|name| format!("{namespace}:{name}"))
        .chain(hosts.keys().cloned())
        .gather();
    let near = suggest(&full, known.iter().map(String::as_str));
    let elsewhere = || {
        NAMESPACES
            .iter()
            .find(|space| library::functions(space, name).next().is_some())
            .map(|space| format!("did you mean `{space}:{name}`?"))
    };
    // The place is that of the name alone.
    Some(
        match near.map(|near| (near, near.strip_prefix(namespace).and_then(|near| near.strip_prefix(':')))) {
            Some((near, Some(last))) => {
                unknown.with_fix(Fix::rename(format!("did you mean `{near}`?"), span, name, last))
            }
            Some((near, None)) => unknown.help(format!("did you mean `{near}`?")),
            None => unknown.maybe_help(elsewhere()),
        },
    )
}

fn method(name: &str, arguments: usize, span: Span) -> Option<Diagnostic> {
    let arities = arities(library::methods(name));
    if !arities.is_empty() {
        return wrong_arity("method", name, &arities, arguments, span);
    }
    let unknown = fault(span, format!("unknown method `{name}`"));
    let elsewhere = NAMESPACES.iter().find(|space| library::functions(space, name).next().is_some());
    if let Some(space) = elsewhere {
        return Some(unknown.help(format!("there is the function `{space}:{name}`")));
    }
    let near = suggest(name, library::method_names().into_iter());
    Some(unknown.did_you_mean(span, name, near))
}

/// Numbers of arguments that some entry takes, in order.
fn arities(entries: impl Iterator<Item = &'static Entry>) -> Vec<usize> {
    let mut arities: Vec<usize> = entries.map(|entry| entry.parameters.len()).gather();
    crate::sorted::sort(&mut arities);
    arities.dedup();
    arities
}

fn wrong_arity(
    what: &str,
    name: &str,
    arities: &[usize],
    arguments: usize,
    span: Span,
) -> Option<Diagnostic> {
    if arities.contains(&arguments) {
        return None;
    }
    let takes = match arities {
        [0] => "no arguments".to_owned(),
        [1] => "1 argument".to_owned(),
        [first @ .., last] if !first.is_empty() => {
            let first: Vec<String> = first.iter().map(usize::to_string).gather();
            format!("{} or {last} arguments", first.join(", "))
        }
        _ => format!("{} arguments", arities.first().copied().unwrap_or(0)),
    };
    Some(fault(span, format!("{what} `{name}` takes {takes}, not {arguments}")))
}

/// What to write instead of a function that other languages have.
fn foreign_function(name: &str) -> Option<&'static str> {
    match name {
        "int" | "parseInt" | "Integer" => Some("numbers are converted by a method: `x.intValue()`"),
        "float" | "double" | "parseFloat" | "Number" => {
            Some("numbers are converted by a method: `x.doubleValue()`")
        }
        "str" | "string" | "String" => Some("texts are made by templates: `` `${x}` ``"),
        "len" | "length" | "count" => Some("the number of items is `size(x)`"),
        "print" | "println" | "log" => {
            Some("`--trace text` shows what a run does; write a service for a log")
        }
        _ => None,
    }
}

/// What to write instead of a class of Java that a script may name.
pub(super) fn foreign_class(name: &str) -> Option<&'static str> {
    match name {
        "Math" | "StrictMath" => Some("functions on numbers are in the namespace `math`: `math:abs(x)`"),
        "Integer" | "Long" | "Double" | "Float" => {
            Some("numbers have methods: `x.intValue()`, `x.doubleValue()`")
        }
        "String" => Some("strings are joined with `+`, or written as templates: `` `${x}` ``"),
        "java" | "javax" | "org" | "System" | "Random" => {
            Some("the namespaces are `math`, `std` and those of the host functions")
        }
        _ => None,
    }
}
