//! `cargo bench -p csml-benches [-- GROUP…]`: the table of `docs/performance.md`, all rows in one run.
//! Groups: `crowd`, `step`, `exchange`, `timers`, `compiler`.

mod compiler;
mod crowd;
mod exchange;
mod step;
mod timers;

use std::io::Write as _;

use csml_benches::harness::{Row, Table};

/// The name of a group and its function.
type Group = (&'static str, fn() -> Vec<Row>);

/// `crowd` runs first: its memory is measured most reliably in a process that has not used memory yet.
const GROUPS: [Group; 5] = [
    ("crowd", crowd::rows),
    ("step", step::rows),
    ("exchange", exchange::rows),
    ("timers", timers::rows),
    ("compiler", compiler::rows),
];

fn main() {
    // Cargo adds `--bench`. Without it cargo runs all targets as tests, and building is the test.
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
    // A closed pipe is not a failure of the benchmark.
    let _ = write!(std::io::stdout(), "{table}");
}
