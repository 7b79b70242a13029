//! What all doors share: bytes of a description in, the compiled module or diagnostics out.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use crate::{
    compile::{Options, Output, compile},
    diagnostic::Diagnostics,
    levels::Levels,
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
}

/// Compiles the bytes of a file called `name`, as messages shall call it.
#[must_use]
pub fn compile_bytes(name: &str, bytes: Vec<u8>, options: &Options, levels: &Levels) -> Compiled {
    let mut sources = Sources::new();
    let source = sources.add_bytes(name, bytes);
    compile_source(sources, source, options, levels)
}

/// Compiles a text that is in `sources` already.
#[must_use]
pub fn compile_source(sources: Sources, source: SourceId, options: &Options, levels: &Levels) -> Compiled {
    // Levels alone decide what is an error, so that `--strict --allow RULE` still has an output.
    let options = Options { strict: false, ..options.clone() };
    let (output, found) = compile(&sources, source, &options);
    let mut diagnostics = levels.apply(&found);
    diagnostics.sort();
    Compiled { output: output.filter(|_| !diagnostics.has_errors()), sources, source, diagnostics }
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
