//! The road through the compiler.

use proc_macro2::TokenStream;

use crate::{
    diagnostic::Diagnostics,
    ir::Program,
    source::{SourceId, Sources},
};

/// What to generate.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the generated module; from the description's name if absent.
    pub module: Option<String>,
    /// Path of the runtime crate in generated code.
    pub runtime: String,
    /// Whether to generate `App` and `Services`; without them the machines alone serve a `no_std` host.
    pub app: bool,
    /// Whether warnings of the 2.0 text's own rules are errors.
    pub strict: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { module: None, runtime: "::csml_rt".to_owned(), app: true, strict: false }
    }
}

/// A compiled description.
#[derive(Debug)]
pub struct Output {
    /// The typed program.
    pub program: Program,
    /// Name of the generated module.
    pub module: String,
    /// The generated module: `pub mod name { … }`.
    pub tokens: TokenStream,
}

/// Compiles the description `root`. Pure: no I/O, and the same input gives the same output.
///
/// The output is absent if a diagnostic is an error.
#[must_use]
pub fn compile(sources: &Sources, root: SourceId, options: &Options) -> (Option<Output>, Diagnostics) {
    let _ = (sources, root, options);
    (None, Diagnostics::new())
}
