//! `csmlc fmt`

use std::{
    io,
    path::{Path, PathBuf},
};

use clap::Args;
use csml_compiler::{diagnostics::Diagnostics, source::Sources};
use csmlc::{files, layout};

use super::{failure::Failure, replace, report, targets};

/// Format descriptions in place
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  csmlc fmt railway.csml machines/    a file, and all *.csml below a folder
  csmlc fmt --check .                 for CI: list what is not formatted
  csmlc fmt - < railway.csml          from the standard input to the standard output

csmlc fmt changes indentation, blanks, line breaks, commas and the end of the file;
values, their order and all comments stay as they are. You decide two things: an object
or list stays on several lines if a line break follows its opening bracket, and single
empty lines stay. A file that is not JSON is not changed.
Exit codes: 0 success, 1 a file is not JSON or, with --check, not formatted, 2 usage
or I/O.")]
pub(super) struct FmtArgs {
    /// Descriptions, or folders of them; `-` is the standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the names of files that are not formatted, and change nothing
    #[arg(long)]
    check: bool,
    /// Name of the standard input in messages
    #[arg(long, value_name = "NAME", default_value = "<stdin>")]
    stdin_name: String,
}

/// What came of the files, the worst of all.
#[derive(Default)]
struct Outcome {
    unformatted: bool,
    unreadable: bool,
    failed: bool,
}

pub(super) fn fmt(args: &FmtArgs) -> Result<(), Failure> {
    let mut outcome = Outcome::default();
    let targets = targets::find(&args.files)?;
    for (_, reason) in &targets.unreadable {
        report::error(reason);
        outcome.failed = true;
    }
    // One bad file does not keep the others from being formatted.
    for path in &targets.files {
        if path.as_os_str() == "-" {
            stdin(args, &mut outcome)?;
        } else {
            file(path, args, &mut outcome)?;
        }
    }
    if outcome.failed {
        Err(Failure::Shown)
    } else if outcome.unreadable {
        Err(Failure::Diagnostics)
    } else if outcome.unformatted {
        Err(Failure::Unformatted)
    } else {
        Ok(())
    }
}

fn file(path: &Path, args: &FmtArgs, outcome: &mut Outcome) -> Result<(), Failure> {
    let name = path.display().to_string();
    let bytes = match files::read_file(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            report::error(&format!("cannot read `{name}`: {error}"));
            outcome.failed = true;
            return Ok(());
        }
    };
    let Some(formatted) = formatted(&name, bytes.clone()) else {
        outcome.unreadable = true;
        return Ok(());
    };
    if formatted.as_bytes() == bytes {
        return Ok(());
    }
    if args.check {
        outcome.unformatted = true;
        return report::result(format!("{name}\n").as_bytes());
    }
    if let Err(error) = replace::replace(path, formatted.as_bytes()) {
        report::error(&format!("cannot write `{name}`: {error}"));
        outcome.failed = true;
    }
    Ok(())
}

fn stdin(args: &FmtArgs, outcome: &mut Outcome) -> Result<(), Failure> {
    let bytes = files::read_all(io::stdin().lock())
        .map_err(|error| Failure::message(format!("cannot read the standard input: {error}")))?;
    let Some(formatted) = formatted(&args.stdin_name, bytes.clone()) else {
        outcome.unreadable = true;
        return Ok(());
    };
    if !args.check {
        return report::result(formatted.as_bytes());
    }
    if formatted.as_bytes() != bytes {
        outcome.unformatted = true;
        return report::result(format!("{}\n", args.stdin_name).as_bytes());
    }
    Ok(())
}

/// The text formatted. What is wrong with it is shown.
fn formatted(name: &str, bytes: Vec<u8>) -> Option<String> {
    let mut sources = Sources::new();
    let id = sources.add_bytes(name, bytes);
    let mut diagnostics = Diagnostics::new();
    let formatted = layout::format(&sources, id, &mut diagnostics);
    diagnostics.sort();
    diagnostics.iter().for_each(|diagnostic| report::diagnostic(&sources, diagnostic));
    if formatted.is_none() {
        report::summary(name, &diagnostics);
    }
    formatted
}
