//! What the tests of several passes share.

pub(crate) mod descriptions;
pub(crate) mod programs;

use crate::{
    annotations::ResolvedAnnotations, check, diagnostics::Diagnostics, expr::Resolved, ir::Typed,
    lower::lower, model::Application, solve::solve, source::Sources,
};

/// An application without annotations, typed, after the lints of its scripts.
pub(crate) fn typed(app: Application<Resolved>, sources: &Sources, diagnostics: &mut Diagnostics) -> Typed {
    let annotations = ResolvedAnnotations::default();
    let solution = solve(app, &annotations, diagnostics);
    check::expressions(&solution, diagnostics);
    lower(solution, annotations, sources, diagnostics)
}
