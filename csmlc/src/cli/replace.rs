//! Files that are replaced.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
};

/// Replaces the content of a file at once, so that no reader sees half of it. The file keeps its permissions, and a
/// link stays one. A file that does not exist is made.
///
/// # Errors
/// If it cannot be written, or is read-only.
pub(super) fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let target = match fs::canonicalize(file) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(folder) = file.parent() {
                fs::create_dir_all(folder)?;
            }
            return fs::write(file, content);
        }
        Err(error) => return Err(error),
    };
    let metadata = fs::metadata(&target)?;
    if !metadata.is_file() {
        return fs::write(&target, content);
    }
    // Renaming over it would succeed.
    if metadata.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let temporary = write_beside(&target, content)?;
    let replaced = fs::set_permissions(&temporary, metadata.permissions())
        .and_then(|()| fs::rename(&temporary, &target));
    if replaced.is_err() {
        // The error that counts is the one above.
        let _ = fs::remove_file(&temporary);
    }
    replaced
}

/// Writes a new hidden file in the folder of another: only within one file system renaming is one step.
fn write_beside(file: &Path, content: &[u8]) -> io::Result<PathBuf> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    for number in 0..100 {
        let temporary = file.with_file_name(format!(".{name}.{}-{number}.tmp", process::id()));
        let mut made = match fs::File::create_new(&temporary) {
            Ok(made) => made,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(error),
        };
        let written = io::Write::write_all(&mut made, content).and_then(|()| made.sync_all());
        return match written {
            Ok(()) => Ok(temporary),
            Err(error) => {
                // The error that counts is the one above.
                let _ = fs::remove_file(&temporary);
                Err(error)
            }
        };
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "there are too many temporary files beside it"))
}
