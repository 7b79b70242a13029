//! One table: expressions as generated code, by hand, on untyped values, in rhai and in cel.
//!
//! `cargo run --release --manifest-path benches/engines/Cargo.toml [-- ROW…]` with names of rows. If valgrind is
//! installed the table also shows instructions: the program runs itself under valgrind as
//! `… count ROW generated|by-hand TIMES`.

mod cel;
mod rhai;
mod table;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use csml_benches::callgrind;
use csml_benches::expressions::{Contestant, Entry, ROWS, Row};
use csml_benches::harness::{compare, per_item};

use crate::table::Line;

/// Evaluations per round of a contestant that takes nanoseconds, and of an interpreter.
const TIMES: [u64; 2] = [1_000_000, 20_000];
const ROUNDS: usize = 15;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["count", row, kind, times] => count(row, kind, times),
        rows => print(rows),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Evaluates a row for valgrind.
fn count(row: &str, kind: &str, times: &str) -> Result<(), String> {
    let row = find(row)?;
    let entry = match kind {
        "generated" => row.generated,
        "by-hand" => row.by_hand,
        _ => return Err(format!("`{kind}` is not counted")),
    };
    let times = times.parse().map_err(|_| format!("`{times}` is no number"))?;
    let failed = contestant(entry, row)?.run(times);
    if failed > 0 { Err(format!("{failed} evaluations of `{}` failed", row.name)) } else { Ok(()) }
}

fn print(names: &[&str]) -> Result<(), String> {
    let rows: Vec<&Row> = match names {
        [] => ROWS.iter().collect(),
        names => names.iter().map(|name| find(name)).collect::<Result<_, _>>()?,
    };
    let program = std::env::current_exe().map_err(|error| format!("where is this program? {error}"))?;
    let counting = callgrind::is_there();
    if !counting {
        eprintln!("without valgrind there are no counts of instructions");
    }
    let mut lines = Vec::new();
    for row in rows {
        eprintln!("measuring {} …", row.name);
        lines.push(measure(row, counting.then_some(&program))?);
    }
    // A closed pipe is not a failure of the measurement.
    let _ = write!(std::io::stdout(), "{}", table::render(&lines));
    Ok(())
}

fn measure(row: &Row, counted: Option<impl AsRef<Path>>) -> Result<Line, String> {
    let [native, slow] = TIMES;
    let mut generated = contestant(row.generated, row)?;
    let mut by_hand = contestant(row.by_hand, row)?;
    let mut untyped = contestant(row.untyped, row)?;
    let mut rhai = [contestant(rhai::tree, row)?, contestant(rhai::bytecode, row)?];
    let [tree, bytecode] = &mut rhai;
    let mut cel = row.cel.map(|_| contestant(cel::interpreted, row)).transpose()?;
    let [generated, by_hand, untyped, tree, bytecode, cel] = compare(
        ROUNDS,
        [
            &mut || per_item(native, || generated.run(native)),
            &mut || per_item(native, || by_hand.run(native)),
            &mut || per_item(native, || untyped.run(native)),
            &mut || per_item(slow, || tree.run(slow)),
            &mut || per_item(slow, || bytecode.run(slow)),
            &mut || cel.as_mut().map_or(f64::NAN, |cel| per_item(slow, || cel.run(slow))),
        ],
    );
    let counts = match counted {
        Some(program) => {
            let count = |kind| callgrind::per_step(program.as_ref(), &["count", row.name, kind]);
            Some([count("generated")?, count("by-hand")?])
        }
        None => None,
    };
    Ok(Line {
        row: *row,
        generated: generated.least,
        by_hand: by_hand.least,
        untyped: untyped.least,
        rhai: tree.least.min(bytecode.least),
        cel: row.cel.map(|_| cel.least),
        counts,
    })
}

fn find(name: &str) -> Result<&'static Row, String> {
    let names = || ROWS.iter().map(|row| row.name).collect::<Vec<_>>().join(", ");
    Row::of(name).ok_or_else(|| format!("there is no row `{name}`; there are {}", names()))
}

fn contestant(entry: Entry, row: &Row) -> Result<Box<dyn Contestant>, String> {
    entry(row).ok_or_else(|| format!("a contestant refuses `{}`", row.source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_contestants_give_the_same_results() {
        for row in ROWS {
            let results =
                |entry| csml_benches::expressions::results(contestant(entry, row).unwrap().as_mut());
            let expected = results(row.by_hand);
            assert!(expected.iter().all(Option::is_some), "{}", row.name);
            let mut entries: Vec<(&str, Entry)> = vec![
                ("generated", row.generated),
                ("untyped", row.untyped),
                ("rhai", rhai::tree),
                ("rhai, bytecode", rhai::bytecode),
            ];
            if row.cel.is_some() {
                entries.push(("cel", cel::interpreted));
            }
            for (name, entry) in entries {
                assert_eq!(results(entry), expected, "{}: {name}", row.name);
            }
        }
    }

    #[test]
    fn a_run_fails_nowhere() {
        for row in ROWS {
            let entries: [Entry; 2] = [rhai::tree, rhai::bytecode];
            for entry in entries.into_iter().chain(row.cel.map(|_| cel::interpreted as Entry)) {
                assert_eq!(contestant(entry, row).unwrap().run(600), 0, "{}", row.name);
            }
        }
    }
}
