//! Creating a file: under another name beside its place, and moved there when it is complete. So a start that fails, on a
//! full disk or by a kill, leaves nothing behind that looks like a store.

use std::ffi::OsString;
use std::fs::{self, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::super::store_trait::StoreError;
use super::redb_errors::not_created;

/// Creates the file at `path`, for its owner only; `complete` writes what belongs into it. Nothing if it exists by now.
pub(super) fn create<T>(
    path: &Path,
    complete: impl FnOnce(fs::File) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let beside = beside(path);
    let failed = |error| not_created(path, &beside, &error);
    let file = match options().create_new(true).open(&beside) {
        // One of a process that was killed, or of one that is creating it now.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && is_file(&beside) => options().open(&beside),
        other => other,
    };
    let file = file.map_err(failed)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            return Err(StoreError::Unusable(format!(
                "another process is creating the store `{}` at this moment: each process needs a file of its own",
                path.display()
            )));
        }
        // Where a file system has no locks, redb says so.
        Ok(()) | Err(TryLockError::Error(_)) => {}
    }
    // Only who has the lock moves it, so the file does not appear from now on.
    if path.exists() {
        let _ = fs::remove_file(&beside);
        return Ok(None);
    }
    file.set_len(0).and_then(|()| for_owner(&file)).map_err(failed)?;
    let result = complete(file).and_then(|completed| {
        fs::rename(&beside, path).map_err(|error| {
            let (from, to) = (beside.display(), path.display());
            StoreError::Unavailable(format!("the new store `{from}` could not be moved to `{to}`: {error}"))
        })?;
        Ok(completed)
    });
    match result {
        Ok(completed) => {
            sync_folder(path);
            Ok(Some(completed))
        }
        Err(error) => {
            let _ = fs::remove_file(&beside);
            Err(error)
        }
    }
}

/// Where the file is created.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".new");
    PathBuf::from(name)
}

/// A link leads anywhere, and what is no file is nothing that a start has left behind.
fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// What was left behind may have other permissions.
#[cfg(unix)]
fn for_owner(file: &fs::File) -> std::io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
}

#[cfg(not(unix))]
fn for_owner(_: &fs::File) -> std::io::Result<()> {
    Ok(())
}

/// Makes the new name durable. Not every system can do that with a folder, and then it needs no help.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Ok(folder) = fs::File::open(folder.unwrap_or(Path::new("."))) {
        let _ = folder.sync_all();
    }
}
