//! Lays the tokens of a macro call out as JSON text, so that the one reader reads both.

use proc_macro2::{Delimiter, Group, Literal, Spacing, Span, TokenStream, TokenTree};

use crate::{source::MacroToken, text::json_string};

/// Lays out the tokens of an inline description as text, with the place of each token in it. What is no JSON
/// is laid out as it stands: the reader refuses it, with its place.
#[must_use]
pub fn lay_out(tokens: TokenStream) -> (String, Vec<MacroToken>) {
    let mut layout = Layout::default();
    // Own stack instead of recursion: nesting is the user's, and only the reader limits it.
    let mut stack = vec![(tokens.into_iter().peekable(), None::<(Delimiter, Span)>)];
    while let Some((tokens, close)) = stack.last_mut() {
        let Some(token) = tokens.next() else {
            if let Some((delimiter, span)) = close {
                layout.add(delimiters(*delimiter).1, *span, true);
            }
            stack.pop();
            continue;
        };
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                // `/// text` reaches a macro as `#[doc = "text"]`: a comment to us.
                let is_doc = matches!(tokens.peek(), Some(TokenTree::Group(group)) if is_doc(group));
                if is_doc {
                    tokens.next();
                } else {
                    layout.add("#", punct.span(), true);
                }
            }
            TokenTree::Group(group) => {
                layout.add(delimiters(group.delimiter()).0, group.span_open(), true);
                let close = (group.delimiter(), group.span_close());
                stack.push((group.stream().into_iter().peekable(), Some(close)));
            }
            TokenTree::Literal(literal) => layout.literal(&literal),
            TokenTree::Ident(ident) => layout.add(&ident.to_string(), ident.span(), true),
            TokenTree::Punct(punct) => {
                let c = punct.as_char();
                layout.add(c.encode_utf8(&mut [0; 4]), punct.span(), true);
                // The sign belongs to the number that follows; `::` and the like belong together.
                layout.joined = matches!(c, '-' | '+') || punct.spacing() == Spacing::Joint;
            }
        }
    }
    (layout.text, layout.tokens)
}

#[derive(Default)]
struct Layout {
    text: String,
    tokens: Vec<MacroToken>,
    /// Whether the next token follows without a blank.
    joined: bool,
}

impl Layout {
    fn add(&mut self, written: &str, span: Span, verbatim: bool) {
        if written.is_empty() {
            return;
        }
        if !std::mem::take(&mut self.joined) && !self.text.is_empty() {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(written);
        // Longer texts are refused as a whole.
        self.tokens.push(MacroToken {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(self.text.len()).unwrap_or(u32::MAX),
            span,
            verbatim,
        });
    }

    fn literal(&mut self, literal: &Literal) {
        let written = literal.to_string();
        match raw_content(&written) {
            Some(content) => self.add(&json_string(content), literal.span(), false),
            None => self.add(&written, literal.span(), true),
        }
    }
}

fn delimiters(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::Parenthesis => ("(", ")"),
        // Invisible: what a `macro_rules` macro passes on as one fragment.
        Delimiter::None => ("", ""),
    }
}

fn is_doc(group: &Group) -> bool {
    group.delimiter() == Delimiter::Bracket
        && matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(ident)) if ident == "doc")
}

/// The text between the quotes of `r"…"`, `r#"…"#` and so on.
fn raw_content(literal: &str) -> Option<&str> {
    let rest = literal.strip_prefix('r')?;
    let quoted = rest.trim_start_matches('#');
    let hashes = rest.get(..rest.len() - quoted.len())?;
    quoted.strip_prefix('"')?.strip_suffix(hashes)?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        diagnostics::Diagnostics,
        read::{JsonKind, JsonNode, read},
        source::Sources,
    };

    fn both(rust: &str) -> (String, Option<JsonNode>, Diagnostics, Sources) {
        let tokens: TokenStream = rust.parse().unwrap();
        let (text, tokens) = lay_out(tokens);
        let mut sources = Sources::new();
        let id = sources.add_tokens("macro", text.clone(), tokens);
        let mut diagnostics = Diagnostics::new();
        let node = read(&sources, id, &mut diagnostics);
        (text, node, diagnostics, sources)
    }

    fn errors(rust: &str) -> Vec<String> {
        let (_, _, diagnostics, sources) = both(rust);
        diagnostics.iter().map(|d| format!("{} {}", d.rule.code, sources.position(d.primary.span))).collect()
    }

    #[test]
    fn lays_out_json() {
        let (text, node, diagnostics, _) = both("{ \"a\": [1, -2.5, true, null], // comment\n \"b\": {}, }");
        assert_eq!(text, "{ \"a\" : [ 1 , -2.5 , true , null ] , \"b\" : { } , }");
        assert!(diagnostics.is_empty());
        assert!(matches!(node.unwrap().kind, JsonKind::Object(members) if members.len() == 2));
    }

    #[test]
    fn raw_strings_become_json_strings() {
        let (text, node, _, _) = both("[r#\"a \"b\" \\d\"#, r\"c\"]");
        assert_eq!(text, r#"[ "a \"b\" \\d" , "c" ]"#);
        let JsonKind::Array(items) = node.unwrap().kind else {
            panic!("no list");
        };
        assert!(matches!(&items[0].kind, JsonKind::String(text) if text.value == "a \"b\" \\d"));
    }

    #[test]
    fn doc_comments_are_comments() {
        let (_, node, diagnostics, _) = both("{\n/// the name\n\"a\": 1 }");
        assert!(diagnostics.is_empty());
        assert!(node.is_some());
    }

    #[test]
    fn errors_have_the_places_of_the_rust_file() {
        assert_eq!(errors("{\n  \"a\": (1)\n}"), ["CSML0006 2:8"]);
        assert_eq!(errors("{\n  \"é\\x41\": 1 }"), ["CSML0014 2:5"]);
        assert_eq!(errors("{\n  \"a\": b\"x\" }"), ["CSML0010 2:8"]);
        assert_eq!(errors("{ \"a\": \"x\"y }"), ["CSML0007 1:11"]);
    }

    #[test]
    fn deep_nesting_is_the_readers_to_refuse() {
        let depth = 2000;
        let rust = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(errors(&rust), ["CSML0004 1:129"]);
    }

    #[test]
    fn invisible_groups_are_their_content() {
        let inner: TokenStream = "\"x\"".parse().unwrap();
        let group = TokenTree::from(Group::new(Delimiter::None, inner));
        let (text, tokens) = lay_out(TokenStream::from(group));
        assert_eq!(text, "\"x\"");
        assert_eq!(tokens.len(), 1);
    }
}
