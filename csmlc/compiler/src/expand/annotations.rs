//! Type annotations as arguments of `csml!`: `{ "name" = what, … }`.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use super::{
    arguments::{ArgumentError, error, split},
    literal,
};
use crate::{
    lists::PushAll,
    project::{AnnotationKind, CallSettings, CallText},
    read::lay_out,
};

/// Adds the entries of a table to `extras`.
pub(super) fn table(
    kind: AnnotationKind,
    value: &[TokenTree],
    span: Span,
    extras: &mut CallSettings,
) -> Result<(), ArgumentError> {
    let what = match kind {
        AnnotationKind::Type => "type",
        AnnotationKind::Schema => "\"file\"",
        AnnotationKind::Function => "path",
    };
    let [TokenTree::Group(group)] = value else {
        return Err(error(span, format!("expected `{{ \"name\" = {what}, … }}`")));
    };
    if group.delimiter() != Delimiter::Brace {
        return Err(error(span, format!("expected `{{ \"name\" = {what}, … }}`")));
    }
    for entry in split_generic(group.stream()) {
        let (of, said) = self::entry(kind, &entry, group.span_close())?;
        extras.add(kind, of, said);
    }
    Ok(())
}

/// Entries between commas, but for the commas between `<` and `>`.
fn split_generic(stream: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut entries: Vec<Vec<TokenTree>> = Vec::new();
    let mut open = 0_usize;
    for part in split(stream) {
        match entries.last_mut() {
            Some(last) if open > 0 => {
                last.push(proc_macro2::Punct::new(',', proc_macro2::Spacing::Alone).into());
                last.push_all(part.iter().cloned());
            }
            _ => entries.push(part.clone()),
        }
        for token in &part {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '<' => open += 1,
                TokenTree::Punct(punct) if punct.as_char() == '>' => open = open.saturating_sub(1),
                _ => {}
            }
        }
    }
    entries
}

fn entry(
    kind: AnnotationKind,
    tokens: &[TokenTree],
    end: Span,
) -> Result<(CallText, CallText), ArgumentError> {
    let place = tokens.first().map_or(end, TokenTree::span);
    let [of, rest @ ..] = tokens else {
        return Err(error(place, "unexpected comma"));
    };
    let Some(name) = string(of) else {
        return Err(error(place, "expected a name as a string, as `csmlc check --types` prints it"));
    };
    let [TokenTree::Punct(equals), said @ ..] = rest else {
        return Err(error(place, "expected `=` after the name"));
    };
    if equals.as_char() != '=' {
        return Err(error(equals.span(), "expected `=` after the name"));
    }
    let expected = match kind {
        AnnotationKind::Type => "expected a type, such as `i64` or `crate::Reading`",
        AnnotationKind::Schema => "expected the path of a schema as a string",
        AnnotationKind::Function => "expected a path, such as `crate::distance`",
    };
    let text = match (kind, said) {
        (_, []) => return Err(error(equals.span(), expected)),
        (_, [one]) if string(one).is_some() => string(one).unwrap_or_default(),
        (AnnotationKind::Schema, [other, ..]) => return Err(error(other.span(), expected)),
        _ => said.iter().map(TokenTree::to_string).collect(),
    };
    Ok((word(name, std::slice::from_ref(of)), word(text, said)))
}

fn string(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Literal(literal) => literal::string_value(&literal.to_string()),
        _ => None,
    }
}

fn word(text: String, tokens: &[TokenTree]) -> CallText {
    let (written, tokens) = lay_out(tokens.iter().cloned().collect());
    CallText { text, written, tokens, place: "csml!" }
}
