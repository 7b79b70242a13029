//! Types of expressions, given the types of slots. Parts may be unknown while inference goes on.

use super::{
    lattice::{join, map, present, steps},
    operators,
    slots::Slots,
};
use crate::{
    expr::{
        Node, Referent,
        ast::{Binary, Kind, Unary},
        library::{self, Callee},
    },
    ir::{Arithmetic, Comparison, Function},
    model::DatumId,
    types::Type,
};

/// What a binary operator is about.
pub(super) enum Operation {
    Arithmetic(Arithmetic),
    Comparison(Comparison),
    And,
    Or,
    NotYet,
}

pub(super) fn operation(operator: Binary) -> Operation {
    match operator {
        Binary::Add => Operation::Arithmetic(Arithmetic::Add),
        Binary::Sub => Operation::Arithmetic(Arithmetic::Sub),
        Binary::Mul => Operation::Arithmetic(Arithmetic::Mul),
        Binary::Div => Operation::Arithmetic(Arithmetic::Div),
        Binary::Rem => Operation::Arithmetic(Arithmetic::Rem),
        Binary::Eq => Operation::Comparison(Comparison::Eq),
        Binary::Ne => Operation::Comparison(Comparison::Ne),
        Binary::Lt => Operation::Comparison(Comparison::Lt),
        Binary::Le => Operation::Comparison(Comparison::Le),
        Binary::Gt => Operation::Comparison(Comparison::Gt),
        Binary::Ge => Operation::Comparison(Comparison::Ge),
        Binary::And => Operation::And,
        Binary::Or => Operation::Or,
        _ => Operation::NotYet,
    }
}

/// The type of an expression.
pub(super) fn type_of(expr: &Node, slots: &Slots) -> Type {
    match &expr.kind {
        Kind::Null => Type::Null,
        Kind::Bool(_) => Type::Bool,
        Kind::Int(_) => Type::Int,
        Kind::Float(_) => Type::Float,
        Kind::Text(_) => Type::Text,
        Kind::Ref(referent) => referent_type(referent, slots),
        Kind::List(items) => Type::List(Box::new(join_all(items.iter(), slots))),
        Kind::Map(entries) => map(
            key_type(entries.iter().map(|(key, _)| key), slots),
            join_all(entries.iter().map(|(_, value)| value), slots),
        ),
        Kind::Unary(operator, operand) => match operator {
            Unary::Not | Unary::Empty => Type::Bool,
            Unary::Size => Type::Int,
            Unary::Minus | Unary::Plus | Unary::BitNot => signed(&type_of(operand, slots)),
        },
        Kind::Binary(operator, left, right) => match operation(*operator) {
            Operation::Arithmetic(op) => {
                operators::arithmetic(op, &type_of(left, slots), &type_of(right, slots)).result()
            }
            Operation::Comparison(_) | Operation::And | Operation::Or => Type::Bool,
            Operation::NotYet => Type::Unknown,
        },
        Kind::Conditional(_, then, otherwise) => join(&type_of(then, slots), &type_of(otherwise, slots)),
        Kind::Index { base: collection, index, .. } => {
            item_type(&type_of(collection, slots), present(&type_of(index, slots)))
        }
        Kind::Field { base: collection, .. } => item_type(&type_of(collection, slots), &Type::Text),
        Kind::Call { namespace, name, .. } => callee_type(library::function(namespace.as_deref(), name)),
        Kind::Method { name, .. } => callee_type(library::method(name)),
        _ => Type::Unknown,
    }
}

fn referent_type(referent: &Referent, slots: &Slots) -> Type {
    match referent {
        Referent::Variable(id) => slots.variables[*id].clone(),
        Referent::Datum { sources, .. } => datum_type(sources, slots),
        Referent::Output(id) => slots.outputs[*id].clone(),
    }
}

/// The type in which event data from several events meet. Each is converted in one step.
pub(super) fn datum_type(sources: &[DatumId], slots: &Slots) -> Type {
    let joined = sources.iter().fold(Type::Unknown, |ty, source| join(&ty, &slots.data[*source]));
    let far = sources.iter().any(|source| {
        let ty = &slots.data[*source];
        *ty != Type::Unknown && *ty != Type::Null && steps(ty, &joined).is_some_and(|steps| steps.len() > 1)
    });
    if far { Type::Dynamic } else { joined }
}

fn join_all<'a>(items: impl Iterator<Item = &'a Node>, slots: &Slots) -> Type {
    items.fold(Type::Unknown, |ty, item| join(&ty, &type_of(item, slots)))
}

/// Keys of one map have one simple type, or are dynamic.
fn key_type<'a>(keys: impl Iterator<Item = &'a Node>, slots: &Slots) -> Type {
    let mut joined = Type::Unknown;
    for key in keys {
        let ty = type_of(key, slots);
        joined = match (joined, ty) {
            (known, Type::Unknown) => known,
            (Type::Unknown, ty @ (Type::Bool | Type::Int | Type::Text)) => ty,
            (known, ty) if known == ty => known,
            _ => return Type::Dynamic,
        };
    }
    joined
}

/// The type of `-x` and `+x`; unknown where that is refused.
fn signed(operand: &Type) -> Type {
    match present(operand) {
        ty @ (Type::Bool | Type::Int | Type::Float | Type::Dynamic) => ty.clone(),
        _ => Type::Unknown,
    }
}

/// The type of an item of a collection; unknown where there is none.
pub(super) fn item_type(collection: &Type, index: &Type) -> Type {
    match (present(collection), index) {
        (Type::Dynamic, _) => Type::Dynamic,
        (Type::List(item), Type::Int | Type::Unknown) => (**item).clone(),
        (Type::Map(key, value), index) if **key == *index || *index == Type::Unknown => (**value).clone(),
        (Type::Map(key, value), _) if **key == Type::Unknown => (**value).clone(),
        (Type::List(_) | Type::Map(..), _) => Type::Dynamic,
        _ => Type::Unknown,
    }
}

fn callee_type(callee: Option<Callee>) -> Type {
    match callee {
        Some(Callee::Known(Function::RandomPayload, _)) => Type::Bytes,
        Some(Callee::Known(Function::Size, _)) => Type::Int,
        Some(Callee::Known(Function::Empty, _)) => Type::Bool,
        Some(Callee::NotYet) | None => Type::Unknown,
    }
}
