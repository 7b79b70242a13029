//! Truth, and operators that combine it.

use super::{Lowered, Lowering, wrap};
use crate::{
    expr::{Node, ast},
    ir::{Coercion, Expr, Kind},
    source::Span,
    types::Type,
};

impl Lowering<'_> {
    /// The expression as an operand that counts as true or false. `null` is refused where it is `certain` to be
    /// looked at.
    pub(super) fn truth(&mut self, expr: &Node, certain: bool) -> Lowered {
        if certain && expr.kind == ast::Kind::Null {
            if let Some(nothing) = self.lacking(&[&Type::Null], &Type::Bool, expr.span) {
                return Some(nothing);
            }
            return self.refuse(expr.span, "`null` is neither true nor false");
        }
        let value = self.present_own(expr)?;
        Some(match value.ty {
            Type::Bool => value,
            Type::Dynamic => wrap(Coercion::DynamicToBool, value, Type::Bool),
            _ => wrap(Coercion::Condition, value, Type::Bool),
        })
    }

    pub(super) fn logic(
        &mut self,
        kind: fn(Box<Expr>, Box<Expr>) -> Kind,
        left: &Node,
        right: &Node,
        span: Span,
    ) -> Lowered {
        let (left, right) = (self.truth(left, true), self.truth(right, false));
        Some(self.node(kind(left?, right?), Type::Bool, span))
    }
}
