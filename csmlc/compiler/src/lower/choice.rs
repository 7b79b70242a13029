//! Conditions, and expressions of which only some parts are evaluated.

use super::{Lowered, Lowering, lowering_rules, wrap};
use crate::{
    diagnostics::Diagnostic,
    expr::{Node, ast},
    ir::{Coercion, Comparison, DynamicOp, Kind},
    solve::{operators::always_holds, outline, typing::is_plain},
    source::Span,
    types::{Type, algebra::settle},
};

impl Lowering<'_> {
    /// The condition of a choice or loop; `null` does not hold.
    pub(super) fn condition(&mut self, expr: &Node) -> Lowered {
        let ty = self.type_of(expr);
        let what = match &ty {
            Type::Text => Some("a string holds unless it is empty or `false`"),
            ty if always_holds(ty) => Some("this always holds"),
            _ => None,
        };
        if let Some(what) = what {
            let fault = Diagnostic::new(
                &lowering_rules::ODD_CONDITION,
                expr.span,
                format!("a `{}` as a condition", settle(&ty)),
            );
            self.diagnostics.push(fault.label(what).help("ask `empty x`, or compare it with something"));
        }
        self.holds(expr)
    }

    /// Whether a value counts as true; `null` does not.
    fn holds(&mut self, expr: &Node) -> Lowered {
        if expr.kind == ast::Kind::Null {
            return Some(self.node(Kind::Bool(false), Type::Bool, expr.span));
        }
        let value = self.own(expr)?;
        if value.ty == Type::Bool {
            return Some(value);
        }
        Some(wrap(Coercion::Condition, value, Type::Bool))
    }

    /// `c ? a : b` and `if` as values; `null` stands for what is not written.
    pub(super) fn choose(
        &mut self,
        condition: &Node,
        then: &Node,
        otherwise: Option<&Node>,
        ty: &Type,
        span: Span,
    ) -> Lowered {
        let condition = self.condition(condition);
        let mark = self.script.open();
        let then = self.to(then, ty);
        self.script.close(mark);
        let mark = self.script.open();
        let otherwise = match otherwise {
            Some(otherwise) => self.to(otherwise, ty),
            None => self.null(ty, span),
        };
        self.script.close(mark);
        Some(self.node(Kind::Conditional(condition?, then?, otherwise?), ty.clone(), span))
    }

    /// `a ?: b`
    pub(super) fn elvis(&mut self, left: &Node, right: &Node, ty: &Type, span: Span) -> Lowered {
        let certain = outline::constant_truth(left).or(always_holds(&self.type_of(left)).then_some(true));
        if let Some(holds) = certain {
            return self.to(if holds { left } else { right }, ty);
        }
        let mut out = Vec::new();
        let shared = self.share(left, &mut out)?;
        let condition = self.holds(&shared);
        let (then, otherwise) = (self.to(&shared, ty), self.to(right, ty));
        let choice = self.node(Kind::Conditional(condition?, then?, otherwise?), ty.clone(), span);
        Some(self.after(out, choice))
    }

    /// `a ?? b`
    pub(super) fn coalesce(&mut self, left: &Node, right: &Node, ty: &Type, span: Span) -> Lowered {
        match settle(&self.type_of(left)) {
            _ if left.kind == ast::Kind::Null => return self.to(right, ty),
            Type::Option(_) | Type::Dynamic => {}
            _ => return self.to(left, ty),
        }
        let mut out = Vec::new();
        let shared = self.share(left, &mut out)?;
        let absent = self.is_absent(&shared);
        let (then, otherwise) = (self.to(right, ty), self.to(&shared, ty));
        let choice = self.node(Kind::Conditional(absent?, then?, otherwise?), ty.clone(), span);
        Some(self.after(out, choice))
    }

    /// Whether an option or dynamic value is `null`.
    pub(super) fn is_absent(&mut self, expr: &Node) -> Lowered {
        let value = self.own(expr)?;
        if value.ty == Type::Dynamic {
            let null = self.node(Kind::Null, Type::Dynamic, expr.span);
            let op = DynamicOp::Compare(Comparison::Eq);
            return Some(self.dynamic_op(op, vec![*value, *null], Type::Bool, expr.span));
        }
        Some(self.node(Kind::IsNull(value), Type::Bool, expr.span))
    }

    pub(super) fn is_something(&mut self, expr: &Node) -> Lowered {
        let absent = self.is_absent(expr)?;
        Some(self.node(Kind::Not(absent), Type::Bool, expr.span))
    }

    /// `a?.b`, `a?.[i]`, `a?.m()`: `null` where `a` is. Of a variable as such the access is not protected.
    pub(super) fn safely(&mut self, expr: &Node) -> Lowered {
        let mut plain = expr.clone();
        let base = match &mut plain.kind {
            ast::Kind::Index { base, safe, .. } | ast::Kind::Field { base, safe, .. } => {
                *safe = false;
                base
            }
            ast::Kind::Method { receiver, safe, .. } => {
                *safe = false;
                receiver
            }
            _ => return None,
        };
        let ty = settle(&self.type_of(base));
        if is_plain(base) || !matches!(ty, Type::Option(_) | Type::Dynamic) {
            return self.own(&plain);
        }
        let mut out = Vec::new();
        let shared = self.share(base, &mut out)?;
        **base = shared.clone();
        let result = settle(&crate::types::algebra::option(self.type_of(&plain)));
        let absent = self.is_absent(&shared);
        let (null, value) = (self.null(&result, expr.span), self.to(&plain, &result));
        let choice = self.node(Kind::Conditional(absent?, null?, value?), result, expr.span);
        Some(self.after(out, choice))
    }
}
