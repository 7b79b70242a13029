//! Pass `infer`: types for the whole application (docs/expressions/types.md).
//!
//! Requires resolved expressions. Establishes that every slot and every expression has a type and that every
//! conversion is a node of its own, as [`crate::ir`] says. Reports the rules of [`rules`].

pub(crate) mod rules;

mod cases;
mod flows;
mod habits;
mod lattice;
mod library;
mod lower;
mod operators;
mod report;
mod scripts;
mod slots;
mod solve;
mod typing;
mod uses;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod validate;

use crate::{
    aids::Settled,
    deployment::Deployment,
    diagnostic::Diagnostics,
    expr::Resolved,
    ir::{Choices, Expr, Program},
    model::{App, Role},
    source::Sources,
    types::Type,
};
use lower::Lowering;
use scripts::Outline;
use solve::{Item, Solution, solve};

pub use report::{TypeRow, types_report};

/// Types an application. What cannot be typed is reported, and never has a value ([`Kind::Never`](crate::ir::Kind)).
#[must_use]
pub(crate) fn infer(
    app: App<Resolved>,
    aids: &Settled,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Program {
    let mut items = Vec::new();
    let app = app.map_expressions(&mut |context, script| {
        let script = match context.role {
            Role::Case(id) => cases::comparison(id, script),
            _ => script,
        };
        items.push(Item { role: context.role, script });
        items.len() - 1
    });
    let outlines: Vec<_> = items.iter().map(|item| Outline::new(&item.script)).collect();
    let solution = solve(&app, &items, &outlines, aids, diagnostics);
    let disagreements = solution.disagreements();
    let Solution { slots, contradicting, .. } = solution;
    let mut lowering = Lowering::new(&slots, &items, &outlines, sources, diagnostics);
    let app = app.map_expressions(&mut |_, number| match contradicting.contains(&number) {
        true => lowering.broken(number),
        false => lowering.item(number),
    });
    Program {
        app,
        variables: slots.variables,
        data: slots.data,
        inputs: slots.inputs,
        outputs: slots.outputs,
        matches: slots.matches,
        disagreements,
        choices: Choices::default(),
        deployment: Deployment::default(),
    }
}

/// The least type that values of both types have.
pub(crate) fn join(a: &Type, b: &Type) -> Type {
    lattice::join(a, b)
}

/// The value converted to a type that it can be converted to; as it is if there is no way.
pub(crate) fn coerce(value: Expr, ty: &Type) -> Expr {
    match lattice::conversion(&value.ty, ty) {
        Some(steps) => *lower::apply(Box::new(value), steps),
        None => value,
    }
}
