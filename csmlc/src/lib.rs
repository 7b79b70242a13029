//! Compiler from CSML, the language of Collaborative State Machines, to Rust.
//!
//! Most users want one of its doors: the macro `csml_rt::csml!`, [`Builder`] in a `build.rs`, or the command
//! `csmlc`. Tools call [`compile`], which is pure: texts in, a typed [`Program`](ir::Program), generated tokens
//! and [`Diagnostics`](diagnostic::Diagnostics) out.
//!
//! ```
//! use csmlc::{Options, compile, render, source::Sources};
//!
//! let mut sources = Sources::new();
//! let text = r#"{
//!     "name": "lamp",
//!     "version": "2.0",
//!     "stateMachines": [{
//!         "name": "lamp",
//!         "states": [{
//!             "name": "off",
//!             "initial": true,
//!             "on": [{ "event": "press", "channel": "peripheral", "target": "onn" }]
//!         }, { "name": "on", "terminal": true }]
//!     }]
//! }"#;
//! let lamp = sources.add_bytes("lamp.csml", text.as_bytes().to_vec());
//!
//! let (output, diagnostics) = compile(&sources, lamp, &Options::default());
//! assert!(output.is_none());
//! let error = diagnostics.iter().find(|found| found.rule.name == "unknown-state").unwrap();
//! assert_eq!(error.help, ["did you mean `on`?"]);
//! println!("{}", render::render(&sources, error, render::Style::Plain));
//! ```
//!
//! | feature | adds | default |
//! |---|---|---|
//! | `cli` | the command `csmlc` | yes |
//! | `explain` | the pages of the rules: [`explain`] | with `cli` |
//! | `schema` | the JSON Schema of descriptions: [`schema`] | with `cli` |
//! | `text` | formatted text: [`Builder`], [`emit`], [`layout`] and [`convert`] | with `cli` |
//!
//! The passes stand in modules of their own; `ARCHITECTURE.md` of the repository walks through them.

pub mod acl;
pub mod aids;
pub mod arena;
pub mod canonical;
#[cfg(feature = "text")]
pub mod convert;
pub mod deployment;
pub mod diagnostic;
pub mod door;
#[cfg(feature = "text")]
pub mod emit;
#[cfg(feature = "explain")]
pub mod explain;
pub mod expr;
pub mod fix;
pub mod ir;
#[cfg(feature = "text")]
pub mod layout;
pub mod levels;
pub mod macro_door;
pub mod model;
pub mod project;
pub mod render;
pub mod rules;
#[cfg(feature = "schema")]
pub mod schema;
pub mod source;
pub mod suggest;
pub mod text;
pub mod types;

#[cfg(feature = "text")]
mod builder;
mod check;
mod codegen;
mod compile;
mod determinism;
mod flow;
mod front;
mod graph;
mod infer;
mod inherit;
mod map;
mod normalise;
mod read;
mod resolve;
mod scope;
mod syntax;
#[cfg(test)]
mod testing;
mod via;
mod visit;

#[cfg(feature = "text")]
pub use builder::{BuildError, Builder};
pub use compile::{Options, Output, compile};
pub use front::canonicalise;
pub use infer::{TypeRow, types_report};
pub use read::lay_out;
