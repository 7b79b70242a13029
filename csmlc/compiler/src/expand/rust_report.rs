//! Diagnostics as Rust items.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::{
    diagnostics::{Diagnostic, Severity, compact},
    source::{self, MacroToken, Sources},
    text::is_invisible,
};

/// What a diagnostic can point at.
#[derive(Debug, Clone, Copy)]
pub(super) enum ReportPlace {
    /// The tokens of an inline description, which begins here.
    Tokens(Span),
    /// Only the path of the file; the place stands in the text.
    File(Span),
}

impl ReportPlace {
    /// Where the call names its description.
    pub(super) fn span(self) -> Span {
        match self {
            Self::Tokens(span) | Self::File(span) => span,
        }
    }
}

/// The item that makes the compiler show a diagnostic.
pub(super) fn report(sources: &Sources, diagnostic: &Diagnostic, place: ReportPlace) -> TokenStream {
    // The description may be a file and a type annotation an argument, or the other way round.
    let inline = !sources.get(diagnostic.primary.span.source).tokens.is_empty();
    let (start, end, message) = if inline {
        let (start, end) = token_spans(sources, diagnostic.primary.span);
        (start, end, inline_message(sources, diagnostic))
    } else {
        (place.span(), place.span(), file_message(sources, diagnostic))
    };
    match diagnostic.severity {
        Severity::Error => error_at(start, end, &message),
        Severity::Warning => warning_at(start, diagnostic.rule.code, &message),
    }
}

/// `compile_error!` from the token at `start` to the one at `end`.
pub(super) fn error_at(start: Span, end: Span, message: &str) -> TokenStream {
    let mut literal = Literal::string(message);
    literal.set_span(end);
    let literal = TokenTree::Literal(literal);
    let mut arguments = Group::new(Delimiter::Brace, literal.into());
    arguments.set_span(end);
    // rustc underlines from the first token of the call to its last.
    let mut tokens = quote_spanned!(start=> ::core::compile_error);
    let mut bang = Punct::new('!', Spacing::Alone);
    bang.set_span(start);
    tokens.extend([TokenTree::Punct(bang), TokenTree::Group(arguments)]);
    tokens
}

/// A use of a deprecated constant at `span`.
fn warning_at(span: Span, code: &str, message: &str) -> TokenStream {
    let name = Ident::new(code, span);
    quote! {
        const _: () = {
            #[deprecated(note = #message)]
            const #name: () = ();
            #name
        };
    }
}

fn token_spans(sources: &Sources, span: source::Span) -> (Span, Span) {
    let source = sources.get(span.source);
    let first = source.token_at(span.start);
    let last = source.token_at(span.end.max(span.start + 1) - 1);
    let start = first.map_or_else(Span::call_site, |token| token.span);
    (start, last.map_or(start, |token| token.span))
}

fn inline_message(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let mut message = diagnostic.message.clone();
    let primary = diagnostic.primary.span;
    if !diagnostic.primary.text.is_empty() {
        message.push_str(&format!(": {}", diagnostic.primary.text));
    }
    let token = sources.get(primary.source).token_at(primary.start);
    if let Some(place) = token.and_then(|token| place_within(sources, primary, token)) {
        message.push_str(&format!("\n  at {place}"));
    }
    for related in &diagnostic.related {
        let position = sources.position(related.span);
        let source = sources.get(related.span.source);
        let file = if source.tokens.is_empty() { format!("{}:", source.name) } else { String::new() };
        message.push_str(&format!("\n  {file}{position}: {}", related.text));
    }
    for help in &diagnostic.help {
        message.push_str(&format!("\n  help: {help}"));
    }
    for note in &diagnostic.notes {
        message.push_str(&format!("\n  note: {note}"));
    }
    message.push_str(&format!("\n  [{}]", diagnostic.rule.code));
    visible(&message)
}

/// A message holds parts of the user's text, which must not move what follows it.
fn visible(message: &str) -> String {
    let replaced = |c| if c != '\n' && is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c };
    message.chars().map(replaced).collect()
}

/// Where within its token a span stands, if it is not all of it: a macro cannot point into a literal.
fn place_within(sources: &Sources, span: source::Span, token: &MacroToken) -> Option<String> {
    let whole = source::Span { start: token.start, end: token.end, ..span };
    // What is missing behind a token is shown at it.
    if span.start >= token.end {
        return None;
    }
    // The quotes of a string do not count.
    if span.start <= token.start + 1 && span.end + 1 >= token.end {
        return None;
    }
    let before = source::Span { end: span.start, ..whole };
    let column = sources.text(before).chars().count();
    let part = sources.text(source::Span { end: span.end.min(token.end), ..span });
    Some(if part.is_empty() {
        format!("column {column} of the string")
    } else {
        format!("`{part}`, column {column} of the string")
    })
}

fn file_message(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let source = sources.get(diagnostic.primary.span.source);
    let position = sources.position(diagnostic.primary.span);
    let body = compact::draw(sources, diagnostic);
    let (name, message, code) = (&source.name, &diagnostic.message, diagnostic.rule.code);
    visible(&format!("{name}:{position}: {message} [{code}]\n{body}"))
}
