//! What the use of a value says about a slot whose type nothing else tells: event data from the environment,
//! service outputs, variables that only take those (EXPRESSIONS, Types).
//!
//! Concatenation says nothing, as any value has a text.

use super::{
    lattice::{held, is_open, join, present},
    slots::{Slot, Slots},
    typing::{Operation, operation, type_of},
};
use crate::{
    expr::{
        Node, Referent,
        ast::{Kind, Unary},
    },
    ir::Comparison,
    source::Span,
    types::Type,
};

/// A slot, the type its use asks for, and where.
pub(super) type Use = (Slot, Type, Span);

/// Collects what an expression, of which `wanted` is expected, says about the slots it names.
pub(super) fn collect(expr: &Node, wanted: &Type, slots: &Slots, uses: &mut Vec<Use>) {
    Collector { slots, uses }.expect(expr, wanted);
}

struct Collector<'a> {
    slots: &'a Slots,
    uses: &'a mut Vec<Use>,
}

impl Collector<'_> {
    /// The expression stands where `wanted` is needed, `Unknown` if anything may stand there.
    fn expect(&mut self, expr: &Node, wanted: &Type) {
        match &expr.kind {
            Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Text(_) => {}
            Kind::Ref(referent) => self.referent(referent, wanted, expr.span),
            Kind::List(items) => {
                let wanted = match present(wanted) {
                    Type::List(item) => (**item).clone(),
                    _ => self.common(items.iter()),
                };
                items.iter().for_each(|item| self.expect(item, &wanted));
            }
            Kind::Map(entries) => {
                let (key, value) = match present(wanted) {
                    Type::Map(key, value) => ((**key).clone(), (**value).clone()),
                    _ => (Type::Unknown, self.common(entries.iter().map(|(_, value)| value))),
                };
                for (k, v) in entries {
                    self.expect(k, &key);
                    self.expect(v, &value);
                }
            }
            Kind::Unary(operator, operand) => match operator {
                Unary::Not => self.expect(operand, &Type::Bool),
                Unary::Minus | Unary::Plus | Unary::BitNot => self.expect(operand, &numeric(wanted)),
                Unary::Size | Unary::Empty => self.expect(operand, &Type::Unknown),
            },
            Kind::Binary(operator, left, right) => match operation(*operator) {
                Operation::And | Operation::Or => {
                    self.expect(left, &Type::Bool);
                    self.expect(right, &Type::Bool);
                }
                Operation::NotYet => {}
                Operation::Arithmetic(_) => self.arithmetic(left, right, wanted),
                Operation::Comparison(op) => self.comparison(op, left, right),
            },
            Kind::Conditional(condition, then, otherwise) => {
                self.expect(condition, &Type::Bool);
                let wanted = if *wanted == Type::Unknown {
                    self.common([&**then, &**otherwise].into_iter())
                } else {
                    wanted.clone()
                };
                self.expect(then, &wanted);
                self.expect(otherwise, &wanted);
            }
            Kind::Index { base: collection, index, .. } => {
                self.expect(collection, &Type::Unknown);
                let index_type = match present(&type_of(collection, self.slots)) {
                    Type::List(_) => Type::Int,
                    Type::Map(key, _) => (**key).clone(),
                    _ => Type::Unknown,
                };
                self.expect(index, &index_type);
            }
            Kind::Field { base: collection, .. } => self.expect(collection, &Type::Unknown),
            // The only functions with arguments take a list of sizes.
            Kind::Call { arguments, .. } => {
                let sizes = Type::List(Box::new(Type::Int));
                arguments.iter().for_each(|argument| self.expect(argument, &sizes));
            }
            Kind::Method { receiver, arguments, .. } => {
                self.expect(receiver, &Type::Unknown);
                arguments.iter().for_each(|argument| self.expect(argument, &Type::Unknown));
            }
            _ => {}
        }
    }

    fn referent(&mut self, referent: &Referent, wanted: &Type, span: Span) {
        let wanted = held(wanted);
        if matches!(wanted, Type::Unknown | Type::Null | Type::Dynamic) {
            return;
        }
        let mut found = |slot| {
            if is_open(self.slots.get(slot)) {
                self.uses.push((slot, wanted.clone(), span));
            }
        };
        match referent {
            Referent::Variable(id) => found(Slot::Variable(*id)),
            Referent::Datum { sources, .. } => sources.iter().for_each(|id| found(Slot::Datum(*id))),
            Referent::Output(id) => found(Slot::Output(*id)),
        }
    }

    fn arithmetic(&mut self, left: &Node, right: &Node, wanted: &Type) {
        let (lt, rt) = (type_of(left, self.slots), type_of(right, self.slots));
        let result = numeric(wanted);
        let from = |other: &Type| if is_open(other) { result.clone() } else { numeric(other) };
        self.expect(left, &from(&rt));
        self.expect(right, &from(&lt));
    }

    fn comparison(&mut self, op: Comparison, left: &Node, right: &Node) {
        let (lt, rt) = (type_of(left, self.slots), type_of(right, self.slots));
        let order = !matches!(op, Comparison::Eq | Comparison::Ne);
        let from = |other: &Type| match present(other) {
            Type::List(_) | Type::Set(_) | Type::Map(..) | Type::Bytes if order => Type::Unknown,
            other => other.clone(),
        };
        self.expect(left, &from(&rt));
        self.expect(right, &from(&lt));
    }

    fn common<'e>(&self, exprs: impl Iterator<Item = &'e Node>) -> Type {
        exprs.fold(Type::Unknown, |ty, expr| join(&ty, &type_of(expr, self.slots)))
    }
}

/// The type if it is a number.
fn numeric(ty: &Type) -> Type {
    match present(ty) {
        ty @ (Type::Int | Type::Float) => ty.clone(),
        _ => Type::Unknown,
    }
}
