//! Operators of the tree → functions of the runtime.

use csml_rt_core::{
    StepError, Value,
    private::{
        dynamic, is_empty, size,
        text::{self, Piece},
    },
};

use super::machine::AT;
use crate::ast::{Binary, Unary};

pub(super) fn unary(operator: Unary, operand: &Value) -> Result<Value, StepError> {
    match operator {
        Unary::Minus => dynamic::neg(operand, AT),
        Unary::Plus => dynamic::pos(operand, AT),
        Unary::Not => dynamic::not(operand, AT).map(Value::Bool),
        Unary::BitNot => dynamic::bit_not(operand, AT),
        Unary::Size => Ok(size(operand).into()),
        Unary::Empty => Ok(is_empty(operand).into()),
    }
}

/// The result of an operator whose operands are both evaluated.
pub(super) fn binary(operator: Binary, left: &Value, right: &Value) -> Result<Value, StepError> {
    let truth = match operator {
        Binary::Elvis => return Ok(if dynamic::condition(left) { left } else { right }.clone()),
        Binary::Coalesce => return Ok(if left.is_null() { right } else { left }.clone()),
        Binary::BitOr => return dynamic::bit_or(left, right, AT),
        Binary::BitXor => return dynamic::bit_xor(left, right, AT),
        Binary::BitAnd => return dynamic::bit_and(left, right, AT),
        Binary::Range => return dynamic::range(left, right, AT),
        Binary::Shl => return dynamic::shl(left, right, AT),
        Binary::Shr => return dynamic::shr(left, right, AT),
        Binary::Ushr => return dynamic::ushr(left, right, AT),
        Binary::Add => return dynamic::add(left, right, AT),
        Binary::Sub => return dynamic::sub(left, right, AT),
        Binary::Mul => return dynamic::mul(left, right, AT),
        Binary::Div => return dynamic::div(left, right, AT),
        Binary::Rem => return dynamic::rem(left, right, AT),
        Binary::Or => dynamic::to_bool(left, AT)? || dynamic::to_bool(right, AT)?,
        Binary::And => dynamic::to_bool(left, AT)? && dynamic::to_bool(right, AT)?,
        Binary::Eq => dynamic::eq(left, right),
        Binary::Ne => !dynamic::eq(left, right),
        Binary::Same => dynamic::identical(left, right),
        Binary::NotSame => !dynamic::identical(left, right),
        Binary::Lt => dynamic::lt(left, right, AT)?,
        Binary::Le => dynamic::le(left, right, AT)?,
        Binary::Gt => dynamic::gt(left, right, AT)?,
        Binary::Ge => dynamic::ge(left, right, AT)?,
        Binary::Matches => dynamic::matches(left, right, AT)?,
        Binary::NotMatches => !dynamic::matches(left, right, AT)?,
        Binary::StartsWith => dynamic::starts_with(left, right),
        Binary::NotStartsWith => !dynamic::starts_with(left, right),
        Binary::EndsWith => dynamic::ends_with(left, right, AT)?,
        Binary::NotEndsWith => !dynamic::ends_with(left, right, AT)?,
    };
    Ok(Value::Bool(truth))
}

/// A map of keys and values that take turns.
pub(super) fn map(items: Vec<Value>) -> Result<Value, StepError> {
    let mut items = items.into_iter();
    let entries = std::iter::from_fn(|| Some((items.next()?, items.next()?))).collect();
    dynamic::map(entries, AT)
}

/// The text of all pieces of a template string.
pub(super) fn template(pieces: &[Value]) -> Result<Value, StepError> {
    let pieces: Vec<_> = pieces.iter().map(Piece::Shown).collect();
    text::concat(&pieces, AT).map(Value::from)
}
