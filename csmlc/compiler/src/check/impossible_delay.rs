//! A delay that never changes is one that a timer can wait for.
//!
//! What is a number after all folding is looked at where it gets its type, by the same rule; here also variables which
//! keep their initial value.

use crate::sorted::SortedSet;
use crate::{
    diagnostics::{Diagnostic, Diagnostics},
    expr::{
        Node, Referent, Resolved,
        ast::{Binary, Kind, Unary},
    },
    lower::{impossible_delay, lowering_rules::IMPOSSIBLE_DELAY},
    model::{ActionKind, Application, VarId},
    text::shown,
    vocabulary::Storage,
};

/// Operands that are looked at for one delay.
const MOST_WORK: usize = 1_000;

pub(crate) fn check(app: &Application<Resolved>, diagnostics: &mut Diagnostics) {
    let mut written: Option<SortedSet<VarId>> = None;
    for timer in app.timers.values() {
        let root = &timer.delay.root;
        let mut named: Option<VarId> = None;
        root.visit(&mut |part| {
            if let Kind::Ref(Referent::Variable(variable)) = part.kind {
                named = named.or(Some(variable));
            }
        });
        let written = written.get_or_insert_with(|| changed(app));
        let mut work = MOST_WORK;
        let Some(delay) = value(app, written, root, &mut work) else { continue };
        let Some(message) = impossible_delay(delay) else { continue };
        let mut diagnostic = Diagnostic::new(&IMPOSSIBLE_DELAY, root.span, message);
        let written = matches!(root.kind, Kind::Unary(..) | Kind::Int(_) | Kind::Float(_));
        if !written && delay.is_finite() {
            diagnostic = diagnostic.label(format!("this is always {delay}"));
        }
        if let Some(named) = named {
            let variable = &app.variables[named];
            let note = format!("{} is never changed", shown(&variable.name.text));
            diagnostic = diagnostic.related(variable.name.span, note);
        }
        diagnostics.push(diagnostic);
    }
}

/// The number that an expression always has. As a float: its sign and size are of interest.
/// Variables cannot be defined in a cycle, but by one another in ever more ways.
fn value(
    app: &Application<Resolved>,
    changed: &SortedSet<VarId>,
    expr: &Node,
    work: &mut usize,
) -> Option<f64> {
    *work = work.checked_sub(1)?;
    match &expr.kind {
        Kind::Int(number) => Some(*number as f64),
        Kind::Float(number) => Some(*number),
        Kind::Unary(Unary::Minus, operand) => value(app, changed, operand, work).map(|number| -number),
        Kind::Unary(Unary::Plus, operand) => value(app, changed, operand, work),
        Kind::Binary(operator, left, right) => {
            let (left, right) = (value(app, changed, left, work)?, value(app, changed, right, work)?);
            match operator {
                Binary::Add => Some(left + right),
                Binary::Sub => Some(left - right),
                Binary::Mul => Some(left * right),
                _ => None,
            }
        }
        Kind::Ref(Referent::Variable(variable)) if !changed.contains(variable) => {
            let declared = &app.variables[*variable];
            // An earlier run may have left another value in persistent data.
            let keeps = declared.storage != Storage::Persistent && !declared.optional;
            let initial = declared.initial.as_ref().filter(|_| keeps)?;
            value(app, changed, &initial.root, work)
        }
        _ => None,
    }
}

/// Variables that are assigned, by actions, outputs or scripts.
fn changed(app: &Application<Resolved>) -> SortedSet<VarId> {
    let mut found: SortedSet<VarId> =
        app.invokes.values().flat_map(|invoke| &invoke.output).map(|(_, variable)| *variable).collect();
    app.each_expression(&mut |expression| {
        expression.root.visit(&mut |part| {
            if let Kind::Assign { target, .. }
            | Kind::Increment { target, .. }
            | Kind::ForEach { target, .. } = &part.kind
            {
                found.extend(root(target));
            }
        });
    });
    found.extend(app.states.values().flat_map(|state| state.actions()).filter_map(
        |action| match action.kind {
            ActionKind::Assign(variable, _) => Some(variable),
            _ => None,
        },
    ));
    found
}

/// The variable that the target of an assignment begins with.
fn root(target: &Node) -> Option<VarId> {
    let mut part = target;
    loop {
        part = match &part.kind {
            Kind::Index { base, .. } | Kind::Field { base, .. } => base,
            Kind::Ref(Referent::Variable(variable)) => return Some(*variable),
            _ => return None,
        };
    }
}
