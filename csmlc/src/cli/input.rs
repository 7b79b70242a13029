//! Descriptions named on the command line.

use std::{
    io,
    path::{Path, PathBuf},
};

use csml_compiler::{
    Options,
    diagnostics::levels::{Level, Levels},
    project::CallSettings,
    request::{Compiled, Config, Request},
    source::Sources,
};
use csmlc::files::{self, Disk};

use super::{
    args::{LevelArgs, LimitArgs, ProjectArgs},
    failure::Failure,
    report,
};

/// A description that has been read.
pub(super) struct Input {
    /// What messages call it: the path as given.
    pub(super) name: String,
    /// Its file name without folders, for generated texts.
    pub(super) source: String,
    bytes: Vec<u8>,
    /// Its path; none for the standard input.
    file: Option<PathBuf>,
    config: Config,
    extras: CallSettings,
}

/// What messages call a description: its path as given.
pub(super) fn name(file: &Path) -> String {
    if file.as_os_str() == "-" { "<stdin>".to_owned() } else { file.display().to_string() }
}

/// Reads a description; `-` is the standard input.
pub(super) fn read(file: &Path) -> Result<Input, Failure> {
    let name = name(file);
    if file.as_os_str() == "-" {
        let bytes = files::read_all(io::stdin().lock())
            .map_err(|error| Failure::message(format!("cannot read the standard input: {error}")))?;
        return Ok(Input::new(name, "stdin".to_owned(), bytes, None));
    }
    let bytes =
        files::read_file(file).map_err(|error| Failure::message(format!("cannot read `{name}`: {error}")))?;
    let source = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Input::new(name, source, bytes, Some(file.to_owned())))
}

/// The levels that the flags ask for.
pub(super) fn levels(args: &LevelArgs) -> Result<Levels, Failure> {
    let mut levels = Levels::new();
    // Without the flag the project file may say so.
    if args.strict {
        levels = levels.strict(true);
    }
    let rules = csml_compiler::rules::all();
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
    fn new(name: String, source: String, bytes: Vec<u8>, file: Option<PathBuf>) -> Self {
        Self { name, source, bytes, file, config: Config::Beside, extras: CallSettings::default() }
    }

    /// With the project file and the policy of choice that the flags ask for.
    pub(super) fn project(mut self, args: &ProjectArgs) -> Self {
        self.config = match (&args.config, args.no_config) {
            (Some(file), _) => Config::File(file.clone()),
            (None, true) => Config::None,
            (None, false) => Config::Beside,
        };
        self.extras.choice = args.choice;
        self
    }

    /// With the limits that the flags ask for.
    pub(super) fn limits(mut self, args: &LimitArgs) -> Self {
        self.extras.loop_limit = args.loop_limit;
        self
    }

    /// Compiles it.
    pub(super) fn compile(&self, options: &Options, levels: &Levels) -> Result<Compiled, Failure> {
        let mut sources = Sources::new();
        let source = sources.add_bytes(self.name.as_str(), self.bytes.clone());
        let request = Request {
            sources,
            source,
            file: self.file.as_deref(),
            reader: &Disk,
            config: &self.config,
            extras: &self.extras,
            options,
            levels,
        };
        request.compile().map_err(Failure::message)
    }

    /// Compiles it and shows the diagnostics; a failure if one is an error.
    pub(super) fn output(
        &self,
        options: &Options,
        levels: &Levels,
    ) -> Result<csml_compiler::Output, Failure> {
        let compiled = self.compile(options, levels)?;
        report::diagnostics(&compiled.sources, compiled.diagnostics.iter().collect());
        match compiled.output {
            Some(output) => Ok(output),
            None => {
                report::summary(&self.name, &compiled.diagnostics);
                Err(Failure::Diagnostics)
            }
        }
    }
}
