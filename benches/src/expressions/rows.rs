//! The expressions and their data.

use csml_rt::machine::{Rng, Value};

use super::machines::row;
use super::{Kind, Row, contestants};
use crate::by_hand::expressions as hand;

/// All of them, in the order of the table.
pub static ROWS: &[Row] = &[
    row!(
        "int guard", guard "credit + $value >= price && sold < 100",
        "value" = |random| int(random, 100),
        rhai "credit + value >= price && sold < 100",
        cel Some("credit + value >= price && sold < 100"),
        by hand hand::affords
    ),
    row!(
        "int assignment", assign "count" "(count * 31 + $number) % 1000003",
        "number" = |random| int(random, 1_000),
        rhai "count = (count * 31 + number) % 1000003",
        cel Some("(count * 31 + number) % 1000003"),
        by hand hand::hash
    ),
    row!(
        "float guard", guard "$celsius < goal - 0.5",
        "celsius" = |random| tenths(random, 180, 50),
        rhai "celsius < goal - 0.5",
        cel Some("celsius < goal - 0.5"),
        by hand hand::is_cold
    ),
    row!(
        "float assignment", assign "mean" "mean * 0.9 + $next * 0.1",
        "next" = |random| tenths(random, 180, 50),
        rhai "mean = mean * 0.9 + next * 0.1",
        cel Some("mean * 0.9 + next * 0.1"),
        by hand hand::smooth
    ),
    row!(
        "string guard", guard "$room == place",
        "room" = |random| one_of(random, &["kitchen", "kitchen", "hall", "chamber"]),
        rhai "room == place",
        cel Some("room == place"),
        by hand hand::is_place
    ),
    row!(
        "prefix guard", guard "place.startsWith($prefix)",
        "prefix" = |random| one_of(random, &["kit", "kitchen", "hall", "kitchens"]),
        rhai "place.starts_with(prefix)",
        cel Some("place.startsWith(prefix)"),
        by hand hand::starts_place
    ),
    row!(
        "string assignment", assign "label" "place + ($warm ? ' is warm' : ' is cold')",
        "warm" = |random| Value::Bool(random.next_u64() % 2 == 0),
        rhai "label = place + if warm { \" is warm\" } else { \" is cold\" }",
        cel Some("place + (warm ? ' is warm' : ' is cold')"),
        by hand hand::describe
    ),
    row!(
        "list guard", guard "history[$i] > 3",
        "i" = |random| int(random, 8),
        rhai "history[i] > 3",
        cel Some("history[i] > 3"),
        by hand hand::was_high
    ),
    row!(
        "membership guard", guard "history.contains($item)",
        "item" = |random| int(random, 14),
        rhai "history.contains(item)",
        cel Some("item in history"),
        by hand hand::happened
    ),
    row!(
        "list assignment", assign "total" "total + history[$at]",
        "at" = |random| int(random, 8),
        rhai "total = total + history[at]",
        cel Some("total + history[at]"),
        by hand hand::order
    ),
    row!(
        "loop over a list", assign "total" "var sum = $extra; for (var x : history) { sum += x } sum",
        "extra" = |random| int(random, 100),
        rhai "total = { let sum = extra; for x in history { sum += x; } sum }",
        cel None,
        by hand hand::sum
    ),
    row!(
        "loop over a range",
        assign "total" "var s = 0; for (var i : 1..$to) { if (i % 3 == 0) { s += i } } s",
        "to" = |random| Value::Int(1 + (random.next_u64() % 20) as i64),
        rhai "total = { let s = 0; for i in 1..=to { if i % 3 == 0 { s += i; } } s }",
        cel None,
        by hand hand::series
    ),
    row!(
        "map guard", guard "stock[$fruit] == 7",
        "fruit" = |random| one_of(random, &["apple", "pear", "plum", "fig"]),
        rhai "stock[fruit] == 7",
        cel Some("stock[fruit] == 7"),
        by hand hand::has_seven
    ),
];

/// A number from 0 to `end`, exclusive.
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
