//! Descriptions named on the command line.

use std::{io, path::Path};

use csmlc::{
    Options,
    door::{self, Compiled},
    levels::{Level, Levels},
};

use super::{args::LevelArgs, failure::Failure, report};

/// A description that has been read.
pub(super) struct Input {
    /// What messages call it: the path as given.
    pub(super) name: String,
    /// Its file name without folders, for generated texts.
    pub(super) source: String,
    bytes: Vec<u8>,
}

/// Reads a description; `-` is the standard input.
pub(super) fn read(file: &Path) -> Result<Input, Failure> {
    if file.as_os_str() == "-" {
        let bytes = door::read_all(io::stdin().lock())
            .map_err(|error| Failure::message(format!("cannot read the standard input: {error}")))?;
        return Ok(Input { name: "<stdin>".to_owned(), source: "stdin".to_owned(), bytes });
    }
    let name = file.display().to_string();
    let bytes =
        door::read_file(file).map_err(|error| Failure::message(format!("cannot read `{name}`: {error}")))?;
    let source = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Input { name, source, bytes })
}

/// The levels that the flags ask for.
pub(super) fn levels(args: &LevelArgs) -> Result<Levels, Failure> {
    let mut levels = Levels::new().strict(args.strict);
    let rules = csmlc::rules::all();
    for (level, selectors) in
        [(Level::Allow, &args.allow), (Level::Warn, &args.warn), (Level::Deny, &args.deny)]
    {
        for selector in selectors {
            levels
                .set(level, selector, &rules)
                .map_err(|error| Failure::message(format!("--{}: {error}", level.as_str())))?;
        }
    }
    Ok(levels)
}

impl Input {
    /// Compiles it.
    pub(super) fn compile(&self, options: &Options, levels: &Levels) -> Compiled {
        door::compile_bytes(&self.name, self.bytes.clone(), options, levels)
    }

    /// Compiles it and shows the diagnostics; a failure if one is an error.
    pub(super) fn output(&self, options: &Options, levels: &Levels) -> Result<csmlc::Output, Failure> {
        let compiled = self.compile(options, levels);
        report::diagnostics(&compiled);
        match compiled.output {
            Some(output) => Ok(output),
            None => {
                report::summary(&self.name, &compiled.diagnostics);
                Err(Failure::Diagnostics)
            }
        }
    }
}
