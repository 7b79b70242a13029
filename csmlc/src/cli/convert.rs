//! `csmlc convert`

use std::{io, path::PathBuf};

use clap::Args;
use csml_compiler::{diagnostics::Diagnostics, source::Sources};
use csmlc::{convert, files};

use super::{failure::Failure, replace, report};

/// Write a description in the form of CSML 2.0
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  csmlc convert railway.csml                    to the standard output
  csmlc convert railway.csml -o railway.csml    in place
  csmlc convert --flatten plant.csml            without inheritance and named actions

Keywords get the spelling and the short forms of the 2.0 text, and nested machines move
out of `states`. The order and the comments stay. A construct that 2.0 does not have
stays too, with a note on the standard error. Only the structure is checked, not names
and expressions.
--flatten drops comments on text that it removes, and needs the names of actions, guards
and machines to be right.
Exit codes: 0 success, 1 the description has errors, 2 usage or I/O.")]
pub(super) struct ConvertArgs {
    /// The description; `-` is the standard input
    file: PathBuf,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write out what machines inherit, and named actions and guards where they are used
    #[arg(long)]
    flatten: bool,
}

pub(super) fn convert(args: &ConvertArgs) -> Result<(), Failure> {
    let (name, bytes) = if args.file.as_os_str() == "-" {
        ("<stdin>".to_owned(), files::read_all(io::stdin().lock()))
    } else {
        (args.file.display().to_string(), files::read_file(&args.file))
    };
    let bytes = bytes.map_err(|error| Failure::message(format!("cannot read `{name}`: {error}")))?;
    let mut sources = Sources::new();
    let id = sources.add_bytes(name.as_str(), bytes);
    let mut diagnostics = Diagnostics::new();
    let converted = convert::convert(&sources, id, args.flatten, &mut diagnostics);
    diagnostics.sort();
    diagnostics.iter().for_each(|diagnostic| report::diagnostic(&sources, diagnostic));
    let Some(converted) = converted else {
        report::summary(&name, &diagnostics);
        return Err(Failure::Diagnostics);
    };
    for note in &converted.notes {
        report::note(&format!("{name}:{}: {}", note.place, note.message));
    }
    match &args.output {
        None => report::result(converted.text.as_bytes()),
        Some(file) => replace::replace(file, converted.text.as_bytes())
            .map_err(|error| Failure::message(format!("cannot write `{}`: {error}", file.display()))),
    }
}
