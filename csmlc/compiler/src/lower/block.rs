//! Statements.

use super::{Lowered, Lowering};
use crate::{
    expr::{Node, ast},
    ir::{Expr, Kind, LocalId, Place, Root, Stmt},
    lists::PushAll,
    solve::{outline, typing::is_plain},
    source::Span,
    types::{Type, algebra::settle},
};

impl Lowering<'_> {
    /// Statements and the value of the last one.
    pub(super) fn block(&mut self, statements: &[Node], ty: &Type, span: Span) -> Lowered {
        self.block_with(statements, ty, span, |lowering, last| lowering.to(last, ty))
    }

    /// Statements and what `end` makes of the last one. Statements after one that leaves are never reached.
    pub(super) fn block_with(
        &mut self,
        statements: &[Node],
        ty: &Type,
        span: Span,
        end: impl FnOnce(&mut Self, &Node) -> Lowered,
    ) -> Lowered {
        let Some((last, before)) = statements.split_last() else { return self.null(ty, span) };
        let mark = self.script.open();
        let mut out = Vec::new();
        let left = before.iter().any(outline::leaves);
        let before = self.statements(before, &mut out);
        let value = if left { Some(self.node(Kind::Never, ty.clone(), last.span)) } else { end(self, last) };
        self.script.close(mark);
        before?;
        let value = value?;
        Some(self.after(out, value))
    }

    /// Statements up to one that leaves. All are looked at, even if some are wrong.
    pub(super) fn statements(&mut self, statements: &[Node], out: &mut Vec<Stmt>) -> Option<()> {
        let mut fine = Some(());
        for statement in statements {
            fine = self.statement(statement, out).and(fine);
            if outline::leaves(statement) {
                break;
            }
        }
        fine
    }

    /// A list of statements of its own.
    pub(super) fn list_of(&mut self, body: &Node) -> Option<Vec<Stmt>> {
        let mark = self.script.open();
        let mut out = Vec::new();
        let fine = self.statement(body, &mut out);
        self.script.close(mark);
        fine.map(|()| out)
    }

    /// An expression for its effects.
    pub(super) fn statement(&mut self, expr: &Node, out: &mut Vec<Stmt>) -> Option<()> {
        match &expr.kind {
            ast::Kind::Block(statements) => {
                let mark = self.script.open();
                let fine = self.statements(statements, out);
                self.script.close(mark);
                fine?;
            }
            ast::Kind::If(condition, then, otherwise) => {
                let condition = self.present_condition(condition);
                self.branches(condition, then, otherwise.as_deref(), out)?;
            }
            ast::Kind::Conditional(condition, then, otherwise) => {
                let condition = self.condition(condition);
                self.branches(condition, then, Some(otherwise), out)?;
            }
            ast::Kind::While(..)
            | ast::Kind::DoWhile(..)
            | ast::Kind::For { .. }
            | ast::Kind::ForEach { .. } => self.loop_statement(expr, None, out)?,
            ast::Kind::Declare { local, value } => self.declare(*local, value.as_deref(), expr.span, out)?,
            ast::Kind::Define { local, function } => self.define(*local, function, out)?,
            ast::Kind::Assign { .. } | ast::Kind::Increment { .. } => self.assign(expr, out)?,
            ast::Kind::Return(value) => {
                let value = match value {
                    Some(value) => self.result(value)?,
                    None => self.nothing(expr.span)?,
                };
                out.push(Stmt::Return(*value));
            }
            ast::Kind::Break => out.push(Stmt::Break),
            ast::Kind::Continue => out.push(Stmt::Continue),
            _ => {
                let value = self.own(expr)?;
                self.dropped(*value, out);
            }
        }
        Some(())
    }

    /// `return` without a value.
    fn nothing(&mut self, span: Span) -> Lowered {
        let null = Node { kind: ast::Kind::Null, span };
        self.result(&null)
    }

    /// An unused value: only its side effects are kept.
    pub(super) fn dropped(&mut self, value: Expr, out: &mut Vec<Stmt>) {
        match value.kind {
            Kind::Block(statements, last) => {
                out.push_all(statements);
                self.dropped(*last, out);
            }
            Kind::Null
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Local(_)
            | Kind::Never => {}
            Kind::Coerce(ref coercion, ref operand) if !coercion.can_fail(&operand.ty) => {
                let Kind::Coerce(_, operand) = value.kind else { return };
                self.dropped(*operand, out);
            }
            _ => out.push(Stmt::Do(value)),
        }
    }

    fn branches(
        &mut self,
        condition: Lowered,
        then: &Node,
        otherwise: Option<&Node>,
        out: &mut Vec<Stmt>,
    ) -> Option<()> {
        let then = self.list_of(then);
        let otherwise = match otherwise {
            Some(otherwise) => self.list_of(otherwise),
            None => Some(Vec::new()),
        };
        out.push(Stmt::If(*condition?, then?, otherwise?));
        Some(())
    }

    /// `var x = v`. Declared again it is the same local, which takes another value.
    pub(super) fn declare(
        &mut self,
        local: ast::LocalId,
        value: Option<&Node>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Option<()> {
        let id = LocalId(local.0);
        let ty = self.script.ty(id);
        let value = match value {
            Some(value) => self.to(value, &ty),
            None => self.null(&ty, span),
        };
        if self.script.is_live(local) {
            let place = self.local_place(id, span);
            out.push(Stmt::Assign(place, *value?));
        } else {
            self.script.declare(local);
            out.push(Stmt::Let(id, *value?));
        }
        Some(())
    }

    /// A declaration whose value is used.
    pub(super) fn declared(&mut self, local: ast::LocalId, value: Option<&Node>, span: Span) -> Lowered {
        let mut out = Vec::new();
        let read = match value {
            Some(value) if !super::script_state::is_atom(value) || is_plain(value) => {
                let kept = self.to(value, &settle(&self.declared_type(local, value)))?;
                let kept = self.keep(*kept, &mut out);
                self.declare(local, Some(&kept), span, &mut out)?;
                self.own(&kept)?
            }
            Some(value) => {
                self.declare(local, Some(value), span, &mut out)?;
                self.own(value)?
            }
            None => {
                self.declare(local, None, span, &mut out)?;
                self.null(&Type::Dynamic, span)?
            }
        };
        Some(self.after(out, read))
    }

    fn declared_type(&self, local: ast::LocalId, value: &Node) -> Type {
        let declaration = Node {
            kind: ast::Kind::Declare { local, value: Some(Box::new(value.clone())) },
            span: value.span,
        };
        self.type_of(&declaration)
    }

    /// A local as a place.
    pub(super) fn local_place(&mut self, local: LocalId, span: Span) -> Place {
        let ty = self.script.ty(local);
        let at = self.positions.position(span);
        Place { root: Root::Local(local), path: Vec::new(), ty, span, at }
    }
}
