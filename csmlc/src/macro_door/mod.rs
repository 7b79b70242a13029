//! The macro door: tokens of `csml!(…)` in, the generated module out. A plain library on `proc_macro2`, so
//! that it is tested without a compiler; the crate `csml-macros` only calls it.
//!
//! Requires nothing of its input. Every error becomes a `compile_error!` of its own, every warning a use of
//! a deprecated constant, as stable Rust lets a macro warn in no other way.

mod aids;
mod arguments;
mod levels;
mod literal;
mod report;

use std::path::Path;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::{
    codegen::module_ident,
    compile::Options,
    diagnostic::Diagnostics,
    door::{self, Request},
    front::canonicalise,
    read::lay_out,
    source::{SourceId, Sources},
};
use arguments::{Arguments, Description};
use report::Place;

/// Expands `csml!(input)`. A relative path of a description is relative to `manifest_dir`, the folder of
/// the calling crate's `Cargo.toml`.
///
/// Errors in the input are part of the output, as `compile_error!`.
#[must_use]
pub fn expand(input: TokenStream, manifest_dir: Option<&Path>) -> TokenStream {
    let base = manifest_dir.unwrap_or(Path::new(""));
    match Arguments::parse(input) {
        Ok(arguments) => match &arguments.description {
            Description::Inline(group) => {
                let (text, tokens) = lay_out(TokenTree::Group(group.clone()).into());
                let mut sources = Sources::new();
                let source = sources.add_tokens("csml!", text, tokens);
                let place = Place::Tokens(group.span_open());
                module(&arguments, sources, source, None, base, place)
            }
            Description::File { path, span } => expand_file(&arguments, path, base, *span),
        },
        Err(error) => report::error_at(error.span, error.span, &error.message),
    }
}

fn options(arguments: &Arguments) -> Options {
    let default = Options::default();
    Options {
        module: arguments.module.clone(),
        runtime: arguments.runtime.clone().unwrap_or(default.runtime),
        app: arguments.app.unwrap_or(default.app),
        strict: default.strict,
        generate: true,
        aids: default.aids,
        loop_limit: default.loop_limit,
        deployment: default.deployment,
    }
}

fn expand_file(arguments: &Arguments, path: &str, base: &Path, span: Span) -> TokenStream {
    let file = base.join(path);
    let bytes = match door::read_file(&file) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message =
                format!("cannot read `{path}`: {error}; the path is relative to the folder of Cargo.toml");
            let error = report::error_at(span, span, &message);
            let placeholder = placeholder(&options(arguments), None);
            return quote! { #error #placeholder };
        }
    };
    let mut sources = Sources::new();
    let source = sources.add_bytes(path, bytes);
    let module = module(arguments, sources, source, Some(Path::new(path)), base, Place::File(span));
    let tracking = tracking(&file, span);
    quote! { #tracking #module }
}

/// The module of a description, and what there is to say about it.
fn module(
    arguments: &Arguments,
    sources: Sources,
    source: SourceId,
    file: Option<&Path>,
    base: &Path,
    place: Place,
) -> TokenStream {
    let options = options(arguments);
    let config = arguments.config.clone().unwrap_or_default();
    let (extras, levels) = (&arguments.extras, &arguments.levels);
    let request = Request { sources, source, file, base, config: &config, extras, options: &options, levels };
    let compiled = match request.compile() {
        Ok(compiled) => compiled,
        Err(message) => {
            let error = report::error_at(place.span(), place.span(), &message);
            let placeholder = placeholder(&options, None);
            return quote! { #error #placeholder };
        }
    };
    let reports =
        compiled.diagnostics.iter().map(|diagnostic| report::report(&compiled.sources, diagnostic, place));
    let module = match &compiled.output {
        Some(output) => output.tokens.clone(),
        None => placeholder(&options, Some((&compiled.sources, compiled.source))),
    };
    // What could not be read cannot be tracked; that it could not is an error of its own.
    let files = compiled.files.iter().map(|file| base.join(file)).filter(|file| file.is_file());
    let tracking = files.map(|file| tracking(&file, place.span()));
    quote! { #(#tracking)* #(#reports)* #module }
}

/// An empty module, so that `use` of it is not an error more. Nothing if its name is unknown.
fn placeholder(options: &Options, source: Option<(&Sources, SourceId)>) -> TokenStream {
    // What is wrong with the description has been reported.
    let read = |(sources, source)| canonicalise(sources, source, &mut Diagnostics::new());
    let named = source.and_then(read).filter(|description| !description.name.is_broken());
    let description = named.map(|description| description.name.value);
    if options.module.is_none() && description.is_none() {
        return TokenStream::new();
    }
    let description = description.unwrap_or_default();
    let module = module_ident(options.module.as_deref(), &description);
    quote!(pub mod #module {})
}

/// Makes cargo expand the macro again when the file has changed.
fn tracking(file: &Path, span: Span) -> TokenStream {
    match file.to_str() {
        Some(file) => quote_spanned! {span=>
            const _: &[::core::primitive::u8] = ::core::include_bytes!(#file);
        },
        None => {
            let message = "the path of the description is not UTF-8; the compiler could not track the file";
            report::error_at(span, span, message)
        }
    }
}

#[cfg(test)]
mod tests;
