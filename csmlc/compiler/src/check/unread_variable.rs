//! A declared variable is read somewhere.

use crate::sorted::{SortedMap, SortedSet};
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    expr::{Referent, Resolved, ast::Kind},
    model::{ActionKind, Application, VarId},
    source::Span,
    text::shown,
};

pub(crate) static RULE: Rule = Rule::warning(
    "CSML0311",
    "unread-variable",
    "The variable is declared but no expression reads it. Only a program that observes the application \
     from outside could.",
);

pub(crate) fn check(app: &Application<Resolved>, diagnostics: &mut Diagnostics) {
    let mut read: SortedSet<VarId> = SortedSet::new();
    app.each_expression(&mut |expression| {
        expression.root.visit_reads(&mut |referent| {
            if let Referent::Variable(id) = referent {
                read.insert(*id);
            }
        });
    });
    // A guard that assigns was most likely meant to compare, and is reported as such.
    for guard in app.states.values().flat_map(|state| state.transitions()).flat_map(|step| &step.guards) {
        if let Kind::Assign { target, .. } = &guard.root.kind
            && let Kind::Ref(Referent::Variable(id)) = target.kind
        {
            read.insert(id);
        }
    }
    let assigned = assignments(app);
    // A declaration that several machines inherit is read if one of them reads it.
    let place = |span: Span| (span.source, span.start, span.end);
    let sites: SortedSet<_> = read.iter().map(|id| place(app.variables[*id].name.span)).collect();
    let mut names = SortedSet::new();
    for (id, variable) in app.variables.iter().filter(|(_, variable)| variable.initial.is_some()) {
        // Of two variables of one name in one component the second is an error of its own.
        let first = names.insert((variable.owner, variable.name.text.as_str()));
        let unreadable = !csml_expr::is_variable_name(&variable.name.text);
        if !first || unreadable || sites.contains(&place(variable.name.span)) {
            continue;
        }
        let message = format!("variable {} is never read", shown(&variable.name.text));
        let mut diagnostic = Diagnostic::new(&RULE, variable.name.span, message).label("declared here");
        if let Some(span) = assigned.get(&id) {
            diagnostic = diagnostic.related(*span, "only assigned");
        }
        diagnostics.push(diagnostic);
    }
}

/// The first action that assigns each variable.
fn assignments(app: &Application<Resolved>) -> SortedMap<VarId, Span> {
    let mut found = SortedMap::new();
    for action in app.states.values().flat_map(|state| state.actions()) {
        if let ActionKind::Assign(variable, _) = &action.kind {
            found.entry(*variable).or_insert(action.subject);
        }
    }
    found
}
