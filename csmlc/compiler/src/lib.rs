//! The compiler of CSML, the language of Collaborative State Machines: texts in, a typed program, generated code and
//! diagnostics out. It does no I/O.
//!
//! This is the inside of `csmlc` and of the macro `csml_rt::csml!`; use those. Its modules are public for them and
//! change from one version to the next.
//!
//! `ARCHITECTURE.md` of the repository walks through the passes.

#![warn(clippy::indexing_slicing)]

pub mod annotations;
pub mod canonical;
pub mod codegen;
pub mod diagnostics;
pub mod expand;
pub mod expr;
pub mod files;
pub mod ir;
pub mod model;
pub mod placement;
pub mod project;
pub mod read;
pub mod request;
pub mod rules;
pub mod sorted;
pub mod source;
pub mod syntax;
pub mod text;
pub mod types;
pub mod vocabulary;

mod check;
mod compile;
mod determinism;
mod front;
mod inherit;
mod lists;
mod lower;
mod normalise;
mod options;
mod resolve;
mod solve;
#[cfg(test)]
mod tests;

pub use compile::{Output, compile};
pub use front::canonicalise;
pub use ir::{TypeRow, types_report};
pub use options::Options;
pub use read::lay_out;
