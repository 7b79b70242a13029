//! Developer commands: `cargo xtask help`.

mod diagnostics_page;
mod test;

use std::process::ExitCode;

const HELP: &str = "\
Developer commands of the csmlc workspace

Usage: cargo xtask COMMAND

Commands:
  test           What a change has to pass: formatting, lints, documentation, all tests
  docs           Write docs/diagnostics.md anew; with --check, only say whether it is current
  help           Print this text
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["test"] => test::run(),
        ["docs"] => diagnostics_page::write(),
        ["docs", "--check"] => diagnostics_page::check(),
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
