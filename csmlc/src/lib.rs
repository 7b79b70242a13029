//! Compiler from CSML, the language of Collaborative State Machines, to Rust.

pub mod arena;
pub mod canonical;
pub mod diagnostic;
pub mod expr;
pub mod ir;
pub mod model;
pub mod source;
pub mod text;
pub mod types;

mod check;
mod codegen;
mod compile;
mod emit;
mod flow;
mod infer;
mod map;
mod normalise;
mod read;
mod resolve;
pub mod suggest;
mod syntax;
#[cfg(test)]
mod testing;
mod visit;

pub use compile::{Options, Output, compile};
