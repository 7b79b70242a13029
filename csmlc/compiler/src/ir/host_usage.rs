//! The user's own types and functions in a program.

use super::{Expr, Kind, Program};
use crate::{
    lists::Gather,
    sorted::{SortedMap, SortedSet},
    types::HostFunction,
};

/// Paths of the user's types and functions that a program has.
pub(crate) fn host_paths(program: &Program) -> SortedSet<String> {
    let mut found = SortedSet::new();
    let types = program.variables.values().chain(program.data.values());
    for ty in types.chain(program.inputs.values()).chain(program.outputs.values()) {
        ty.each_host(&mut |path| {
            found.insert(path.to_owned());
        });
    }
    for function in host_functions(program) {
        found.insert(function.path.clone());
    }
    found
}

/// The host functions that a program calls, by name.
pub(crate) fn host_functions(program: &Program) -> Vec<&HostFunction> {
    let mut found: SortedMap<String, &HostFunction> = SortedMap::new();
    program.app.each_expression(&mut |expr| collect_functions(expr, &mut found));
    found.into_values().gather()
}

fn collect_functions<'p>(expr: &'p Expr, found: &mut SortedMap<String, &'p HostFunction>) {
    if let Kind::Host(function, _) = &expr.kind {
        found.insert(function.full_name(), function);
    }
    expr.for_each_child(&mut |child| collect_functions(child, found));
}
