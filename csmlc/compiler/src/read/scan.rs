//! Text → tokens.

use super::{reading_report::Report, reading_rules};
use crate::{
    diagnostics::Diagnostic,
    lists::PushAll,
    source::{SourceId, Span},
    text::{Text, is_invisible, shown},
};

/// A kind of bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    Brace,
    Square,
}

impl Bracket {
    pub(super) fn open(self) -> char {
        match self {
            Self::Brace => '{',
            Self::Square => '[',
        }
    }

    pub(super) fn close(self) -> char {
        match self {
            Self::Brace => '}',
            Self::Square => ']',
        }
    }
}

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Open(Bracket),
    Close(Bracket),
    Colon,
    Comma,
    /// Its text is [`Scanner::string`].
    String,
    /// Starts like a number; not yet checked.
    Number,
    /// `true`, or any other run of letters.
    Word,
    /// A string without an end, which took the rest of its line. Reported.
    Broken,
    End,
}

/// A token and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) span: Span,
}

/// Splits a text into tokens.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) report: Report<'a>,
    /// The text of the last token, if that was a string.
    pub(super) string: Option<Text>,
    /// An unclosed comment took the rest of the text.
    pub(super) end_lost: bool,
    source: SourceId,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, source: SourceId, report: Report<'a>) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self { text, at, report, string: None, end_lost: false, source }
    }

    /// The next token; `End` from then on once there is none.
    pub(super) fn next(&mut self) -> Lexeme {
        loop {
            self.skip_blanks();
            let start = self.at;
            let Some(c) = self.rest().chars().next() else {
                return self.lexeme(Token::End, start);
            };
            let token = match c {
                '{' => self.single(Token::Open(Bracket::Brace)),
                '[' => self.single(Token::Open(Bracket::Square)),
                '}' => self.single(Token::Close(Bracket::Brace)),
                ']' => self.single(Token::Close(Bracket::Square)),
                ':' => self.single(Token::Colon),
                ',' => self.single(Token::Comma),
                '"' | '\'' => self.read_string(c),
                '\u{2018}' | '\u{2019}' => self.read_string('\u{2019}'),
                '\u{201c}' | '\u{201d}' | '\u{201e}' => self.read_string('\u{201d}'),
                '-' | '+' | '.' | '0'..='9' => {
                    self.skip_while(|c| c.is_alphanumeric() || matches!(c, '-' | '+' | '.' | '_'));
                    Token::Number
                }
                _ if is_word_start(c) => {
                    self.skip_while(|c| is_word_start(c) || c.is_alphanumeric() || c == '-');
                    Token::Word
                }
                _ => {
                    self.unexpected(c);
                    continue;
                }
            };
            return self.lexeme(token, start);
        }
    }

    /// The text of a span.
    pub(super) fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start as u32, end as u32)
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn lexeme(&self, token: Token, start: usize) -> Lexeme {
        Lexeme { token, span: self.span(start, self.at) }
    }

    fn single(&mut self, token: Token) -> Token {
        self.at += 1;
        token
    }

    fn skip_while(&mut self, belongs: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !belongs(c)).unwrap_or(rest.len());
    }

    fn skip_blanks(&mut self) {
        loop {
            self.skip_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
            if self.rest().starts_with("//") {
                self.skip_while(|c| c != '\n');
            } else if self.rest().starts_with("/*") {
                let inside = self.rest().get(2..).unwrap_or_default();
                match inside.find("*/") {
                    Some(length) => self.at += length + 4,
                    None => {
                        let span = self.span(self.at, self.at + 2);
                        self.at = self.text.len();
                        self.end_lost = true;
                        self.report.structural(
                            Diagnostic::new(
                                &reading_rules::UNCLOSED_COMMENT,
                                span,
                                "the comment is not closed",
                            )
                            .label("begins here")
                            .help("close it with `*/`"),
                        );
                    }
                }
            } else {
                return;
            }
        }
    }

    /// Reports and skips what begins no token. A `#` comment is skipped whole.
    fn unexpected(&mut self, c: char) {
        let start = self.at;
        let (end, help) = match c {
            '#' => {
                self.skip_while(|c| c != '\n');
                (start + 1, Some("comments are written `// …` or `/* … */`"))
            }
            '(' | ')' => {
                self.at += 1;
                (self.at, Some("JSON has no parentheses: write an object in `{ }`, a list in `[ ]`"))
            }
            '=' => {
                self.at += 1;
                (self.at, Some("a key and its value are separated by `:`"))
            }
            ';' => {
                self.at += 1;
                (self.at, Some("members and items are separated by `,`"))
            }
            _ => {
                self.skip_while(|other| other == c);
                (start + c.len_utf8(), None)
            }
        };
        let what = match c {
            '\0' => "a NUL character".to_owned(),
            _ if is_invisible(c) || c.is_whitespace() => {
                format!("the invisible character U+{:04X}", u32::from(c))
            }
            _ => shown(c.encode_utf8(&mut [0; 4])),
        };
        let mut diagnostic =
            Diagnostic::new(&reading_rules::UNEXPECTED, self.span(start, end), format!("unexpected {what}"));
        diagnostic.help.push_all(help.map(str::to_owned));
        self.report.structural(diagnostic);
    }
}

fn is_word_start(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | '$')
}

/// Whether `text` is a number of JSON; otherwise what to write instead, if that can be told.
pub(super) fn check_number(text: &str) -> Result<(), Option<String>> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_fine =
        exponent.is_none_or(|exponent| all_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
    let plain = all_digits(whole) && fraction.is_none_or(all_digits) && exponent_fine;
    if plain && (whole == "0" || !whole.starts_with('0')) {
        return Ok(());
    }
    let hint = if plain {
        let sign = if text.starts_with('-') { "-" } else { "" };
        let stripped = digits.trim_start_matches('0');
        let zero = if stripped.starts_with(|c: char| c.is_ascii_digit()) { "" } else { "0" };
        Some(format!("write it without leading zeros: `{sign}{zero}{stripped}`"))
    } else if let Some(rest) = text.strip_prefix('+')
        && check_number(rest).is_ok()
    {
        Some(format!("write `{rest}`"))
    } else if whole.is_empty() && fraction.is_some_and(all_digits) && exponent_fine {
        Some("write a digit before the point".to_owned())
    } else if all_digits(whole) && fraction == Some("") && exponent_fine {
        Some("write a digit after the point".to_owned())
    } else {
        None
    };
    Err(hint)
}
