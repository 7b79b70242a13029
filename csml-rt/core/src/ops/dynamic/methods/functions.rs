//! Functions of the namespaces `math`, `std` and `utility`.

use alloc::{format, vec::Vec};

use super::{
    super::super::{math, random},
    MethodCall, Signatures,
};
use crate::{Position, Rng, StepError, StepErrorKind, Value};

const NAMESPACES: &str = "math, std, utility";

type OfFloat = (&'static str, fn(f64) -> f64);

/// Functions of one float.
const OF_FLOAT: &[OfFloat] = &[
    ("acos", math::acos),
    ("asin", math::asin),
    ("atan", math::atan),
    ("cbrt", math::cbrt),
    ("ceil", math::ceil),
    ("cos", math::cos),
    ("cosh", math::cosh),
    ("exp", math::exp),
    ("expm1", math::expm1),
    ("floor", math::floor),
    ("log", math::log),
    ("log10", math::log10),
    ("log1p", math::log1p),
    ("rint", math::rint),
    ("signum", math::signum),
    ("sin", math::sin),
    ("sinh", math::sinh),
    ("sqrt", math::sqrt),
    ("tan", math::tan),
    ("tanh", math::tanh),
    ("toDegrees", math::to_degrees),
    ("toRadians", math::to_radians),
];

/// The other functions of `math`.
const MATH: Signatures = &[
    ("E", "()"),
    ("PI", "()"),
    ("abs", "(number)"),
    ("atan2", "(number, number)"),
    ("clamp", "(number, number, number)"),
    ("floorDiv", "(int, int)"),
    ("floorMod", "(int, int)"),
    ("hypot", "(number, number)"),
    ("max", "(number, number)"),
    ("min", "(number, number)"),
    ("pow", "(number, number)"),
    ("random", "()"),
    ("round", "(number)"),
];

const STD: Signatures = &[
    ("randomAround", "(number, number)"),
    ("randomPayload", "(list of int)"),
    ("repeat", "(item, int)"),
    ("seed", "(int)"),
    ("takeRandom", "(list) or (set)"),
];

const UTILITY: Signatures = &[
    ("genRandPayload", "(list of int)"),
    ("randomAround", "(number, number)"),
    ("randomPayload", "(list of int)"),
    ("repeat", "(item, int)"),
    ("seed", "(int)"),
    ("takeRandom", "(list) or (set)"),
];

/// `namespace:name(arguments)`; random functions draw from `rng`.
///
/// # Errors
/// There is no such function, it does not take these arguments, or the function's own.
pub fn function(
    namespace: &str,
    name: &str,
    arguments: &[Value],
    rng: &mut Rng,
    at: Position,
) -> Result<Value, StepError> {
    MethodCall { name, arguments, at }.fitting(|call| in_namespace(namespace, call, rng))
}

fn in_namespace(namespace: &str, call: MethodCall<'_>, rng: &mut Rng) -> Result<Value, StepError> {
    match namespace {
        "math" => of_math(call, rng),
        "std" | "utility" => of_std(namespace, call, rng),
        _ => Err(StepError::new(
            StepErrorKind::Call,
            call.at,
            format!("unknown namespace `{namespace}`; the namespaces are {NAMESPACES}"),
        )),
    }
}

fn of_math(call: MethodCall<'_>, rng: &mut Rng) -> Result<Value, StepError> {
    use Value::Int;

    let at = call.at;
    Ok(match (call.name, call.arguments) {
        ("E", []) => math::e().into(),
        ("PI", []) => math::pi().into(),
        ("random", []) => math::random(rng).into(),
        ("abs", [Int(value)]) => math::abs_int(*value, at)?.into(),
        ("max", [Int(left), Int(right)]) => math::max_int(*left, *right).into(),
        ("min", [Int(left), Int(right)]) => math::min_int(*left, *right).into(),
        ("floorDiv", [Int(left), Int(right)]) => math::floor_div(*left, *right, at)?.into(),
        ("floorMod", [Int(left), Int(right)]) => math::floor_mod(*left, *right, at)?.into(),
        ("clamp", [Int(value), Int(least), Int(most)]) => math::clamp_int(*value, *least, *most, at)?.into(),
        _ => of_floats(call)?,
    })
}

fn of_floats(call: MethodCall<'_>) -> Result<Value, StepError> {
    let floats: Option<Vec<f64>> = call.arguments.iter().map(Value::as_float).collect();
    let refused = || Err(unknown("math", call));
    let Some(floats) = floats else { return refused() };
    Ok(match (call.name, floats.as_slice()) {
        ("abs", [value]) => math::abs(*value).into(),
        ("atan2", [y, x]) => math::atan2(*y, *x).into(),
        ("clamp", [value, least, most]) => math::clamp(*value, *least, *most, call.at)?.into(),
        ("hypot", [x, y]) => math::hypot(*x, *y).into(),
        ("max", [left, right]) => math::max(*left, *right).into(),
        ("min", [left, right]) => math::min(*left, *right).into(),
        ("pow", [base, exponent]) => math::pow(*base, *exponent).into(),
        ("round", [value]) => math::round(*value).into(),
        (name, [value]) => match OF_FLOAT.iter().find(|function| function.0 == name) {
            Some((_, function)) => function(*value).into(),
            None => return refused(),
        },
        _ => return refused(),
    })
}

fn of_std(namespace: &str, call: MethodCall<'_>, rng: &mut Rng) -> Result<Value, StepError> {
    use Value::{Int, List, Set};

    let at = call.at;
    Ok(match (call.name, call.arguments) {
        ("takeRandom", [List(items)]) => random::take_random(items, rng, at)?,
        ("takeRandom", [Set(items)]) => random::take_random_element(items, rng, at)?,
        ("repeat", [item, Int(times)]) => random::repeat(item.clone(), *times, at)?.into(),
        ("seed", [Int(seed)]) => {
            random::seed(*seed, rng);
            Value::Null
        }
        ("randomAround", [base, delta]) => match (base.as_float(), delta.as_float()) {
            (Some(base), Some(delta)) => random::random_around(base, delta, rng).into(),
            _ => return Err(unknown(namespace, call)),
        },
        ("randomPayload", [List(sizes)]) => payload(namespace, call, sizes, rng)?,
        ("genRandPayload", [List(sizes)]) if namespace == "utility" => payload(namespace, call, sizes, rng)?,
        _ => return Err(unknown(namespace, call)),
    })
}

fn payload(
    namespace: &str,
    call: MethodCall<'_>,
    sizes: &[Value],
    rng: &mut Rng,
) -> Result<Value, StepError> {
    let sizes: Option<Vec<i64>> = sizes.iter().map(Value::as_int).collect();
    let sizes = sizes.ok_or_else(|| unknown(namespace, call))?;
    random::random_payload(&sizes, rng, call.at).map(Value::from)
}

/// There is no such function, or it does not take these arguments.
#[cold]
fn unknown(namespace: &str, call: MethodCall<'_>) -> StepError {
    let name = call.name;
    let of_float = OF_FLOAT.iter().map(|(name, _)| (*name, "(number)"));
    let mut known: Vec<_> = match namespace {
        "math" => MATH.iter().copied().chain(of_float).collect(),
        "std" => STD.to_vec(),
        _ => UTILITY.to_vec(),
    };
    known.sort_unstable();
    let (kind, message) = match known.iter().find(|signature| signature.0 == name) {
        Some((_, parameters)) => {
            let kinds: Vec<_> = call.arguments.iter().map(Value::kind).collect();
            let message = format!("`{namespace}:{name}` takes {parameters}, not ({})", kinds.join(", "));
            (call.misfit(), message)
        }
        None => {
            let names: Vec<_> = known.iter().map(|signature| signature.0).collect();
            let names = names.join(", ");
            let message = format!("unknown function `{namespace}:{name}`; the functions are {names}");
            (StepErrorKind::Call, message)
        }
    };
    StepError::new(kind, call.at, message)
}
