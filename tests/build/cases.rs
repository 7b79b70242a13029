//! What build scripts of test programs share: the folders of cases, and how their descriptions are compiled.

#[expect(unreachable_pub, reason = "public in the crate of the cases")]
#[path = "../src/folders.rs"]
mod folders;

use std::{
    error::Error,
    io,
    path::{Path, PathBuf},
};

use csmlc::{
    Options,
    diagnostics::levels::{Level, Levels},
    request::{self, Compiled},
};
pub(crate) use folders::folders;

/// The area whose descriptions do not compile: their diagnostics are compared.
const RULES: &str = "rules";

/// Says what is wrong with its line breaks, unlike what `main` would print of it.
pub(crate) fn end_with(result: Result<(), Box<dyn Error>>) {
    if let Err(error) = result {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

/// What the compiler warns about is the matter of the diagnostics cases.
pub(crate) fn levels() -> Result<Levels, Box<dyn Error>> {
    let mut levels = Levels::new();
    levels.set(Level::Allow, "all", &csmlc::rules::all())?;
    Ok(levels)
}

/// The areas of cases that run.
pub(crate) fn areas(cases: &Path) -> io::Result<Vec<PathBuf>> {
    Ok(folders(cases)?.into_iter().filter(|area| last(area) != RULES).collect())
}

pub(crate) fn last(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A description compiled to a module of this name.
pub(crate) fn compile(text: Vec<u8>, name: &str, levels: &Levels) -> Compiled {
    let options = Options { module: Some(name.to_owned()), ..Options::default() };
    request::compile_bytes("description.csml", text, &options, levels)
}
