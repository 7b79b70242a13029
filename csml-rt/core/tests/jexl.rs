//! The operators on untyped values against results of a real Commons JEXL.
//!
//! Takes every vector that is one operator over literals. The vectors stand beside the checkout; the test
//! does nothing where they are absent.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a vector that is not as expected fails the test")]

use std::{fs, path::Path};

use csml_rt_core::{Value, private::*};
use serde_json::Value as Json;

const AT: Position = Position::new(1, 1);

#[test]
fn operators_agree_with_jexl() {
    let Some(vectors) = vectors() else { return };
    let (mut compared, mut wrong) = (0, Vec::new());
    for line in vectors.lines() {
        let vector: Json = serde_json::from_str(line).unwrap();
        let source = vector["source"].as_str().unwrap();
        let Some(found) = evaluate(source) else {
            continue;
        };
        compared += 1;
        let expected = expected(&vector["result"]);
        let agree = match (&found, &expected) {
            (Ok(found), Some(expected)) => found == expected,
            (Err(_), None) => true,
            _ => false,
        };
        if !agree {
            wrong.push(format!("{source}: {found:?}, JEXL {}", vector["result"]));
        }
    }
    println!("{compared} vectors compared, {} differ", wrong.len());
    assert!(compared > 4_000, "only {compared} vectors were understood");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn vectors() -> Option<String> {
    ["../../../shared", "../../../../shared"]
        .iter()
        .map(|shared| Path::new(env!("CARGO_MANIFEST_DIR")).join(shared))
        .find_map(|shared| fs::read_to_string(shared.join("vectors/jexl.jsonl")).ok())
}

fn expected(result: &Json) -> Option<Value> {
    let value = &result["v"];
    Some(match result["t"].as_str().unwrap() {
        "error" => return None,
        "null" => Value::Null,
        "bool" => value.as_bool().unwrap().into(),
        "int" => value.as_i64()?.into(),
        "float" => value.as_f64().unwrap_or(f64::NAN).into(),
        "string" => value.as_str().unwrap().into(),
        "list" => Value::list(value.as_array().unwrap().iter().filter_map(expected)),
        "set" => Value::set(value.as_array().unwrap().iter().filter_map(expected)),
        "map" => {
            let entries = value.as_array().unwrap().iter();
            Value::map(entries.filter_map(|entry| Some((expected(&entry[0])?, expected(&entry[1])?))))
        }
        other => panic!("unexpected type {other}"),
    })
}

/// The result of a vector that is understood here: `a op b`, `op a`, `f(a)`.
fn evaluate(source: &str) -> Option<Result<Value, StepError>> {
    let source = source.trim();
    if let Some((left, rest)) = literal(source) {
        let rest = rest.trim_start();
        let end = rest.find(|c: char| c.is_whitespace() || c == '\'' || c == '[' || c == '{')?;
        let (operator, rest) = rest.split_at(end);
        let (right, rest) = literal(rest.trim_start())?;
        return rest.trim().is_empty().then(|| binary(operator, &left, &right))?;
    }
    for operator in ["not", "empty", "size", "!", "-", "~", "+"] {
        let Some(rest) = source.strip_prefix(operator) else {
            continue;
        };
        let rest = rest.trim_start();
        let rest = match rest.strip_prefix('(') {
            Some(inner) => inner.strip_suffix(')')?,
            None => rest,
        };
        let (operand, rest) = literal(rest)?;
        // `--3` is a decrement, which literals do not have.
        if source.starts_with("--") || !rest.is_empty() {
            return None;
        }
        return Some(match operator {
            "!" | "not" => dynamic::not(&operand, AT).map(Value::Bool),
            "-" => dynamic::neg(&operand, AT),
            "+" => dynamic::pos(&operand, AT),
            "~" => dynamic::bit_not(&operand, AT),
            "empty" => Ok(is_empty(&operand).into()),
            _ => Ok(size(&operand).into()),
        });
    }
    None
}

fn binary(operator: &str, left: &Value, right: &Value) -> Option<Result<Value, StepError>> {
    let truth = |value| dynamic::to_bool(value, AT);
    let bool = |result: Result<bool, StepError>| result.map(Value::Bool);
    Some(match operator {
        "+" => dynamic::add(left, right, AT),
        "-" => dynamic::sub(left, right, AT),
        "*" => dynamic::mul(left, right, AT),
        "/" | "div" => dynamic::div(left, right, AT),
        "%" | "mod" => dynamic::rem(left, right, AT),
        "==" | "eq" => Ok(dynamic::eq(left, right).into()),
        "!=" | "ne" => Ok((!dynamic::eq(left, right)).into()),
        "<" | "lt" => bool(dynamic::lt(left, right, AT)),
        "<=" | "le" => bool(dynamic::le(left, right, AT)),
        ">" | "gt" => bool(dynamic::gt(left, right, AT)),
        ">=" | "ge" => bool(dynamic::ge(left, right, AT)),
        "&" => dynamic::bit_and(left, right, AT),
        "|" => dynamic::bit_or(left, right, AT),
        "^" => dynamic::bit_xor(left, right, AT),
        "<<" => dynamic::shl(left, right, AT),
        ">>" => dynamic::shr(left, right, AT),
        ">>>" => dynamic::ushr(left, right, AT),
        "===" => Ok(dynamic::identical(left, right).into()),
        "!==" => Ok((!dynamic::identical(left, right)).into()),
        "=~" => bool(dynamic::matches(left, right, AT)),
        "!~" => bool(dynamic::matches(left, right, AT).map(|holds| !holds)),
        "=^" => Ok(dynamic::starts_with(left, right).into()),
        "!^" => Ok((!dynamic::starts_with(left, right)).into()),
        "=$" => bool(dynamic::ends_with(left, right, AT)),
        "!$" => bool(dynamic::ends_with(left, right, AT).map(|holds| !holds)),
        "?:" => Ok(if dynamic::condition(left) { left.clone() } else { right.clone() }),
        "??" => Ok(if left.is_null() { right.clone() } else { left.clone() }),
        "&&" => bool(truth(left).and_then(|left| Ok(left && truth(right)?))),
        "||" => bool(truth(left).and_then(|left| Ok(left || truth(right)?))),
        _ => return None,
    })
}

/// A literal at the start of `text`, and what follows it.
fn literal(text: &str) -> Option<(Value, &str)> {
    for (word, value) in [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)] {
        if let Some(rest) = text.strip_prefix(word) {
            return Some((value, rest));
        }
    }
    if let Some(quoted) = text.strip_prefix('\'') {
        let (content, rest) = quoted.split_once('\'')?;
        return (!content.contains('\\')).then(|| (content.into(), rest));
    }
    if let Some(items) = text.strip_prefix('[') {
        return list(items);
    }
    if let Some(items) = text.strip_prefix('{') {
        return set_or_map(items);
    }
    let sign = usize::from(text.starts_with('-'));
    let digits = text[sign..]
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != 'e')
        .map_or(text.len(), |end| end + sign);
    let (number, rest) = text.split_at(digits);
    if !number[sign..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let value = match number.parse::<i64>() {
        Ok(int) => int.into(),
        Err(_) => number.parse::<f64>().ok()?.into(),
    };
    Some((value, rest))
}

/// The rest of a list after its bracket.
fn list(mut text: &str) -> Option<(Value, &str)> {
    let mut items = Vec::new();
    loop {
        text = text.trim_start();
        if let Some(rest) = text.strip_prefix(']') {
            return Some((Value::list(items), rest));
        }
        if let Some(rest) = text.strip_prefix("...") {
            text = rest;
            continue;
        }
        let (item, rest) = literal(text)?;
        items.push(item);
        text = rest.trim_start();
        text = text.strip_prefix(',').unwrap_or(text);
    }
}

/// The rest of a set or map after its brace.
fn set_or_map(text: &str) -> Option<(Value, &str)> {
    let (content, rest) = text.split_once('}')?;
    if content.trim() == ":" {
        return Some((Value::map::<Value>([]), rest));
    }
    let mut items = Vec::new();
    let mut entries = Vec::new();
    for part in content.split(',') {
        let (item, more) = literal(part.trim())?;
        match more.trim_start().strip_prefix(':') {
            Some(value) => entries.push((item, literal(value.trim_start())?.0)),
            None => items.push(item),
        }
    }
    let value = if entries.is_empty() { Value::set(items) } else { Value::map(entries) };
    Some((value, rest))
}
