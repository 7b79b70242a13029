//! Compiler from CSML, the language of Collaborative State Machines, to Rust.

pub mod arena;
pub mod canonical;
pub mod diagnostic;
pub mod door;
#[cfg(feature = "text")]
pub mod emit;
pub mod expr;
pub mod ir;
pub mod levels;
pub mod macro_door;
pub mod model;
pub mod render;
pub mod rules;
pub mod source;
pub mod suggest;
pub mod text;
pub mod types;

#[cfg(feature = "text")]
mod builder;
mod check;
mod codegen;
mod compile;
mod flow;
mod front;
mod infer;
mod map;
mod normalise;
mod read;
mod resolve;
mod syntax;
#[cfg(test)]
mod testing;
mod visit;

#[cfg(feature = "text")]
pub use builder::{BuildError, Builder};
pub use compile::{Options, Output, compile};
pub use front::canonicalise;
pub use read::lay_out;
