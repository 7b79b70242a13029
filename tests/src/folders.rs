//! Folders of cases. Build scripts use it, too.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The folders in a folder, sorted.
///
/// # Errors
/// If it cannot be read.
pub fn folders(of: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(of)? {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}
