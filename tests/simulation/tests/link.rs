//! What the link promises holds under every schedule, and the checks notice when it does not.

use csml_tests_simulation::link::{Plan, Sabotage, Violation, simulate, simulate_plan};
use csml_tests_simulation::seeds;

/// Seeds with `CSML_ALL` and without it; `cargo run --release -p csml-tests-simulation --example link` takes more.
const ALL_SEEDS: u64 = 20_000;
const SEEDS: u64 = 5_000;

#[test]
fn nothing_is_lost_repeated_or_out_of_order() {
    let seeds = seeds::count(SEEDS, ALL_SEEDS);
    let many = seeds::many(0..seeds, seeds::threads(), || simulate, |_| {});
    if let Some((seed, violation)) = many.failed.first() {
        panic!("seed {seed}: {violation}\n{:?}", Plan::new(*seed));
    }
    assert!(many.report.consumed > seeds);
}

#[test]
fn equal_seeds_give_equal_runs() {
    for seed in 0..50 {
        assert_eq!(simulate(seed), simulate(seed), "seed {seed}");
    }
}

/// The violations that a sabotaged link leads to, over some seeds.
fn found(sabotage: Sabotage) -> Vec<Violation> {
    (0..200).filter_map(|seed| simulate_plan(&Plan::new(seed), seed, sabotage, None).err()).collect()
}

#[test]
fn a_false_acknowledgement_is_noticed() {
    let found = found(Sabotage::FalseAcks);
    assert!(found.iter().any(|it| matches!(it, Violation::Hole(_) | Violation::Lost(_))), "{found:?}");
}

#[test]
fn an_event_handed_over_twice_is_noticed() {
    assert!(found(Sabotage::Twice).iter().any(|it| matches!(it, Violation::Twice(_))));
}

#[test]
fn events_that_change_places_are_noticed() {
    let found = found(Sabotage::Swapped);
    assert!(found.iter().any(|it| matches!(it, Violation::Order(_) | Violation::Hole(_))), "{found:?}");
}

#[test]
fn too_much_in_memory_is_noticed() {
    let found = found(Sabotage::NoBounds);
    assert!(found.iter().any(|it| matches!(it, Violation::Bounds { what: "kept", .. })), "{found:?}");
}

#[test]
fn a_link_that_never_becomes_quiet_is_noticed() {
    assert!(found(Sabotage::NoAcks).iter().any(|it| matches!(it, Violation::NotQuiet { .. })));
}

#[test]
fn events_that_come_again_to_a_later_incarnation_are_noticed() {
    assert!(found(Sabotage::Again).iter().any(|it| matches!(it, Violation::Again(_))));
}

#[test]
fn events_of_an_old_incarnation_after_those_of_a_new_one_are_noticed() {
    let found = found(Sabotage::LateIncarnations);
    assert!(found.iter().any(|it| matches!(it, Violation::OldIncarnation(_))), "{found:?}");
}

#[test]
fn misrouted_events_are_noticed() {
    assert!(found(Sabotage::Misrouted).iter().any(|it| matches!(it, Violation::Stranger(_))));
}

#[test]
fn gaps_that_are_not_counted_are_noticed() {
    assert!(found(Sabotage::SilentGaps).iter().any(|it| matches!(it, Violation::Uncounted { .. })));
}
