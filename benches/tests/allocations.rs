//! Counts the allocations of expressions: none in a guard or an assignment of numbers
//! (docs/expressions/types.md#cost).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use allocation_counter::measure;
use csml_benches::expressions::{Entry, Kind, ROWS, Row, STREAM};
use csml_benches::machines::{climate, vending};
use csml_benches::steps::{self, Generated};

/// Allocations of steps with every event of the row's stream, after a first pass that may fill buffers.
fn allocations(row: &Row, entry: Entry) -> u64 {
    let mut contestant = entry(row).unwrap();
    let steps = STREAM as u64;
    assert_eq!(contestant.run(steps), 0, "{}", row.name);
    let counted = measure(|| {
        contestant.run(steps);
    });
    counted.count_total
}

#[test]
fn guards_allocate_nothing() {
    for row in ROWS.iter().filter(|row| row.kind == Kind::Guard) {
        assert_eq!(allocations(row, row.generated), 0, "{}: {}", row.name, row.source);
    }
}

#[test]
fn guards_on_untyped_values_allocate_nothing() {
    for row in ROWS.iter().filter(|row| row.kind == Kind::Guard) {
        assert_eq!(allocations(row, row.untyped), 0, "{}: {}", row.name, row.source);
    }
}

#[test]
fn assignments_allocate_only_new_text() {
    for row in ROWS.iter().filter(|row| row.kind != Kind::Guard) {
        // One string for each, which also shows that the counter works.
        let expected = if row.name == "string assignment" { STREAM as u64 } else { 0 };
        assert_eq!(allocations(row, row.generated), expected, "{}: {}", row.name, row.source);
    }
}

#[test]
fn steps_of_whole_machines_allocate_nothing() {
    let mut vending = Generated::<vending::Machines>::start().unwrap();
    let mut climate = Generated::<climate::Machines>::start().unwrap();
    let (coins, readings) = (steps::vending_events().0, steps::climate_events().0);
    let counted = measure(|| {
        vending.run(&coins, STREAM as u64);
        climate.run(&readings, STREAM as u64);
    });
    assert_eq!(counted.count_total, 0);
}
