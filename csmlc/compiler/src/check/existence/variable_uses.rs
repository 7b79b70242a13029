//! Which variables an expression uses, and which of them whenever it is evaluated.

use crate::{
    expr::{
        Node, Referent,
        ast::{Access, Binary, Kind, Piece, Unary},
    },
    model::VarId,
    source::Span,
};

/// Visits the variables that are read or written, in about the order of evaluation. What `f` is told is certain is
/// used whenever the expression is evaluated to its end.
pub(super) fn uses(expr: &Node, certain: bool, f: &mut dyn FnMut(VarId, Span, bool)) {
    match &expr.kind {
        Kind::Ref(Referent::Variable(variable)) => f(*variable, expr.span, certain),
        Kind::Binary(Binary::Or | Binary::And, left, right) => {
            uses(left, certain, f);
            uses(right, false, f);
        }
        // What does not exist counts as `null` there.
        Kind::Binary(Binary::Elvis | Binary::Coalesce, left, right) => {
            uses(left, false, f);
            uses(right, false, f);
        }
        Kind::Unary(Unary::Empty | Unary::Size, operand) => uses(operand, false, f),
        Kind::Conditional(condition, then, otherwise) => {
            uses(condition, false, f);
            uses(then, false, f);
            uses(otherwise, false, f);
        }
        Kind::If(condition, then, otherwise) => {
            uses(condition, certain, f);
            uses(then, false, f);
            if let Some(otherwise) = otherwise {
                uses(otherwise, false, f);
            }
        }
        Kind::While(condition, body) => {
            uses(condition, certain, f);
            uses(body, false, f);
        }
        Kind::DoWhile(body, condition) => {
            uses(body, certain, f);
            uses(condition, false, f);
        }
        Kind::ForEach { target, collection, body } => {
            uses(collection, certain, f);
            uses(target, false, f);
            uses(body, false, f);
        }
        Kind::For { init, condition, step, body } => {
            for part in init.iter().chain(condition) {
                uses(part, certain, f);
            }
            uses(body, false, f);
            if let Some(step) = step {
                uses(step, false, f);
            }
        }
        Kind::Block(statements) => {
            let mut certain = certain;
            for statement in statements {
                uses(statement, certain, f);
                certain &= !may_leave(statement);
            }
        }
        Kind::Define { function, .. } => uses(&function.body, false, f),
        Kind::Apply { function, arguments } => {
            for argument in arguments {
                uses(argument, certain, f);
            }
            uses(&function.body, certain, f);
        }
        Kind::Method { receiver, arguments, access, .. } => {
            uses(receiver, certain, f);
            for argument in arguments {
                uses(argument, certain && *access == Access::Plain, f);
            }
        }
        Kind::Index { base, index, access } => {
            uses(base, certain, f);
            uses(index, certain && *access == Access::Plain, f);
        }
        Kind::Assign { target, value, .. } => {
            uses(value, certain, f);
            uses(target, certain, f);
        }
        Kind::Template(pieces) => pieces.iter().for_each(|piece| {
            if let Piece::Expr(expr) = piece {
                uses(expr, certain, f);
            }
        }),
        _ => {
            for child in expr.children() {
                uses(child, certain, f);
            }
        }
    }
}

/// Whether a statement may keep those behind it from running.
fn may_leave(statement: &Node) -> bool {
    let mut leaves = false;
    statement.visit(&mut |part| {
        leaves |= matches!(part.kind, Kind::Return(_) | Kind::Break | Kind::Continue);
    });
    leaves
}
