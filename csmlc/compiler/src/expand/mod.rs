//! The macro: tokens of `csml!(…)` in, the generated module out. A plain library on `proc_macro2`, so that it is
//! tested without a compiler; the crate `csml-macros` calls it and reads files for it.
//!
//! Requires nothing of its input. Every error becomes a `compile_error!` of its own, every warning a use of
//! a deprecated constant, as stable Rust lets a macro warn in no other way.

mod annotations;
mod arguments;
mod level_arguments;
mod literal;
mod rust_report;

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;

use crate::{
    codegen::module_ident,
    diagnostics::Diagnostics,
    files::FileReader,
    front::canonicalise,
    options::Options,
    read::lay_out,
    request::Request,
    source::{SourceId, Sources},
};
use arguments::{Arguments, DescriptionArgument};
use rust_report::ReportPlace;

/// What a call of the macro becomes.
#[derive(Debug)]
pub struct Expansion {
    /// The module, and what there is to say about the description: errors are `compile_error!`s.
    pub tokens: TokenStream,
    /// The files that it depends on, as the reader takes them. Some may not exist.
    pub files: Vec<PathBuf>,
    /// Where the call names its description.
    pub span: Span,
}

/// Expands `csml!(input)`. `reader` reads the files that the call names, whose paths are relative to the folder of the
/// calling crate's `Cargo.toml`.
#[must_use]
pub fn expand(input: TokenStream, reader: &dyn FileReader) -> Expansion {
    match Arguments::parse(input) {
        Ok(arguments) => match &arguments.description {
            DescriptionArgument::Inline(group) => {
                let (text, tokens) = lay_out(TokenTree::Group(group.clone()).into());
                let mut sources = Sources::new();
                let source = sources.add_tokens("csml!", text, tokens);
                let place = ReportPlace::Tokens(group.span_open());
                module(&arguments, sources, source, None, reader, place)
            }
            DescriptionArgument::File { path, span } => expand_file(&arguments, path, reader, *span),
        },
        Err(error) => {
            let tokens = rust_report::error_at(error.span, error.span, &error.message);
            Expansion { tokens, files: Vec::new(), span: error.span }
        }
    }
}

fn options(arguments: &Arguments) -> Options {
    let default = Options::default();
    Options {
        module: arguments.module.clone(),
        runtime: arguments.runtime.clone().unwrap_or(default.runtime),
        app: arguments.app.unwrap_or(default.app),
        generate: true,
        annotations: default.annotations,
        loop_limit: default.loop_limit,
        placement: default.placement,
        choice: default.choice,
        overlaps_checked: default.overlaps_checked,
    }
}

fn expand_file(arguments: &Arguments, path: &str, reader: &dyn FileReader, span: Span) -> Expansion {
    let file = Path::new(path);
    let bytes = match reader.read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message =
                format!("cannot read `{path}`: {error}; the path is relative to the folder of Cargo.toml");
            return failure(span, &message, &options(arguments));
        }
    };
    let mut sources = Sources::new();
    let source = sources.add_bytes(path, bytes);
    let mut expansion = module(arguments, sources, source, Some(file), reader, ReportPlace::File(span));
    expansion.files.insert(0, file.to_owned());
    expansion
}

/// What a call becomes that has no description to compile.
fn failure(span: Span, message: &str, options: &Options) -> Expansion {
    let error = rust_report::error_at(span, span, message);
    let placeholder = placeholder(options, None);
    Expansion { tokens: quote! { #error #placeholder }, files: Vec::new(), span }
}

/// The module of a description, and what there is to say about it.
fn module(
    arguments: &Arguments,
    sources: Sources,
    source: SourceId,
    file: Option<&Path>,
    reader: &dyn FileReader,
    place: ReportPlace,
) -> Expansion {
    let options = options(arguments);
    let config = arguments.config.clone().unwrap_or_default();
    let (extras, levels) = (&arguments.extras, &arguments.levels);
    let request =
        Request { sources, source, file, reader, config: &config, extras, options: &options, levels };
    let compiled = match request.compile() {
        Ok(compiled) => compiled,
        Err(message) => return failure(place.span(), &message, &options),
    };
    let reports = compiled
        .diagnostics
        .iter()
        .map(|diagnostic| rust_report::report(&compiled.sources, diagnostic, place));
    let module = match &compiled.output {
        Some(output) => output.tokens.clone(),
        None => placeholder(&options, Some((&compiled.sources, compiled.source))),
    };
    Expansion { tokens: quote! { #(#reports)* #module }, files: compiled.files, span: place.span() }
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

#[cfg(test)]
mod tests;
