//! Developer commands: `cargo xtask help`.

mod bless;
mod build_cost;
mod descriptions;
mod diagnostics_page;
mod fuzz;
mod instructions;
mod library_page;
mod packages;
mod pages;
mod test;

use std::process::ExitCode;

const HELP: &str = "\
Developer commands of the csmlc workspace

Usage: cargo xtask COMMAND

Commands:
  test [--all]   What a change has to pass: formatting, lints, documentation, all tests. Installs mosquitto, etcd
                 and protoc where they are missing and apt-get may be used. With --all, which CI uses, tests on
                 random input and on networks with faults take their longer form
  bless [NAME]   Write the expected files of the test cases anew, of all or of those whose name contains NAME
  docs           Write docs/diagnostics.md, docs/diagnostics/, docs/csml.schema.json and the tables of
                 docs/expressions/library.md anew; with --check, only say whether they are current
  fuzz [TARGET] [--seconds N] [--seed N]
                 Look for texts that make the parser or the evaluator fail: one target, parse or evaluate, or
                 both, for 60 s each; with cargo-fuzz and nightly where they are installed. The target
                 descriptions makes random descriptions and lets clippy look at what they compile to
  build-cost [ROUNDS]
                 Measure the processor time of a first build with csml!, with the build script and with checked-in
                 code, beside statig; the least of 3 rounds, each some minutes. Fetches statig from the registry
  instructions   Count instructions of a generated step and of one by hand with valgrind; fails above the
                 goal, unless with --no-fail
  help           Print this text
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["test"] => test::run(false),
        ["test", "--all"] => test::run(true),
        ["bless"] => bless::run(None),
        ["bless", name] => bless::run(Some(name)),
        ["docs"] => pages::write(),
        ["docs", "--check"] => pages::check(),
        ["fuzz", arguments @ ..] => fuzz::run(arguments),
        ["build-cost"] => build_cost::run("3"),
        ["build-cost", rounds] => build_cost::run(rounds),
        ["instructions"] => instructions::run(true),
        ["instructions", "--no-fail"] => instructions::run(false),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        other => {
            eprint!("error: unknown command `{}`\n\n{HELP}", other.join(" "));
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
