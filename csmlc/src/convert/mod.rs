//! `csmlc convert`: a description of either JSON dialect in the canonical form of CSML 2.0.
//!
//! Requires a text that reads as JSON and whose constructs are known; what its names mean does not matter, unless
//! it is to be flattened. Establishes a text that means the same. Reports what reading and the constructs have wrong.
//!
//! `rewrite` changes the concrete tree in place, so that comments and the order of things survive. `flatten` makes
//! a new tree from the canonical one, without inheritance and named actions and guards, and takes the comments over
//! that stand at what both have.

mod actions;
mod data_order;
mod flatten;
mod note;
mod rewrite;
mod timed;

use crate::layout::{self, Document};
use csml_compiler::{
    canonicalise,
    diagnostics::{Diagnostic, Diagnostics},
    read,
    source::{SourceId, Sources},
    syntax,
};

pub use note::Note;

/// A description in canonical form.
#[derive(Debug)]
pub struct Converted {
    /// Its text, formatted.
    pub text: String,
    /// What has no canonical form and stays as it is, in order of place.
    pub notes: Vec<Note>,
}

/// The description in the form of CSML 2.0; none if it does not read or has unknown constructs, which is then among
/// the diagnostics.
///
/// With `flatten` inheritance and named actions and guards are written out. Then their names must be known, and
/// comments on what is no longer there are lost.
#[must_use]
pub fn convert(
    sources: &Sources,
    id: SourceId,
    flatten: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Converted> {
    let mut document = layout::document(sources, id, diagnostics)?;
    // The text has been read: there is nothing new to report.
    let tree = read::read(sources, id, &mut Diagnostics::new())?;
    let mut found = Diagnostics::new();
    let written = syntax::parse(&tree, &mut found);
    let known = !found.has_errors();
    found.iter().cloned().for_each(|diagnostic| diagnostics.push(diagnostic));
    let written = written.filter(|_| known)?;
    let source = sources.get(id);
    let rewritten = rewrite::rewrite(&mut document, &written);
    if flatten && rewritten.has_names() {
        let mut found = Diagnostics::new();
        let canonical = canonicalise(sources, id, &mut found);
        let known = !found.has_errors();
        // What is said of inherited copies belongs together; `sort` knows how.
        found.sort();
        found.iter().cloned().for_each(|diagnostic| diagnostics.push(diagnostic));
        let canonical = canonical.filter(|_| known)?;
        let (value, disordered) = flatten::flatten(&canonical, &document.value, &source.text);
        let mut notes = rewritten.notes(source, true);
        notes.extend(disordered.into_iter().map(|place| note::disordered(source, place)));
        notes.sort_by_key(|note| note.place);
        let text = layout::print(&Document { value, ..document.clone() });
        return readable(Converted { text, notes }, &tree, diagnostics);
    }
    let converted = Converted { text: layout::print(&document), notes: rewritten.notes(source, false) };
    readable(converted, &tree, diagnostics)
}

/// What is written out may be nested deeper than a description may be. Then there is no such form of it.
fn readable(converted: Converted, tree: &read::JsonNode, diagnostics: &mut Diagnostics) -> Option<Converted> {
    let mut sources = Sources::new();
    let id = sources.add("", converted.text.as_str());
    let mut found = Diagnostics::new();
    read::read(&sources, id, &mut found);
    let Some(error) = found.iter().next() else {
        return Some(converted);
    };
    let message = format!("the converted description could not be read: {}", error.message);
    diagnostics.push(Diagnostic::new(error.rule, tree.span.at_start(), message));
    None
}

#[cfg(test)]
mod tests;
