//! Resolved expression → typed expression, with every conversion as a node of its own.

use super::{
    lattice::{present, settle, steps},
    operators::{self, Sum, Test},
    rules,
    slots::{Slot, Slots},
    solve::Item,
    typing::{Operation, datum_type, operation, type_of},
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    expr::{
        Referent, Resolved,
        ast::{self, Unary},
        library::{self, Callee},
    },
    ir::{Arithmetic, Coercion, Comparison, DynamicOp, Expr, Function, Kind},
    model::{DatumId, Role},
    source::{Sources, Span},
    types::Type,
};

mod check;
mod places;

use check::a;
use places::Places;

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
        match Slot::of(item.role) {
            Some(slot) => {
                let ty = self.slots.get(slot).clone();
                self.to(&item.expr, &ty)
            }
            None if item.role == Role::Guard => self.guard(&item.expr),
            None => self.delay(&item.expr),
        }
    }

    fn node(&mut self, kind: Kind, ty: Type, span: Span) -> Expr {
        Expr { kind, ty, span, at: self.places.position(span) }
    }

    fn refuse(&mut self, span: Span, message: impl Into<String>) -> Option<Expr> {
        self.diagnostics.push(Diagnostic::new(&rules::REFUSED_OPERATION, span, message));
        None
    }

    fn type_of(&self, expr: &Resolved) -> Type {
        type_of(expr, self.slots)
    }

    /// The expression as a value of type `ty`, which is settled.
    fn to(&mut self, expr: &Resolved, ty: &Type) -> Option<Expr> {
        match (&expr.kind, ty) {
            (ast::Kind::Null, Type::Option(_) | Type::Dynamic) => {
                Some(self.node(Kind::Null, ty.clone(), expr.span))
            }
            (ast::Kind::Null, _) => {
                let null = self.node(Kind::Null, Type::Option(Box::new(ty.clone())), expr.span);
                self.coerce(null, ty)
            }
            (ast::Kind::List(items), Type::List(item)) => {
                let items: Vec<_> = items.iter().map(|expr| self.to(expr, item)).collect();
                let items = items.into_iter().collect::<Option<_>>()?;
                Some(self.node(Kind::List(items), ty.clone(), expr.span))
            }
            (ast::Kind::Map(entries), Type::Map(key, value)) => {
                let entries: Vec<_> =
                    entries.iter().map(|(k, v)| (self.to(k, key), self.to(v, value))).collect();
                let entries = entries.into_iter().map(|(k, v)| Some((k?, v?))).collect::<Option<_>>()?;
                Some(self.node(Kind::Map(entries), ty.clone(), expr.span))
            }
            (ast::Kind::List(_) | ast::Kind::Map(_), _) => {
                let own = settle(&self.type_of(expr));
                let collection = self.to(expr, &own)?;
                self.coerce(collection, ty)
            }
            (ast::Kind::Conditional(condition, then, otherwise), _) => {
                let condition = self.truth(condition, false);
                let (then, otherwise) = (self.to(then, ty), self.to(otherwise, ty));
                let kind = Kind::Conditional(Box::new(condition?), Box::new(then?), Box::new(otherwise?));
                Some(self.node(kind, ty.clone(), expr.span))
            }
            _ => {
                let value = self.own(expr)?;
                self.coerce(value, ty)
            }
        }
    }

    /// The expression in its own type.
    fn own(&mut self, expr: &Resolved) -> Option<Expr> {
        let span = expr.span;
        Some(match &expr.kind {
            ast::Kind::Bool(value) => self.node(Kind::Bool(*value), Type::Bool, span),
            ast::Kind::Int(value) => self.node(Kind::Int(*value), Type::Int, span),
            ast::Kind::Float(value) => self.node(Kind::Float(*value), Type::Float, span),
            ast::Kind::Text(value) => self.node(Kind::Text(value.clone()), Type::Text, span),
            ast::Kind::Ref(Referent::Variable(id)) => {
                self.node(Kind::Variable(*id), self.slots.variables[*id].clone(), span)
            }
            ast::Kind::Ref(Referent::Output(id)) => {
                self.node(Kind::Output(*id), self.slots.outputs[*id].clone(), span)
            }
            ast::Kind::Ref(Referent::Datum { name, sources, partial }) => {
                self.datum(name, sources, *partial, span)
            }
            ast::Kind::Null | ast::Kind::List(_) | ast::Kind::Map(_) | ast::Kind::Conditional(..) => {
                let ty = settle(&self.type_of(expr));
                return self.to(expr, &ty);
            }
            ast::Kind::Unary(operator, operand) => return self.unary(*operator, operand, span),
            ast::Kind::Binary(operator, left, right) => match operation(*operator) {
                Operation::Arithmetic(op) => return self.arithmetic(op, left, right, span),
                Operation::Comparison(op) => return self.comparison(op, left, right, span),
                Operation::And => {
                    let (left, right) = (self.truth(left, true), self.truth(right, false));
                    self.node(Kind::And(Box::new(left?), Box::new(right?)), Type::Bool, span)
                }
                Operation::Or => {
                    let (left, right) = (self.truth(left, true), self.truth(right, false));
                    self.node(Kind::Or(Box::new(left?), Box::new(right?)), Type::Bool, span)
                }
            },
            ast::Kind::Index(collection, index) => {
                let (collection, index) = (self.own(collection), self.own(index));
                return self.item_of(collection?, index?, span);
            }
            ast::Kind::Field(collection, name) => {
                let collection = self.own(collection)?;
                if matches!(present(&collection.ty), Type::List(_)) {
                    return self.refuse(span, format!("a list has no field `{name}`"));
                }
                let name = self.node(Kind::Text(name.clone()), Type::Text, span);
                return self.item_of(collection, name, span);
            }
            ast::Kind::Call { namespace, name, arguments, .. } => {
                let callee = library::function(namespace.as_deref(), name);
                return self.call(callee, arguments, span);
            }
            ast::Kind::Method { receiver, name, .. } => return self.method(receiver, name, span),
        })
    }

    fn datum(&mut self, name: &str, sources: &[DatumId], partial: bool, span: Span) -> Expr {
        let ty = settle(&datum_type(sources, self.slots));
        let coerced = sources.iter().map(|source| {
            let steps = steps(&self.slots.data[*source], &ty).unwrap_or_default();
            (*source, steps.into_iter().next().map(|(coercion, _)| coercion))
        });
        let kind = Kind::Datum { name: name.to_owned(), sources: coerced.collect(), partial };
        self.node(kind, ty, span)
    }

    /// The value converted to a type that it can be converted to.
    fn coerce(&mut self, value: Expr, ty: &Type) -> Option<Expr> {
        if let (Kind::Int(int), Type::Float) = (&value.kind, ty) {
            return Some(Expr { kind: Kind::Float(*int as f64), ty: Type::Float, ..value });
        }
        let Some(steps) = steps(&value.ty, ty) else {
            let message = format!("`{}` cannot be used as `{ty}`", value.ty);
            return self.refuse(value.span, message);
        };
        Some(apply(value, steps))
    }

    fn dynamic(&mut self, expr: &Resolved) -> Option<Expr> {
        self.to(expr, &Type::Dynamic)
    }

    /// The value without its option; fails at run time on `null`.
    fn present(&mut self, value: Expr) -> Option<Expr> {
        let ty = present(&value.ty).clone();
        self.coerce(value, &ty)
    }

    /// The expression as a condition. `null` is refused where it is `certain` to be looked at.
    fn truth(&mut self, expr: &Resolved, certain: bool) -> Option<Expr> {
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
        let (span, at) = (value.span, value.at);
        let kind = Kind::Coerce(Coercion::DynamicToBool, Box::new(value));
        Some(Expr { kind, ty: Type::Bool, span, at })
    }

    fn unary(&mut self, operator: Unary, operand: &Resolved, span: Span) -> Option<Expr> {
        match operator {
            Unary::Not => {
                let operand = self.truth(operand, true)?;
                Some(self.node(Kind::Not(Box::new(operand)), Type::Bool, span))
            }
            Unary::Size => self.measure(Function::Size, operand, span),
            Unary::Empty => self.measure(Function::Empty, operand, span),
            Unary::Minus | Unary::Plus => self.sign(operator, operand, span),
        }
    }

    /// `size x` and `empty x`, which take everything.
    fn measure(&mut self, function: Function, operand: &Resolved, span: Span) -> Option<Expr> {
        let sized = matches!(
            present(&settle(&self.type_of(operand))),
            Type::Text | Type::Bytes | Type::List(_) | Type::Set(_) | Type::Map(..)
        );
        let operand = if sized { self.own(operand)? } else { self.dynamic(operand)? };
        let ty = if function == Function::Size { Type::Int } else { Type::Bool };
        Some(self.node(Kind::Function(function, vec![operand]), ty, span))
    }

    fn sign(&mut self, operator: Unary, operand: &Resolved, span: Span) -> Option<Expr> {
        let what = if operator == Unary::Minus { "negated" } else { "used with a sign" };
        if operand.kind == ast::Kind::Null {
            return self.refuse(span, format!("`null` cannot be {what}"));
        }
        let value = self.own(operand)?;
        let value = self.present(value)?;
        match (&value.ty, operator) {
            (Type::Int | Type::Float | Type::Bool, Unary::Plus) => Some(value),
            (Type::Int | Type::Float, _) => {
                let ty = value.ty.clone();
                Some(self.node(Kind::Negate(Box::new(value)), ty, span))
            }
            (Type::Bool, _) => Some(self.node(Kind::Not(Box::new(value)), Type::Bool, span)),
            (Type::Dynamic, _) => {
                let negated = self.node(Kind::Dynamic(DynamicOp::Negate, vec![value]), Type::Dynamic, span);
                if operator == Unary::Minus {
                    return Some(negated);
                }
                // `+x` refuses what `-x` refuses.
                Some(self.node(Kind::Dynamic(DynamicOp::Negate, vec![negated]), Type::Dynamic, span))
            }
            (ty, _) => {
                let message = format!("{} cannot be {what}", a(ty));
                self.refuse(span, message)
            }
        }
    }

    fn arithmetic(&mut self, op: Arithmetic, left: &Resolved, right: &Resolved, span: Span) -> Option<Expr> {
        let (lt, rt) = (self.type_of(left), self.type_of(right));
        if !self.check_division(op, right) || !self.check_strings(op, (left, &lt), (right, &rt), span) {
            return None;
        }
        match operators::arithmetic(op, &lt, &rt) {
            Sum::Numbers(ty) => {
                let (left, right) = (self.own(left), self.own(right));
                let (left, right) = (self.number(left?, &ty), self.number(right?, &ty));
                let kind = Kind::Arithmetic(op, Box::new(left?), Box::new(right?));
                Some(self.node(kind, ty, span))
            }
            Sum::Concat => {
                let mut pieces = Vec::new();
                let (left, right) = (self.text(left), self.text(right));
                for piece in [left?, right?] {
                    match piece.kind {
                        Kind::Concat(inner) => pieces.extend(inner),
                        _ => pieces.push(piece),
                    }
                }
                Some(self.node(Kind::Concat(pieces), Type::Text, span))
            }
            Sum::Append(ty) => {
                let ty = settle(&ty);
                let (left, right) = (self.to(left, &ty), self.to(right, &ty));
                Some(self.node(Kind::Append(Box::new(left?), Box::new(right?)), ty, span))
            }
            Sum::Push(ty) => {
                let ty = settle(&ty);
                let Type::List(item_type) = &ty else { return None };
                let (list, item) = (self.to(left, &ty), self.to(right, item_type));
                let (list, item) = (list?, item?);
                let last = self.node(Kind::List(vec![item]), ty.clone(), right.span);
                Some(self.node(Kind::Append(Box::new(list), Box::new(last)), ty, span))
            }
            // What inference left unknown is dynamic here.
            Sum::Dynamic | Sum::Unknown => {
                let (left, right) = (self.dynamic(left), self.dynamic(right));
                let kind = Kind::Dynamic(DynamicOp::Arithmetic(op), vec![left?, right?]);
                Some(self.node(kind, Type::Dynamic, span))
            }
            Sum::Refused => self.refuse(span, check::refusal(op, &lt, &rt)),
        }
    }

    /// An operand as a number: options are unwrapped, truth values count as 0 and 1.
    fn number(&mut self, value: Expr, ty: &Type) -> Option<Expr> {
        let value = self.present(value)?;
        self.coerce(value, ty)
    }

    /// An operand of a concatenation as text.
    fn text(&mut self, expr: &Resolved) -> Option<Expr> {
        let value = self.own(expr)?;
        let mut value = self.present(value)?;
        match value.ty {
            Type::Text => return Some(value),
            Type::Bool | Type::Int | Type::Float | Type::Dynamic => {}
            _ => value = self.coerce(value, &Type::Dynamic)?,
        }
        let (span, at) = (value.span, value.at);
        Some(Expr { kind: Kind::Coerce(Coercion::ToText, Box::new(value)), ty: Type::Text, span, at })
    }

    fn comparison(&mut self, op: Comparison, left: &Resolved, right: &Resolved, span: Span) -> Option<Expr> {
        let (lt, rt) = (self.type_of(left), self.type_of(right));
        let test = operators::comparison(op, &lt, &rt);
        match test {
            Test::Typed(ty) => {
                let optional = matches!(ty, Type::Option(_));
                let (left, right) = (self.own(left), self.own(right));
                let (mut left, mut right) = (left?, right?);
                if !optional {
                    (left, right) = (self.present(left)?, self.present(right)?);
                }
                let (left, right) = (self.coerce(left, &ty), self.coerce(right, &ty));
                Some(self.node(Kind::Compare(op, Box::new(left?), Box::new(right?)), Type::Bool, span))
            }
            Test::LeftIsNull => self.is_null(op, left, span),
            Test::RightIsNull => self.is_null(op, right, span),
            Test::Odd if !self.check_order(op, (left, &lt), (right, &rt), span) => None,
            Test::Dynamic | Test::Odd => {
                let (left, right) = (self.nullable(left), self.nullable(right));
                let kind = Kind::Dynamic(DynamicOp::Compare(op), vec![left?, right?]);
                Some(self.node(kind, Type::Bool, span))
            }
            Test::Refused => {
                let message = format!("{} and {} have no order", a(&lt), a(&rt));
                self.refuse(span, message)
            }
        }
    }

    /// An operand of a dynamic comparison. A value that a map does not have compares as `null`.
    fn nullable(&mut self, expr: &Resolved) -> Option<Expr> {
        match self.own(expr)? {
            Expr { kind: Kind::MapItem(map, key), span, .. } => {
                let (map, key) = (self.coerce(*map, &Type::Dynamic), self.coerce(*key, &Type::Dynamic));
                Some(self.node(Kind::Dynamic(DynamicOp::Index, vec![map?, key?]), Type::Dynamic, span))
            }
            value => self.coerce(value, &Type::Dynamic),
        }
    }

    fn is_null(&mut self, op: Comparison, operand: &Resolved, span: Span) -> Option<Expr> {
        let operand = self.own(operand)?;
        let test = self.node(Kind::IsNull(Box::new(operand)), Type::Bool, span);
        if op == Comparison::Eq {
            return Some(test);
        }
        Some(self.node(Kind::Not(Box::new(test)), Type::Bool, span))
    }

    fn item_of(&mut self, collection: Expr, index: Expr, span: Span) -> Option<Expr> {
        let collection = self.present(collection)?;
        let index = self.present(index)?;
        match (&collection.ty, &index.ty) {
            (Type::List(item), Type::Int) => {
                let ty = (**item).clone();
                Some(self.node(Kind::ListItem(Box::new(collection), Box::new(index)), ty, span))
            }
            (Type::Map(key, value), index_type) if **key == *index_type && **key != Type::Dynamic => {
                let ty = (**value).clone();
                Some(self.node(Kind::MapItem(Box::new(collection), Box::new(index)), ty, span))
            }
            (Type::List(_) | Type::Map(..) | Type::Dynamic, _) => {
                let (collection, index) =
                    (self.coerce(collection, &Type::Dynamic), self.coerce(index, &Type::Dynamic));
                let kind = Kind::Dynamic(DynamicOp::Index, vec![collection?, index?]);
                Some(self.node(kind, Type::Dynamic, span))
            }
            (ty, _) => {
                let message = format!("{} has no items or fields", a(ty));
                self.refuse(span, message)
            }
        }
    }

    fn call(&mut self, callee: Option<Callee>, arguments: &[Resolved], span: Span) -> Option<Expr> {
        let (Some(Callee::Known(function, _)), [sizes]) = (callee, arguments) else { return None };
        let wanted = Type::List(Box::new(Type::Int));
        let found = self.type_of(sizes);
        let empty = Type::List(Box::new(Type::Unknown));
        if *present(&found) != wanted && found != empty {
            let message = format!("the sizes must be a list of `int`, but this is {}", a(&settle(&found)));
            self.diagnostics.push(Diagnostic::new(&rules::WRONG_ARGUMENT, sizes.span, message));
            return None;
        }
        let sizes = self.to(sizes, &wanted)?;
        Some(self.node(Kind::Function(function, vec![sizes]), Type::Bytes, span))
    }

    fn method(&mut self, receiver: &Resolved, name: &str, span: Span) -> Option<Expr> {
        let Some(Callee::Known(function, _)) = library::method(name) else { return None };
        let value = self.own(receiver)?;
        let value = self.present(value)?;
        let known = match value.ty {
            Type::Text | Type::Dynamic => true,
            Type::Bytes | Type::List(_) | Type::Set(_) | Type::Map(..) => name != "length",
            _ => false,
        };
        if !known {
            let message = format!("{} has no method `{name}`", a(&value.ty));
            let collection = matches!(value.ty, Type::Bytes | Type::List(_) | Type::Set(_) | Type::Map(..));
            let help = collection.then(|| "the method is called `size`".to_owned());
            self.diagnostics.push(Diagnostic::new(&rules::WRONG_ARGUMENT, span, message).maybe_help(help));
            return None;
        }
        let ty = if function == Function::Size { Type::Int } else { Type::Bool };
        Some(self.node(Kind::Function(function, vec![value]), ty, span))
    }
}

/// A value after some coercions, each to its type.
pub(super) fn apply(value: Expr, steps: Vec<(Coercion, Type)>) -> Expr {
    steps.into_iter().fold(value, |value, (coercion, ty)| {
        let (span, at) = (value.span, value.at);
        Expr { kind: Kind::Coerce(coercion, Box::new(value)), ty, span, at }
    })
}
