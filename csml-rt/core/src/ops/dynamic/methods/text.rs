//! Methods of strings.

use super::{super::super::text as typed, MethodCall, Signatures, texts};
use crate::{StepError, Value};

const METHODS: Signatures = &[
    ("charAt", "(int)"),
    ("compareTo", "(string)"),
    ("concat", "(string)"),
    ("contains", "(string)"),
    ("endsWith", "(string)"),
    ("equals", "(any)"),
    ("indexOf", "(string) or (string, int)"),
    ("isBlank", "()"),
    ("isEmpty", "()"),
    ("lastIndexOf", "(string)"),
    ("length", "()"),
    ("matches", "(string)"),
    ("repeat", "(int)"),
    ("replace", "(string, string)"),
    ("size", "()"),
    ("split", "(string) or (string, int)"),
    ("startsWith", "(string)"),
    ("strip", "()"),
    ("substring", "(int) or (int, int)"),
    ("toLowerCase", "()"),
    ("pattern", "()"),
    ("toString", "()"),
    ("toUpperCase", "()"),
    ("trim", "()"),
];

pub(super) fn call(text: &str, call: MethodCall<'_>) -> Result<Value, StepError> {
    use Value::{Int, Text};

    let at = call.at;
    Ok(match (call.name, call.arguments) {
        ("charAt", [Int(index)]) => typed::char_at(text, *index, at)?.into(),
        ("compareTo", [Text(other)]) => typed::compare_to(text, other).into(),
        ("concat", [Text(other)]) => typed::append(text, other, at)?.into(),
        ("contains", [Text(part)]) => typed::contains(text, part).into(),
        ("endsWith", [Text(end)]) => typed::ends_with(text, end).into(),
        ("equals", [other]) => typed::equals_value(text, other).into(),
        ("indexOf", [Text(part)]) => typed::index_of(text, part).into(),
        ("indexOf", [Text(part), Int(from)]) => typed::index_of_from(text, part, *from).into(),
        ("isBlank", []) => typed::is_blank(text).into(),
        ("isEmpty", []) => text.is_empty().into(),
        ("lastIndexOf", [Text(part)]) => typed::last_index_of(text, part).into(),
        ("length" | "size", []) => typed::length(text).into(),
        ("matches", [Text(pattern)]) => typed::matches(text, pattern, at)?.into(),
        ("repeat", [Int(times)]) => typed::repeat(text, *times, at)?.into(),
        ("replace", [Text(from), Text(to)]) => typed::replace(text, from, to, at)?.into(),
        ("split", [Text(pattern)]) => texts(typed::split(text, pattern, at)?),
        ("split", [Text(pattern), Int(limit)]) => texts(typed::split_limit(text, pattern, *limit, at)?),
        ("startsWith", [Text(start)]) => typed::starts_with(text, start).into(),
        ("strip", []) => typed::strip(text).into(),
        ("substring", [Int(from)]) => typed::substring(text, *from, at)?.into(),
        ("substring", [Int(from), Int(to)]) => typed::substring_to(text, *from, *to, at)?.into(),
        ("toLowerCase", []) => typed::to_lower_case(text).into(),
        ("toString" | "pattern", []) => text.into(),
        ("toUpperCase", []) => typed::to_upper_case(text).into(),
        ("trim", []) => typed::trim(text).into(),
        _ => return Err(call.refused("string", METHODS)),
    })
}
