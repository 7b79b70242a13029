//! The road through the compiler.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;

use crate::{
    aids::{self, Aids, Settled},
    canonicalise, check, codegen, determinism,
    diagnostic::Diagnostics,
    expr::{self, host::HostFunctions},
    infer,
    ir::Program,
    resolve,
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
    /// Whether to generate code; without it only the diagnostics and the program are of interest.
    pub generate: bool,
    /// Whether warnings of the 2.0 text's own rules are errors.
    pub strict: bool,
    /// Typing aids, whose places are in the sources of the description.
    pub aids: Aids,
    /// Rounds of loops and calls of functions that one evaluation of an expression may take.
    pub loop_limit: u64,
}

impl Options {
    /// What [`loop_limit`](Self::loop_limit) is where nothing else is said.
    pub const LOOP_LIMIT: u64 = 10_000_000;
}

impl Default for Options {
    fn default() -> Self {
        Self {
            module: None,
            runtime: "::csml_rt".to_owned(),
            app: true,
            generate: true,
            strict: false,
            aids: Aids::default(),
            loop_limit: Self::LOOP_LIMIT,
        }
    }
}

/// A compiled description.
#[derive(Debug)]
pub struct Output {
    /// The typed program.
    pub program: Program,
    /// Name of the generated module.
    pub module: String,
    /// The generated module: `pub mod name { … }`; empty if it was not asked for.
    pub tokens: TokenStream,
    /// Paths of the user's own types and functions that the module names.
    pub host_paths: BTreeSet<String>,
}

/// Compiles the description `root`. Pure: no I/O, and the same input gives the same output.
///
/// The output is absent if a diagnostic is an error.
#[must_use]
pub fn compile(sources: &Sources, root: SourceId, options: &Options) -> (Option<Output>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let output = road(sources, root, options, &mut diagnostics);
    if options.strict {
        diagnostics.make_strict();
    }
    diagnostics.sort();
    let output = output.filter(|_| !diagnostics.has_errors());
    (output, diagnostics)
}

/// The passes, strictly forward. Errors are collected within a phase and stop the road between phases.
fn road(
    sources: &Sources,
    root: SourceId,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Output> {
    let canonical = canonicalise(sources, root, diagnostics)?;
    diagnostics.stop_on_errors()?;
    let app = resolve::resolve(&canonical, diagnostics)?;
    check::structure(&app, diagnostics);
    let hosts = HostFunctions::new(&options.aids, diagnostics);
    let mut app = expr::resolve_with(app, &hosts.arities(), diagnostics)?;
    let pins = aids::resolve(&mut app, &options.aids, sources, diagnostics);
    diagnostics.stop_on_errors()?;
    check::usage(&app, diagnostics);
    let settled = Settled { pins, hosts };
    let mut program = infer::infer(app, &settled, sources, diagnostics)?;
    determinism::check(&mut program, diagnostics);
    diagnostics.stop_on_errors()?;
    let (module, tokens) = codegen::generate(&program, sources, options);
    let host_paths = aids::host_paths(&program);
    Some(Output { program, module: module.to_string(), tokens, host_paths })
}
