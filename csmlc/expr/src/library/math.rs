//! Functions of the namespace `math`: those of Java's `Math`.

use super::{
    Entry, On,
    Ty::{Float, Int},
};

const MATH: Entry = Entry::on(On::Namespace("math"));

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "abs",
        parameters: &[("x", Int)],
        result: Int,
        path: "math::abs_int",
        fails: true,
        doc: "The absolute value.",
        errors: "The result does not fit into 64 bits.",
        example: ("math:abs(-3)", "3"),
        ..MATH
    },
    Entry {
        name: "abs",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::abs",
        doc: "The absolute value.",
        example: ("math:abs(-2.5)", "2.5"),
        ..MATH
    },
    Entry {
        name: "max",
        parameters: &[("a", Int), ("b", Int)],
        result: Int,
        path: "math::max_int",
        doc: "The larger one.",
        example: ("math:max(2, 3)", "3"),
        ..MATH
    },
    Entry {
        name: "max",
        parameters: &[("a", Float), ("b", Float)],
        result: Float,
        path: "math::max",
        doc: "The larger one; `NaN` if one is `NaN`.",
        example: ("math:max(2, 3.5)", "3.5"),
        ..MATH
    },
    Entry {
        name: "min",
        parameters: &[("a", Int), ("b", Int)],
        result: Int,
        path: "math::min_int",
        doc: "The smaller one.",
        example: ("math:min(2, 3)", "2"),
        ..MATH
    },
    Entry {
        name: "min",
        parameters: &[("a", Float), ("b", Float)],
        result: Float,
        path: "math::min",
        doc: "The smaller one; `NaN` if one is `NaN`.",
        example: ("math:min(2, 3.5)", "2.0"),
        ..MATH
    },
    Entry {
        name: "clamp",
        parameters: &[("x", Int), ("least", Int), ("most", Int)],
        result: Int,
        path: "math::clamp_int",
        fails: true,
        doc: "`x`, but not below `least` and not above `most`.",
        errors: "`least` is larger than `most`.",
        example: ("math:clamp(12, 0, 10)", "10"),
        ..MATH
    },
    Entry {
        name: "clamp",
        parameters: &[("x", Float), ("least", Float), ("most", Float)],
        result: Float,
        path: "math::clamp",
        fails: true,
        doc: "`x`, but not below `least` and not above `most`.",
        errors: "`least` is larger than `most`, or one of them is `NaN`.",
        example: ("math:clamp(0.5, 1, 2)", "1.0"),
        ..MATH
    },
    Entry {
        name: "round",
        parameters: &[("x", Float)],
        result: Int,
        path: "math::round",
        doc: "The nearest integer, the larger one of two; at most the largest integer, 0 for `NaN`.",
        example: ("math:round(2.5)", "3"),
        ..MATH
    },
    Entry {
        name: "rint",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::rint",
        doc: "Rounded to the nearest integer, the even one of two.",
        example: ("math:rint(2.5)", "2.0"),
        ..MATH
    },
    Entry {
        name: "ceil",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::ceil",
        doc: "Rounded up.",
        example: ("math:ceil(2.1)", "3.0"),
        ..MATH
    },
    Entry {
        name: "floor",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::floor",
        doc: "Rounded down.",
        example: ("math:floor(-2.1)", "-3.0"),
        ..MATH
    },
    Entry {
        name: "floorDiv",
        parameters: &[("a", Int), ("b", Int)],
        result: Int,
        path: "math::floor_div",
        fails: true,
        doc: "`a / b`, rounded down.",
        errors: "`b` is zero, or the result does not fit into 64 bits.",
        example: ("math:floorDiv(-7, 2)", "-4"),
        ..MATH
    },
    Entry {
        name: "floorMod",
        parameters: &[("a", Int), ("b", Int)],
        result: Int,
        path: "math::floor_mod",
        fails: true,
        doc: "The remainder of `floorDiv`, with the sign of `b`.",
        errors: "`b` is zero.",
        example: ("math:floorMod(-7, 2)", "1"),
        ..MATH
    },
    Entry {
        name: "signum",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::signum",
        doc: "-1.0 for negative, 1.0 for positive numbers, otherwise `x` itself.",
        example: ("math:signum(-3)", "-1.0"),
        ..MATH
    },
    Entry {
        name: "sqrt",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::sqrt",
        doc: "The square root; `NaN` of a negative number.",
        example: ("math:sqrt(16)", "4.0"),
        ..MATH
    },
    Entry {
        name: "cbrt",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::cbrt",
        doc: "The cube root.",
        example: ("math:cbrt(27)", "3.0"),
        ..MATH
    },
    Entry {
        name: "pow",
        parameters: &[("base", Float), ("exponent", Float)],
        result: Float,
        path: "math::pow",
        doc: "`base` to the power `exponent`.",
        example: ("math:pow(2, 10)", "1024.0"),
        ..MATH
    },
    Entry {
        name: "exp",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::exp",
        doc: "e to the power `x`.",
        example: ("math:exp(0)", "1.0"),
        ..MATH
    },
    Entry {
        name: "expm1",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::expm1",
        doc: "e to the power `x`, minus 1; precise near 0 too.",
        example: ("math:expm1(0)", "0.0"),
        ..MATH
    },
    Entry {
        name: "log",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::log",
        doc: "The natural logarithm.",
        example: ("math:log(1)", "0.0"),
        ..MATH
    },
    Entry {
        name: "log10",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::log10",
        doc: "The logarithm to base 10.",
        example: ("math:log10(1000)", "3.0"),
        ..MATH
    },
    Entry {
        name: "log1p",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::log1p",
        doc: "The natural logarithm of 1 + `x`; precise near 0 too.",
        example: ("math:log1p(0)", "0.0"),
        ..MATH
    },
    Entry {
        name: "hypot",
        parameters: &[("x", Float), ("y", Float)],
        result: Float,
        path: "math::hypot",
        doc: "The length of the hypotenuse over `x` and `y`.",
        example: ("math:hypot(3, 4)", "5.0"),
        ..MATH
    },
    Entry {
        name: "sin",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::sin",
        doc: "The sine of an angle in radians.",
        example: ("math:sin(0)", "0.0"),
        ..MATH
    },
    Entry {
        name: "cos",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::cos",
        doc: "The cosine of an angle in radians.",
        example: ("math:cos(0)", "1.0"),
        ..MATH
    },
    Entry {
        name: "tan",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::tan",
        doc: "The tangent of an angle in radians.",
        example: ("math:tan(0)", "0.0"),
        ..MATH
    },
    Entry {
        name: "asin",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::asin",
        doc: "The angle in radians that has this sine.",
        example: ("math:asin(0)", "0.0"),
        ..MATH
    },
    Entry {
        name: "acos",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::acos",
        doc: "The angle in radians that has this cosine.",
        example: ("math:acos(1)", "0.0"),
        ..MATH
    },
    Entry {
        name: "atan",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::atan",
        doc: "The angle in radians that has this tangent.",
        example: ("math:atan(0)", "0.0"),
        ..MATH
    },
    Entry {
        name: "atan2",
        parameters: &[("y", Float), ("x", Float)],
        result: Float,
        path: "math::atan2",
        doc: "The angle in radians of the point (`x`, `y`).",
        example: ("math:atan2(0, 1)", "0.0"),
        ..MATH
    },
    Entry {
        name: "sinh",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::sinh",
        doc: "The hyperbolic sine.",
        example: ("math:sinh(0)", "0.0"),
        ..MATH
    },
    Entry {
        name: "cosh",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::cosh",
        doc: "The hyperbolic cosine.",
        example: ("math:cosh(0)", "1.0"),
        ..MATH
    },
    Entry {
        name: "tanh",
        parameters: &[("x", Float)],
        result: Float,
        path: "math::tanh",
        doc: "The hyperbolic tangent.",
        example: ("math:tanh(0)", "0.0"),
        ..MATH
    },
    Entry {
        name: "toRadians",
        parameters: &[("degrees", Float)],
        result: Float,
        path: "math::to_radians",
        doc: "Degrees to radians.",
        example: ("math:toRadians(180) == math:PI()", "true"),
        ..MATH
    },
    Entry {
        name: "toDegrees",
        parameters: &[("radians", Float)],
        result: Float,
        path: "math::to_degrees",
        doc: "Radians to degrees.",
        example: ("math:toDegrees(math:PI())", "180.0"),
        ..MATH
    },
    Entry {
        name: "PI",
        result: Float,
        path: "math::pi",
        doc: "The number π.",
        example: ("math:PI()", "3.141592653589793"),
        ..MATH
    },
    Entry {
        name: "E",
        result: Float,
        path: "math::e",
        doc: "Euler's number.",
        example: ("math:E()", "2.718281828459045"),
        ..MATH
    },
    Entry {
        name: "random",
        result: Float,
        path: "math::random",
        random: true,
        doc: "A random float from 0 to less than 1.",
        example: ("math:random() < 1", "true"),
        ..MATH
    },
];
