//! The step of a generated machine against the same machine by hand.

use csml_benches::by_hand;
use csml_benches::harness::{Goal, Row, compare, per_item};
use csml_benches::machines::{climate, vending};
use csml_benches::steps::{self, Generated};

const STEPS: u64 = 2_000_000;
const ROUNDS: usize = 25;

pub(crate) fn rows() -> Vec<Row> {
    vending_rows().into_iter().chain(climate_row()).collect()
}

fn vending_rows() -> Option<Row> {
    let (events, by_hand_events) = steps::vending_events();
    let mut generated = Generated::<vending::Machines>::start()?;
    let mut by_hand = by_hand::vending::Vending::default();
    let [ours, theirs] = compare(
        ROUNDS,
        [&mut || per_item(STEPS, || generated.run(&events, STEPS)), &mut || {
            per_item(STEPS, || steps::run_vending(&mut by_hand, &by_hand_events, STEPS))
        }],
    );
    Some(Row {
        what: "step: integers, checked arithmetic".into(),
        measured: ours.least,
        unit: "ns",
        reference: Some(("by hand", theirs.least)),
        goal: Goal::Ratio(1.15),
    })
}

fn climate_row() -> Option<Row> {
    let (events, by_hand_events) = steps::climate_events();
    let mut generated = Generated::<climate::Machines>::start()?;
    let mut by_hand = by_hand::climate::Climate::default();
    let [ours, theirs] = compare(
        ROUNDS,
        [&mut || per_item(STEPS, || generated.run(&events, STEPS)), &mut || {
            per_item(STEPS, || steps::run_climate(&mut by_hand, &by_hand_events, STEPS))
        }],
    );
    Some(Row {
        what: "step: floats and strings in guards".into(),
        measured: ours.least,
        unit: "ns",
        reference: Some(("by hand", theirs.least)),
        goal: Goal::Ratio(1.15),
    })
}
