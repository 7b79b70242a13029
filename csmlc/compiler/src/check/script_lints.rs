//! What is legal in a script but rarely intended: unused values, unused locals, statements
//! that are never reached, `=` where a guard asks.

use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    expr::{
        Node,
        ast::{Kind, LocalId, LocalRole},
    },
    model::Role,
    solve::{RoleScript, Solution, library, outline},
    sorted::SortedSet,
    source::Span,
};

/// `=` for `==`.
pub(super) static ASSIGNMENT_IN_GUARD: Rule = Rule::warning(
    "CSML0511",
    "assignment-in-guard",
    "The value of a guard is an assignment. That is legal, as in JEXL, but usually `==` was intended.",
);

/// An unused value.
pub(super) static UNUSED_RESULT: Rule = Rule::warning(
    "CSML0512",
    "unused-result",
    "A statement only computes a value, and the value is unused. Only the last statement of a script \
     gives the script its value.",
);

/// An unused local.
pub(super) static UNUSED_LOCAL: Rule = Rule::warning(
    "CSML0513",
    "unused-local",
    "A local variable of an expression is never read, or a local function is never called.",
);

/// A statement that is never reached.
pub(super) static UNREACHABLE_STATEMENT: Rule = Rule::warning(
    "CSML0514",
    "unreachable-statement",
    "A statement follows one that always leaves: `return`, `break` or `continue`.",
);

/// Warns of what is odd about expressions.
pub(super) fn check(solution: &Solution, diagnostics: &mut Diagnostics) {
    let mut lints = ScriptLints { diagnostics };
    for (number, item) in solution.items.iter().enumerate() {
        // What contradicts an annotation is an error already.
        if !solution.contradicting.contains(&number) {
            lints.item(item);
        }
    }
}

struct ScriptLints<'d> {
    diagnostics: &'d mut Diagnostics,
}

impl ScriptLints<'_> {
    fn item(&mut self, item: &RoleScript) {
        let root = &item.script.root;
        if item.role == Role::Guard {
            self.guard(root);
        }
        root.visit(&mut |part| {
            if let Kind::Block(statements) = &part.kind {
                self.block(statements);
            }
        });
        self.locals(item);
    }

    fn warn(&mut self, rule: &'static Rule, span: Span, message: impl Into<String>, help: &str) {
        self.diagnostics.push(Diagnostic::new(rule, span, message).help(help));
    }

    /// The value of a guard.
    fn guard(&mut self, value: &Node) {
        match &value.kind {
            Kind::Assign { operator: None, .. } => self.warn(
                &ASSIGNMENT_IN_GUARD,
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
                self.warn(&UNREACHABLE_STATEMENT, statement.span, "this is never reached", help);
                break;
            }
            left = outline::leaves(statement);
            if index + 1 < statements.len() && is_pure(statement) {
                let help = "remove it, or assign it to something";
                self.warn(&UNUSED_RESULT, statement.span, "this value is unused", help);
            }
        }
    }

    /// Locals that are only given values.
    fn locals(&mut self, item: &RoleScript) {
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
                self.warn(&UNUSED_LOCAL, local.span, message, "remove it");
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
        _ => {
            for child in expr.children() {
                collect_read(child, read);
            }
        }
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
        | Kind::Regex(_)
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
