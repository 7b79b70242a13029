//! Why the value of an expression is dynamic.

use super::{Conflict, typing::Types};
use crate::{
    expr::{
        Node,
        ast::{Binary, Kind},
    },
    lists::Gather,
    types::{
        Type,
        algebra::{is_dynamic, is_open, join},
    },
};

/// Where a dynamic type comes from.
pub(super) enum Origin {
    /// Two parts of the expression disagree.
    Within(Conflict),
    /// An operation is certain to fail, which is reported by itself.
    Error,
    /// What the expression reads is dynamic.
    Elsewhere,
}

impl Origin {
    pub(super) fn conflict(self) -> Option<Conflict> {
        match self {
            Self::Within(conflict) => Some(conflict),
            Self::Error | Self::Elsewhere => None,
        }
    }
}

/// Why an expression of a dynamic type is dynamic.
pub(super) fn origin(expr: &Node, types: Types<'_>) -> Origin {
    match within(expr, types) {
        Some(conflict) => Origin::Within(conflict),
        None if fails(expr, types) => Origin::Error,
        None => Origin::Elsewhere,
    }
}

/// Whether an operation in it has no type for operands that have.
fn fails(expr: &Node, types: Types<'_>) -> bool {
    let operation = match &expr.kind {
        Kind::Unary(..) | Kind::Increment { .. } => true,
        Kind::Binary(operator, ..) => !matches!(operator, Binary::Elvis | Binary::Coalesce),
        _ => false,
    };
    let parts = expr.children();
    operation && is_dynamic(&types.of(expr)) && parts.iter().all(|part| !is_dynamic(&types.of(part)))
        || parts.into_iter().any(|part| fails(part, types))
}

/// The first two parts of an expression of whose types neither is dynamic, while what holds both is.
fn within(expr: &Node, types: Types<'_>) -> Option<Conflict> {
    let parts: Vec<&Node> = match &expr.kind {
        Kind::List(items) | Kind::Set(items) => items.iter().gather(),
        Kind::Map(entries) => {
            let keys = entries.iter().map(|(key, _)| key).gather();
            return among(keys, types)
                .or_else(|| among(entries.iter().map(|(_, value)| value).gather(), types));
        }
        Kind::Conditional(_, then, otherwise) | Kind::If(_, then, Some(otherwise)) => vec![then, otherwise],
        Kind::Binary(Binary::Elvis | Binary::Coalesce, left, right) => vec![left, right],
        Kind::Block(statements) => statements.last().into_iter().gather(),
        _ => return None,
    };
    among(parts, types)
}

fn among(parts: Vec<&Node>, types: Types<'_>) -> Option<Conflict> {
    let mut known = Type::Unknown;
    let mut before: Vec<(Type, &Node)> = Vec::new();
    for part in parts {
        let ty = types.of(part);
        if is_dynamic(&ty) {
            if let Some(found) = within(part, types) {
                return Some(found);
            }
            continue;
        }
        known = join(&known, &ty);
        if is_dynamic(&known) {
            let apart = |(other, _): &&(Type, &Node)| !is_open(other) && is_dynamic(&join(other, &ty));
            let (other, place) = before.iter().find(apart)?;
            return Some(Conflict { first: (other.clone(), place.span), second: (ty, part.span) });
        }
        before.push((ty, part));
    }
    None
}
