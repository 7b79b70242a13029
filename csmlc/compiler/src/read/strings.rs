//! Strings: escapes, and the places of the characters that come after them.

use super::{
    reading_rules,
    scan::{Scanner, Token},
};
use crate::{
    diagnostics::Diagnostic,
    text::{Text, json_string, shown},
};

impl Scanner<'_> {
    /// Reads a string whose opening quote is next and which ends with `close`.
    pub(super) fn read_string(&mut self, close: char) -> Token {
        let start = self.at;
        let quote = self.rest().chars().next().map_or(1, char::len_utf8);
        self.at += quote;
        let mut value = String::new();
        let mut anchors = vec![(0, quote as u32)];
        loop {
            let rest = self.rest();
            let plain = rest.find(|c: char| c == close || c == '\\' || c < ' ').unwrap_or(rest.len());
            value.push_str(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            match self.rest().chars().next() {
                Some(c) if c == close => {
                    self.at += c.len_utf8();
                    break;
                }
                Some('\\') if !matches!(self.rest().as_bytes().get(1), None | Some(b'\n' | b'\r')) => {
                    value.push(self.escape());
                    anchors.push((value.len() as u32, (self.at - start) as u32));
                }
                None | Some('\n' | '\r' | '\\') => return self.unclosed(start, quote),
                Some(c) => {
                    self.control_character(c);
                    value.push(c);
                }
            }
        }
        let span = self.span(start, self.at);
        if close != '"' {
            self.report.minor(
                Diagnostic::new(&reading_rules::WRONG_QUOTES, span, "strings are written in double quotes")
                    .fix("use `\"` on both sides", span, json_string(&value)),
            );
        }
        self.string = Some(Text { value, span, anchors });
        Token::String
    }

    /// The string took the rest of its line.
    fn unclosed(&mut self, start: usize, quote: usize) -> Token {
        let rest = self.rest();
        self.at += rest.find('\n').unwrap_or(rest.len());
        self.report.structural(
            Diagnostic::new(
                &reading_rules::UNCLOSED_STRING,
                self.span(start, start + quote),
                "the string is not closed on its line",
            )
            .label("begins here")
            .help("close it with `\"`; a line break inside a string is written `\\n`"),
        );
        Token::Broken
    }

    fn control_character(&mut self, c: char) {
        let span = self.span(self.at, self.at + 1);
        self.at += 1;
        let escape = match c {
            '\t' => "\\t".to_owned(),
            _ => format!("\\u{:04x}", u32::from(c)),
        };
        self.report.minor(
            Diagnostic::new(
                &reading_rules::CONTROL_CHARACTER,
                span,
                format!("control character U+{:04X} in a string", u32::from(c)),
            )
            .fix(format!("write `{escape}`"), span, escape),
        );
    }

    /// Reads an escape; a character follows the backslash.
    fn escape(&mut self) -> char {
        let start = self.at;
        self.at += 1;
        let Some(c) = self.rest().chars().next() else {
            return char::REPLACEMENT_CHARACTER;
        };
        self.at += c.len_utf8();
        match c {
            '"' | '\\' | '/' => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.unicode_escape(start),
            _ => {
                let written = self.text.get(start..self.at).unwrap_or_default();
                let span = self.span(start, self.at);
                let message = format!("JSON has no escape {}", shown(written));
                let fault = Diagnostic::new(&reading_rules::BAD_ESCAPE, span, message);
                self.report.minor(match c {
                    '\'' => fault.fix("a single quote needs no escape", span, "'"),
                    '0' | 'x' => {
                        fault.help("write `\\u00XX` with the two hexadecimal digits of the character")
                    }
                    _ => fault.fix("a backslash itself is written `\\\\`", span, format!("\\{written}")),
                });
                c
            }
        }
    }

    /// Reads what follows `\u`.
    fn unicode_escape(&mut self, start: usize) -> char {
        let Some(first) = self.four_digits() else {
            self.report.minor(
                Diagnostic::new(
                    &reading_rules::BAD_ESCAPE,
                    self.span(start, self.at),
                    "`\\u` needs four hexadecimal digits",
                )
                .help("for example `\\u00e9`"),
            );
            return char::REPLACEMENT_CHARACTER;
        };
        if let Some(c) = char::from_u32(first) {
            return c;
        }
        let after_first = self.at;
        if first < 0xdc00 && self.rest().starts_with("\\u") {
            self.at += 2;
            if let Some(second @ 0xdc00..=0xdfff) = self.four_digits() {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            }
            self.at = after_first;
        }
        self.report.minor(
            Diagnostic::new(
                &reading_rules::LONE_SURROGATE,
                self.span(start, self.at),
                format!("`\\u{first:04x}` is half of a surrogate pair without its other half"),
            )
            .help("write the character itself"),
        );
        char::REPLACEMENT_CHARACTER
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}
