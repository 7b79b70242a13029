//! Statements as Rust's own.

use csml_expr::library::Ty;
use proc_macro2::TokenStream;
use quote::quote;

use super::{ExprGenerator, grow, leave};
use crate::{
    ir::{Coercion, Expr, Kind, Stmt},
    lists::GatherTokens,
    types::Type,
};

impl ExprGenerator<'_> {
    /// Statements in order, up to one that leaves.
    pub(super) fn statements(&self, statements: &[Stmt]) -> TokenStream {
        leave::live(statements).iter().map(|statement| self.statement(statement)).gather_tokens()
    }

    pub(super) fn statement(&self, statement: &Stmt) -> TokenStream {
        match statement {
            Stmt::Let(_, value) if leave::leaves(value) => self.discard(value),
            Stmt::Let(local, value) => {
                let (name, ty, value) = (self.declared(*local), self.local_type(*local), self.owned(value));
                quote!(let #name: #ty = #value;)
            }
            Stmt::Assign(place, value) => {
                let mut before = Vec::new();
                place.for_each_child(&mut |child| before.push(child));
                before.push(value);
                if before.iter().any(|expr| leave::leaves(expr)) {
                    return self.discard_all(&before);
                }
                match grow::growth(place, value) {
                    Some(change) => self.discard(&change),
                    None => self.assign(place, value),
                }
            }
            Stmt::Do(value) => self.discard(value),
            Stmt::If(condition, ..) if leave::leaves(condition) => self.discard(condition),
            Stmt::If(condition, yes, no) => {
                let (yes, no) = (self.statements(yes), self.statements(no));
                self.branches_of(condition, yes, no)
            }
            Stmt::Loop { before, body, step, after, at } => {
                self.repeat(before.as_ref(), body, step, after.as_ref(), *at)
            }
            Stmt::ForEach { local, over, body, at } => self.for_each(*local, over, body, *at),
            Stmt::Break => self.end_loop(),
            Stmt::Continue => self.next_round(),
            Stmt::Return(value) => self.leave_with(value),
        }
    }

    pub(super) fn branches_of(&self, condition: &Expr, yes: TokenStream, no: TokenStream) -> TokenStream {
        match (yes.is_empty(), no.is_empty()) {
            (true, true) => self.discard(condition),
            (false, true) => {
                let condition = self.owned(condition);
                quote!(if #condition { #yes })
            }
            (true, false) => {
                let condition = self.not(condition);
                quote!(if #condition { #no })
            }
            (false, false) => {
                let condition = self.owned(condition);
                quote!(if #condition { #yes } else { #no })
            }
        }
    }

    /// Evaluates an expression for its effects.
    pub(super) fn discard(&self, expr: &Expr) -> TokenStream {
        match &expr.kind {
            Kind::Block(statements, value) => {
                let code = self.statements(statements);
                if leave::list_leaves(statements) {
                    return code;
                }
                let value = self.discard(value);
                quote!(#code #value)
            }
            Kind::Never => TokenStream::new(),
            Kind::Conditional(condition, yes, no) if !leave::leaves(condition) => {
                let (yes, no) = (self.discard(yes), self.discard(no));
                self.branches_of(condition, yes, no)
            }
            Kind::And(left, right) if !leave::leaves(left) => {
                let right = self.discard(right);
                self.branches_of(left, right, TokenStream::new())
            }
            Kind::Or(left, right) if !leave::leaves(left) => {
                let right = self.discard(right);
                self.branches_of(left, TokenStream::new(), right)
            }
            _ if leave::leaves(expr) => self.discard_all(&expr.children()),
            _ if self.is_idle(expr) => TokenStream::new(),
            Kind::Coerce(coercion, operand) if !coercion.can_fail(&operand.ty) => self.discard(operand),
            Kind::Change(entry, place, arguments) => {
                let code = self.change(entry, place, arguments, &self.at(expr));
                if entry.fails || entry.result == Ty::Null { quote!(#code;) } else { quote!(let _ = #code;) }
            }
            Kind::Library(entry, arguments) if entry.result == Ty::Null => {
                let code = self.library(entry, arguments, &self.at(expr));
                quote!(#code;)
            }
            Kind::Host(function, operands) if function.result.is_none() => {
                let code = self.host(function, operands, &self.at(expr));
                quote!(#code;)
            }
            Kind::Coerce(Coercion::Unwrap, _) => {
                let code = self.reference(expr);
                quote!(let _ = #code;)
            }
            _ => {
                let code = self.temporary(expr);
                quote!(let _ = #code;)
            }
        }
    }

    /// Evaluates expressions for their effects, up to one that leaves.
    fn discard_all(&self, list: &[&Expr]) -> TokenStream {
        let end = list.iter().position(|expr| leave::leaves(expr)).map_or(list.len(), |last| last + 1);
        list.iter().take(end).map(|expr| self.discard(expr)).gather_tokens()
    }

    /// Whether evaluating it does nothing but yield its value.
    fn is_idle(&self, expr: &Expr) -> bool {
        let mut changes = false;
        expr.for_each_change(&mut |_| changes = true);
        !changes
            && !expr.can_fail(self.program)
            && !expr.uses_random()
            && !expr.calls_host()
            && !expr.any(&mut |part| matches!(part.kind, Kind::Block(..)))
            // Data of an event that may be another one are an error.
            && !expr.uses_event()
            && expr.ty != Type::Unknown
    }
}
