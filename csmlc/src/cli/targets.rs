//! Which files `check` is to check.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use super::failure::Failure;

/// Extension of the files that are looked for in folders.
const EXTENSION: &str = "csml";
/// Marks a folder that tools may delete, such as cargo's `target`.
const CACHE_TAG: &str = "CACHEDIR.TAG";

/// What is to be checked.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// Files in the order of the arguments, those of a folder by path, each once.
    pub(super) files: Vec<PathBuf>,
    /// Folders that cannot be read, each with a message.
    pub(super) unreadable: Vec<(String, String)>,
}

/// The files that the arguments stand for: themselves, or for a folder the `*.csml` in and below it.
pub(super) fn find(arguments: &[PathBuf]) -> Result<Targets, Failure> {
    let mut targets = Targets::default();
    let mut known = BTreeSet::new();
    if arguments.iter().filter(|argument| argument.as_os_str() == "-").count() > 1 {
        return Err(Failure::message("`-`, the standard input, can be read only once"));
    }
    for argument in arguments {
        if !argument.is_dir() {
            add(&mut targets.files, &mut known, argument);
            continue;
        }
        let mut files = BTreeSet::new();
        let before = targets.unreadable.len();
        below(argument, &mut files, &mut targets.unreadable);
        if files.is_empty() && targets.unreadable.len() == before {
            let folder = argument.display().to_string();
            let message = format!("there is no file `*.{EXTENSION}` in the folder `{folder}` or below it");
            targets.unreadable.push((folder, message));
        }
        for file in &files {
            add(&mut targets.files, &mut known, file);
        }
    }
    Ok(targets)
}

fn add(files: &mut Vec<PathBuf>, known: &mut BTreeSet<PathBuf>, file: &Path) {
    // `./a` and `a` are one file; links are left alone.
    let plain: PathBuf = file.strip_prefix(".").unwrap_or(file).components().collect();
    if known.insert(plain) {
        files.push(file.to_owned());
    }
}

/// Descriptions in and below a folder, but for hidden folders, folders of caches, and links, which could lead in
/// cycles.
fn below(folder: &Path, files: &mut BTreeSet<PathBuf>, unreadable: &mut Vec<(String, String)>) {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if let Err(error) = entries(&folder, files, &mut folders) {
            let name = folder.display().to_string();
            unreadable.push((name.clone(), format!("cannot read the folder `{name}`: {error}")));
        }
    }
}

fn entries(folder: &Path, files: &mut BTreeSet<PathBuf>, folders: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = folder.strip_prefix(".").unwrap_or(folder).join(entry.file_name());
        let kind = entry.file_type()?;
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if kind.is_dir() {
            if !hidden && !path.join(CACHE_TAG).exists() {
                folders.push(path);
            }
        } else if !hidden && path.extension().is_some_and(|extension| extension == EXTENSION) {
            files.insert(path);
        }
    }
    Ok(())
}
