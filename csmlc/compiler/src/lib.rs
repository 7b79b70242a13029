//! The compiler of CSML, the language of Collaborative State Machines: texts in, a typed program, generated code and
//! diagnostics out. It does no I/O.
//!
//! This is the inside of `csmlc` and of the macro `csml_rt::csml!`; use those. Its modules are public for them and
//! change from one version to the next.
//!
//! `ARCHITECTURE.md` of the repository walks through the passes.

pub mod aids;
pub mod arena;
pub mod canonical;
pub mod codegen;
pub mod deployment;
pub mod diagnostic;
pub mod expand;
pub mod expr;
pub mod fix;
pub mod ir;
pub mod levels;
pub mod model;
pub mod project;
pub mod read;
pub mod render;
pub mod request;
pub mod rules;
pub mod sorted;
pub mod source;
pub mod suggest;
pub mod syntax;
pub mod text;
pub mod types;

mod check;
mod compile;
mod determinism;
mod flow;
mod front;
mod graph;
mod infer;
mod inherit;
mod map;
mod normalise;
mod resolve;
mod scope;
#[cfg(test)]
mod testing;
mod via;
mod visit;

pub use compile::{Options, Output, compile};
pub use front::canonicalise;
pub use infer::{TypeRow, types_report};
pub use read::lay_out;
