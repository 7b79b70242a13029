//! The guarantees of the link hold under every schedule, and the checks find defects.

use csml_tests_simulation::link::{LinkDefect, Plan, Violation, simulate, simulate_plan};
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

/// The violations that a defect of the link causes, over some seeds.
fn found(defect: LinkDefect) -> Vec<Violation> {
    (0..200).filter_map(|seed| simulate_plan(&Plan::new(seed), seed, defect, None).err()).collect()
}

#[test]
fn a_false_acknowledgement_is_noticed() {
    let found = found(LinkDefect::FalseAcks);
    assert!(found.iter().any(|it| matches!(it, Violation::Hole(_) | Violation::Lost(_))), "{found:?}");
}

#[test]
fn an_event_delivered_twice_is_noticed() {
    assert!(found(LinkDefect::Twice).iter().any(|it| matches!(it, Violation::Twice(_))));
}

#[test]
fn reordered_events_are_noticed() {
    let found = found(LinkDefect::Swapped);
    assert!(found.iter().any(|it| matches!(it, Violation::Order(_) | Violation::Hole(_))), "{found:?}");
}

#[test]
fn exceeded_bounds_are_noticed() {
    let found = found(LinkDefect::NoBounds);
    assert!(found.iter().any(|it| matches!(it, Violation::Bounds { what: "kept", .. })), "{found:?}");
}

#[test]
fn a_link_that_never_becomes_idle_is_noticed() {
    assert!(found(LinkDefect::NoAcks).iter().any(|it| matches!(it, Violation::NotQuiet { .. })));
}

#[test]
fn acknowledged_events_delivered_to_a_later_incarnation_are_noticed() {
    assert!(found(LinkDefect::Again).iter().any(|it| matches!(it, Violation::Again(_))));
}

#[test]
fn events_of_an_old_incarnation_after_those_of_a_new_one_are_noticed() {
    let found = found(LinkDefect::LateIncarnations);
    assert!(found.iter().any(|it| matches!(it, Violation::OldIncarnation(_))), "{found:?}");
}

#[test]
fn misrouted_events_are_noticed() {
    assert!(found(LinkDefect::Misrouted).iter().any(|it| matches!(it, Violation::Stranger(_))));
}

#[test]
fn uncounted_gaps_are_noticed() {
    assert!(found(LinkDefect::SilentGaps).iter().any(|it| matches!(it, Violation::Uncounted { .. })));
}
