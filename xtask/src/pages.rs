//! `cargo xtask docs`: pages of the documentation that are made of the code.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{diagnostics_page, library_page, test::root};

/// A page, and how its text follows from the code and what the page says now.
struct Page {
    path: &'static str,
    text: fn(&str) -> Result<String, String>,
}

const PAGES: [Page; 3] = [
    Page { path: "docs/csml.schema.json", text: |_| Ok(csmlc::schema::text()) },
    Page { path: "docs/diagnostics.md", text: diagnostics_page::page },
    Page { path: "docs/expressions/library.md", text: library_page::page },
];

/// The folder of the pages of the rules. Nothing else is in it.
const FOLDER: &str = "docs/diagnostics";

/// Where the compiler lists the pages of the rules, and the folder in which they are written.
const LIST: &str = "csmlc/src/explain/pages.rs";
const SOURCES: &str = "csmlc/src/explain/pages";

/// Writes the pages that are not current, and removes those of rules that are no more.
pub(crate) fn write() -> Result<(), String> {
    let list = list()?;
    if read(&root().join(LIST))? != list {
        fs::write(root().join(LIST), list).map_err(|error| format!("{LIST}: {error}"))?;
        // The pages that this program holds are those of the old list.
        return Err(format!("{LIST} has been written anew: run `cargo xtask docs` again"));
    }
    fs::create_dir_all(root().join(FOLDER)).map_err(|error| format!("{FOLDER}: {error}"))?;
    for (path, text) in stale()? {
        let at = root().join(&path);
        let written = match text {
            Some(text) => fs::write(at, text),
            None => fs::remove_file(at),
        };
        written.map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(())
}

/// Says whether the pages are what `write` would write.
pub(crate) fn check() -> Result<(), String> {
    if read(&root().join(LIST))? != list()? {
        return Err(format!("{LIST} does not list the pages in {SOURCES}: run `cargo xtask docs`"));
    }
    match stale()?.first() {
        None => Ok(()),
        Some((path, Some(_))) => Err(format!("{path} is not current: run `cargo xtask docs`")),
        Some((path, None)) => Err(format!("{path} is the page of no rule: run `cargo xtask docs`")),
    }
}

/// The list of the pages that the compiler has, with every page there is.
fn list() -> Result<String, String> {
    let found = read(&root().join(LIST))?;
    let start = "= pages! {\n";
    let (before, rest) =
        found.split_once(start).ok_or_else(|| format!("{LIST} has no `{}`", start.trim()))?;
    let (_, after) = rest.split_once("};").ok_or_else(|| format!("{LIST} has no end of the list"))?;
    let pages = folder(SOURCES)?.into_keys();
    let codes: String = pages.map(|name| format!("    {}\n", name.trim_end_matches(".md"))).collect();
    Ok(format!("{before}{start}{codes}}};{after}"))
}

/// The pages that are missing or not current, each with the text it should have; those that should not
/// be there without one.
fn stale() -> Result<Vec<(String, Option<String>)>, String> {
    let mut pages = Vec::new();
    for page in PAGES {
        let found = read(&root().join(page.path))?;
        let text = (page.text)(&found).map_err(|error| format!("{}: {error}", page.path))?;
        if found != text {
            pages.push((page.path.to_owned(), Some(text)));
        }
    }
    let mut found = folder(FOLDER)?;
    for (name, text) in diagnostics_page::each()? {
        if found.remove(&name).as_ref() != Some(&text) {
            pages.push((format!("{FOLDER}/{name}"), Some(text)));
        }
    }
    pages.extend(found.into_keys().map(|name| (format!("{FOLDER}/{name}"), None)));
    Ok(pages)
}

/// The texts of the files in a folder, by name.
fn folder(path: &str) -> Result<BTreeMap<String, String>, String> {
    let fault = |error: io::Error| format!("{path}: {error}");
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(root().join(path)).map_err(fault)? {
        let file: PathBuf = entry.map_err(fault)?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        found.insert(name, read(&file)?);
    }
    Ok(found)
}

fn read(path: &Path) -> Result<String, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    // A checkout may have changed the ends of lines.
    Ok(text.replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_pages_are_current() {
        super::check().unwrap();
    }
}
