//! What is legal in a script but hardly meant: values that nobody takes, locals that nobody reads, statements
//! that are never reached, `=` where a guard asks.

use super::{library, rules, scripts, solve::Item};
use crate::sorted::SortedSet;
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Rule},
    expr::{
        Node,
        ast::{Kind, LocalId, LocalRole},
    },
    model::Role,
    source::Span,
};

/// Warns of what is odd about an expression.
pub(super) fn check(item: &Item, diagnostics: &mut Diagnostics) {
    let root = &item.script.root;
    let mut habits = Habits { diagnostics };
    if item.role == Role::Guard {
        habits.guard(root);
    }
    root.visit(&mut |part| {
        if let Kind::Block(statements) = &part.kind {
            habits.block(statements);
        }
    });
    habits.locals(item);
}

struct Habits<'d> {
    diagnostics: &'d mut Diagnostics,
}

impl Habits<'_> {
    fn warn(&mut self, rule: &'static Rule, span: Span, message: impl Into<String>, help: &str) {
        self.diagnostics.push(Diagnostic::new(rule, span, message).help(help));
    }

    /// The value of a guard.
    fn guard(&mut self, value: &Node) {
        match &value.kind {
            Kind::Assign { operator: None, .. } => self.warn(
                &rules::ASSIGNMENT_IN_GUARD,
                value.span,
                "this guard assigns a variable",
                "write `==` for a comparison",
            ),
            Kind::Block(statements) => {
                if let Some(last) = statements.last() {
                    self.guard(last);
                }
            }
            Kind::Binary(_, left, right) => {
                self.guard(left);
                self.guard(right);
            }
            _ => {}
        }
    }

    fn block(&mut self, statements: &[Node]) {
        let mut left = false;
        for (index, statement) in statements.iter().enumerate() {
            if left {
                let help = "remove it, or the statement that leaves before it";
                self.warn(&rules::UNREACHABLE_STATEMENT, statement.span, "this is never reached", help);
                break;
            }
            left = scripts::leaves(statement);
            if index + 1 < statements.len() && is_pure(statement) {
                let help = "remove it, or assign it to something";
                self.warn(&rules::UNUSED_RESULT, statement.span, "this value is unused", help);
            }
        }
    }

    /// Locals that are only given values.
    fn locals(&mut self, item: &Item) {
        if item.script.locals.is_empty() {
            return;
        }
        let mut read = SortedSet::new();
        collect_read(&item.script.root, &mut read);
        for (id, local) in item.locals() {
            let counted = matches!(
                local.role,
                LocalRole::Var | LocalRole::Let | LocalRole::Const | LocalRole::Function
            );
            if counted && !read.contains(&id) && !local.name.starts_with('_') {
                let (what, how) = match local.role {
                    LocalRole::Function => ("function", "called"),
                    _ => ("local variable", "read"),
                };
                let message = format!("{what} `{}` is never {how}", local.name);
                self.warn(&rules::UNUSED_LOCAL, local.span, message, "remove it");
            }
        }
    }
}

/// Collects the locals that an expression reads: targets of plain assignments are not read.
fn collect_read(expr: &Node, read: &mut SortedSet<LocalId>) {
    match &expr.kind {
        Kind::Local(local) | Kind::CallLocal { function: local, .. } => {
            read.insert(*local);
        }
        _ => {}
    }
    match &expr.kind {
        Kind::Assign { target, operator: None, value } if matches!(target.kind, Kind::Local(_)) => {
            collect_read(value, read);
        }
        _ => expr.children().into_iter().for_each(|child| collect_read(child, read)),
    }
}

/// Whether an expression only computes a value.
fn is_pure(expr: &Node) -> bool {
    let itself = match &expr.kind {
        Kind::Null
        | Kind::Bool(_)
        | Kind::Int(_)
        | Kind::Float(_)
        | Kind::Text(_)
        | Kind::Template(_)
        | Kind::Ref(_)
        | Kind::Local(_)
        | Kind::List(_)
        | Kind::Set(_)
        | Kind::Map(_)
        | Kind::Unary(..)
        | Kind::Binary(..)
        | Kind::Conditional(..)
        | Kind::Index { .. }
        | Kind::Field { .. } => true,
        Kind::Method { name, .. } => !library::changes(name),
        _ => false,
    };
    itself && expr.children().into_iter().all(is_pure)
}
