//! Why two guards cannot be compared.

use crate::ir::{Coercion, Expr, Kind, Typed};
use crate::text::shown;
use crate::types::Type;

/// What prevents a decision.
#[derive(Debug, Clone, Copy)]
pub(super) enum Obstacle<'e> {
    /// An expression that is not looked into.
    Expr(&'e Expr),
    /// A guard that changes what others read.
    Changes(&'e Expr),
    /// There is too much to look at.
    TooLarge,
    /// Only `NaN` might enable both.
    NotANumber,
}

impl Obstacle<'_> {
    /// It in a few words, as a remark at its place.
    pub(super) fn describe(&self, program: &Typed) -> String {
        match self {
            Self::Changes(guard) => match guard.changes().into_iter().next() {
                Some(variable) => {
                    let name = shown(&program.app.variables[variable].name.text);
                    format!("this guard changes {name}, which others may read")
                }
                None => "this guard changes what others may read".to_owned(),
            },
            Self::NotANumber => "both may hold if a number is `NaN`".to_owned(),
            Self::TooLarge => "these guards are too large to be compared".to_owned(),
            Self::Expr(expr) => describe(expr, program),
        }
    }
}

fn describe(expr: &Expr, program: &Typed) -> String {
    if expr.calls_host() {
        return "the result of a host function is known only at run time".to_owned();
    }
    if expr.uses_random() {
        return "this is a random number".to_owned();
    }
    let dynamic = |name: &str| format!("{} is `dynamic`: its type is known only at run time", shown(name));
    match &expr.kind {
        Kind::Coerce(Coercion::ToDynamic, inner) if inner.ty != Type::Dynamic => {
            "this is converted before it is compared".to_owned()
        }
        Kind::Variable(variable) if expr.ty == Type::Dynamic => {
            dynamic(&program.app.variables[*variable].name.text)
        }
        Kind::Datum { name, .. } if expr.ty == Type::Dynamic => dynamic(&format!("${name}")),
        Kind::Library(entry, _) => format!("the result of `{}` is known only at run time", entry.name),
        Kind::DynamicMethod(name, _) => format!("the result of {} is known only at run time", shown(name)),
        Kind::DynamicFunction(_, name, _) => format!("the result of `{name}` is known only at run time"),
        Kind::ListItem(..) | Kind::MapItem(..) => "this item is known only at run time".to_owned(),
        Kind::Script(_) | Kind::Call(..) | Kind::Block(..) => {
            "the compiler does not analyse statements here".to_owned()
        }
        _ => "this is known only at run time".to_owned(),
    }
}
