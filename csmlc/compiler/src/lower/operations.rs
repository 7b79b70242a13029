//! Signs, arithmetic, comparison and logic.

use super::{
    Lowered, Lowering,
    check::{self, a},
    wrap,
};
use crate::{
    diagnostics::Diagnostic,
    expr::{
        Node,
        ast::{self, Piece, Unary},
    },
    ir::{Arithmetic, Coercion, Comparison, DynamicOp, Expr, Kind, LibraryFunction},
    lists::{Gather, PushAll},
    solve::operators::{self, Sum, Test},
    source::Span,
    types::{Type, algebra::settle},
};

impl Lowering<'_> {
    pub(super) fn unary(&mut self, operator: Unary, operand: &Node, span: Span) -> Lowered {
        match operator {
            Unary::Not => {
                let operand = self.truth(operand, true)?;
                Some(self.node(Kind::Not(operand), Type::Bool, span))
            }
            Unary::Size => self.measure(LibraryFunction::Size, operand, span),
            Unary::Empty => self.measure(LibraryFunction::Empty, operand, span),
            Unary::BitNot => self.invert(operand, span),
            Unary::Minus | Unary::Plus => self.sign(operator, operand, span),
        }
    }

    /// `-x`, `+x`. Of a truth value the minus sign makes the other one, as in JEXL.
    fn sign(&mut self, operator: Unary, operand: &Node, span: Span) -> Lowered {
        let what = if operator == Unary::Minus { "negated" } else { "used with a sign" };
        if operand.kind == ast::Kind::Null {
            if let Some(nothing) = self.lacking(&[&Type::Null], &Type::Dynamic, span) {
                return Some(nothing);
            }
            return self.refuse(span, format!("`null` cannot be {what}"));
        }
        let value = self.own(operand)?;
        let value = self.present(value)?;
        match (&value.ty, operator) {
            (Type::Int | Type::Float | Type::Bool, Unary::Plus) => Some(value),
            (Type::Int | Type::Float, _) => {
                let ty = value.ty.clone();
                Some(self.node(Kind::Negate(value), ty, span))
            }
            (Type::Bool, _) => Some(self.node(Kind::Not(value), Type::Bool, span)),
            (Type::Dynamic, _) => {
                let negated = self.dynamic_op(DynamicOp::Negate, vec![*value], Type::Dynamic, span);
                if operator == Unary::Minus {
                    return Some(negated);
                }
                // `+x` refuses what `-x` refuses.
                Some(self.dynamic_op(DynamicOp::Negate, vec![*negated], Type::Dynamic, span))
            }
            (ty, _) => {
                let message = format!("{} cannot be {what}", a(ty));
                self.refuse(span, message)
            }
        }
    }

    pub(super) fn dynamic_op(
        &mut self,
        op: DynamicOp,
        operands: Vec<Expr>,
        ty: Type,
        span: Span,
    ) -> Box<Expr> {
        self.node(Kind::Dynamic(op, operands), ty, span)
    }

    pub(super) fn arithmetic(&mut self, op: Arithmetic, left: &Node, right: &Node, span: Span) -> Lowered {
        let (lt, rt) = (self.type_of(left), self.type_of(right));
        if !self.check_division(op, right) || !self.check_strings(op, (left, &lt), (right, &rt), span) {
            return None;
        }
        match operators::arithmetic(op, &lt, &rt) {
            Sum::Numbers(ty) => {
                let (left, right) = (self.number(left, &ty), self.number(right, &ty));
                let result = self.node(Kind::Arithmetic(op, left?, right?), ty, span);
                self.check_overflow(&result).then_some(result)
            }
            Sum::Concat => self.concat(left, right, span),
            Sum::Append(ty) => {
                let ty = settle(&ty);
                let (left, right) = (self.to(left, &ty), self.to(right, &ty));
                Some(self.node(Kind::Append(left?, right?), ty, span))
            }
            Sum::Push(ty) => self.push(left, right, settle(&ty), span),
            Sum::Combine(combine, first, second) => {
                let (first, second) = (settle(&first), settle(&second));
                let (left, right) = (self.to(left, &first), self.to(right, &second));
                Some(self.node(Kind::Combine(combine, left?, right?), first, span))
            }
            // What inference left unknown is dynamic here.
            Sum::Dynamic | Sum::Unknown => {
                let (left, right) = (self.dynamic(left), self.dynamic(right));
                Some(self.dynamic_op(DynamicOp::Arithmetic(op), vec![*left?, *right?], Type::Dynamic, span))
            }
            Sum::Refused => match self.lacking(&[&lt, &rt], &Type::Dynamic, span) {
                None => self.refuse(span, check::refusal(op, &lt, &rt)),
                nothing => nothing,
            },
        }
    }

    /// An operand as a number: options are unwrapped, truth values count as 0 and 1.
    pub(super) fn number(&mut self, expr: &Node, ty: &Type) -> Lowered {
        let value = self.present_own(expr)?;
        self.coerce(value, ty)
    }

    fn concat(&mut self, left: &Node, right: &Node, span: Span) -> Lowered {
        let mut pieces = Vec::new();
        let (left, right) = (self.text(left), self.text(right));
        for piece in [left?, right?] {
            match piece.kind {
                Kind::Concat(inner) => pieces.push_all(inner),
                _ => pieces.push(*piece),
            }
        }
        Some(self.node(Kind::Concat(pieces), Type::Text, span))
    }

    /// A list and one more item.
    fn push(&mut self, list: &Node, item: &Node, ty: Type, span: Span) -> Lowered {
        let Type::List(item_type) = &ty else { return None };
        let (left, item) = (self.to(list, &ty), self.to(item, item_type));
        let (left, item) = (left?, item?);
        let at = item.span;
        let right = self.node(Kind::List(vec![*item]), ty.clone(), at);
        Some(self.node(Kind::Append(left, right), ty, span))
    }

    /// `` `…${expr}…` ``
    pub(super) fn template(&mut self, pieces: &[Piece<crate::expr::Referent, Span>], span: Span) -> Lowered {
        let pieces: Vec<_> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => Some(self.node(Kind::Text(text.clone()), Type::Text, span)),
                Piece::Expr(expr) => self.shown(expr),
            })
            .gather();
        let pieces = pieces.into_iter().map(|piece| piece.map(|piece| *piece)).collect::<Option<Vec<_>>>()?;
        Some(self.node(Kind::Concat(pieces), Type::Text, span))
    }

    /// A part of a template string as text, of which `null` has none.
    fn shown(&mut self, expr: &Node) -> Lowered {
        let empty = |lowering: &mut Self| lowering.node(Kind::Text(String::new()), Type::Text, expr.span);
        let mut out = Vec::new();
        let shared;
        let expr = match self.type_of(expr) {
            Type::Null if expr.kind == ast::Kind::Null => return Some(empty(self)),
            Type::Option(_) if self.types().may_lack(expr) => {
                shared = self.kept(expr, &mut out)?;
                &shared
            }
            _ => expr,
        };
        if let Type::Option(_) = self.type_of(expr) {
            let text = self.sheltered(|lowering| lowering.text(expr))?;
            let empty = empty(self);
            let text = self.or(text, empty);
            return Some(self.after(out, text));
        }
        let value = self.own(expr)?;
        match value.ty {
            Type::Dynamic => Some(wrap(Coercion::ToShownText, value, Type::Text)),
            _ => self.text_of(value),
        }
    }

    /// An operand of a concatenation as text.
    fn text(&mut self, expr: &Node) -> Lowered {
        let value = self.present_own(expr)?;
        self.text_of(value)
    }

    fn text_of(&mut self, mut value: Box<Expr>) -> Lowered {
        match value.ty {
            Type::Text => return Some(value),
            Type::Bool | Type::Int | Type::Float | Type::Dynamic => {}
            _ => value = self.coerce(value, &Type::Dynamic)?,
        }
        Some(wrap(Coercion::ToText, value, Type::Text))
    }

    pub(super) fn comparison(&mut self, op: Comparison, left: &Node, right: &Node, span: Span) -> Lowered {
        let (lt, rt) = (self.type_of(left), self.type_of(right));
        match operators::comparison(op, &lt, &rt) {
            Test::Typed(ty) => {
                let (left, right) = (self.compared(left, &ty), self.compared(right, &ty));
                Some(self.node(Kind::Compare(op, left?, right?), Type::Bool, span))
            }
            Test::LeftIsNull => self.is_null(op, left, span),
            Test::RightIsNull => self.is_null(op, right, span),
            Test::Odd if !self.check_order(op, (left, &lt), (right, &rt), span) => None,
            Test::Dynamic | Test::Odd => {
                if !op.is_order() && operators::never_equal(&lt, &rt) {
                    self.warn_never_equal(&lt, &rt, span);
                }
                let (left, right) = (self.dynamic(left), self.dynamic(right));
                Some(self.dynamic_op(DynamicOp::Compare(op), vec![*left?, *right?], Type::Bool, span))
            }
            Test::Refused => {
                if let Some(nothing) = self.lacking(&[&lt, &rt], &Type::Bool, span) {
                    return Some(nothing);
                }
                let message = format!("{} and {} cannot be ordered", a(&lt), a(&rt));
                self.refuse(span, message)
            }
        }
    }

    /// An operand of a comparison in type `ty`: options are unwrapped unless options are compared.
    pub(super) fn compared(&mut self, expr: &Node, ty: &Type) -> Lowered {
        let mut value = self.own(expr)?;
        if !matches!(ty, Type::Option(_)) && value.ty != *ty {
            value = self.present(value)?;
        }
        self.coerce(value, ty)
    }

    /// Warns of a comparison whose outcome is clear.
    pub(super) fn warn_never_equal(&mut self, left: &Type, right: &Type, span: Span) {
        let message = format!("{} never equals {}", a(left), a(right));
        self.diagnostics.push(Diagnostic::new(&crate::lower::lowering_rules::NEVER_EQUAL, span, message));
    }

    pub(super) fn is_null(&mut self, op: Comparison, operand: &Node, span: Span) -> Lowered {
        let operand = self.own(operand)?;
        let test = self.node(Kind::IsNull(operand), Type::Bool, span);
        if op == Comparison::Eq {
            return Some(test);
        }
        Some(self.node(Kind::Not(test), Type::Bool, span))
    }
}
