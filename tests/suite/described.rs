//! Descriptions of cases, compiled with the project file beside them.

use std::{fs, path::Path};

use csml_compiler::project::CallSettings;
use csmlc::{
    Options,
    diagnostics::levels::Levels,
    files::Disk,
    request::{Compiled, Config, Request},
    source::Sources,
};

/// The description of a case; messages call it `name`.
pub(crate) fn compile(case: &Path, name: &str, options: &Options) -> Compiled {
    let mut sources = Sources::new();
    let source = sources.add_bytes(name, fs::read(case.join("description.csml")).unwrap());
    let project = case.join("csml.toml");
    let config = if project.is_file() { Config::File(project) } else { Config::None };
    let request = Request {
        sources,
        source,
        file: None,
        reader: &Disk,
        config: &config,
        extras: &CallSettings::default(),
        options,
        levels: &Levels::new(),
    };
    request.compile().unwrap()
}
