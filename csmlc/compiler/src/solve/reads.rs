//! Data from outside that are read only where missing data count as `null` (docs/expressions/syntax.md#null-and-missing-data):
//! an event may come without them.

use super::RoleScript;
use crate::{
    expr::{Node, Referent, ast::Kind},
    lists::Gather,
    model::{Application, DatumId},
    sorted::SortedMap,
};

/// These data.
pub(super) fn protected_only(app: &Application<usize>, items: &[RoleScript]) -> Vec<DatumId> {
    // Whether all reads of a datum are protected.
    let mut found: SortedMap<DatumId, bool> = SortedMap::new();
    for item in items {
        collect(&item.script.root, false, &mut found);
    }
    let from_outside = |datum: DatumId| {
        let event = &app.events[app.data[datum].event];
        event.open && !event.raised
    };
    let protected = found.iter().filter(|(datum, protected)| **protected && from_outside(**datum));
    protected.map(|(datum, _)| *datum).gather()
}

fn collect(expr: &Node, protected: bool, found: &mut SortedMap<DatumId, bool>) {
    if let Kind::Ref(Referent::Datum { sources, .. }) = &expr.kind {
        for source in sources {
            *found.entry(*source).or_insert(true) &= protected;
        }
    }
    let protected = matches!(expr.kind, Kind::Protected(_));
    for child in expr.children() {
        collect(child, protected, found);
    }
}
