//! A declared variable is read somewhere.

use std::collections::BTreeSet;

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Rule},
    expr::{Referent, Resolved},
    model::{App, VarId},
    source::Span,
};

pub(crate) static RULE: Rule = Rule::warning(
    "CSML0311",
    "unread-variable",
    "The variable is declared and never read, except perhaps by whoever looks at the application from outside \
     (SEMANTICS 2).",
);

pub(crate) fn check(app: &App<Resolved>, diagnostics: &mut Diagnostics) {
    let mut read: BTreeSet<VarId> = BTreeSet::new();
    app.each_expression(&mut |expression| {
        expression.root.visit_reads(&mut |referent| {
            if let Referent::Variable(id) = referent {
                read.insert(*id);
            }
        });
    });
    // A declaration that several machines inherit is there for the one that reads it.
    let read: BTreeSet<Span> = read.into_iter().map(|id| app.variables[id].name.span.plain()).collect();
    for variable in app.variables.values().filter(|variable| variable.initial.is_some()) {
        if !read.contains(&variable.name.span.plain()) {
            let message = format!("variable `{}` is never read", variable.name.text);
            diagnostics.push(Diagnostic::new(&RULE, variable.name.span, message).label("declared here"));
        }
    }
}
