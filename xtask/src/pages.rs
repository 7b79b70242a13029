//! `cargo xtask docs`: pages of the documentation that are made of the code.

use std::{fs, path::PathBuf};

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

/// Writes the pages that are not current.
pub(crate) fn write() -> Result<(), String> {
    for page in PAGES {
        let found = read(&page)?;
        let text = (page.text)(&found).map_err(|error| format!("{}: {error}", page.path))?;
        if found != text {
            fs::write(path(&page), text).map_err(|error| format!("{}: {error}", page.path))?;
        }
    }
    Ok(())
}

/// Says whether the pages are what `write` would write.
pub(crate) fn check() -> Result<(), String> {
    for page in PAGES {
        let found = read(&page)?;
        let text = (page.text)(&found).map_err(|error| format!("{}: {error}", page.path))?;
        if found != text {
            return Err(format!("{} is not current: run `cargo xtask docs`", page.path));
        }
    }
    Ok(())
}

fn path(page: &Page) -> PathBuf {
    root().join(page.path)
}

fn read(page: &Page) -> Result<String, String> {
    let text = fs::read_to_string(path(page)).map_err(|error| format!("{}: {error}", page.path))?;
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
