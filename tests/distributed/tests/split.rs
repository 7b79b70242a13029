//! The same description, events and services end in the same states in one process and in three
//! (docs/semantics.md#9-memory-modes).
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

use csml_rt::transport::memory::{Broker, BrokerFaults};
use csml_rt::{EndReason, Machines};
use csml_tests::{Folder, Inputs};
use csml_tests_distributed::{End, Split, run_split, run_whole};

/// Time for the last events to get everywhere.
const SETTLE_MS: u64 = 60_000;
/// The same over a bad network: what is lost is sent again after 200 ms at the earliest.
const SETTLE_BADLY_MS: u64 = 3_600_000;

/// Cases that need not end alike, and why.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "create_persistent_makes_a_variable_of_the_root",
        "one instance uses what another one makes at the same time",
    ),
    ("a_failed_write_of_persistent_data_is_invisible", "one reads at the same time what another one writes"),
    (
        "invocations_of_nested_machines_end_with_their_parent",
        "a service answers while an event is on its way",
    ),
];

type RunSplit = fn(&Inputs, &Broker, &[String], usize, u64) -> Result<Split, String>;

struct Case {
    area: &'static str,
    name: &'static str,
    whole: fn(&Inputs) -> Result<End, String>,
    split: RunSplit,
    /// Events from outside that the description takes as such.
    from_outside: fn(&str) -> bool,
    distributed: bool,
}

const fn case<A: Machines>(area: &'static str, name: &'static str) -> Case {
    Case {
        area,
        name,
        whole: run_whole::<A>,
        split: run_split::<A>,
        from_outside: |name| {
            let mut events = A::DESCRIPTION.events.iter();
            events.find(|event| event.name == name).is_some_and(|event| event.from_outside)
        },
        distributed: matches!(A::DESCRIPTION.memory_mode, csml_rt::machine::MemoryMode::Distributed),
    }
}

#[allow(deprecated, reason = "warnings about a description")]
mod modules {
    include!(concat!(env!("OUT_DIR"), "/modules.rs"));
}
use modules::*;

fn cases() -> Vec<Case> {
    include!(concat!(env!("OUT_DIR"), "/list.rs"))
}

fn inputs(case: &Case) -> Inputs {
    let folder = match case.area {
        "own" => Folder { path: Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(case.name) },
        area => Folder::of(area, case.name),
    };
    Inputs::read(&folder).unwrap()
}

/// Top-level instances: paths without a parent.
fn names(end: &End) -> Vec<String> {
    let top = |path: &&String| !end.instances.keys().any(|other| path.starts_with(&format!("{other}/")));
    end.instances.keys().filter(top).cloned().collect()
}

/// Why a case cannot be split, or how its split run differs from its whole one.
enum Verdict {
    Same,
    Skipped(String),
    Different(String),
}

fn compare(case: &Case, broker: &Broker, settle_ms: u64) -> Verdict {
    assert!(case.distributed);
    let inputs = inputs(case);
    if inputs.args.contains("--run") {
        return Verdict::Skipped("runs a part only".to_owned());
    }
    let script = inputs.events.lines().filter(|line| !line.trim().is_empty());
    for line in script {
        let name = line.split("\"event\"").nth(1).and_then(|rest| rest.split('"').nth(1)).unwrap();
        if !(case.from_outside)(name) {
            return Verdict::Skipped(format!("hands in `{name}`, which it does not take from outside"));
        }
    }
    let whole = match (case.whole)(&inputs) {
        Ok(whole) => whole,
        Err(error) => return Verdict::Skipped(error),
    };
    let until = match whole.reason {
        Some(EndReason::Until) if settle_ms > SETTLE_MS => {
            return Verdict::Skipped("ends at a certain time".to_owned());
        }
        Some(EndReason::Until) => whole.clock_ms,
        _ => whole.clock_ms + settle_ms,
    };
    let split = (case.split)(&inputs, broker, &names(&whole), 3, until).unwrap();
    let mut instances = BTreeMap::new();
    let mut dead_letters = 0;
    for part in &split.parts {
        instances.extend(part.end.instances.clone());
        dead_letters += part.end.dead_letters;
        let network = part.network.clone().unwrap();
        assert_eq!(network.link.gaps, 0, "{}", case.name);
        if network.backlog.iter().any(|(_, _, count)| *count > 0) {
            return Verdict::Different(format!("undelivered: {:?}", network.backlog));
        }
    }
    let persistent = &split.persistent;
    if (&instances, persistent, dead_letters) == (&whole.instances, &whole.persistent, whole.dead_letters) {
        Verdict::Same
    } else {
        Verdict::Different(format!(
            "whole {:#?} {:#?} {}\nsplit {instances:#?} {persistent:#?} {dead_letters}",
            whole.instances, whole.persistent, whole.dead_letters
        ))
    }
}

fn check(broker: impl Fn() -> Broker, settle_ms: u64) {
    let mut same = 0;
    let mut failed = Vec::new();
    for case in cases() {
        match compare(&case, &broker(), settle_ms) {
            Verdict::Same => same += 1,
            Verdict::Skipped(why) => eprintln!("{}/{}: {why}", case.area, case.name),
            Verdict::Different(how) => match DIFFERENT.iter().find(|(name, _)| *name == case.name) {
                Some((_, why)) => eprintln!("{}/{}: may differ: {why}", case.area, case.name),
                None => failed.push(format!("{}/{}: {how}", case.area, case.name)),
            },
        }
    }
    eprintln!("{same} cases end alike");
    if !failed.is_empty() {
        panic!("{} end otherwise when split:\n{}", failed.len(), failed.join("\n\n"));
    }
    assert!(same >= 10, "only {same}");
}

#[test]
fn cases_end_alike_whole_and_split() {
    check(Broker::new, SETTLE_MS);
}

/// `CSML_SEEDS` tries more than the first few.
#[test]
fn cases_end_alike_over_a_bad_network() {
    let seeds = std::env::var("CSML_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(3);
    for seed in 0_u64..seeds {
        let part = |bits: u64| (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> bits & 0xff) as f64 / 1_024.0;
        let faults = BrokerFaults {
            loss: part(8),
            duplication: part(16),
            reordering: part(24),
            disconnect: part(32) / 20.0,
            persistence: seed % 2 == 0,
            ..BrokerFaults::default()
        };
        eprintln!("seed {seed}: {faults:?}");
        check(|| Broker::with_faults(seed, faults.clone()), SETTLE_BADLY_MS);
    }
}
