//! Files on disk.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{Crate, manifest};

/// Writes a file unless it already has this content, so that cargo does not rebuild needlessly.
///
/// # Errors
/// If it cannot be written.
pub fn write_if_changed(file: &Path, content: &[u8]) -> io::Result<bool> {
    if fs::read(file).is_ok_and(|existing| existing == content) {
        return Ok(false);
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, content)?;
    Ok(true)
}

/// Why a crate was not written.
#[derive(Debug)]
pub enum WriteError {
    /// The folder holds something else.
    Occupied(PathBuf),
    /// A file or folder could not be read or written.
    Io(PathBuf, io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Occupied(folder) => {
                write!(f, "`{}` is not empty and was not written by `csmlc build`", folder.display())
            }
            Self::Io(path, error) => write!(f, "cannot write `{}`: {error}", path.display()),
        }
    }
}

impl std::error::Error for WriteError {}

/// Writes a crate and returns the files that were written. Existing files of the user stay as they are, except for the
/// version of the runtime and, if the crate gives them, its features in `Cargo.toml`; `force` replaces the folder's
/// `Cargo.toml` whatever it was.
///
/// # Errors
/// If the folder holds something else and `force` is not set, or a file cannot be written.
pub fn write_crate(krate: &Crate, folder: &Path, force: bool) -> Result<Vec<PathBuf>, WriteError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| WriteError::Io(path, error)
    };
    let existing_manifest = fs::read_to_string(folder.join(MANIFEST)).ok();
    let ours = existing_manifest.as_deref().is_some_and(manifest::is_ours);
    if !ours && !force && is_occupied(folder).map_err(failed(folder))? {
        return Err(WriteError::Occupied(folder.to_owned()));
    }
    let mut written = Vec::new();
    let mut put = |name: &str, text: &str| {
        let file = folder.join(name);
        if write_if_changed(&file, text.as_bytes()).map_err(failed(&file))? {
            written.push(file);
        }
        Ok(())
    };
    for (name, text) in &krate.generated {
        put(name, text)?;
    }
    for (name, text) in &krate.yours {
        match &existing_manifest {
            Some(existing) if name == MANIFEST && ours => {
                put(name, &manifest::renewed(existing, &krate.runtime, krate.features.as_deref()))?;
            }
            _ if name != MANIFEST && folder.join(name).exists() => {}
            _ => put(name, text)?,
        }
    }
    Ok(written)
}

pub(super) const MANIFEST: &str = "Cargo.toml";

/// Whether there is something in the folder, if it exists.
fn is_occupied(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
