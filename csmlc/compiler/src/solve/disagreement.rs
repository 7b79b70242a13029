//! What disagrees within one expression.

use super::{Conflict, typing::Types};
use crate::{
    expr::{
        Node,
        ast::{Binary, Kind},
    },
    types::{
        Type,
        algebra::{is_dynamic, is_open, join},
    },
};

/// The first two parts of an expression of whose types neither is dynamic, while what holds both is.
pub(super) fn within(expr: &Node, types: Types<'_>) -> Option<Conflict> {
    let parts: Vec<&Node> = match &expr.kind {
        Kind::List(items) | Kind::Set(items) => items.iter().collect(),
        Kind::Map(entries) => {
            let keys = entries.iter().map(|(key, _)| key).collect();
            return among(keys, types)
                .or_else(|| among(entries.iter().map(|(_, value)| value).collect(), types));
        }
        Kind::Conditional(_, then, otherwise) | Kind::If(_, then, Some(otherwise)) => vec![then, otherwise],
        Kind::Binary(Binary::Elvis | Binary::Coalesce, left, right) => vec![left, right],
        Kind::Block(statements) => statements.last().into_iter().collect(),
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
