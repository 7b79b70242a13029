//! Inline JSON, given as Rust tokens, laid out as a text that the reader takes like a file's, with the place
//! of each token.

use proc_macro2::{Delimiter, Group, Spacing, Span, TokenStream, TokenTree};

use super::literal;
use crate::source::Token;

/// A text and the tokens it was laid out from.
#[derive(Debug, Default)]
pub(super) struct LaidOut {
    pub(super) text: String,
    pub(super) tokens: Vec<Token>,
    /// Whether the next token stands directly behind the last one, as a number behind its sign.
    joined: bool,
}

/// Lays out a description.
pub(super) fn lay_out(description: &Group) -> LaidOut {
    let mut out = LaidOut::default();
    out.group(description);
    out
}

impl LaidOut {
    fn group(&mut self, group: &Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Parenthesis => ("(", ")"),
            // What a `macro_rules` variable stands for.
            Delimiter::None => return self.stream(group.stream()),
        };
        self.token(open, group.span_open());
        self.stream(group.stream());
        self.token(close, group.span_close());
    }

    // Recursion is as deep as the brackets are nested, which rustc's own parser has limited before.
    fn stream(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.group(&group),
                TokenTree::Ident(ident) => self.token(&ident.to_string(), ident.span()),
                TokenTree::Punct(punct) => {
                    self.token(punct.as_char().encode_utf8(&mut [0; 4]), punct.span());
                    self.joined = punct.spacing() == Spacing::Joint || punct.as_char() == '-';
                }
                TokenTree::Literal(literal) => {
                    let written = literal.to_string();
                    match literal::string_value(&written) {
                        Some(value) => {
                            self.token(&literal::to_json(&written, &value), literal.span());
                        }
                        None => self.token(&written, literal.span()),
                    }
                }
            }
        }
    }

    fn token(&mut self, text: &str, span: Span) {
        if !self.joined && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.joined = false;
        let start = self.text.len();
        self.text.push_str(text);
        self.tokens.push(Token {
            start: start as u32,
            end: self.text.len() as u32,
            span,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceId, Sources};

    fn laid_out(text: &str) -> LaidOut {
        let tokens: TokenStream = text.parse().unwrap();
        let Some(TokenTree::Group(group)) = tokens.into_iter().next() else {
            panic!("no group")
        };
        lay_out(&group)
    }

    #[test]
    fn text_is_json() {
        let out = laid_out(r#"{ "a": [1, -2.5e3, true, null], /* why */ "b": r"\d" }"#);
        assert_eq!(
            out.text,
            r#"{ "a" : [ 1 , -2.5e3 , true , null ] , "b" : "\\d" }"#
        );
    }

    #[test]
    fn places_are_those_of_the_rust_file() {
        let out = laid_out("{\n  \"name\": \"a + b\"\n}");
        let at = out.text.find("a + b").unwrap() as u32;
        let mut sources = Sources::new();
        let id = sources.add_tokens("csml!", out.text, out.tokens);
        assert_eq!(id, SourceId(0));
        let span = crate::source::Span {
            source: id,
            start: at,
            end: at + 1,
        };
        assert_eq!(sources.position(span).to_string(), "2:12");
    }

    #[test]
    fn what_is_not_json_stays_visible() {
        assert_eq!(laid_out("{ a: 'x', (b) }").text, "{ a : 'x' , ( b ) }");
    }
}
