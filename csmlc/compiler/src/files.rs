//! Files as front ends read them for the compiler, which does no I/O.

use std::{io, path::Path};

/// How a front end reads the files that a description, its project file or the call names. The compiler reads none.
pub trait FileReader {
    /// Whether there is a file with this path.
    fn is_file(&self, path: &Path) -> bool;

    /// The content of a file, of which the compiler needs at most one byte more than [`MAX_BYTES`].
    ///
    /// # Errors
    /// The reason in words, see [`read_failure`], if it cannot be read.
    ///
    /// [`MAX_BYTES`]: crate::source::MAX_BYTES
    fn read(&self, path: &Path) -> Result<Vec<u8>, String>;
}

/// Why a file cannot be read, in words, the same on all systems: the usual reasons without the numbers that systems
/// have for them.
#[must_use]
pub fn read_failure(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        _ => error.to_string(),
    }
}
