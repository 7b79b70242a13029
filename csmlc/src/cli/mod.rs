//! The command line. Results go to the standard output, everything else to the standard error.
//!
//! Exit codes: 0 success, 1 diagnostics with errors, 2 usage or I/O; `run` passes on the program's own.

mod acl;
mod args;
mod build;
mod cache;
mod cargo;
mod check;
mod convert;
mod emit;
mod eval;
mod explain;
mod failure;
mod findings;
mod fmt;
mod input;
mod new;
mod replace;
mod report;
mod run;
mod schema;
mod targets;
mod types;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use args::{Cli, Command};
use failure::Failure;

/// Runs the command that the arguments ask for.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.color.apply();
    let result = match &cli.command {
        Command::Check(args) => check::check(args),
        Command::Fmt(args) => fmt::fmt(args),
        Command::Convert(args) => convert::convert(args),
        Command::Emit(args) => emit::emit(args),
        Command::Eval(args) => eval::eval(args),
        Command::Explain(args) => explain::explain(args),
        Command::Build(args) => build::build(args),
        Command::Run(args) => run::run(args),
        Command::Acl(args) => acl::acl(args),
        Command::New(args) => new::new(args),
        Command::Schema(args) => schema::schema(args),
        Command::Completions { shell } => completions(*shell),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.finish(),
    }
}

fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "csmlc", &mut script);
    report::result(&script)
}
