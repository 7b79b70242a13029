//! `csmlc fmt`: a text of CSML in its standard layout.
//!
//! Requires a text that reads as JSON. Establishes the same values in the same order with the same comments;
//! strings and numbers stay as they are written. Reports what the reader reports, and then changes nothing.
//!
//! `build` makes the concrete tree: values, comments, and how far apart they stand. `print` writes it. The tree
//! is also what `convert` works on, so that comments survive it.

mod edit;
mod gaps;
mod print;
mod tree;
mod tree_builder;

use csml_compiler::{
    diagnostics::Diagnostics,
    read,
    source::{SourceId, Sources},
};

pub(crate) use print::print;
pub(crate) use tree::{Block, Bracket, Document, Entry, Gap, Key, Kind, Value};

/// The text in its standard layout; none if it does not read as JSON, for reasons that are then among the
/// diagnostics. Whether it is a description does not matter.
///
/// Formatting the result again changes nothing.
#[must_use]
pub fn format(sources: &Sources, id: SourceId, diagnostics: &mut Diagnostics) -> Option<String> {
    document(sources, id, diagnostics).map(|document| print(&document))
}

/// The concrete tree of a text; none if the reader has errors to report, small ones included: what it has fixed
/// or left out would be lost.
pub(crate) fn document<'a>(
    sources: &'a Sources,
    id: SourceId,
    diagnostics: &mut Diagnostics,
) -> Option<Document<'a>> {
    let mut found = Diagnostics::new();
    let tree = read::read(sources, id, &mut found);
    let readable = !found.has_errors();
    found.iter().cloned().for_each(|diagnostic| diagnostics.push(diagnostic));
    let tree = tree.filter(|_| readable)?;
    Some(tree_builder::build(&sources.get(id).text, &tree))
}

#[cfg(test)]
mod tests;
