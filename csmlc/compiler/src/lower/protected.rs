//! Where `null` and what is missing need not fail: see [`csml_expr::protect`].
//!
//! A protected expression is `null` where evaluating it meets a `null` that fails, or something that does not exist. So is
//! the access to a member that is missing.

use super::{Lowered, Lowering, script_state::is_simple};
use crate::{
    expr::{
        Node,
        ast::{self, Access},
    },
    ir::{Coercion, DynamicOp, Expr, Kind},
    solve::typing::{has_no_members, is_plain},
    source::Span,
    types::{
        Type,
        algebra::{option, present},
    },
};

impl Lowering<'_> {
    /// A protected expression: an option, or a dynamic value, unless nothing in it can be missing.
    pub(super) fn protected(&mut self, operand: &Node) -> Lowered {
        if let ast::Kind::Ref(referent) = &operand.kind {
            let value = self.reference(referent, operand.span);
            return if self.slots.may_be_absent(referent) { self.or_null(value) } else { Some(value) };
        }
        let value = self.sheltered(|lowering| lowering.own(operand))?;
        if self.slots.may_lack(&value) { self.or_null(value) } else { Some(value) }
    }

    /// Lowers something that is going to be protected.
    pub(super) fn sheltered(&mut self, lower: impl FnOnce(&mut Self) -> Lowered) -> Lowered {
        self.shelters += 1;
        let value = lower(self);
        self.shelters -= 1;
        value
    }

    /// What an operator that refuses `null` gives where one of its operands certainly is: nothing, if that is protected.
    pub(super) fn lacking(&mut self, operands: &[&Type], ty: &Type, span: Span) -> Lowered {
        let null = operands.contains(&&Type::Null);
        if self.shelters > 0 && null { self.null(ty, span) } else { None }
    }

    /// `null` in place of what is missing in `value`.
    fn or_null(&mut self, value: Box<Expr>) -> Lowered {
        if is_or_null(&value) {
            return Some(value);
        }
        let (ty, span) = (option(value.ty.clone()), value.span);
        let value = self.coerce(value, &ty)?;
        let null = self.null(&ty, span)?;
        Some(self.node(Kind::Protected(value, null), ty, span))
    }

    /// `otherwise`, of the same type, in place of what is missing in `value`.
    pub(super) fn or(&mut self, value: Box<Expr>, otherwise: Box<Expr>) -> Box<Expr> {
        let (ty, span) = (value.ty.clone(), value.span);
        self.node(Kind::Protected(value, otherwise), ty, span)
    }

    /// The value of an option, in a place where the `null` of what is missing need not fail.
    pub(super) fn sheltered_value(value: Box<Expr>) -> Box<Expr> {
        match value.kind {
            Kind::Protected(inner, null) if null.kind == Kind::Null => match inner.kind {
                Kind::Coerce(Coercion::Some, inner) => inner,
                _ => inner,
            },
            _ => value,
        }
    }

    /// An item or field that need not exist.
    pub(super) fn safe_member(&mut self, expr: &Node) -> Lowered {
        let (base, index, access) = match &expr.kind {
            ast::Kind::Index { base, index, access } => (base, Some(index), *access),
            ast::Kind::Field { base, access, .. } => (base, None, *access),
            _ => return None,
        };
        // Of a variable that is `null` JEXL takes no field, however it is written.
        let fails_on_null = access == Access::Safe && index.is_none() && is_plain(base);
        let ty = self.type_of(base);
        let mut out = Vec::new();
        if has_no_members(present(&ty)) {
            if !is_simple(base) || self.types().may_lack(base) || fails_on_null && ty != *present(&ty) {
                let value = if fails_on_null { self.present_own(base) } else { self.own(base) };
                self.dropped(*value?, &mut out);
            }
            let null = self.null(&Type::Dynamic, expr.span)?;
            return Some(self.after(out, null));
        }
        if ty == Type::Dynamic && !fails_on_null {
            let base = self.own(base)?;
            let key = self.key(expr, index.map(|index| &**index))?;
            return self.safe_item(base, key, expr.span);
        }
        // `null` in the base or in the index by themselves is not protected by this access.
        let index_lacks = index.is_some_and(|index| self.types().may_lack(index));
        let base = if index_lacks || self.types().may_lack(base) {
            self.kept(base, &mut out)?
        } else {
            (**base).clone()
        };
        let index = match index {
            Some(index) if index_lacks => Some(self.kept(index, &mut out)?),
            _ => index.map(|index| (**index).clone()),
        };
        let key = self.key(expr, index.as_ref())?;
        let item = if fails_on_null {
            let base = self.present_own(&base)?;
            if base.ty == Type::Dynamic {
                self.item_of(base, key, expr.span)?
            } else {
                self.safe_item(base, key, expr.span)?
            }
        } else {
            self.sheltered(|lowering| {
                let base = lowering.own(&base)?;
                lowering.safe_item(base, key, expr.span)
            })?
        };
        let item = if !fails_on_null && self.slots.may_lack(&item) { self.or_null(item)? } else { item };
        Some(self.after(out, item))
    }

    /// The index of an item, or the name of a field.
    fn key(&mut self, expr: &Node, index: Option<&Node>) -> Lowered {
        match (&expr.kind, index) {
            (_, Some(index)) => self.own(index),
            (ast::Kind::Field { name, .. }, None) => {
                Some(self.node(Kind::Text(name.clone()), Type::Text, expr.span))
            }
            _ => None,
        }
    }

    fn safe_item(&mut self, base: Box<Expr>, key: Box<Expr>, span: Span) -> Lowered {
        let mut item = self.item_of(base, key, span)?;
        if let Kind::Dynamic(operation @ DynamicOp::Index, _) = &mut item.kind {
            *operation = DynamicOp::SafeIndex;
        }
        Some(item)
    }

    /// A method of something that may be `null`.
    pub(super) fn safe_method(&mut self, expr: &Node) -> Lowered {
        let mut plain = expr.clone();
        let ast::Kind::Method { receiver, arguments, access, .. } = &mut plain.kind else { return None };
        *access = Access::Plain;
        let ty = self.type_of(receiver);
        match ty {
            Type::Null => return self.null(&Type::Dynamic, expr.span),
            Type::Option(_) | Type::Dynamic => {}
            _ => return self.method(&plain),
        }
        let lacks = self.types().may_lack(receiver)
            || arguments.iter().any(|argument| self.types().may_lack(argument));
        if ty != Type::Dynamic && !lacks {
            let call = self.sheltered(|lowering| lowering.method(&plain))?;
            return self.or_null(call);
        }
        let mut out = Vec::new();
        let shared = self.share(receiver, &mut out)?;
        **receiver = shared.clone();
        let result = crate::types::algebra::settle(&option(self.type_of(&plain)));
        let absent = self.is_absent(&shared);
        let (null, value) = (self.null(&result, expr.span), self.to(&plain, &result));
        let choice = self.node(Kind::Conditional(absent?, null?, value?), result, expr.span);
        Some(self.after(out, choice))
    }
}

/// Whether it is `null` already where something in it is missing.
fn is_or_null(value: &Expr) -> bool {
    matches!(&value.kind, Kind::Protected(_, otherwise) if otherwise.kind == Kind::Null)
}
