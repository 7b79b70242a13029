//! Where evaluation leaves for good: code behind `return`, `break` and `continue` is not generated, because
//! rustc warns about it.

use crate::ir::{Expr, Kind, Stmt};

/// Whether evaluating it never yields a value.
pub(super) fn leaves(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Never => true,
        Kind::And(left, _) | Kind::Or(left, _) => leaves(left),
        Kind::Conditional(condition, yes, no) => leaves(condition) || leaves(yes) && leaves(no),
        Kind::Block(statements, value) => list_leaves(statements) || leaves(value),
        Kind::Script(_) => false,
        _ => {
            let mut found = false;
            expr.for_each_child(&mut |child| found = found || leaves(child));
            found
        }
    }
}

/// Whether what stands behind it is never reached.
fn statement_leaves(statement: &Stmt) -> bool {
    match statement {
        Stmt::Return(_) | Stmt::Break | Stmt::Continue => true,
        Stmt::Let(_, value) | Stmt::Do(value) => leaves(value),
        Stmt::Assign(place, value) => {
            let mut found = leaves(value);
            place.for_each_child(&mut |child| found = found || leaves(child));
            found
        }
        Stmt::If(condition, yes, no) => leaves(condition) || list_leaves(yes) && list_leaves(no),
        // One without end is generated so that rustc takes it for one with an end.
        Stmt::Loop { before, .. } => before.as_ref().is_some_and(leaves),
        Stmt::ForEach { over, .. } => {
            let mut found = false;
            over.for_each_child(&mut |child| found = found || leaves(child));
            found
        }
    }
}

/// Whether the end of a list of statements is never reached.
pub(super) fn list_leaves(statements: &[Stmt]) -> bool {
    statements.iter().any(statement_leaves)
}

/// The statements that can be reached.
pub(super) fn live(statements: &[Stmt]) -> &[Stmt] {
    let last = statements.iter().position(statement_leaves).map_or(statements.len(), |last| last + 1);
    statements.get(..last).unwrap_or(statements)
}

/// Whether a loop goes on behind its body.
pub(super) fn falls_through(body: &[Stmt]) -> bool {
    !list_leaves(body) || finds(body, Jump::Continue)
}

/// Whether a condition behind a loop's body may end the loop.
pub(super) fn ends(after: Option<&Expr>) -> bool {
    after.is_some_and(|condition| !is_true(condition))
}

pub(super) fn is_true(condition: &Expr) -> bool {
    matches!(condition.kind, Kind::Bool(true))
}

/// What goes to the end of a loop or of its body.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Jump {
    Break,
    Continue,
}

/// Whether a loop's body holds such a jump of this loop that can be reached.
pub(super) fn finds(body: &[Stmt], jump: Jump) -> bool {
    live(body).iter().any(|statement| match statement {
        Stmt::Break => jump == Jump::Break,
        Stmt::Continue => jump == Jump::Continue,
        Stmt::If(condition, yes, no) => holds(condition, jump) || finds(yes, jump) || finds(no, jump),
        // Those in its body are its own.
        Stmt::Loop { .. } => false,
        Stmt::ForEach { over, .. } => {
            let mut found = false;
            over.for_each_child(&mut |child| found = found || holds(child, jump));
            found
        }
        Stmt::Let(..) | Stmt::Assign(..) | Stmt::Do(_) | Stmt::Return(_) => {
            let mut found = false;
            statement.for_each_child(&mut |child| found = found || holds(child, jump));
            found
        }
    })
}

/// Whether a loop may end before its last round: by a `break` of its own, or a `return` anywhere in it.
pub(super) fn ends_early(body: &[Stmt]) -> bool {
    finds(body, Jump::Break) || returns(body)
}

fn returns(body: &[Stmt]) -> bool {
    body.iter().any(|statement| match statement {
        Stmt::Return(_) => true,
        Stmt::If(condition, yes, no) => holds_return(condition) || returns(yes) || returns(no),
        Stmt::Loop { body, step, .. } => returns(body) || returns(step),
        Stmt::ForEach { body, .. } => returns(body),
        Stmt::Let(..) | Stmt::Assign(..) | Stmt::Do(_) | Stmt::Break | Stmt::Continue => {
            let mut found = false;
            statement.for_each_child(&mut |child| found = found || holds_return(child));
            found
        }
    })
}

fn holds_return(expr: &Expr) -> bool {
    if let Kind::Block(statements, value) = &expr.kind {
        return returns(statements) || holds_return(value);
    }
    let mut found = false;
    expr.for_each_child(&mut |child| found = found || holds_return(child));
    found
}

fn holds(expr: &Expr, jump: Jump) -> bool {
    if let Kind::Block(statements, value) = &expr.kind {
        return finds(statements, jump) || holds(value, jump);
    }
    let mut found = false;
    expr.for_each_child(&mut |child| found = found || holds(child, jump));
    found
}
