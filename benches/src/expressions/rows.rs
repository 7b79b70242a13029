//! The expressions and the data they meet.

use csml_rt::{Rng, Value};

use super::{Kind, Row};

/// All of them, in the order of the table.
pub static ROWS: &[Row] = &[
    Row {
        name: "int guard",
        source: "credit + $value >= price && sold < 100",
        event: "coin",
        kind: Kind::Guard,
        rhai: "credit + value >= price && sold < 100",
        cel: Some("credit + value >= price && sold < 100"),
        input: |random| vec![("value", int(random, 100))],
    },
    Row {
        name: "int assignment",
        source: "(count * 31 + $number) % 1000003",
        event: "hash",
        kind: Kind::Assign("count"),
        rhai: "count = (count * 31 + number) % 1000003",
        cel: Some("(count * 31 + number) % 1000003"),
        input: |random| vec![("number", int(random, 1_000))],
    },
    Row {
        name: "float guard",
        source: "$celsius < goal - 0.5",
        event: "reading",
        kind: Kind::Guard,
        rhai: "celsius < goal - 0.5",
        cel: Some("celsius < goal - 0.5"),
        input: |random| vec![("celsius", tenths(random, 180, 50))],
    },
    Row {
        name: "float assignment",
        source: "mean * 0.9 + $next * 0.1",
        event: "smooth",
        kind: Kind::Assign("mean"),
        rhai: "mean = mean * 0.9 + next * 0.1",
        cel: Some("mean * 0.9 + next * 0.1"),
        input: |random| vec![("next", tenths(random, 180, 50))],
    },
    Row {
        name: "string guard",
        source: "$room == place",
        event: "room",
        kind: Kind::Guard,
        rhai: "room == place",
        cel: Some("room == place"),
        input: |random| vec![("room", one_of(random, &["kitchen", "kitchen", "hall", "chamber"]))],
    },
    Row {
        name: "prefix guard",
        source: "place.startsWith($prefix)",
        event: "door",
        kind: Kind::Guard,
        rhai: "place.starts_with(prefix)",
        cel: Some("place.startsWith(prefix)"),
        input: |random| vec![("prefix", one_of(random, &["kit", "kitchen", "hall", "kitchens"]))],
    },
    Row {
        name: "string assignment",
        source: "place + ($warm ? ' is warm' : ' is cold')",
        event: "describe",
        kind: Kind::Assign("label"),
        rhai: "label = place + if warm { \" is warm\" } else { \" is cold\" }",
        cel: Some("place + (warm ? ' is warm' : ' is cold')"),
        input: |random| vec![("warm", Value::Bool(random.next_u64() % 2 == 0))],
    },
    Row {
        name: "list guard",
        source: "history[$i] > 3",
        event: "look",
        kind: Kind::Guard,
        rhai: "history[i] > 3",
        cel: Some("history[i] > 3"),
        input: |random| vec![("i", int(random, 8))],
    },
    Row {
        name: "membership guard",
        source: "history.contains($item)",
        event: "seek",
        kind: Kind::Guard,
        rhai: "history.contains(item)",
        cel: Some("item in history"),
        input: |random| vec![("item", int(random, 14))],
    },
    Row {
        name: "list assignment",
        source: "total + history[$at]",
        event: "order",
        kind: Kind::Assign("total"),
        rhai: "total = total + history[at]",
        cel: Some("total + history[at]"),
        input: |random| vec![("at", int(random, 8))],
    },
    Row {
        name: "loop over a list",
        source: "var sum = $extra; for (var x : history) { sum += x } sum",
        event: "sum",
        kind: Kind::Assign("total"),
        rhai: "total = { let sum = extra; for x in history { sum += x; } sum }",
        cel: None,
        input: |random| vec![("extra", int(random, 100))],
    },
    Row {
        name: "loop over a range",
        source: "var s = 0; for (var i : 1..$to) { if (i % 3 == 0) { s += i } } s",
        event: "series",
        kind: Kind::Assign("total"),
        rhai: "total = { let s = 0; for i in 1..=to { if i % 3 == 0 { s += i; } } s }",
        cel: None,
        input: |random| vec![("to", Value::Int(1 + (random.next_u64() % 20) as i64))],
    },
    Row {
        name: "map guard",
        source: "stock[$fruit] == 7",
        event: "fruit",
        kind: Kind::Guard,
        rhai: "stock[fruit] == 7",
        cel: Some("stock[fruit] == 7"),
        input: |random| vec![("fruit", one_of(random, &["apple", "pear", "plum", "fig"]))],
    },
];

/// A number from 0 up to `end`, without it.
fn int(random: &mut Rng, end: u64) -> Value {
    Value::Int((random.next_u64() % end) as i64)
}

/// One of `count` numbers a tenth apart, from `start` tenths on.
fn tenths(random: &mut Rng, start: u64, count: u64) -> Value {
    Value::Float((start + random.next_u64() % count) as f64 / 10.0)
}

fn one_of(random: &mut Rng, texts: &[&str]) -> Value {
    let number = random.next_u64() as usize % texts.len();
    Value::from(texts.get(number).copied().unwrap_or_default())
}
