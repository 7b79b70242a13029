//! Compiler from CSML, the language of Collaborative State Machines, to Rust.
//!
//! Most users want one of its front ends: the macro `csml_rt::csml!`, [`Builder`] in a `build.rs`, or the command
//! `csmlc`. Tools call [`compile`], which is pure: texts in, a typed `Program`, generated tokens
//! and [`Diagnostics`](diagnostics::Diagnostics) out.
//!
//! ```
//! use csmlc::{Options, compile, diagnostics::render, source::Sources};
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
//! The passes are the package `csml-compiler`; `ARCHITECTURE.md` of the repository walks through them.

pub mod acl;
#[cfg(feature = "text")]
pub mod convert;
#[cfg(feature = "text")]
pub mod emit;
#[cfg(feature = "explain")]
pub mod explain;
pub mod files;
pub mod formats;
#[cfg(feature = "text")]
pub mod layout;
#[cfg(feature = "schema")]
pub mod schema;

#[cfg(feature = "text")]
mod builder;

#[cfg(feature = "text")]
pub use builder::{BuildError, Builder};
pub use csml_compiler::{
    Options, Output, compile, diagnostics, request, rules, source, vocabulary::ChoicePolicy,
};
