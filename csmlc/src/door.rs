//! What all doors share: bytes of a description in, the compiled module or diagnostics out.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::{
    aids::Extras,
    compile::{Options, Output, compile},
    diagnostic::Diagnostics,
    levels::Levels,
    project,
    source::{MAX_BYTES, SourceId, Sources},
};

/// A description after the compiler has seen it.
#[derive(Debug)]
pub struct Compiled {
    /// The texts that spans of the diagnostics refer to.
    pub sources: Sources,
    /// The description among them.
    pub source: SourceId,
    /// The module; absent if a diagnostic is an error.
    pub output: Option<Output>,
    /// What the compiler has to say, with the levels of this run applied, in order of place.
    pub diagnostics: Diagnostics,
    /// The files that were read besides the description: project file and schemas, as messages call them.
    pub files: Vec<PathBuf>,
}

/// Which project file counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Config {
    /// `csml.toml` beside the description, if there is one.
    #[default]
    Beside,
    /// This one.
    File(PathBuf),
    /// None.
    None,
}

/// What is to be compiled, with everything that belongs to it.
#[derive(Debug)]
pub struct Request<'a> {
    /// The description and what else there is.
    pub sources: Sources,
    /// The description among them.
    pub source: SourceId,
    /// The description's own path as messages have it; none if it is not in a file.
    pub file: Option<&'a Path>,
    /// The folder that relative paths are relative to; empty for the current one. Never in messages.
    pub base: &'a Path,
    /// Which project file counts.
    pub config: &'a Config,
    /// What the call of the door says itself.
    pub extras: &'a Extras,
    /// What to generate; `aids` and `loop_limit` come from the project file and `extras`.
    pub options: &'a Options,
    /// How severe rules are, over what the project file says of it.
    pub levels: &'a Levels,
}

impl Request<'_> {
    /// Compiles it.
    ///
    /// # Errors
    /// If a project file was asked for and cannot be read: the reason, in words.
    pub fn compile(mut self) -> Result<Compiled, String> {
        let mut diagnostics = Diagnostics::new();
        let mut files = Vec::new();
        let mut options = self.options.clone();
        let mut levels = self.levels.clone();
        let base = self.base;
        let mut read = |path: &Path| read_file(&base.join(path));
        if let Some((path, bytes)) = self.project_file()? {
            let file = self.sources.add_bytes(path.display().to_string(), bytes);
            let folder = path.parent().unwrap_or(Path::new(""));
            let project = project::take(&mut self.sources, file, folder, &mut read, &mut diagnostics);
            options.aids.extend(project.aids);
            options.deployment = project.deployment;
            levels = levels.over(project.levels);
            options.loop_limit = project.loop_limit.unwrap_or(options.loop_limit);
            files.push(path);
            files.extend(project.files);
        }
        let (aids, named) = self.extras.aids(&mut self.sources, &mut read, &mut diagnostics);
        options.aids.extend(aids);
        options.loop_limit = self.extras.loop_limit.unwrap_or(options.loop_limit);
        files.extend(named);
        let mut compiled = compile_source(self.sources, self.source, &options, &levels);
        if !diagnostics.is_empty() {
            diagnostics = levels.apply(&diagnostics);
            compiled.diagnostics.iter().cloned().for_each(|found| diagnostics.push(found));
            diagnostics.sort();
            compiled.output = compiled.output.filter(|_| !diagnostics.has_errors());
            compiled.diagnostics = diagnostics;
        }
        files.sort();
        files.dedup();
        Ok(Compiled { files, ..compiled })
    }

    /// The project file, if one counts, and its text.
    fn project_file(&self) -> Result<Option<(PathBuf, Vec<u8>)>, String> {
        match self.config {
            Config::None => Ok(None),
            Config::File(path) => match read_file(&self.base.join(path)) {
                Ok(bytes) => Ok(Some((path.clone(), bytes))),
                Err(reason) => Err(format!("cannot read `{}`: {reason}", path.display())),
            },
            Config::Beside => {
                let Some(file) = self.file else { return Ok(None) };
                let path = file.with_file_name(project::FILE);
                let found = self.base.join(&path);
                if !found.is_file() || path == file {
                    return Ok(None);
                }
                match read_file(&found) {
                    Ok(bytes) => Ok(Some((path, bytes))),
                    Err(reason) => Err(format!("cannot read `{}`: {reason}", path.display())),
                }
            }
        }
    }
}

/// Compiles the bytes of a file called `name`, as messages shall call it, with no more than it.
#[must_use]
pub fn compile_bytes(name: &str, bytes: Vec<u8>, options: &Options, levels: &Levels) -> Compiled {
    let mut sources = Sources::new();
    let source = sources.add_bytes(name, bytes);
    compile_source(sources, source, options, levels)
}

/// Compiles a text that is in `sources` already, with no more than it.
#[must_use]
pub fn compile_source(sources: Sources, source: SourceId, options: &Options, levels: &Levels) -> Compiled {
    // Levels alone decide what is an error, so that `--strict --allow RULE` still has an output.
    let options = Options { strict: false, ..options.clone() };
    let (output, found) = compile(&sources, source, &options);
    let mut diagnostics = levels.apply(&found);
    diagnostics.sort();
    let output = output.filter(|_| !diagnostics.has_errors());
    Compiled { output, sources, source, diagnostics, files: Vec::new() }
}

/// Reads a description, at most one byte more than the compiler takes.
///
/// # Errors
/// If it cannot be read, or is a folder: the reason, in words.
pub fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| reason(&error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err("it is a folder, not a file".to_owned());
    }
    read_all(file)
}

/// Reads a description from an open stream, at most one byte more than the compiler takes.
///
/// # Errors
/// If it cannot be read: the reason, in words.
pub fn read_all(stream: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    stream.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    Ok(bytes)
}

/// The usual reasons without the numbers that systems have for them, the same on all systems.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        _ => error.to_string(),
    }
}
