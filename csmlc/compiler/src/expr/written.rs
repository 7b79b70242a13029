//! Which references of an expression are written: targets of assignments, increments and loops.

use super::{Symbol, ast, ast::Kind};
use crate::sorted::SortedSet;
use crate::source::Span;

/// Places of the references that are written, or whose items and fields are.
pub(super) struct WrittenReferences(SortedSet<Span>);

impl WrittenReferences {
    pub(super) fn of(expr: &ast::Expr<Symbol, Span>) -> Self {
        let mut places = SortedSet::new();
        expr.visit(&mut |expr| {
            if let Kind::Assign { target, .. }
            | Kind::Increment { target, .. }
            | Kind::ForEach { target, .. } = &expr.kind
            {
                places.extend(root(target));
            }
        });
        Self(places)
    }

    pub(super) fn contains(&self, place: Span) -> bool {
        self.0.contains(&place)
    }
}

/// Where the reference stands that a target begins with.
fn root(target: &ast::Expr<Symbol, Span>) -> Option<Span> {
    let mut part = target;
    loop {
        part = match &part.kind {
            Kind::Index { base, .. } | Kind::Field { base, .. } => base,
            Kind::Ref(_) => return Some(part.span),
            _ => return None,
        };
    }
}
