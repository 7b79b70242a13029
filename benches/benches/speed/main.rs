//! `cargo bench -p csml-benches [-- GROUP…]`: the table of `docs/performance.md`, all rows in one run.
//! Groups: `crowd`, `step`, `exchange`, `timers`, `compiler`.

mod compiler;
mod crowd;
mod exchange;
mod step;
mod timers;

use std::io::Write as _;

use csml_benches::harness::{Row, Table};

/// A group's name and what measures it.
type Group = (&'static str, fn() -> Vec<Row>);

/// The crowd comes first: what it occupies is easiest told in a process that has not used memory yet.
const GROUPS: [Group; 5] = [
    ("crowd", crowd::rows),
    ("step", step::rows),
    ("exchange", exchange::rows),
    ("timers", timers::rows),
    ("compiler", compiler::rows),
];

fn main() {
    // Cargo adds `--bench`, unless it runs all targets as tests: then building it was the test.
    if std::env::args().all(|argument| argument != "--bench") {
        eprintln!("run with `cargo bench -p csml-benches`");
        return;
    }
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if let Some(unknown) = wanted.iter().find(|name| GROUPS.iter().all(|(group, _)| group != name)) {
        let names = GROUPS.map(|(name, _)| name).join(", ");
        eprintln!("there is no group `{unknown}`; there are {names}");
        std::process::exit(2);
    }
    let mut table = Table::default();
    for (name, rows) in GROUPS {
        if wanted.is_empty() || wanted.iter().any(|one| one == name) {
            eprintln!("measuring {name} …");
            table.0.extend(rows());
        }
    }
    // A reader that has gone away is no failure of a benchmark.
    let _ = write!(std::io::stdout(), "{table}");
}
