//! Loops. Their value, that of the last evaluation of the body, is only kept where it is used.

use super::{Lowered, Lowering, apply, check::a, lowering_rules};
use crate::{
    diagnostics::Diagnostic,
    expr::{
        Node,
        ast::{self, Binary, LocalRole},
    },
    ir::{Kind, LocalId, Over, Stmt, conversion::steps},
    lists::Gather,
    solve::{operators, typing::element_type},
    source::Span,
    types::{
        Type,
        algebra::{present, settle},
    },
};

impl Lowering<'_> {
    /// A loop whose value is used.
    pub(super) fn loop_value(&mut self, expr: &Node) -> Lowered {
        let ty = settle(&self.type_of(expr));
        let mut out = Vec::new();
        let null = self.null(&ty, expr.span)?;
        let result = self.keep(*null, &mut out);
        let ast::Kind::Local(local) = result.kind else { return None };
        self.loop_statement(expr, Some(LocalId(local.0)), &mut out)?;
        let read = self.own(&result)?;
        Some(self.after(out, read))
    }

    /// A loop, which puts the value of its body into `result` if there is one.
    pub(super) fn loop_statement(
        &mut self,
        expr: &Node,
        result: Option<LocalId>,
        out: &mut Vec<Stmt>,
    ) -> Option<()> {
        let at = self.positions.position(expr.span);
        let (before, body, step, after) = match &expr.kind {
            ast::Kind::While(condition, body) => {
                let before = self.present_condition(condition);
                let body = self.body(body, result, None);
                (Some(*before?), body?, Vec::new(), None)
            }
            ast::Kind::DoWhile(body, condition) => {
                let body = self.body(body, result, None);
                let after = self.present_condition(condition);
                (None, body?, Vec::new(), Some(*after?))
            }
            ast::Kind::For { init, condition, step, body } => {
                if let Some(init) = init {
                    self.statement(init, out)?;
                }
                let before = match condition {
                    Some(condition) => Some(*self.present_condition(condition)?),
                    None => None,
                };
                let body = self.body(body, result, None);
                let step = match step {
                    Some(step) => self.list_of(step),
                    None => Some(Vec::new()),
                };
                (before, body?, step?, None)
            }
            ast::Kind::ForEach { target, collection, body } => {
                return self.for_each(target, collection, body, result, expr.span, out);
            }
            _ => return None,
        };
        out.push(Stmt::Loop { before, body, step, after, at });
        Some(())
    }

    /// The body of a loop, behind what gives its variable a value.
    fn body(&mut self, body: &Node, result: Option<LocalId>, first: Option<Stmt>) -> Option<Vec<Stmt>> {
        let mark = self.script.open();
        let mut out: Vec<Stmt> = first.into_iter().gather();
        let fine = match result {
            Some(result) => self.body_value(body, result, &mut out),
            None => self.statement(body, &mut out),
        };
        self.script.close(mark);
        fine.map(|()| out)
    }

    fn body_value(&mut self, body: &Node, result: LocalId, out: &mut Vec<Stmt>) -> Option<()> {
        let ty = self.script.ty(result);
        let value = self.to(body, &ty)?;
        let value = self.lift(*value, out);
        if !matches!(value.kind, Kind::Never) {
            let place = self.local_place(result, body.span);
            out.push(Stmt::Assign(place, value));
        }
        Some(())
    }

    fn for_each(
        &mut self,
        target: &Node,
        collection: &Node,
        body: &Node,
        result: Option<LocalId>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Option<()> {
        let at = self.positions.position(span);
        let ty = settle(&self.type_of(collection));
        // Nothing to go through: no round.
        if matches!(ty, Type::Option(_)) {
            let shared = self.share(collection, out)?;
            let some = self.is_something(&shared)?;
            let mut then = Vec::new();
            let shared_over = self.over(&shared)?;
            let stmt = self.rounds(target, shared_over, body, result, at, span)?;
            then.push(stmt);
            out.push(Stmt::If(*some, then, Vec::new()));
            return Some(());
        }
        let over = self.over(collection)?;
        let stmt = self.rounds(target, over, body, result, at, span)?;
        out.push(stmt);
        Some(())
    }

    /// What a loop goes through, and the type of its items.
    fn over(&mut self, collection: &Node) -> Option<(Over, Type)> {
        if let ast::Kind::Binary(Binary::Range, left, right) = &collection.kind
            && operators::range(&self.type_of(left), &self.type_of(right)) != Type::Dynamic
        {
            let (left, right) = (self.integer(left), self.integer(right));
            return Some((Over::Range(*left?, *right?), Type::Int));
        }
        let value = self.present_own(collection)?;
        match &value.ty {
            Type::List(_) | Type::Set(_) | Type::Map(..) => {
                let item = element_type(&value.ty);
                Some((Over::Items(*value), item))
            }
            Type::Dynamic => Some((Over::Dynamic(*value), Type::Dynamic)),
            // Nothing to go through in JEXL.
            ty => {
                let message = format!("this loop iterates over {}, which has no items", a(ty));
                self.diagnostics.push(Diagnostic::new(&lowering_rules::NO_ITEMS, collection.span, message));
                let value = self.coerce(value, &Type::Dynamic)?;
                Some((Over::Dynamic(*value), Type::Dynamic))
            }
        }
    }

    fn rounds(
        &mut self,
        target: &Node,
        (over, item): (Over, Type),
        body: &Node,
        result: Option<LocalId>,
        at: csml_rt_core::Position,
        span: Span,
    ) -> Option<Stmt> {
        let mark = self.script.open();
        let (local, first) = self.loop_variable(target, &item, span)?;
        let body = self.body(body, result, first);
        self.script.close(mark);
        Some(Stmt::ForEach { local, over, body: body?, at })
    }

    /// The local that takes each item, and the statement that passes it on if it is not the loop's own variable.
    fn loop_variable(&mut self, target: &Node, item: &Type, span: Span) -> Option<(LocalId, Option<Stmt>)> {
        let own = match target.kind {
            ast::Kind::Local(local)
                if self.script.role(local) == Some(LocalRole::Loop) && !self.script.is_live(local) =>
            {
                self.script.declare(local);
                Some(LocalId(local.0))
            }
            _ => None,
        };
        if let Some(id) = own
            && self.script.ty(id) == *item
        {
            return Some((id, None));
        }
        let taken = self.script.make(String::new(), item.clone());
        let read = self.node(Kind::Local(taken), item.clone(), span);
        let wanted = match own {
            Some(id) => self.script.ty(id),
            None => settle(present(&self.type_of(target))),
        };
        if let Some(id) = own {
            let steps = steps(item, &wanted)?;
            return Some((taken, Some(Stmt::Let(id, *apply(read, steps)))));
        }
        let place = self.place(target)?;
        let value = self.coerce(read, &place.ty)?;
        Some((taken, Some(Stmt::Assign(place, *value))))
    }
}
