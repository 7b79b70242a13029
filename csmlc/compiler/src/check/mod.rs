//! Pass `check`: the static rules, one file per rule (docs/semantics.md#2-static-rules).
//!
//! Requires a resolved application. Changes nothing.

mod always_cycle;
mod distributed_root_data;
mod event_data_shape;
mod event_not_handled;
mod event_not_raised;
mod event_out_of_reach;
mod existence;
mod failure_of_unknown_service;
mod impossible_delay;
mod initial_inward;
mod invoke_properties;
mod match_cases;
mod reset_without_effect;
mod script_lints;
mod terminal_idle;
mod terminal_outward;
#[cfg(test)]
mod tests;
mod unreachable_state;
mod unread_variable;
mod unreadable_name;

use crate::{
    determinism,
    diagnostics::{Diagnostics, Rule},
    expr::Resolved,
    ir::Expr,
    model::{Application, MachineId, StateId, Transition, graph},
    solve::Solution,
    text::Text,
};

/// Rules that need structure only.
pub(crate) fn structure(app: &Application<Text>, diagnostics: &mut Diagnostics) {
    if !(app.gaps.states || app.gaps.actions) {
        unreachable_state::check(app, diagnostics);
    }
    terminal_outward::check(app, diagnostics);
    terminal_idle::check(app, diagnostics);
    initial_inward::check(app, diagnostics);
    if !app.gaps.actions {
        event_not_raised::check(app, diagnostics);
        event_not_handled::check(app, diagnostics);
        event_out_of_reach::check(app, diagnostics);
        failure_of_unknown_service::check(app, diagnostics);
        match_cases::without_cases(app, diagnostics);
    }
    event_data_shape::check(app, diagnostics);
    distributed_root_data::check(app, diagnostics);
    invoke_properties::check(app, diagnostics);
    reset_without_effect::check(app, diagnostics);
    unreadable_name::check(app, diagnostics);
}

/// Rules that need resolved expressions.
pub(crate) fn usage(app: &Application<Resolved>, diagnostics: &mut Diagnostics) {
    match_cases::repeated(app, diagnostics);
    if !app.gaps.reads {
        unread_variable::check(app, diagnostics);
    }
    if !(app.gaps.actions || app.gaps.reads) {
        impossible_delay::check(app, diagnostics);
    }
    if !(app.gaps.states || app.gaps.targets || app.gaps.actions || app.gaps.variables) {
        existence::check(app, diagnostics);
    }
}

/// Lints of scripts.
pub(crate) fn expressions(solution: &Solution, diagnostics: &mut Diagnostics) {
    script_lints::check(solution, diagnostics);
}

/// Rules that need typed guards.
pub(crate) fn guards(app: &Application<Expr>, diagnostics: &mut Diagnostics) {
    // Where a guard is missing, a cycle that it ends would seem to have no end.
    if !app.gaps.actions {
        always_cycle::check(app, determinism::covers, diagnostics);
    }
}

/// All rules of this pass.
pub(crate) static RULES: &[&Rule] = &[
    &terminal_outward::RULE,
    &unreachable_state::RULE,
    &initial_inward::RULE,
    &always_cycle::NEVER_SETTLES,
    &always_cycle::MAY_NOT_SETTLE,
    &event_not_raised::RULE,
    &event_not_handled::RULE,
    &event_data_shape::RULE,
    &distributed_root_data::RULE,
    &invoke_properties::RULE,
    &unread_variable::RULE,
    &reset_without_effect::RULE,
    &existence::existence_rules::CREATE_EXISTING,
    &existence::existence_rules::MAY_CREATE_EXISTING,
    &existence::existence_rules::USE_MISSING,
    &existence::existence_rules::MAY_USE_MISSING,
    &existence::existence_rules::DELETE_MISSING,
    &existence::existence_rules::MAY_DELETE_MISSING,
    &terminal_idle::RULE,
    &event_out_of_reach::RULE,
    &failure_of_unknown_service::RULE,
    &unreadable_name::RULE,
    &match_cases::WITHOUT_CASES,
    &match_cases::REPEATED_CASE,
    &script_lints::ASSIGNMENT_IN_GUARD,
    &script_lints::UNUSED_RESULT,
    &script_lints::UNUSED_LOCAL,
    &script_lints::UNREACHABLE_STATEMENT,
];

/// Most related places of one diagnostic.
const MOST_LABELS: usize = 8;

/// Transitions of a state, for events and without.
fn transitions<E>(app: &Application<E>, state: StateId) -> impl Iterator<Item = &Transition<E>> {
    app.states[state].transitions()
}

/// Edges between different or same states of a machine, with the transition that makes each.
fn edges<E>(
    app: &Application<E>,
    machine: MachineId,
) -> impl Iterator<Item = (StateId, StateId, &Transition<E>)> {
    let states = app.machines[machine].states.iter().copied();
    states.flat_map(move |from| {
        transitions(app, from)
            .flat_map(move |transition| graph::targets(transition).map(move |to| (from, to, transition)))
    })
}
