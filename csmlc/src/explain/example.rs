//! Runs an example and collects the compiler's messages.

use std::{collections::BTreeMap, path::Path};

use csml_expr::eval::Program;
use csml_rt_core::{Rng, private::Fuel};

use super::page::{CodeBlock, PagePart, blocks};
use csml_compiler::{
    Options, compile,
    diagnostics::{Diagnostics, levels::Levels},
    expr,
    files::FileReader,
    project,
    source::{SourceId, Sources},
};

/// The file name of an example in messages.
pub(super) const FILE: &str = "example.csml";

/// What the compiler says about an example.
#[derive(Debug)]
pub struct Said {
    /// The texts of the example.
    pub sources: Sources,
    /// Its diagnostics in order of place.
    pub diagnostics: Diagnostics,
    /// What a call of `csmlc eval` prints.
    pub output: Option<String>,
}

/// Runs the example of a section; `None` if it has none.
#[must_use]
pub fn run(parts: &[PagePart]) -> Option<Said> {
    let text = |language: &str| {
        blocks(parts).find(|block| block.language == language).map(|block| block.text.as_str())
    };
    if let Some(command) = text("console") {
        return Some(evaluate(expression(command)));
    }
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let mut levels = Levels::new();
    let mut options = Options { generate: false, ..Options::default() };
    let source = sources.add(FILE, text("csml")?);
    if let Some(toml) = text("toml") {
        let file = sources.add(project::FILE, toml);
        let said = project::take(&mut sources, file, Path::new(""), &Shown(parts), &mut diagnostics);
        options.annotations.extend(said.annotations);
        options.placement = said.placement;
        options.loop_limit = said.loop_limit.unwrap_or(options.loop_limit);
        options.choice = said.choice.unwrap_or(options.choice);
        levels = said.levels;
    }
    let (_, found) = compile(&sources, source, &options);
    found.iter().cloned().for_each(|found| diagnostics.push(found));
    diagnostics = levels.apply(&diagnostics);
    diagnostics.sort();
    Some(Said { sources, diagnostics, output: None })
}

/// The files that a section shows.
struct Shown<'a>(&'a [PagePart]);

impl Shown<'_> {
    fn find(&self, path: &Path) -> Option<&CodeBlock> {
        blocks(self.0).find(|block| !block.name.is_empty() && path == Path::new(&block.name))
    }
}

impl FileReader for Shown<'_> {
    fn is_file(&self, path: &Path) -> bool {
        self.find(path).is_some()
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        let found = self.find(path).map(|block| block.text.clone().into_bytes());
        found.ok_or_else(|| "there is no such file".to_owned())
    }
}

/// The expression of the call `$ csmlc eval 'EXPRESSION'` on the first line.
fn expression(command: &str) -> &str {
    let line = command.lines().next().unwrap_or_default();
    line.strip_prefix("$ csmlc eval '").and_then(|rest| rest.strip_suffix('\'')).unwrap_or(line)
}

fn evaluate(expression: &str) -> Said {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let source: SourceId = sources.add("<expression>", expression);
    let parsed = expr::parse_source(&sources, source, &mut diagnostics);
    let output = parsed.and_then(|script| {
        let (mut variables, mut rng) = (BTreeMap::new(), Rng::new(0));
        match Program::new(&script).evaluate(&mut variables, &mut rng, Fuel::DEFAULT_LIMIT) {
            Ok(value) => Some(value.to_json()),
            Err(error) => {
                diagnostics.push(expr::not_evaluated(&sources, error.span, error.message, [].into_iter()));
                None
            }
        }
    });
    Said { sources, diagnostics, output }
}
