//! What all front ends share: bytes of a description in, the compiled module or diagnostics out. Front ends do the
//! I/O, by a [`FileReader`].

use std::path::{Path, PathBuf};

use crate::{
    compile::{Output, compile},
    determinism::OVERLAPPING,
    diagnostics::{Diagnostics, Severity, levels::Levels},
    files::FileReader,
    lists::PushAll,
    options::Options,
    project::{self, CallSettings},
    source::{SourceId, Sources},
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
pub struct Request<'a> {
    /// The description and what else there is.
    pub sources: Sources,
    /// The description among them.
    pub source: SourceId,
    /// The description's own path as messages have it; none if it is not in a file.
    pub file: Option<&'a Path>,
    /// Reads the project file and what it names.
    pub reader: &'a dyn FileReader,
    /// Which project file counts.
    pub config: &'a Config,
    /// What the call of the front end says itself.
    pub extras: &'a CallSettings,
    /// What to generate; the project file and `extras` say more.
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
        let reader = self.reader;
        if let Some((path, bytes)) = self.project_file()? {
            let file = self.sources.add_bytes(path.display().to_string(), bytes);
            let folder = path.parent().unwrap_or(Path::new(""));
            let project = project::take(&mut self.sources, file, folder, reader, &mut diagnostics);
            options.annotations.extend(project.annotations);
            options.placement = project.placement;
            levels = levels.over(project.levels);
            options.loop_limit = project.loop_limit.unwrap_or(options.loop_limit);
            options.choice = project.choice.unwrap_or(options.choice);
            files.push(path);
            files.push_all(project.files);
        }
        let (annotations, named) = self.extras.annotations(&mut self.sources, reader, &mut diagnostics);
        options.annotations.extend(annotations);
        options.loop_limit = self.extras.loop_limit.unwrap_or(options.loop_limit);
        options.choice = self.extras.choice.unwrap_or(options.choice);
        files.push_all(named);
        let mut compiled = compile_source(self.sources, self.source, &options, &levels);
        if !diagnostics.is_empty() {
            diagnostics = levels.apply(&diagnostics);
            for found in compiled.diagnostics.iter().cloned() {
                diagnostics.push(found);
            }
            diagnostics.sort();
            compiled.output = compiled.output.filter(|_| !diagnostics.has_errors());
            compiled.diagnostics = diagnostics;
        }
        crate::sorted::sort(&mut files);
        files.dedup();
        Ok(Compiled { files, ..compiled })
    }

    /// The project file, if one counts, and its text.
    fn project_file(&self) -> Result<Option<(PathBuf, Vec<u8>)>, String> {
        match self.config {
            Config::None => Ok(None),
            Config::File(path) => match self.reader.read(path) {
                Ok(bytes) => Ok(Some((path.clone(), bytes))),
                Err(reason) => Err(format!("cannot read `{}`: {reason}", path.display())),
            },
            Config::Beside => {
                let Some(file) = self.file else { return Ok(None) };
                let path = file.with_file_name(project::FILE);
                if !self.reader.is_file(&path) || path == file {
                    return Ok(None);
                }
                match self.reader.read(&path) {
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
    let overlaps_checked = levels.severity(&OVERLAPPING) != Some(Severity::Error);
    let options = Options { overlaps_checked, ..options.clone() };
    let (output, found) = compile(&sources, source, &options);
    let mut diagnostics = levels.apply(&found);
    diagnostics.sort();
    let output = output.filter(|_| !diagnostics.has_errors());
    Compiled { output, sources, source, diagnostics, files: Vec::new() }
}
