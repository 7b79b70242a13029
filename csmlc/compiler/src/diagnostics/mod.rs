//! What the compiler has to say: rules, diagnostics about places of the texts, how severe they are, and how they are
//! drawn.

pub mod fix;
pub mod levels;
pub mod render;
pub mod suggest;

mod diagnostic;
pub(crate) mod provenance;

pub use diagnostic::{Diagnostic, Diagnostics, Label, Rule, Severity};
