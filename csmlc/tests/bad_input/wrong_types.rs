//! Each value of a description in turn is another one.

use serde_json::{Value, json};

use super::{compile, examples};

/// The example without its comments.
fn parsed(text: &str) -> Value {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    serde_json::from_str(&lines.collect::<Vec<_>>().join("\n")).unwrap()
}

/// Places of all values, as JSON pointers.
fn pointers(value: &Value, here: String, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| pointers(value, format!("{here}/{key}"), all));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, value)| pointers(value, format!("{here}/{i}"), all));
        }
        _ => {}
    }
    all.push(here);
}

fn every_value_becomes(index: usize, make: impl Fn(usize, &Value) -> Vec<Value>) -> usize {
    let (name, text) = examples().swap_remove(index);
    let whole = parsed(&text);
    let mut places = Vec::new();
    pointers(&whole, String::new(), &mut places);
    let mut taken = 0;
    for (number, place) in places.into_iter().enumerate() {
        for replacement in make(number, whole.pointer(&place).unwrap()) {
            let mut changed = whole.clone();
            *changed.pointer_mut(&place).unwrap() = replacement.clone();
            let text = serde_json::to_string(&changed).unwrap();
            let case = || format!("{name}: {replacement} at {place}");
            taken += usize::from(compile(&case, text.as_bytes()).is_some());
        }
    }
    taken
}

fn other_kinds(_: usize, _: &Value) -> Vec<Value> {
    vec![json!(null), json!(true), json!(5), json!("x"), json!([]), json!({})]
}

/// Other expressions for what may be one, and other shapes for lists and objects.
fn other_contents(number: usize, value: &Value) -> Vec<Value> {
    const EXPRESSIONS: [&str; 16] = [
        "",
        " ",
        "1",
        "-1.5",
        "'a'",
        "true",
        "null",
        "[1]",
        "{'a': 1}",
        "$x",
        "$count.a[0]",
        "1 / 0",
        "crates + 'a'",
        "picture",
        "onTrack > 'a'",
        "left[0] ? crate : [null]",
    ];
    match value {
        Value::String(text) => {
            // Each place has its turn with some of them.
            let some = EXPRESSIONS.iter().skip(number % 8).step_by(8).map(|text| json!(text));
            some.chain([json!([text])]).collect()
        }
        Value::Array(items) => {
            let twice: Vec<_> = items.iter().chain(items).cloned().collect();
            let reversed: Vec<_> = items.iter().rev().cloned().collect();
            vec![json!(twice), json!(reversed), json!([items]), items.first().cloned().unwrap_or_default()]
        }
        Value::Object(members) => {
            let without = members.keys().map(|key| {
                let mut less = members.clone();
                less.remove(key);
                json!(less)
            });
            without.chain([json!([members])]).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn other_kinds_in_the_crossing() {
    every_value_becomes(0, other_kinds);
}

#[test]
fn other_kinds_in_the_camera() {
    every_value_becomes(1, other_kinds);
}

#[test]
fn other_kinds_in_the_bottling_line() {
    every_value_becomes(2, other_kinds);
}

#[test]
fn other_contents_in_the_crossing() {
    assert!(every_value_becomes(0, other_contents) > 30);
}

#[test]
fn other_contents_in_the_camera() {
    assert!(every_value_becomes(1, other_contents) > 30);
}

#[test]
fn other_contents_in_the_bottling_line() {
    assert!(every_value_becomes(2, other_contents) > 30);
}
