//! Pass `syntax`: JSON tree → description as written.
//!
//! Requires a tree from `read`. Establishes typed constructs of either JSON dialect, in any mixture, with their
//! short forms resolved. Reports unknown, missing and repeated keywords, values of the wrong type, and what of
//! the legacy dialect is not supported. What is in error is left out, and everything else is still looked at.

mod action;
mod component;
mod constant;
mod fields;
mod foreign_words;
pub mod keywords;
mod matching;
mod other_shapes;
pub mod private_events;
pub(crate) mod spans;
mod syntax_rules;
pub mod tree;
pub mod value_words;

use crate::{diagnostics::Diagnostics, read::JsonNode};
pub use syntax_rules::RULES;
pub use tree::Description;

/// Reads the constructs of a description. `None` if there is no description to speak of.
pub fn parse(tree: &JsonNode, diagnostics: &mut Diagnostics) -> Option<Description> {
    fields::Syntax::new(diagnostics).description(tree)
}
