//! Reading files for the compiler.

use std::{fs::File, io::Read, path::Path};

use csml_compiler::{
    files::{FileReader, read_failure},
    source::MAX_BYTES,
};

/// Reads files; relative paths are relative to the current folder.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl FileReader for Disk {
    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        read_file(path)
    }
}

/// Reads a description, at most one byte more than the compiler takes.
///
/// # Errors
/// If it cannot be read, or is a folder: the reason, in words.
pub fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| read_failure(&error))?;
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
    stream.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| read_failure(&error))?;
    Ok(bytes)
}
