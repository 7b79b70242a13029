//! Node expression → typed expression, with every conversion as a node of its own.

use super::{
    lattice::{conversion, present, settle, steps},
    rules,
    slots::{Slot, Slots},
    solve::Item,
    typing::{Operation, datum_type, operation, type_of},
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    expr::{Node, Referent, ast, library},
    ir::{Coercion, Expr, Kind},
    model::{DatumId, Role},
    source::{Sources, Span},
    types::Type,
};

mod access;
mod check;
mod operations;
mod places;

use places::Places;

/// A typed expression, unless something is wrong with it. Boxed, to keep the stack of the recursion small.
type Lowered = Option<Box<Expr>>;

pub(super) struct Lowering<'a> {
    slots: &'a Slots,
    places: Places<'a>,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(slots: &'a Slots, sources: &'a Sources, diagnostics: &'a mut Diagnostics) -> Self {
        Self { slots, places: Places::new(sources), diagnostics }
    }

    /// The typed form of an expression, of the type its purpose needs.
    pub(super) fn item(&mut self, item: &Item) -> Option<Expr> {
        let lowered = match Slot::of(item.role) {
            Some(slot) => {
                let ty = self.slots.get(slot).clone();
                self.to(&item.expr, &ty)
            }
            None if item.role == Role::Guard => self.guard(&item.expr),
            None => self.delay(&item.expr),
        };
        lowered.map(|expr| *expr)
    }

    fn node(&mut self, kind: Kind, ty: Type, span: Span) -> Box<Expr> {
        Box::new(Expr { kind, ty, span, at: self.places.position(span) })
    }

    fn refuse(&mut self, span: Span, message: impl Into<String>) -> Lowered {
        self.diagnostics.push(Diagnostic::new(&rules::REFUSED_OPERATION, span, message));
        None
    }

    fn type_of(&self, expr: &Node) -> Type {
        type_of(expr, self.slots)
    }

    /// The expression as a value of type `ty`, which is settled.
    fn to(&mut self, expr: &Node, ty: &Type) -> Lowered {
        match (&expr.kind, ty) {
            (ast::Kind::Null, _) => self.null(ty, expr.span),
            (ast::Kind::List(items), Type::List(item)) => self.list(items, item, ty, expr.span),
            (ast::Kind::Map(entries), Type::Map(key, value)) => {
                self.map(entries, (key, value), ty, expr.span)
            }
            (ast::Kind::List(_) | ast::Kind::Map(_), _) => {
                let own = settle(&self.type_of(expr));
                let collection = self.to(expr, &own)?;
                self.coerce(collection, ty)
            }
            (ast::Kind::Conditional(condition, then, otherwise), _) => {
                let condition = self.truth(condition, false);
                let (then, otherwise) = (self.to(then, ty), self.to(otherwise, ty));
                Some(self.node(Kind::Conditional(condition?, then?, otherwise?), ty.clone(), expr.span))
            }
            _ => {
                let value = self.own(expr)?;
                self.coerce(value, ty)
            }
        }
    }

    fn null(&mut self, ty: &Type, span: Span) -> Lowered {
        if matches!(ty, Type::Option(_) | Type::Dynamic) {
            return Some(self.node(Kind::Null, ty.clone(), span));
        }
        let null = self.node(Kind::Null, Type::Option(Box::new(ty.clone())), span);
        self.coerce(null, ty)
    }

    fn list(&mut self, items: &[Node], item: &Type, ty: &Type, span: Span) -> Lowered {
        let items: Vec<_> = items.iter().map(|expr| self.to(expr, item)).collect();
        let items = items.into_iter().map(|item| item.map(|item| *item)).collect::<Option<_>>()?;
        Some(self.node(Kind::List(items), ty.clone(), span))
    }

    fn map(
        &mut self,
        entries: &[(Node, Node)],
        (key, value): (&Type, &Type),
        ty: &Type,
        span: Span,
    ) -> Lowered {
        let entries: Vec<_> = entries.iter().map(|(k, v)| (self.to(k, key), self.to(v, value))).collect();
        let entries = entries.into_iter().map(|(k, v)| Some((*k?, *v?))).collect::<Option<_>>()?;
        Some(self.node(Kind::Map(entries), ty.clone(), span))
    }

    /// The expression in its own type.
    fn own(&mut self, expr: &Node) -> Lowered {
        let span = expr.span;
        match &expr.kind {
            ast::Kind::Bool(_) | ast::Kind::Int(_) | ast::Kind::Float(_) | ast::Kind::Text(_) => {
                self.literal(expr)
            }
            ast::Kind::Ref(referent) => Some(self.reference(referent, span)),
            ast::Kind::Null | ast::Kind::List(_) | ast::Kind::Map(_) | ast::Kind::Conditional(..) => {
                let ty = settle(&self.type_of(expr));
                self.to(expr, &ty)
            }
            ast::Kind::Unary(operator, operand) => self.unary(*operator, operand, span),
            ast::Kind::Binary(operator, left, right) => match operation(*operator) {
                Operation::Arithmetic(op) => self.arithmetic(op, left, right, span),
                Operation::Comparison(op) => self.comparison(op, left, right, span),
                Operation::And => self.logic(Kind::And, left, right, span),
                Operation::Or => self.logic(Kind::Or, left, right, span),
                Operation::NotYet => self.refuse(span, "this operator is not compiled yet"),
            },
            ast::Kind::Index { base: collection, index, .. } => self.index(collection, index, span),
            ast::Kind::Field { base: collection, name, .. } => self.field(collection, name, span),
            ast::Kind::Call { namespace, name, arguments, .. } => {
                let callee = library::function(namespace.as_deref(), name);
                self.call(callee, arguments, span)
            }
            ast::Kind::Method { receiver, name, .. } => self.method(receiver, name, span),
            _ => self.refuse(span, "this construct is not compiled yet"),
        }
    }

    fn literal(&mut self, expr: &Node) -> Lowered {
        let (kind, ty) = match &expr.kind {
            ast::Kind::Bool(value) => (Kind::Bool(*value), Type::Bool),
            ast::Kind::Int(value) => (Kind::Int(*value), Type::Int),
            ast::Kind::Float(value) => (Kind::Float(*value), Type::Float),
            ast::Kind::Text(value) => (Kind::Text(value.clone()), Type::Text),
            _ => return None,
        };
        Some(self.node(kind, ty, expr.span))
    }

    fn reference(&mut self, referent: &Referent, span: Span) -> Box<Expr> {
        match referent {
            Referent::Variable(id) => self.node(Kind::Variable(*id), self.slots.variables[*id].clone(), span),
            Referent::Output(id) => self.node(Kind::Output(*id), self.slots.outputs[*id].clone(), span),
            Referent::Datum { name, sources, partial } => self.datum(name, sources, *partial, span),
        }
    }

    fn datum(&mut self, name: &str, sources: &[DatumId], partial: bool, span: Span) -> Box<Expr> {
        let ty = settle(&datum_type(sources, self.slots));
        let coerced = sources.iter().map(|source| {
            let steps = steps(&self.slots.data[*source], &ty).unwrap_or_default();
            (*source, steps.into_iter().next().map(|(coercion, _)| coercion))
        });
        let kind = Kind::Datum { name: name.to_owned(), sources: coerced.collect(), partial };
        self.node(kind, ty, span)
    }

    /// The value converted to a type that it can be converted to.
    fn coerce(&mut self, mut value: Box<Expr>, ty: &Type) -> Lowered {
        if value.ty == *ty {
            return Some(value);
        }
        if let (Kind::Int(int), Type::Float) = (&value.kind, ty) {
            value.kind = Kind::Float(*int as f64);
            value.ty = Type::Float;
            return Some(value);
        }
        let Some(steps) = conversion(&value.ty, ty) else {
            let message = format!("`{}` cannot be used as `{ty}`", value.ty);
            return self.refuse(value.span, message);
        };
        Some(apply(value, steps))
    }

    fn dynamic(&mut self, expr: &Node) -> Lowered {
        self.to(expr, &Type::Dynamic)
    }

    /// The value without its option; fails at run time on `null`.
    fn present(&mut self, value: Box<Expr>) -> Lowered {
        let ty = present(&value.ty).clone();
        self.coerce(value, &ty)
    }

    /// The expression as a condition. `null` is refused where it is `certain` to be looked at.
    fn truth(&mut self, expr: &Node, certain: bool) -> Lowered {
        if certain && expr.kind == ast::Kind::Null {
            return self.refuse(expr.span, "`null` is neither true nor false");
        }
        let value = match settle(&self.type_of(expr)) {
            Type::Bool => return self.own(expr),
            Type::Option(item) if *item == Type::Bool => {
                let value = self.own(expr)?;
                return self.present(value);
            }
            _ => self.dynamic(expr)?,
        };
        Some(wrap(Coercion::DynamicToBool, value, Type::Bool))
    }
}

/// The value with one more coercion.
fn wrap(coercion: Coercion, value: Box<Expr>, ty: Type) -> Box<Expr> {
    let (span, at) = (value.span, value.at);
    Box::new(Expr { kind: Kind::Coerce(coercion, value), ty, span, at })
}

/// A value after some coercions, each to its type.
pub(super) fn apply(value: Box<Expr>, steps: Vec<(Coercion, Type)>) -> Box<Expr> {
    steps.into_iter().fold(value, |value, (coercion, ty)| wrap(coercion, value, ty))
}
