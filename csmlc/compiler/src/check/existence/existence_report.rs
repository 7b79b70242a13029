//! What is said about variables that exist or do not.

use super::{
    existence_rules,
    ops::Op,
    presence::{Cause, Presence},
    walk::PresenceByOp,
};
use crate::sorted::SortedMap;
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Severity},
    expr::Resolved,
    model::{Application, Owner, VarId},
    source::Span,
    text::shown,
    vocabulary::Storage,
};

/// Reports what was found about one variable in one machine.
pub(super) fn report(
    app: &Application<Resolved>,
    variable: VarId,
    found: &PresenceByOp,
    diagnostics: &mut Diagnostics,
) {
    // A named action may stand at several places: once is enough, and what is certain comes first.
    let mut reports: SortedMap<Span, Diagnostic> = SortedMap::new();
    for (op, at) in found.values() {
        let Some(diagnostic) = of(app, variable, op, *at) else { continue };
        let certain = diagnostic.severity == Severity::Error;
        match reports.get(&diagnostic.primary.span) {
            Some(before) if before.severity == Severity::Error || !certain => {}
            _ => {
                reports.insert(diagnostic.primary.span, diagnostic);
            }
        }
    }
    for diagnostic in reports.into_values() {
        diagnostics.push(diagnostic);
    }
}

fn of(app: &Application<Resolved>, variable: VarId, op: &Op, at: Presence) -> Option<Diagnostic> {
    let name = shown(&app.variables[variable].name.text);
    match op {
        Op::Create(span) => {
            let cause = at.there?;
            let diagnostic = if at.gone.is_none() {
                let message = format!("variable {name} cannot be created: it exists already");
                Diagnostic::new(&existence_rules::CREATE_EXISTING, *span, message).label("exists already")
            } else {
                let message = format!("variable {name} may exist already when it is created");
                Diagnostic::new(&existence_rules::MAY_CREATE_EXISTING, *span, message)
                    .label("may exist already")
            };
            Some(
                because(app, variable, diagnostic, cause, *span)
                    .help(instead_of_creating(app, variable, cause)),
            )
        }
        Op::Use { span, .. } => {
            let cause = at.gone?;
            let diagnostic = if at.there.is_none() {
                let message = format!("variable {name} does not exist here");
                Diagnostic::new(&existence_rules::USE_MISSING, *span, message).label("used here")
            } else {
                let message = format!("variable {name} may not exist here");
                Diagnostic::new(&existence_rules::MAY_USE_MISSING, *span, message).label("may not exist")
            };
            Some(because(app, variable, diagnostic, cause, *span).help(instead_of_missing(app, variable, at)))
        }
        Op::Delete(span) => {
            let cause = at.gone?;
            let diagnostic = if at.there.is_none() {
                let message = format!("variable {name} cannot be deleted: it does not exist");
                Diagnostic::new(&existence_rules::DELETE_MISSING, *span, message).label("does not exist here")
            } else {
                let message = format!("variable {name} may not exist when it is deleted");
                Diagnostic::new(&existence_rules::MAY_DELETE_MISSING, *span, message).label("may not exist")
            };
            Some(because(app, variable, diagnostic, cause, *span))
        }
    }
}

/// With the place that makes it so.
fn because(
    app: &Application<Resolved>,
    variable: VarId,
    diagnostic: Diagnostic,
    cause: Cause,
    place: Span,
) -> Diagnostic {
    let declared = &app.variables[variable];
    let created = diagnostic.rule.code == existence_rules::CREATE_EXISTING.code
        || diagnostic.rule.code == existence_rules::MAY_CREATE_EXISTING.code;
    let done = if created { "created" } else { "deleted" };
    match cause {
        Cause::Action(span) if span == place => {
            diagnostic.note(format!("it may have been {done} here before, when the action runs again"))
        }
        Cause::Action(span) => diagnostic.related(span, format!("{done} here")),
        Cause::Elsewhere(machine, span) => {
            let machine = shown(&app.machines[machine].name.text);
            diagnostic.related(span, format!("machine {machine} may have {done} it here"))
        }
        Cause::EarlierRun => {
            diagnostic.note("persistent data survive a restart: an earlier run may have created the variable")
        }
        Cause::Birth if declared.initial.is_some() => {
            diagnostic.related(declared.name.span, "declared here, so it exists from the start")
        }
        Cause::Birth => diagnostic.related(declared.name.span, "does not exist until it is created, as here"),
    }
}

fn instead_of_creating(app: &Application<Resolved>, variable: VarId, cause: Cause) -> String {
    let declared = &app.variables[variable];
    if declared.storage == Storage::Persistent && declared.initial.is_none() && cause == Cause::EarlierRun {
        return "declare it in the `persistentData` of the root and assign it here".to_owned();
    }
    "to change its value, use `\"type\": \"assign\"`".to_owned()
}

fn instead_of_missing(app: &Application<Resolved>, variable: VarId, at: Presence) -> String {
    let declared = &app.variables[variable];
    let before =
        if at.there.is_none() { "create it first" } else { "create it on every path that leads here" };
    if declared.initial.is_some() {
        return before.to_owned();
    }
    let place = match declared.owner {
        Owner::Root => "the root".to_owned(),
        Owner::Machine(machine) => format!("machine {}", shown(&app.machines[machine].name.text)),
        Owner::State(state) => format!("state {}", shown(&app.states[state].name.text)),
    };
    format!("{before}, or declare it in the data of {place}")
}
