//! The front half of the pipeline: text → canonical tree.

use crate::{
    canonical::Description,
    diagnostics::Diagnostics,
    inherit, normalise, read,
    source::{SourceId, Sources},
    syntax,
};

/// Reads the description `root` into its canonical tree, whatever dialect it is written in. Later passes find
/// further errors; a tree whose diagnostics have errors is incomplete.
pub fn canonicalise(sources: &Sources, root: SourceId, diagnostics: &mut Diagnostics) -> Option<Description> {
    let tree = read::read(sources, root, diagnostics)?;
    let written = syntax::parse(&tree, diagnostics)?;
    let flat = inherit::flatten(written, diagnostics)?;
    normalise::normalise(flat, diagnostics)
}

#[cfg(test)]
mod tests;
