//! Guards with values put in: what a step would make of them.
//!
//! Every example of a diagnostic is proven here, so this does exactly what generated code does, or says that it
//! cannot. What may be large or take long is left out: a compiler is no place to run it.

use csml_expr::library::{Entry, On};
use csml_rt_core::{
    Position, Rng, StepError, StepErrorKind, Value,
    private::{dynamic, float, int, is_empty, size, text},
};

use crate::{
    ir::{Arithmetic, Bits, Coercion, Comparison, DynamicOp, Expr, Kind, LibraryFunction, LocalId, Stmt},
    lists::Gather,
    types::Type,
};

/// Why an expression has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Evaluating it ends the step with an error.
    Fails,
    /// Likewise, because something is `null` or does not exist.
    Lacks,
    /// It cannot be evaluated here.
    Unknown,
}

impl From<StepError> for Stop {
    fn from(error: StepError) -> Self {
        if error.kind() == StepErrorKind::Missing { Self::Lacks } else { Self::Fails }
    }
}

type Result<T = Value> = std::result::Result<T, Stop>;

/// Characters a string and items a collection may have here.
const MOST: usize = 1_000;
const AT: Position = Position::new(0, 0);

/// Evaluates expressions; `look` knows the variables, event data and outputs.
pub(super) struct Evaluator<'a> {
    look: &'a dyn Fn(&Expr) -> Option<Value>,
    locals: Vec<(LocalId, Value)>,
}

/// The value of `expr`.
pub(super) fn evaluate(expr: &Expr, look: &dyn Fn(&Expr) -> Option<Value>) -> Result {
    Evaluator { look, locals: Vec::new() }.value(expr)
}

/// The value of an expression that nothing has to be known for.
pub(super) fn constant(expr: &Expr) -> Option<Value> {
    evaluate(expr, &|_| None).ok()
}

impl Evaluator<'_> {
    fn value(&mut self, expr: &Expr) -> Result {
        let value = self.any_value(expr)?;
        if is_of(&value, &expr.ty) && is_small(&value) { Ok(value) } else { Err(Stop::Unknown) }
    }

    fn any_value(&mut self, expr: &Expr) -> Result {
        Ok(match &expr.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Int(value) => Value::Int(*value),
            Kind::Float(value) => Value::Float(*value),
            // No guard stands in a case.
            Kind::Matched(_) => return Err(Stop::Unknown),
            Kind::Text(value) if value.len() > MOST => return Err(Stop::Unknown),
            Kind::Text(value) => Value::from(value.as_str()),
            Kind::Variable(_) | Kind::Datum { .. } | Kind::Output(_) => {
                (self.look)(expr).ok_or(Stop::Unknown)?
            }
            Kind::List(items) => Value::list(self.values(items)?),
            Kind::Set(items) => Value::set(self.values(items)?),
            Kind::Map(entries) => {
                let entries: Result<Vec<_>> =
                    entries.iter().map(|(key, value)| Ok((self.value(key)?, self.value(value)?))).collect();
                Value::map(entries?)
            }
            Kind::Coerce(coercion, operand) => {
                let value = self.value(operand)?;
                coerce(coercion, value, &operand.ty)?
            }
            Kind::Negate(operand) => dynamic::neg(&self.value(operand)?, AT)?,
            Kind::Not(operand) => Value::Bool(!self.truth(operand)?),
            Kind::Arithmetic(operator, left, right) => {
                if let Some(value) = expr.constant_int() {
                    return Ok(Value::Int(value));
                }
                arithmetic(*operator, &self.value(left)?, &self.value(right)?)?
            }
            Kind::Bits(operator, left, right) => bits(*operator, self.integer(left)?, self.integer(right)?),
            Kind::BitNot(operand) => Value::Int(!self.integer(operand)?),
            Kind::Range(from, to) => {
                let (from, to) = (self.integer(from)?, self.integer(to)?);
                if from.abs_diff(to) >= MOST as u64 {
                    return Err(Stop::Unknown);
                }
                Value::list(int::range(from, to).map(Value::Int))
            }
            Kind::Concat(pieces) => {
                let pieces = self.values(pieces)?;
                let pieces: Vec<_> = pieces.iter().map(text::Piece::Value).gather();
                text::concat(&pieces, AT)?.into()
            }
            Kind::Compare(operator, left, right) => {
                let (a, b) = (self.value(left)?, self.value(right)?);
                Value::Bool(compare(*operator, &a, &b, &left.ty)?)
            }
            Kind::IsNull(operand) => Value::Bool(self.value(operand)?.is_null()),
            Kind::Protected(value, otherwise) => match self.value(value) {
                Err(Stop::Lacks) => self.value(otherwise)?,
                value => value?,
            },
            Kind::And(left, right) => Value::Bool(self.truth(left)? && self.truth(right)?),
            Kind::Or(left, right) => Value::Bool(self.truth(left)? || self.truth(right)?),
            Kind::Conditional(condition, yes, no) => {
                let holds = self.truth(condition)?;
                self.value(if holds { yes } else { no })?
            }
            Kind::ListItem(list, index) => {
                let (list, index) = (self.value(list)?, self.integer(index)?);
                let item = usize::try_from(index).ok().and_then(|index| list.as_list()?.get(index));
                item.cloned().ok_or(Stop::Lacks)?
            }
            Kind::MapItem(map, key) => {
                let (map, key) = (self.value(map)?, self.value(key)?);
                let entries = map.as_map().ok_or(Stop::Unknown)?;
                entries.get(&key).cloned().unwrap_or_default()
            }
            Kind::Dynamic(operation, operands) => {
                let operands = self.values(operands)?;
                untyped(*operation, &operands)?
            }
            Kind::Function(function, arguments) => {
                let arguments = self.values(arguments)?;
                let [of] = arguments.as_slice() else { return Err(Stop::Unknown) };
                match function {
                    LibraryFunction::Size => Value::Int(size(of)),
                    LibraryFunction::Empty => Value::Bool(is_empty(of)),
                }
            }
            Kind::Library(entry, operands) => {
                let operands = self.values(operands)?;
                call(entry, &operands)?
            }
            Kind::Local(local) => {
                let known = self.locals.iter().rev().find(|(id, _)| id == local);
                known.map(|(_, value)| value.clone()).ok_or(Stop::Unknown)?
            }
            Kind::Block(statements, value) => {
                let before = self.locals.len();
                for statement in statements {
                    let Stmt::Let(local, value) = statement else { return Err(Stop::Unknown) };
                    let value = self.value(value)?;
                    self.locals.push((*local, value));
                }
                let value = self.value(value);
                self.locals.truncate(before);
                value?
            }
            Kind::Script(script) if script.functions.is_empty() => self.value(&script.body)?,
            Kind::Script(_)
            | Kind::Append(..)
            | Kind::Combine(..)
            | Kind::Change(..)
            | Kind::DynamicMethod(..)
            | Kind::DynamicChange(..)
            | Kind::DynamicFunction(..)
            | Kind::Host(..)
            | Kind::Call(..)
            | Kind::Never => return Err(Stop::Unknown),
        })
    }

    fn values(&mut self, exprs: &[Expr]) -> Result<Vec<Value>> {
        exprs.iter().map(|expr| self.value(expr)).collect()
    }

    fn truth(&mut self, expr: &Expr) -> Result<bool> {
        self.value(expr)?.as_bool().ok_or(Stop::Unknown)
    }

    fn integer(&mut self, expr: &Expr) -> Result<i64> {
        self.value(expr)?.as_int().ok_or(Stop::Unknown)
    }
}

/// Whether a value is one of a type. Of the user's own types it never is.
pub(super) fn is_of(value: &Value, ty: &Type) -> bool {
    match (ty, value) {
        (Type::Dynamic, _)
        | (Type::Bool, Value::Bool(_))
        | (Type::Int, Value::Int(_))
        | (Type::Float, Value::Float(_))
        | (Type::Text, Value::Text(_))
        | (Type::Bytes, Value::Bytes(_)) => true,
        (Type::Option(item), value) => value.is_null() || is_of(value, item),
        (Type::List(item), Value::List(items)) => items.iter().all(|value| is_of(value, item)),
        (Type::Set(item), Value::Set(items)) => items.iter().all(|value| is_of(value, item)),
        (Type::Map(key, item), Value::Map(entries)) => {
            entries.iter().all(|(name, value)| is_of(name, key) && is_of(value, item))
        }
        _ => false,
    }
}

fn is_small(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.len() <= MOST,
        Value::Bytes(bytes) => bytes.len() <= MOST,
        Value::List(items) => items.len() <= MOST,
        Value::Set(items) => items.len() <= MOST,
        Value::Map(entries) => entries.len() <= MOST,
        _ => true,
    }
}

fn coerce(coercion: &Coercion, value: Value, from: &Type) -> Result {
    Ok(match (coercion, value) {
        (Coercion::ToDynamic, value) if !from.has_host() => value,
        (Coercion::Some, value) => value,
        (Coercion::IntToFloat, Value::Int(value)) => Value::Float(float::from_int(value)),
        (Coercion::BoolToInt, Value::Bool(value)) => Value::Int(int::from_bool(value)),
        (Coercion::Unwrap, Value::Null) => return Err(Stop::Lacks),
        (Coercion::Unwrap, value) => value,
        (Coercion::ToShownText, Value::Null) => Value::from(""),
        (Coercion::ToText | Coercion::ToShownText, value) => text::from_value(&value, AT)?.into(),
        (Coercion::DynamicToBool, value) => Value::Bool(dynamic::to_bool(&value, AT)?),
        (Coercion::Condition, value) => Value::Bool(dynamic::condition(&value)),
        (Coercion::Inside(..), Value::Null) => Value::Null,
        (Coercion::Inside(inner, _), value) => coerce(inner, value, from.content())?,
        (Coercion::Items(inner, _), Value::List(items)) => {
            let items: Result<Vec<_>> =
                items.iter().map(|item| coerce(inner, item.clone(), from.content())).collect();
            Value::list(items?)
        }
        _ => return Err(Stop::Unknown),
    })
}

fn arithmetic(operator: Arithmetic, left: &Value, right: &Value) -> Result {
    let float = |operator: fn(f64, f64) -> f64| match (left, right) {
        (Value::Float(left), Value::Float(right)) => Some(Value::Float(operator(*left, *right))),
        _ => None,
    };
    Ok(match (operator, left, right) {
        (Arithmetic::Add, Value::Int(left), Value::Int(right)) => Value::Int(int::add(*left, *right, AT)?),
        (Arithmetic::Sub, Value::Int(left), Value::Int(right)) => Value::Int(int::sub(*left, *right, AT)?),
        (Arithmetic::Mul, Value::Int(left), Value::Int(right)) => Value::Int(int::mul(*left, *right, AT)?),
        (Arithmetic::Div, Value::Int(left), Value::Int(right)) => Value::Int(int::div(*left, *right, AT)?),
        (Arithmetic::Rem, Value::Int(left), Value::Int(right)) => Value::Int(int::rem(*left, *right, AT)?),
        (Arithmetic::Div, Value::Float(left), Value::Float(right)) => {
            Value::Float(float::div(*left, *right, AT)?)
        }
        (Arithmetic::Rem, Value::Float(left), Value::Float(right)) => {
            Value::Float(float::rem(*left, *right, AT)?)
        }
        (Arithmetic::Add, ..) => float(|a, b| a + b).ok_or(Stop::Unknown)?,
        (Arithmetic::Sub, ..) => float(|a, b| a - b).ok_or(Stop::Unknown)?,
        (Arithmetic::Mul, ..) => float(|a, b| a * b).ok_or(Stop::Unknown)?,
        _ => return Err(Stop::Unknown),
    })
}

fn bits(operator: Bits, left: i64, right: i64) -> Value {
    Value::Int(match operator {
        Bits::And => left & right,
        Bits::Or => left | right,
        Bits::Xor => left ^ right,
        Bits::Shl => int::shl(left, right),
        Bits::Shr => int::shr(left, right),
        Bits::Ushr => int::ushr(left, right),
    })
}

/// A comparison of two values of type `ty`.
fn compare(operator: Comparison, left: &Value, right: &Value, ty: &Type) -> Result<bool> {
    if let Type::Dynamic | Type::Null = ty {
        return compare_untyped(operator, left, right);
    }
    if let Type::Option(content) = ty
        && !operator.is_order()
    {
        let equal = match (left, right) {
            (Value::Null, other) | (other, Value::Null) => other.is_null(),
            _ => compare(Comparison::Eq, left, right, content)?,
        };
        return Ok(equal == (operator == Comparison::Eq));
    }
    let order = match (left, right) {
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
        (Value::Bool(_), Value::Bool(_))
        | (Value::Int(_), Value::Int(_))
        | (Value::Text(_), Value::Text(_)) => Some(left.cmp(right)),
        // Of floats within collections generated code asks for equality, `Value` for the same bits.
        _ if operator.is_order() || has_float(ty) || ty.has_host() => return Err(Stop::Unknown),
        _ => Some(left.cmp(right)),
    };
    Ok(match operator {
        Comparison::Eq => order.is_some_and(std::cmp::Ordering::is_eq),
        Comparison::Ne => !order.is_some_and(std::cmp::Ordering::is_eq),
        Comparison::Lt => order.is_some_and(std::cmp::Ordering::is_lt),
        Comparison::Le => order.is_some_and(std::cmp::Ordering::is_le),
        Comparison::Gt => order.is_some_and(std::cmp::Ordering::is_gt),
        Comparison::Ge => order.is_some_and(std::cmp::Ordering::is_ge),
    })
}

fn has_float(ty: &Type) -> bool {
    match ty {
        Type::Float | Type::Dynamic => true,
        Type::Map(key, value) => has_float(key) || has_float(value),
        Type::List(_) | Type::Set(_) | Type::Option(_) => has_float(ty.content()),
        _ => false,
    }
}

fn compare_untyped(operator: Comparison, left: &Value, right: &Value) -> Result<bool> {
    Ok(match operator {
        Comparison::Eq => dynamic::eq(left, right),
        Comparison::Ne => !dynamic::eq(left, right),
        Comparison::Lt => dynamic::lt(left, right, AT)?,
        Comparison::Le => dynamic::le(left, right, AT)?,
        Comparison::Gt => dynamic::gt(left, right, AT)?,
        Comparison::Ge => dynamic::ge(left, right, AT)?,
    })
}

fn untyped(operation: DynamicOp, operands: &[Value]) -> Result {
    Ok(match (operation, operands) {
        (DynamicOp::Compare(operator), [left, right]) => Value::Bool(compare_untyped(operator, left, right)?),
        (DynamicOp::Same, [left, right]) => Value::Bool(dynamic::identical(left, right)),
        (DynamicOp::StartsWith, [left, right]) => Value::Bool(dynamic::starts_with(left, right)),
        (DynamicOp::EndsWith, [left, right]) => Value::Bool(dynamic::ends_with(left, right, AT)?),
        (DynamicOp::Matches, [left, right]) if right.as_text().is_none_or(is_plain_pattern) => {
            Value::Bool(dynamic::matches(left, right, AT)?)
        }
        (DynamicOp::Negate, [operand]) => dynamic::neg(operand, AT)?,
        (DynamicOp::Plus, [operand]) => dynamic::pos(operand, AT)?,
        (DynamicOp::Not, [operand]) => Value::Bool(dynamic::not(operand, AT)?),
        (DynamicOp::BitNot, [operand]) => dynamic::bit_not(operand, AT)?,
        (DynamicOp::Index, [base, key]) => dynamic::index(base, key, AT)?.clone(),
        (DynamicOp::Arithmetic(operator), [left, right]) => match operator {
            Arithmetic::Add => dynamic::add(left, right, AT)?,
            Arithmetic::Sub => dynamic::sub(left, right, AT)?,
            Arithmetic::Mul => dynamic::mul(left, right, AT)?,
            Arithmetic::Div => dynamic::div(left, right, AT)?,
            Arithmetic::Rem => dynamic::rem(left, right, AT)?,
        },
        (DynamicOp::Bits(operator), [left, right]) => match operator {
            Bits::And => dynamic::bit_and(left, right, AT)?,
            Bits::Or => dynamic::bit_or(left, right, AT)?,
            Bits::Xor => dynamic::bit_xor(left, right, AT)?,
            Bits::Shl => dynamic::shl(left, right, AT)?,
            Bits::Shr => dynamic::shr(left, right, AT)?,
            Bits::Ushr => dynamic::ushr(left, right, AT)?,
        },
        _ => return Err(Stop::Unknown),
    })
}

/// A function or method of the library; by name, which does what its typed counterpart does.
fn call(entry: &Entry, operands: &[Value]) -> Result {
    let known = |ty: &csml_expr::library::Ty| !matches!(ty, csml_expr::library::Ty::Float);
    let in_floats = !entry.parameters.iter().all(|(_, ty)| known(ty));
    if entry.random || entry.changes || entry.name == "repeat" || (in_floats && any_int(operands)) {
        return Err(Stop::Unknown);
    }
    if let "matches" | "split" = entry.name
        && !operands.get(1).and_then(Value::as_text).is_some_and(is_plain_pattern)
    {
        return Err(Stop::Unknown);
    }
    if let On::Namespace(namespace) = entry.on {
        return Ok(dynamic::function(namespace, entry.name, operands, &mut Rng::new(0), AT)?);
    }
    let (receiver, arguments) = operands.split_first().ok_or(Stop::Unknown)?;
    Ok(dynamic::method(receiver, entry.name, arguments, AT)?)
}

fn any_int(operands: &[Value]) -> bool {
    operands.iter().any(|operand| matches!(operand, Value::Int(_)))
}

/// Whether matching a regular expression takes no time to speak of.
fn is_plain_pattern(pattern: &str) -> bool {
    pattern.len() <= 64 && !pattern.contains('{')
}
