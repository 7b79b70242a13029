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
    codegen::{MentionedNames, module_ident, placeholder},
    diagnostics::Severity,
    files::FileReader,
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
    match Arguments::parse(input.clone()) {
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
            let said = rust_report::error_at(error.span, error.span, &error.message);
            Expansion { tokens: in_place_of_call(input, reader, said), files: Vec::new(), span: error.span }
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
            return failure(span, &message, &options(arguments), Some(file));
        }
    };
    let mut sources = Sources::new();
    let source = sources.add_bytes(path, bytes);
    let mut expansion = module(arguments, sources, source, Some(file), reader, ReportPlace::File(span));
    expansion.files.insert(0, file.to_owned());
    expansion
}

/// What a call becomes that has no description to compile.
fn failure(span: Span, message: &str, options: &Options, file: Option<&Path>) -> Expansion {
    let error = rust_report::error_at(span, span, message);
    Expansion { tokens: in_place_of_module(options, "", file, error), files: Vec::new(), span }
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
        Err(message) => return failure(place.span(), &message, &options, file),
    };
    let report = |diagnostic| rust_report::report(&compiled.sources, diagnostic, place);
    let tokens = match &compiled.output {
        Some(output) => {
            let reports = compiled.diagnostics.iter().map(report);
            let module = &output.tokens;
            quote! { #(#reports)* #module }
        }
        None => {
            // The module holds the first error, and is found before the others.
            let all = || compiled.diagnostics.iter();
            let first = all().position(|diagnostic| diagnostic.severity == Severity::Error);
            let error = first.and_then(|first| all().nth(first)).map(report).unwrap_or_default();
            let rest = all().enumerate().filter(|(index, _)| Some(*index) != first);
            let rest = rest.map(|(_, diagnostic)| report(diagnostic));
            let text = &compiled.sources.get(compiled.source).text;
            let module = in_place_of_module(&options, text, file, error);
            quote! { #module #(#rest)* }
        }
    };
    Expansion { tokens, files: compiled.files, span: place.span() }
}

/// What stands where the module of a description in error would: a module of the same names, with the first error in it.
/// The error alone if the module's name is unknown: if there is neither a name nor a file.
fn in_place_of_module(options: &Options, text: &str, file: Option<&Path>, error: TokenStream) -> TokenStream {
    let names = MentionedNames::of(text);
    let stem = || file.and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
    let name = names.description.clone().or_else(stem);
    if error.is_empty() || (options.module.is_none() && name.is_none()) {
        return error;
    }
    let module = module_ident(options.module.as_deref(), &name.unwrap_or_default());
    placeholder(&module, &names, options.app, &error)
}

/// The same for a call in error, as far as its arguments can be understood.
fn in_place_of_call(input: TokenStream, reader: &dyn FileReader, error: TokenStream) -> TokenStream {
    let (description, module, app) = Arguments::understood(input);
    let default = Options::default();
    let options = Options { module, app: app.unwrap_or(default.app), ..default };
    match description {
        None => in_place_of_module(&options, "", None, error),
        Some(DescriptionArgument::Inline(group)) => {
            let (text, _) = lay_out(TokenTree::Group(group).into());
            in_place_of_module(&options, &text, None, error)
        }
        Some(DescriptionArgument::File { path, .. }) => {
            let file = Path::new(&path);
            let text = reader.read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            in_place_of_module(&options, &text.unwrap_or_default(), Some(file), error)
        }
    }
}

#[cfg(test)]
mod tests;
