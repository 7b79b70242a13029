//! Which reads of event data count as `null` where the data are missing
//! (docs/expressions/syntax.md#null-and-missing-data).

use super::{Symbol, ast, ast::Kind};
use crate::sorted::SortedSet;
use crate::source::Span;

/// Places of the reads that do not fail.
pub(super) struct ProtectedReads(SortedSet<Span>);

impl ProtectedReads {
    pub(super) fn of(expr: &ast::Expr<Symbol, Span>) -> Self {
        let mut places = SortedSet::new();
        let mut reads_data = false;
        expr.visit(&mut |expr| reads_data |= matches!(expr.kind, Kind::Ref(Symbol::Datum(_))));
        if reads_data {
            let mut marked = expr.clone();
            csml_expr::protect(&mut marked);
            marked.visit(&mut |expr| {
                if let Kind::Protected(inner) = &expr.kind
                    && matches!(inner.kind, Kind::Ref(_))
                {
                    places.insert(inner.span);
                }
            });
        }
        Self(places)
    }

    pub(super) fn contains(&self, place: Span) -> bool {
        self.0.contains(&place)
    }
}
