//! The `csml!` macro. Use it through `csml_rt`, which re-exports it and says what it does.

use std::path::PathBuf;

use proc_macro::TokenStream;

/// Compiles a CSML description to a module: see `csml_rt::csml!`.
#[proc_macro]
pub fn csml(input: TokenStream) -> TokenStream {
    let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    csmlc::macro_door::expand(input.into(), manifest_dir.as_deref()).into()
}
