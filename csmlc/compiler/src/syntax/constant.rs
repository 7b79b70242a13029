//! Values of properties: expressions that are constant, because a property is known before anything runs.

use csml_expr::ast::{Binary, Expr, Kind, Unary};

use crate::canonical::PropertyValue;

/// The value of a constant expression: a scalar, or what arithmetic makes of numbers and strings. None if the text is
/// another expression, or no expression at all.
pub(super) fn constant(text: &str) -> Option<PropertyValue> {
    let parsed = csml_expr::parse(text, &|_, _| ()).ok()?;
    value(&parsed.root)
}

// Recursion: the parser limits the depth.
fn value<R>(expr: &Expr<R, ()>) -> Option<PropertyValue> {
    Some(match &expr.kind {
        Kind::Bool(value) => PropertyValue::Bool(*value),
        Kind::Int(value) => PropertyValue::Int(*value),
        Kind::Float(value) => PropertyValue::Float(*value),
        Kind::Text(text) => PropertyValue::Text(text.clone()),
        Kind::Unary(Unary::Minus, operand) => match value(operand)? {
            PropertyValue::Int(value) => PropertyValue::Int(value.checked_neg()?),
            PropertyValue::Float(value) => PropertyValue::Float(-value),
            _ => return None,
        },
        Kind::Unary(Unary::Plus, operand) => value(operand)
            .filter(|value| !matches!(value, PropertyValue::Bool(_) | PropertyValue::Text(_)))?,
        Kind::Unary(Unary::Not, operand) => match value(operand)? {
            PropertyValue::Bool(value) => PropertyValue::Bool(!value),
            _ => return None,
        },
        Kind::Binary(operator, left, right) => binary(*operator, value(left)?, value(right)?)?,
        _ => return None,
    })
}

fn binary(operator: Binary, left: PropertyValue, right: PropertyValue) -> Option<PropertyValue> {
    use PropertyValue::{Float, Int, Text};
    let (left, right) = match (left, right) {
        (Int(left), Int(right)) => {
            let result = match operator {
                Binary::Add => left.checked_add(right),
                Binary::Sub => left.checked_sub(right),
                Binary::Mul => left.checked_mul(right),
                Binary::Div => left.checked_div(right),
                Binary::Rem => left.checked_rem(right),
                _ => None,
            };
            return result.map(Int);
        }
        (Text(left), Text(right)) if operator == Binary::Add => return Some(Text(left + &right)),
        (Int(left), Float(right)) => (left as f64, right),
        (Float(left), Int(right)) => (left, right as f64),
        (Float(left), Float(right)) => (left, right),
        _ => return None,
    };
    let result = match operator {
        Binary::Add => left + right,
        Binary::Sub => left - right,
        Binary::Mul => left * right,
        Binary::Div if right != 0.0 => left / right,
        _ => return None,
    };
    result.is_finite().then_some(Float(result))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_have_the_value_of_their_expression() {
        for (text, expected) in [
            ("2", Some(PropertyValue::Int(2))),
            ("-2", Some(PropertyValue::Int(-2))),
            ("2 * 60 * 1000", Some(PropertyValue::Int(120_000))),
            ("7 / 2", Some(PropertyValue::Int(3))),
            ("0.5 + 1", Some(PropertyValue::Float(1.5))),
            ("true", Some(PropertyValue::Bool(true))),
            ("!true", Some(PropertyValue::Bool(false))),
            ("'fast'", Some(PropertyValue::Text("fast".to_owned()))),
            ("'a' + 'b'", Some(PropertyValue::Text("ab".to_owned()))),
            ("1 / 0", None),
            ("fast", None),
            ("v2-beta", None),
            ("two words", None),
            ("$x", None),
            ("", None),
        ] {
            assert_eq!(constant(text), expected, "{text}");
        }
    }
}
