//! Where `null` and what is missing do not fail (docs/expressions/syntax.md#null-and-missing-data): the condition of
//! `? :`, the left side of `?:` and `??`, the operand of `empty` and `size`.
//!
//! There a member that does not exist is `null`, and an operator that refuses `null` makes the whole of it `null`.

use crate::{
    ast::{Access, Binary, Expr, Kind, Unary},
    library,
};

/// Marks what is protected, with [`Kind::Protected`] and [`Access::Protected`].
pub fn protect<R, S: Clone>(expr: &mut Expr<R, S>) {
    mark(expr, false);
}

fn mark<R, S: Clone>(expr: &mut Expr<R, S>, inside: bool) {
    match &mut expr.kind {
        Kind::Conditional(condition, then, otherwise) => {
            wrap(condition);
            mark(then, inside);
            mark(otherwise, inside);
        }
        Kind::Binary(Binary::Elvis | Binary::Coalesce, left, right) => {
            wrap(left);
            mark(right, inside);
        }
        Kind::Unary(Unary::Empty | Unary::Size, operand) => wrap(operand),
        Kind::Index { base, index, access } => {
            protect_access(access, inside);
            mark(base, inside);
            mark(index, inside);
        }
        Kind::Field { base, access, .. } => {
            protect_access(access, inside);
            mark(base, inside);
        }
        Kind::Method { receiver, name, arguments, access, .. } => {
            if is_place(receiver) && library::methods(name).any(|method| method.changes) {
                mark(receiver, false);
            } else {
                protect_access(access, inside);
                mark(receiver, inside);
            }
            arguments.iter_mut().for_each(|argument| mark(argument, inside));
        }
        // What is written is a place, and has to be there.
        Kind::Assign { target, value, .. } => {
            mark(target, false);
            mark(value, inside);
        }
        Kind::Increment { target, .. } => mark(target, false),
        // A function is a text of its own, wherever it is called.
        Kind::Apply { function, arguments } => {
            mark(&mut function.body, false);
            arguments.iter_mut().for_each(|argument| mark(argument, inside));
        }
        Kind::Ref(_) if inside => enclose(expr),
        _ => expr.children_mut().into_iter().for_each(|child| mark(child, inside)),
    }
}

/// Whether it is a variable, or a member of one.
fn is_place<R, S>(expr: &Expr<R, S>) -> bool {
    match &expr.kind {
        Kind::Ref(_) | Kind::Local(_) => true,
        Kind::Index { base, .. } | Kind::Field { base, .. } => is_place(base),
        _ => false,
    }
}

fn protect_access(access: &mut Access, inside: bool) {
    if inside {
        *access = Access::Protected;
    }
}

/// Protects a whole operand.
fn wrap<R, S: Clone>(operand: &mut Expr<R, S>) {
    mark(operand, true);
    let safe = matches!(
        operand.kind,
        Kind::Null
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Regex(_)
            | Kind::Local(_)
            | Kind::Protected(_)
    );
    if !safe {
        enclose(operand);
    }
}

fn enclose<R, S: Clone>(expr: &mut Expr<R, S>) {
    let span = expr.span.clone();
    let inner = std::mem::replace(expr, Expr { kind: Kind::Null, span: span.clone() });
    *expr = Expr { kind: Kind::Protected(Box::new(inner)), span };
}
