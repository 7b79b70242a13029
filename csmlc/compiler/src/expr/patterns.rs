//! Regular expressions that are known when they are compiled: literals, and constant strings where one is expected.

use super::{Symbol, ast, ast::Binary, ast::Kind, ast::Piece, expression_rules};
use crate::{
    diagnostics::{Diagnostic, Diagnostics},
    source::Span,
    text::Text,
};

type Expr = ast::Expr<Symbol, Span>;

/// Reports the ones that are malformed; whether all is well.
pub(super) fn check(expr: &Expr, text: &Text, diagnostics: &mut Diagnostics) -> bool {
    let mut fine = true;
    let mut report = |fault: Option<Diagnostic>| {
        fine &= fault.is_none();
        if let Some(fault) = fault {
            diagnostics.push(fault);
        }
    };
    expr.visit(&mut |expr| match &expr.kind {
        Kind::Regex(pattern) => report(fault(pattern, expr, text)),
        Kind::Binary(Binary::Matches | Binary::NotMatches, _, pattern) => {
            strings(pattern, &mut |value, place| report(fault(value, place, text)));
        }
        Kind::Method { name, arguments, .. } if matches!(name.as_str(), "matches" | "split") => {
            let pattern = arguments.first();
            pattern.into_iter().for_each(|pattern| {
                strings(pattern, &mut |value, place| report(fault(value, place, text)));
            });
        }
        _ => {}
    });
    fine
}

/// The strings that an expression may be, as far as they are constant, and the parts of it that they come from. Not
/// literals of regular expressions, which are checked wherever they are.
fn strings(expr: &Expr, f: &mut dyn FnMut(&str, &Expr)) {
    match &expr.kind {
        Kind::Conditional(_, then, otherwise) => {
            strings(then, f);
            strings(otherwise, f);
        }
        Kind::Binary(Binary::Coalesce | Binary::Elvis, left, right) => {
            strings(left, f);
            strings(right, f);
        }
        Kind::Regex(_) => {}
        _ => {
            if let Some(value) = constant(expr) {
                f(&value, expr);
            }
        }
    }
}

fn constant(expr: &Expr) -> Option<String> {
    match &expr.kind {
        Kind::Text(value) | Kind::Regex(value) => Some(value.clone()),
        Kind::Template(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => Some(text.as_str()),
                Piece::Expr(_) => None,
            })
            .collect(),
        Kind::Binary(Binary::Add, left, right) => Some(constant(left)? + &constant(right)?),
        _ => None,
    }
}

fn fault(pattern: &str, expr: &Expr, text: &Text) -> Option<Diagnostic> {
    let error = csml_rt_core::check_pattern(pattern).err()?;
    let span = within(expr, text, error.start, error.end).unwrap_or(expr.span);
    let fault = Diagnostic::new(&expression_rules::SYNTAX, span, "this regular expression is malformed");
    Some(fault.label(error.message))
}

/// The place of a part of a literal's value.
fn within(expr: &Expr, text: &Text, start: usize, end: usize) -> Option<Span> {
    if !matches!(expr.kind, Kind::Text(_) | Kind::Regex(_)) {
        return None;
    }
    let first = text.offset_of(expr.span.start)?;
    let literal = text.as_str().get(first..text.offset_of(expr.span.end)?)?;
    let place = |at| first + csml_expr::place_in_literal(literal, at);
    Some(text.span_of(place(start), place(end)))
}
