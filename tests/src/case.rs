//! Files of a case.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::folders;

/// The folder with all cases.
#[must_use]
pub fn cases_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// The folder of one case.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
}

impl Folder {
    /// The folder of a case.
    #[must_use]
    pub fn of(area: &str, name: &str) -> Self {
        Self { path: cases_folder().join(area).join(name) }
    }

    /// The folders of all cases, sorted.
    ///
    /// # Errors
    /// If a folder cannot be read.
    pub fn all() -> io::Result<Vec<Self>> {
        let mut all = Vec::new();
        for area in folders(&cases_folder())? {
            all.extend(folders(&area)?.into_iter().map(|path| Self { path }));
        }
        Ok(all)
    }

    /// `area/name`
    #[must_use]
    pub fn title(&self) -> String {
        let mut parts: Vec<_> = self.path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
        parts.reverse();
        parts.join("/")
    }

    /// Whether it has a file of that name.
    #[must_use]
    pub fn has(&self, file: &str) -> bool {
        self.path.join(file).is_file()
    }

    /// A file's text; `None` if there is no such file.
    ///
    /// # Errors
    /// If it is there and cannot be read.
    pub fn read(&self, file: &str) -> io::Result<Option<String>> {
        match fs::read_to_string(self.path.join(file)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}
