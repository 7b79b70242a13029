//! Pass `infer`: types for the whole application (EXPRESSIONS, Types).
//!
//! Requires resolved expressions. Establishes that every slot and every expression has a type and that every
//! conversion is a node of its own, as [`crate::ir`] says. Reports the rules of [`rules`].

pub(crate) mod rules;

mod lattice;
mod lower;
mod operators;
mod slots;
mod solve;
mod typing;
mod uses;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod validate;

use crate::{
    aids::Pins,
    diagnostic::Diagnostics,
    expr::Resolved,
    ir::{Expr, Program},
    model::App,
    source::Sources,
    types::Type,
};
use lower::Lowering;
use solve::{Item, solve};

/// Types an application.
///
/// Returns nothing, after reporting all that is wrong, if any expression cannot be typed.
#[must_use]
pub(crate) fn infer(
    app: App<Resolved>,
    pins: &Pins,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Program> {
    let mut items = Vec::new();
    let app = app.map_expressions(&mut |context, expr| {
        items.push(Item { role: context.role, expr: expr.root });
        Some(items.len() - 1)
    })?;
    let slots = solve(&app, &items, pins, diagnostics);
    diagnostics.stop_on_errors()?;
    let mut lowering = Lowering::new(&slots, sources, diagnostics);
    let app = app.map_expressions(&mut |_, number| lowering.item(items.get(number)?))?;
    Some(Program {
        app,
        variables: slots.variables,
        data: slots.data,
        inputs: slots.inputs,
        outputs: slots.outputs,
    })
}

/// The least type that values of both types have.
pub(crate) fn join(a: &Type, b: &Type) -> Type {
    lattice::join(a, b)
}

/// The value converted to a type that it can be converted to; as it is if there is no way.
pub(crate) fn coerce(value: Expr, ty: &Type) -> Expr {
    match lattice::steps(&value.ty, ty) {
        Some(steps) => *lower::apply(Box::new(value), steps),
        None => value,
    }
}
