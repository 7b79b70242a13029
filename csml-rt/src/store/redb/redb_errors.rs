//! Errors of a file, and how to correct them.

use std::io::ErrorKind;
use std::path::Path;

use redb::{DatabaseError, Error, StorageError};
use tokio::task::JoinError;

use super::super::store_trait::StoreError;

/// A file could not be opened.
pub(super) fn not_opened(path: &Path, error: DatabaseError) -> StoreError {
    match error {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
            StoreError::Unusable(format!(
                "the store `{}` is already open, most likely in another process, and such a file has one owner: give each process a \
                 file of its own, or share data through etcd (`etcd://host:port`)",
                path.display()
            ))
        }
        DatabaseError::UpgradeRequired(version) => StoreError::Unusable(format!(
            "the store `{}` has version {version} of redb's file format, which this program cannot read: upgrade it \
             with the version of redb that wrote it",
            path.display()
        )),
        other => failed(path, other.into()),
    }
}

/// Another error in opening, reading or writing.
pub(super) fn failed(path: &Path, error: Error) -> StoreError {
    match error {
        Error::Io(error) => io(path, &error),
        Error::Corrupted(reason) => damaged(path, &reason),
        Error::ValueTooLarge(bytes) => {
            StoreError::Rejected(format!("a value of {bytes} bytes is too large for `{}`", path.display()))
        }
        Error::PreviousIo | Error::DatabaseClosed => closed(path),
        Error::RepairAborted => damaged(path, "it could not be repaired"),
        other => damaged(path, &other.to_string()),
    }
}

/// The same for an error of the storage alone.
pub(super) fn storage(path: &Path, error: StorageError) -> StoreError {
    failed(path, error.into())
}

/// The file was closed after an error.
pub(super) fn closed(path: &Path) -> StoreError {
    StoreError::Unavailable(format!("the store `{}` was closed after an I/O error", path.display()))
}

/// The file contains data that redb or this runtime has not written.
pub(super) fn damaged(path: &Path, reason: &str) -> StoreError {
    StoreError::Corrupt(format!(
        "the store `{}` is damaged ({reason}): restore a backup, or move the file away to start with initial \
         values",
        path.display()
    ))
}

/// There is a folder where the file should be.
pub(super) fn folder(path: &Path) -> StoreError {
    StoreError::Unusable(format!("the store `{}` is a folder: name a file in it", path.display()))
}

/// The file could not be created.
pub(super) fn not_created(path: &Path, beside: &Path, error: &std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::PermissionDenied => StoreError::Unusable(format!(
            "this user may not create the store `{}` in its folder ({error}): change the permissions of the folder",
            path.display()
        )),
        ErrorKind::AlreadyExists | ErrorKind::IsADirectory => StoreError::Unusable(format!(
            "the store `{}` cannot be created, because `{}` is there, which is not a file: move it away",
            path.display(),
            beside.display()
        )),
        _ => io(path, error),
    }
}

/// redb has panicked.
pub(super) fn panicked(path: &Path, error: &JoinError) -> StoreError {
    if error.is_cancelled() {
        return StoreError::Unavailable(format!(
            "the work on `{}` was cancelled: the program ends",
            path.display()
        ));
    }
    damaged(path, "redb panicked while reading it")
}

fn io(path: &Path, error: &std::io::Error) -> StoreError {
    let path = path.display();
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            StoreError::Unusable(format!("the folder of the store `{path}` does not exist: create it first"))
        }
        ErrorKind::PermissionDenied => StoreError::Unusable(format!(
            "the store `{path}` cannot be read and written by this user ({error}): change its permissions"
        )),
        ErrorKind::ReadOnlyFilesystem => StoreError::Unusable(format!(
            "the store `{path}` is on a read-only file system: choose another location"
        )),
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof => StoreError::Corrupt(format!(
            "`{path}` is not a redb file, or damaged ({error}): name another file, or restore a backup"
        )),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            StoreError::Unavailable(format!(
                "the disk of the store `{path}` is full ({error}): make room; nothing was written"
            ))
        }
        _ => StoreError::Unavailable(format!("the store `{path}` could not be read or written: {error}")),
    }
}
