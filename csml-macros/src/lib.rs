//! The `csml!` macro. Use it through `csml_rt`, which re-exports it.

mod files;

use std::path::PathBuf;

use csml_compiler::expand::expand;
use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;

use files::Files;

/// Compiles a CSML description into a module.
///
/// ```ignore
/// // A file, relative to the folder of Cargo.toml. Its module is named after the description.
/// csml_rt::csml!("railway.csml");
///
/// // With options.
/// csml_rt::csml!("railway.csml", mod = crossing, crate = ::csml_rt, app = false, strict = true);
/// csml_rt::csml!("railway.csml", deny = all, allow = [unread_variable, "CSML0308"]);
///
/// // The description itself. Errors point at its tokens.
/// csml_rt::csml!({
///     "name": "lamp",
///     "version": "2.0",
///     "stateMachines": [ /* … */ ]
/// });
/// ```
///
/// | option | meaning | default |
/// |---|---|---|
/// | `mod = name` | name of the module | the name of the description |
/// | `crate = path` | path of the runtime crate | `::csml_rt` |
/// | `app = bool` | whether to generate `App` and `Services`, which need the runtime's feature `node` | `true` |
/// | `config = "file"` | a project file; `false` for none | `csml.toml` beside the description |
/// | `types = { "name" = Type, … }` | Rust types of variables, event data and service values | inferred |
/// | `schemas = { "event" = "file", … }` | JSON Schemas of events, `service.input` and `service.output` | none |
/// | `functions = { "signature" = path, … }` | Rust functions that expressions can call | none |
/// | `choice = policy` | `first`: of several enabled transitions the first one is taken; `exclusive`: they are an error | `exclusive` |
/// | `loop_limit = number` | loop iterations and calls after which the evaluation of an expression fails | ten million |
/// | `strict = bool` | whether warnings that the CSML 2.0 text calls violations are errors | as the project file says, or `false` |
/// | `allow = [rule, …]` | warnings to turn off | as the project file says, or none |
/// | `warn = [rule, …]` | warnings that stay warnings, whatever `strict` or `all` says | as the project file says, or all |
/// | `deny = [rule, …]` | warnings to turn into errors | as the project file says, or none |
///
/// Write a rule as an identifier (`unread_variable`, `CSML0308`) or a string (`"unread-variable"`); `all` means every
/// warning. A single rule needs no brackets. `docs/project-file.md#levels-of-rules` says which of several settings counts.
///
/// `csmlc check --types` prints the names for `types` and `schemas`; `docs/typing.md` has the details. An inline
/// description has a project file only if `config` names one.
///
/// The macro reports all errors of the description at once. It shows warnings as uses of deprecated constants, the
/// only way for a macro on stable Rust; `#![allow(deprecated)]` on the module around the call silences them.
///
/// Rust's lexer reads inline JSON first, so JSON's escapes `\/` and `\uXXXX` are errors there. A file may use all of
/// JSON.
#[proc_macro]
pub fn csml(input: TokenStream) -> TokenStream {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    module(input.into(), &Files { folder }).into()
}

/// The module of a call, after the items that make cargo watch its files.
fn module(input: Tokens, files: &Files) -> Tokens {
    let expansion = expand(input, files);
    let tracking = expansion.files.iter().filter_map(|file| files.tracking(file, expansion.span));
    let mut tokens: Tokens = tracking.collect();
    tokens.extend(expansion.tokens);
    tokens
}

#[cfg(test)]
mod tests;
