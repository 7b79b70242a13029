//! The user's own Rust types among the typing aids.

use super::{Aids, rust_type};
use crate::sorted::{SortedMap, SortedSet};
use crate::{
    expr::host::HostFunction,
    ir::{Expr, Kind, Program},
    source::Span,
    types::Type,
};

/// Paths of the user's own types, each with the place that names it first.
#[derive(Debug, Default)]
pub(crate) struct HostTypes {
    types: SortedMap<Box<str>, Span>,
}

impl HostTypes {
    pub(crate) fn new(aids: &Aids) -> Self {
        let mut found = Self::default();
        for aid in &aids.types {
            if let Ok(ty) = rust_type::parse(&aid.rust.text) {
                found.collect(&ty, aid.rust.span);
            }
        }
        found
    }

    fn collect(&mut self, ty: &Type, span: Span) {
        each_host(ty, &mut |path| {
            self.types.entry(path.into()).or_insert(span);
        });
    }

    /// Where a type is named first.
    pub(crate) fn span(&self, path: &str) -> Option<Span> {
        self.types.get(path).copied()
    }
}

/// Calls `visit` with the path of every user's type in `ty`.
pub(crate) fn each_host(ty: &Type, visit: &mut impl FnMut(&str)) {
    match ty {
        Type::Host(path) => visit(path),
        Type::List(item) | Type::Set(item) | Type::Option(item) => each_host(item, visit),
        Type::Map(key, value) => {
            each_host(key, visit);
            each_host(value, visit);
        }
        _ => {}
    }
}

/// Paths of the user's types and functions that a program has.
pub(crate) fn host_paths(program: &Program) -> SortedSet<String> {
    let mut found = SortedSet::new();
    let types = program.variables.values().chain(program.data.values());
    for ty in types.chain(program.inputs.values()).chain(program.outputs.values()) {
        each_host(ty, &mut |path| {
            found.insert(path.to_owned());
        });
    }
    for function in host_functions(program) {
        found.insert(function.path.clone());
    }
    found
}

/// The functions of the host that a program calls, by name.
pub(crate) fn host_functions(program: &Program) -> Vec<&HostFunction> {
    let mut found: SortedMap<String, &HostFunction> = SortedMap::new();
    program.app.each_expression(&mut |expr| collect_functions(expr, &mut found));
    found.into_values().collect()
}

fn collect_functions<'p>(expr: &'p Expr, found: &mut SortedMap<String, &'p HostFunction>) {
    if let Kind::Host(function, _) = &expr.kind {
        found.insert(function.full_name(), function);
    }
    expr.for_each_child(&mut |child| collect_functions(child, found));
}
