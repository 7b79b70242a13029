//! What the compiler has to say: rules, diagnostics about places of the texts, how severe they are, and how they are
//! drawn.

pub mod fix;
pub mod levels;
#[cfg(feature = "render")]
pub mod render;
pub mod suggest;

pub(crate) mod compact;
mod diagnostic;
mod excerpt;
mod patch;
pub(crate) mod provenance;

pub use diagnostic::{Diagnostic, Diagnostics, Label, Rule, Severity};
