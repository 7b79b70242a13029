//! Tokens → tree, with recovery: after an error reading goes on where the structure is clear again.

use super::{
    MAX_DEPTH, MAX_VALUES,
    json_tree::{JsonKind, JsonNode, Member},
    reading_report::Report,
    reading_rules,
    scan::{Bracket, Lexeme, Scanner, Token, check_number},
};
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    lists::{Gather, PushAll},
    source::{SourceId, Span},
    text::{Text, json_string, shown},
};

/// Reads the one value of a text. `None` if its structure is in doubt.
pub(super) fn parse(text: &str, source: SourceId, diagnostics: &mut Diagnostics) -> Option<JsonNode> {
    let scanner = Scanner::new(text, source, Report::new(text, diagnostics));
    let mut parser = JsonParser {
        end: scanner.span(0, 0),
        scanner,
        next: None,
        open: Vec::new(),
        values: 0,
        stopped: false,
        line_lost: false,
        brackets_lost: false,
    };
    let node = parser.text()?;
    parser.scanner.report.structure_known().then_some(node)
}

struct JsonParser<'a> {
    scanner: Scanner<'a>,
    next: Option<Lexeme>,
    /// Place after the last token taken.
    end: Span,
    /// Brackets that are open here.
    open: Vec<(Bracket, Span)>,
    values: usize,
    /// Nothing more is read.
    stopped: bool,
    /// An unclosed string took the rest of its line, commas included.
    line_lost: bool,
    /// A bracket was closed by one of another kind: which of those that follow belong together is not known.
    brackets_lost: bool,
}

impl JsonParser<'_> {
    fn text(&mut self) -> Option<JsonNode> {
        if self.peek().token == Token::End {
            if self.scanner.report.structure_known() {
                let blank = self.scanner.text.trim_start_matches('\u{feff}');
                let message = match blank.trim() {
                    "" => "the text is empty; a description is a JSON object",
                    _ => "the text has only comments; a description is a JSON object",
                };
                let span = self.scanner.span(0, 0);
                self.error(&reading_rules::EMPTY, span, message, |d| d);
            }
            return None;
        }
        let node = self.value_or_error("a description is a JSON object");
        let after = self.peek();
        if after.token != Token::End && !self.stopped && !self.brackets_lost {
            let message = match after.token {
                Token::Close(bracket) => format!("`{}` closes nothing", bracket.close()),
                _ => format!("unexpected {} after the end of the description", self.name(after)),
            };
            self.error(&reading_rules::TRAILING_TEXT, after.span, message, |d| {
                d.related(node.span.at_end(), "the description ends here")
            });
        }
        Some(node)
    }

    /// Reads a value if one comes; otherwise reports that `expected`.
    fn value_or_error(&mut self, expected: &str) -> JsonNode {
        if starts_value(self.peek().token) {
            return self.value();
        }
        let found = self.peek();
        let message = format!("{expected}; found {}", self.name(found));
        self.error(&reading_rules::UNEXPECTED, found.span, message, |d| d);
        JsonNode { kind: JsonKind::Null, span: found.span }
    }

    /// Reads the value that begins with the next token.
    fn value(&mut self) -> JsonNode {
        let Lexeme { token, span } = self.take();
        self.values += 1;
        if self.values > MAX_VALUES {
            let message = format!("the text has more than {MAX_VALUES} values");
            self.error(&reading_rules::TOO_LARGE, span, message, |d| d);
            self.stopped = true;
        }
        let kind = match token {
            Token::Open(bracket) => return self.nested(bracket, span),
            Token::String => JsonKind::String(self.string(span)),
            Token::Number => self.number(span),
            Token::Word => self.word(span),
            // The line is lost, and reported.
            _ => {
                self.line_lost = true;
                JsonKind::Null
            }
        };
        JsonNode { kind, span }
    }

    fn nested(&mut self, bracket: Bracket, start: Span) -> JsonNode {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("lists and objects are nested more than {MAX_DEPTH} levels deep");
            self.error(&reading_rules::TOO_DEEP, start, message, |d| d);
            self.stopped = true;
        }
        self.open.push((bracket, start));
        let kind = match bracket {
            Bracket::Brace => JsonKind::Object(self.members()),
            Bracket::Square => JsonKind::Array(self.items()),
        };
        self.open.pop();
        JsonNode { kind, span: start.to(self.end) }
    }

    /// Reads the items of a list and its closing bracket.
    fn items(&mut self) -> Vec<JsonNode> {
        let mut items = Vec::new();
        while !self.closes(Bracket::Square) {
            match self.peek().token {
                Token::Comma => self.extra_comma(),
                Token::Colon => self.stray_colon(),
                _ => {
                    items.push(self.value());
                    self.separator(Bracket::Square);
                }
            }
        }
        items
    }

    /// Reads the members of an object and its closing bracket.
    fn members(&mut self) -> Vec<Member> {
        let mut members = Vec::new();
        while !self.closes(Bracket::Brace) {
            let next = self.peek();
            match next.token {
                Token::String | Token::Word | Token::Number => {
                    members.push_all(self.member());
                    self.separator(Bracket::Brace);
                }
                Token::Comma => self.extra_comma(),
                Token::Broken => {
                    self.take();
                }
                _ => {
                    let message = format!("expected a key in double quotes; found {}", self.name(next));
                    self.error(&reading_rules::UNEXPECTED, next.span, message, |d| d);
                    match next.token {
                        Token::Open(_) => {
                            self.value();
                            self.separator(Bracket::Brace);
                        }
                        _ => {
                            self.take();
                        }
                    }
                }
            }
        }
        self.drop_duplicates(members)
    }

    fn member(&mut self) -> Option<Member> {
        let Lexeme { token, span } = self.take();
        let key = match token {
            Token::String => self.string(span),
            _ => self.unquoted_key(span),
        };
        let next = self.peek();
        match next.token {
            Token::Colon => {
                self.take();
            }
            Token::Broken => {
                self.take();
                self.line_lost = true;
                return None;
            }
            token if starts_value(token) => {
                let message = format!("expected `:` after the key {}", shown(&key.value));
                self.error(&reading_rules::MISSING_COLON, key.span.at_end(), message, |d| {
                    d.label("`:` is missing here")
                });
            }
            _ => {
                let message = format!("expected `:` and a value after {}", shown(&key.value));
                self.error(&reading_rules::MISSING_COLON, key.span.at_end(), message, |d| d);
                return None;
            }
        }
        if starts_value(self.peek().token) {
            let value = self.value();
            return Some(Member { key, value });
        }
        if self.peek().token != Token::End {
            let message = format!("the key {} has no value", shown(&key.value));
            let span = self.end;
            self.error(&reading_rules::MISSING_VALUE, span, message, |d| d.label("a value is missing here"));
        }
        None
    }

    /// Takes the comma after a member or item.
    fn separator(&mut self, bracket: Bracket) {
        let line_lost = std::mem::take(&mut self.line_lost);
        let next = self.peek();
        match next.token {
            Token::Comma | Token::Broken => {
                self.take();
            }
            Token::Close(_) | Token::End => {}
            _ if line_lost => {}
            Token::Colon => {
                self.stray_colon();
                if starts_value(self.peek().token) {
                    self.value();
                }
                self.separator(bracket);
            }
            _ => {
                let message = format!("expected `,` or `{}` before {}", bracket.close(), self.name(next));
                let span = self.end;
                // At the end of a line only the comma was forgotten: the structure is clear.
                let forgotten =
                    self.scanner.report.line_break_between(span.end as usize, next.span.start as usize)
                        && !self.brackets_lost;
                if forgotten && !self.stopped {
                    // Unless something else stands in its place: that has been said.
                    if !self.scanner.report.follows_closely(span.end as usize) {
                        let fault = Diagnostic::new(&reading_rules::MISSING_COMMA, span, message);
                        self.scanner.report.minor(fault.label("`,` is missing here"));
                    }
                } else {
                    // `"one, "two"`: a word that touches a string most likely belongs to another one.
                    let quotes = next.token == Token::Word && next.span.start == span.end;
                    let help =
                        quotes.then(|| "the string before it may be missing its closing `\"`".to_owned());
                    self.error(&reading_rules::MISSING_COMMA, span, message, |d| {
                        d.label("`,` is missing here").maybe_help(help)
                    });
                    self.brackets_lost |= quotes;
                }
            }
        }
    }

    /// Whether the list or object that is open ends here; takes its bracket.
    fn closes(&mut self, bracket: Bracket) -> bool {
        let next = self.peek();
        match next.token {
            Token::Close(found) if found == bracket => {
                self.take();
                true
            }
            Token::Close(found) => {
                self.closes_wrongly(bracket, found, next.span);
                true
            }
            Token::End => {
                self.text_ends();
                true
            }
            _ => false,
        }
    }

    fn closes_wrongly(&mut self, bracket: Bracket, found: Bracket, span: Span) {
        let innermost = self.open.last().map_or(span, |(_, span)| *span);
        let message = format!(
            "expected `{}` to close `{}`; found `{}`",
            bracket.close(),
            bracket.open(),
            found.close()
        );
        if !self.brackets_lost {
            self.error(&reading_rules::UNCLOSED, span, message, |d| {
                d.related(innermost, "this is not closed")
            });
        }
        self.brackets_lost = true;
        // It closes an outer bracket if there is one: then only the inner one was forgotten. Otherwise it stands
        // in place of the right one.
        let mut outer = self.open.iter().rev().skip(1);
        if !outer.any(|(open, _)| *open == found) {
            self.take();
        }
    }

    fn text_ends(&mut self) {
        if self.stopped || self.scanner.end_lost || self.brackets_lost {
            self.stopped = true;
            return;
        }
        let what = match self.open.last() {
            Some((Bracket::Brace, _)) => "an object",
            _ => "a list",
        };
        let span = self.end;
        let innermost = self.open.last().map_or(span, |(_, span)| *span);
        let message = format!("the text ends inside {what}");
        self.error(&reading_rules::UNCLOSED, span, message, |d| d.related(innermost, "this is not closed"));
        self.stopped = true;
    }

    fn extra_comma(&mut self) {
        let span = self.peek().span;
        self.error(&reading_rules::UNEXPECTED, span, "a `,` with nothing before it", |d| {
            d.fix("remove it", span, "")
        });
        self.take();
    }

    fn stray_colon(&mut self) {
        let span = self.peek().span;
        self.error(&reading_rules::UNEXPECTED, span, "unexpected `:`", |d| {
            d.help("only a key of an object is followed by `:`; write an object in `{ }`")
        });
        self.take();
    }

    /// The text of the string just taken.
    fn string(&mut self, span: Span) -> Text {
        match self.scanner.string.take() {
            Some(text) => text,
            None => Text::plain("", span),
        }
    }

    fn unquoted_key(&mut self, span: Span) -> Text {
        let name = self.scanner.slice(span);
        if !self.scanner.report.follows_closely(span.start as usize) {
            let message = format!("the key {} is not in double quotes", shown(name));
            self.scanner.report.minor(Diagnostic::new(&reading_rules::UNQUOTED_KEY, span, message).fix(
                "write `\"` on both sides of it",
                span,
                json_string(name),
            ));
        }
        Text::plain(name, span)
    }

    fn number(&mut self, span: Span) -> JsonKind {
        let text = self.scanner.slice(span);
        if let Err(hint) = check_number(text) {
            let message = format!("{} is not a JSON number", shown(text));
            self.scanner
                .report
                .minor(Diagnostic::new(&reading_rules::BAD_NUMBER, span, message).maybe_help(hint));
            // Any number will do for what comes after.
            return JsonKind::Number("0".to_owned());
        }
        JsonKind::Number(text.to_owned())
    }

    fn word(&mut self, span: Span) -> JsonKind {
        let word = self.scanner.slice(span);
        match word {
            "true" => return JsonKind::Bool(true),
            "false" => return JsonKind::Bool(false),
            "null" => return JsonKind::Null,
            _ => {}
        }
        let message = format!("{} is not a JSON value", shown(word));
        if matches!(word.to_ascii_lowercase().as_str(), "null" | "none" | "nil" | "undefined") {
            // No keyword takes `null`, so that it is not proposed.
            let fault = Diagnostic::new(&reading_rules::BAD_WORD, span, message);
            if !self.stopped {
                self.scanner.report.minor(fault.help("leave the key out, or write the expression \"null\""));
            }
            return JsonKind::Null;
        }
        let meant = match word.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some("true"),
            "false" | "no" | "off" => Some("false"),
            _ => crate::diagnostics::suggest::suggest(word, ["true", "false"].into_iter()),
        };
        let Some(meant) = meant else {
            self.error(&reading_rules::BAD_WORD, span, message, |d| d.help("write text in double quotes"));
            return JsonKind::Null;
        };
        if !self.stopped {
            let fault = Diagnostic::new(&reading_rules::BAD_WORD, span, message);
            self.scanner.report.minor(fault.did_you_mean(span, word, Some(meant)));
        }
        JsonKind::Bool(meant == "true")
    }

    /// Keeps the first of members with equal keys and reports the others.
    fn drop_duplicates(&mut self, mut members: Vec<Member>) -> Vec<Member> {
        // The sort is stable: of equal keys the first one comes first.
        let mut by_key: Vec<(usize, &Member)> = members.iter().enumerate().gather();
        by_key.sort_by(|(_, a), (_, b)| a.key.as_str().cmp(b.key.as_str()));
        let mut first: Option<&Member> = None;
        let mut duplicates = Vec::new();
        for (index, member) in by_key {
            match first {
                Some(first) if first.key.as_str() == member.key.as_str() => {
                    duplicates.push((index, member, first.key.span));
                }
                _ => first = Some(member),
            }
        }
        duplicates.sort_by_key(|(index, ..)| *index);
        for (_, member, first) in &duplicates {
            if self.scanner.report.is_full() {
                break;
            }
            let message = format!("the key {} occurs twice in this object", shown(&member.key.value));
            let fault = Diagnostic::new(&reading_rules::DUPLICATE_KEY, member.key.span, message);
            self.scanner.report.minor(fault.related(*first, "first occurrence"));
        }
        let duplicates: Vec<usize> = duplicates.into_iter().map(|(index, ..)| index).gather();
        if !duplicates.is_empty() {
            let mut index = 0;
            members.retain(|_| {
                index += 1;
                duplicates.binary_search(&(index - 1)).is_err()
            });
        }
        members
    }

    /// Reports an error in the structure of the text.
    fn error(
        &mut self,
        rule: &'static Rule,
        span: Span,
        message: impl Into<String>,
        more: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        if !self.stopped {
            self.scanner.report.structural(more(Diagnostic::new(rule, span, message)));
        }
    }

    fn peek(&mut self) -> Lexeme {
        if self.scanner.report.is_full() {
            self.stopped = true;
        }
        if self.stopped {
            self.next = Some(Lexeme { token: Token::End, span: self.end });
        }
        let scanner = &mut self.scanner;
        *self.next.get_or_insert_with(|| scanner.next())
    }

    fn take(&mut self) -> Lexeme {
        self.peek();
        self.scanner.report.token_taken();
        let lexeme = self.next.take().unwrap_or(Lexeme { token: Token::End, span: self.end });
        self.end = lexeme.span.at_end();
        lexeme
    }

    fn name(&self, lexeme: Lexeme) -> String {
        match lexeme.token {
            Token::End => "the end of the text".to_owned(),
            _ => shown(self.scanner.slice(lexeme.span)),
        }
    }
}

fn starts_value(token: Token) -> bool {
    matches!(token, Token::Open(_) | Token::String | Token::Number | Token::Word | Token::Broken)
}
