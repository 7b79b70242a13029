//! Text of an expression → tokens (docs/expressions/syntax.md).
//!
//! A template string becomes a run of tokens: `` ` ``, pieces of text, `${` or `#{` with the tokens of an expression
//! and `}`, and `` ` `` again. So places and nesting need no second lexer.

use crate::{
    fault::{Fault, FaultKind},
    grammar,
};

/// A token and where it stands in the decoded text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TokenKind {
    /// An integer's magnitude: up to 2⁶³, which only a minus sign makes fit.
    Int(u64),
    Float(f64),
    Text(String),
    /// Text in a template string.
    Piece(String),
    /// `~/pattern/`, a regular expression.
    Regex(String),
    /// An identifier, keyword or word operator: what it is depends on where it stands.
    Word(String),
    /// `$name`, without `$`.
    Datum(String),
    /// An operator or bracket.
    Symbol(&'static str),
    /// After the last token.
    End,
}

/// Operators and brackets, a longer one before its own beginning.
const SYMBOLS: &[&str] = &[
    ">>>=", "...", "===", "!==", ">>>", "<<=", ">>=", "..", "==", "!=", "=~", "!~", "=^", "!^", "=$", "!$",
    "<=", ">=", "<<", ">>", "&&", "||", "++", "--", "->", "=>", "??", "?:", "?.", "+=", "-=", "*=", "/=",
    "%=", "&=", "|=", "^=", "=", "<", ">", "!", "+", "-", "*", "/", "%", "&", "|", "^", "~", "?", ":", ",",
    ".", ";", "(", ")", "[", "]", "{", "}", "@", "`",
];

/// Splits an expression into tokens; the last one is [`TokenKind::End`].
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), templates: Vec::new() };
    while lexer.skip_blanks()? {
        let start = lexer.at;
        let kind = lexer.token()?;
        let symbol = match kind {
            TokenKind::Symbol(symbol) => symbol,
            _ => "",
        };
        lexer.tokens.push(Token { kind, start, end: lexer.at });
        lexer.template(symbol, start)?;
    }
    if let Some(template) = lexer.templates.last() {
        return Err(unclosed_template(template.start));
    }
    lexer.tokens.push(Token { kind: TokenKind::End, start: text.len(), end: text.len() });
    Ok(lexer.tokens)
}

/// Where a byte of the value of a string or regular expression stands in its literal.
#[must_use]
pub fn place_in_literal(literal: &str, at: usize) -> usize {
    let mut lexer = Lexer { text: literal, at: 0, tokens: Vec::new(), templates: Vec::new() };
    let quote = lexer.bump().unwrap_or('\'');
    if quote == '~' {
        lexer.bump();
    }
    let mut value = String::new();
    loop {
        let start = lexer.at;
        if value.len() >= at {
            return start;
        }
        let read = match lexer.bump() {
            Some('\\') if quote == '~' => lexer.escaped_in_regex(start, &mut value),
            Some('\\') => lexer.escaped(quote, start, &mut value),
            Some(c) => {
                value.push(c);
                Ok(())
            }
            None => return start,
        };
        if read.is_err() {
            return start;
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    /// Template strings that are open, in whose `${…}` the lexer is.
    templates: Vec<Template>,
}

/// An open template string.
struct Template {
    start: usize,
    /// Braces open in its `${…}`.
    braces: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Moves over what `wanted` accepts.
    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &str {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.bump();
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Moves over white space and comments; whether a token follows.
    fn skip_blanks(&mut self) -> Result<bool, Fault> {
        loop {
            let start = self.at;
            self.take_while(char::is_whitespace);
            let rest = self.rest();
            if rest.starts_with("//") || rest.starts_with("##") {
                self.take_while(|c| c != '\n' && c != '\r');
            } else if rest.starts_with("/*") {
                let Some(length) = rest.find("*/") else {
                    let message = "this comment is never closed";
                    return Err(Fault::new(FaultKind::Syntax, start, start + 2, message)
                        .label("expected `*/` after it"));
                };
                self.at += length + 2;
            } else {
                return Ok(!rest.is_empty());
            }
        }
    }

    fn token(&mut self) -> Result<TokenKind, Fault> {
        let start = self.at;
        let c = self.peek().unwrap_or('\0');
        if c.is_ascii_digit() || (c == '.' && self.is_fraction()) {
            return self.number();
        }
        if is_letter(c) {
            return Ok(self.word());
        }
        if c == '\'' || c == '"' {
            return self.string(c);
        }
        if self.rest().starts_with("~/") {
            return self.regex();
        }
        if c == '#' {
            return Err(Fault::new(
                FaultKind::Unsupported,
                start,
                start + 1,
                "pragmas are not part of this language",
            )
            .help("a comment begins with `##` or `//`"));
        }
        // JEXL reads `!$value` as its operator `!$`; where no value stands before it, it can only be a negation.
        let negation = c == '!' && !self.after_value();
        let fits = |symbol: &&&str| {
            self.rest().starts_with(**symbol) && !(negation && matches!(**symbol, "!$" | "!~"))
        };
        if let Some(symbol) = SYMBOLS.iter().find(fits) {
            self.at += symbol.len();
            return Ok(TokenKind::Symbol(symbol));
        }
        self.bump();
        if c.is_alphanumeric() {
            return Err(foreign_letter(c, start));
        }
        Err(Fault::new(FaultKind::Syntax, start, self.at, format!("unexpected character {c:?}")))
    }

    /// Reads on in a template string after its opening quote or the end of a `${…}`; `symbol`, at `start`, was
    /// the last token.
    fn template(&mut self, symbol: &str, start: usize) -> Result<(), Fault> {
        let text_follows = match (symbol, self.templates.last_mut()) {
            ("`", _) => {
                self.templates.push(Template { start, braces: 0 });
                true
            }
            ("{", Some(template)) => {
                template.braces += 1;
                false
            }
            ("}", Some(template)) if template.braces > 0 => {
                template.braces -= 1;
                false
            }
            ("}", Some(_)) => true,
            _ => false,
        };
        if text_follows { self.template_text() } else { Ok(()) }
    }

    /// Text in a template string, up to and with the next `${` or `#{`, or the closing quote. The escapes are those
    /// of strings, and of `$` and `#`.
    fn template_text(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let mut value = String::new();
        let (symbol, at) = loop {
            let at = self.at;
            match self.bump() {
                None => {
                    return Err(unclosed_template(self.templates.last().map_or(start, |open| open.start)));
                }
                Some('`') => break ("`", at),
                Some(sign @ ('$' | '#')) if self.rest().starts_with('{') => {
                    self.bump();
                    break (if sign == '$' { "${" } else { "#{" }, at);
                }
                Some('\\') if self.rest().starts_with(['$', '#']) => value.extend(self.bump()),
                Some('\\') => self.escaped('`', at, &mut value)?,
                Some(c) => value.push(c),
            }
        };
        if !value.is_empty() {
            self.tokens.push(Token { kind: TokenKind::Piece(value), start, end: at });
        }
        self.tokens.push(Token { kind: TokenKind::Symbol(symbol), start: at, end: self.at });
        if symbol == "`" {
            self.templates.pop();
        }
        Ok(())
    }

    /// Whether the dot here begins a number: a digit follows, and no value stands before it (`list.0`).
    fn is_fraction(&self) -> bool {
        let digit = self.rest().chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        let adjacent = self.tokens.last().is_some_and(|token| token.end == self.at);
        digit && !(adjacent && self.after_value())
    }

    /// Whether the last token ends a value.
    fn after_value(&self) -> bool {
        // An increment ends one if it stands behind a variable.
        let mut tokens =
            self.tokens.iter().rev().skip_while(|token| matches!(token.kind, TokenKind::Symbol("++" | "--")));
        let Some(last) = tokens.next() else { return false };
        match &last.kind {
            TokenKind::Word(word) => {
                let is_name = !grammar::is_operator_word(word) && !grammar::is_keyword(word);
                is_name || tokens.next().is_some_and(|dot| matches!(dot.kind, TokenKind::Symbol("." | "?.")))
            }
            TokenKind::Symbol(symbol) => matches!(*symbol, ")" | "]" | "}" | "`"),
            TokenKind::End | TokenKind::Piece(_) => false,
            TokenKind::Int(_)
            | TokenKind::Float(_)
            | TokenKind::Text(_)
            | TokenKind::Regex(_)
            | TokenKind::Datum(_) => true,
        }
    }

    fn word(&mut self) -> TokenKind {
        let word = self.take_while(|c| is_letter(c) || c.is_ascii_digit()).to_owned();
        match word.strip_prefix('$') {
            Some(name) => TokenKind::Datum(name.to_owned()),
            None => TokenKind::Word(word),
        }
    }

    fn number(&mut self) -> Result<TokenKind, Fault> {
        let start = self.at;
        let after_dot = self.text.get(..start).is_some_and(|before| before.ends_with('.'));
        let rest = self.rest();
        if rest.starts_with("0x") || rest.starts_with("0X") {
            self.at += 2;
            let digits = self.take_while(|c| c.is_ascii_hexdigit()).to_owned();
            return self.integer(start, &digits, 16);
        }
        let whole = self.take_while(|c| c.is_ascii_digit()).to_owned();
        let mut float = false;
        // `list.0.1` is an item of an item, not of place 0.1.
        if !after_dot && self.peek() == Some('.') {
            let mut following = self.rest().chars().skip(1);
            if following.next().is_some_and(|c| c.is_ascii_digit()) {
                float = true;
                self.bump();
                self.take_while(|c| c.is_ascii_digit());
            }
        }
        float |= self.exponent();
        let digits = self.text.get(start..self.at).unwrap_or_default().to_owned();
        if matches!(self.peek(), Some('f' | 'F' | 'd' | 'D')) {
            float = true;
            self.bump();
        }
        if !float {
            let octal = whole.len() > 1 && whole.starts_with('0');
            return self.integer(start, &whole, if octal { 8 } else { 10 });
        }
        self.no_letter_follows(start)?;
        match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(TokenKind::Float(value)),
            _ => Err(Fault::new(
                FaultKind::Syntax,
                start,
                self.at,
                "this number does not fit into a 64-bit float",
            )),
        }
    }

    /// Moves over an exponent if a complete one follows.
    fn exponent(&mut self) -> bool {
        let rest = self.rest();
        let Some(after) = rest.strip_prefix(['e', 'E']) else { return false };
        let digits = after.strip_prefix(['+', '-']).unwrap_or(after);
        if !digits.starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        self.at += rest.len() - digits.len();
        self.take_while(|c| c.is_ascii_digit());
        true
    }

    fn integer(&mut self, start: usize, digits: &str, radix: u32) -> Result<TokenKind, Fault> {
        if matches!(self.peek(), Some('l' | 'L')) {
            self.bump();
        }
        self.no_letter_follows(start)?;
        if let Some(digit) = digits.chars().find(|digit| !digit.is_digit(radix)) {
            let message = format!("`{digit}` is not an octal digit");
            return Err(Fault::new(FaultKind::Syntax, start, self.at, message)
                .label("a number with a leading 0 is octal")
                .help("leave out the leading 0 for a decimal number"));
        }
        if digits.is_empty() {
            return Err(Fault::new(
                FaultKind::Syntax,
                start,
                self.at,
                "expected hexadecimal digits after `0x`",
            ));
        }
        match u64::from_str_radix(digits, radix) {
            Ok(magnitude) if magnitude <= 1 << 63 => Ok(TokenKind::Int(magnitude)),
            _ => Err(int_too_large(start, self.at)),
        }
    }

    fn no_letter_follows(&mut self, start: usize) -> Result<(), Fault> {
        match self.peek() {
            Some(c @ ('b' | 'B' | 'h' | 'H')) => {
                let end = self.at + 1;
                Err(Fault::new(
                    FaultKind::Unsupported,
                    start,
                    end,
                    format!("numbers with the suffix `{c}` are not supported"),
                )
                .help("integers have 64 bits, and floats have 64 bits"))
            }
            Some(c) if is_letter(c) => {
                let end = self.at + c.len_utf8();
                Err(Fault::new(FaultKind::Syntax, start, end, format!("unexpected `{c}` in a number")))
            }
            _ => Ok(()),
        }
    }

    /// A string. As in JEXL a backslash before any other character than those below stands for itself.
    fn string(&mut self, quote: char) -> Result<TokenKind, Fault> {
        let start = self.at;
        self.bump();
        let mut value = String::new();
        loop {
            let at = self.at;
            match self.bump() {
                None | Some('\n' | '\r' | '\u{2028}' | '\u{2029}') => {
                    let message = "this string is never closed";
                    return Err(Fault::new(FaultKind::Syntax, start, at, message)
                        .label(format!("expected {quote} at its end")));
                }
                Some('\\') => self.escaped(quote, at, &mut value)?,
                Some(c) if c == quote => return Ok(TokenKind::Text(value)),
                Some(c) => value.push(c),
            }
        }
    }

    /// What a backslash, at `start`, and what follows it stand for.
    fn escaped(&mut self, quote: char, start: usize, value: &mut String) -> Result<(), Fault> {
        match self.bump() {
            Some('u') => value.push(self.unicode(start)?),
            Some('n') => value.push('\n'),
            Some('t') => value.push('\t'),
            Some('r') => value.push('\r'),
            Some('b') => value.push('\u{8}'),
            Some('f') => value.push('\u{c}'),
            Some(c) if c == quote || c == '\\' => value.push(c),
            Some(c) => value.extend(['\\', c]),
            None => {}
        }
        Ok(())
    }

    /// `~/pattern/`. As in JEXL a backslash is only taken away before `/` and before another one.
    fn regex(&mut self) -> Result<TokenKind, Fault> {
        let start = self.at;
        self.at += "~/".len();
        let mut value = String::new();
        loop {
            let at = self.at;
            match self.bump() {
                None | Some('\n' | '\r' | '\u{2028}' | '\u{2029}') => {
                    let message = "this regular expression is never closed";
                    return Err(Fault::new(FaultKind::Syntax, start, start + "~/".len(), message)
                        .label("expected `/` at its end"));
                }
                Some('\\') => self.escaped_in_regex(at, &mut value)?,
                Some('/') => return Ok(TokenKind::Regex(value)),
                Some(c) => value.push(c),
            }
        }
    }

    fn escaped_in_regex(&mut self, start: usize, value: &mut String) -> Result<(), Fault> {
        match self.bump() {
            Some('u') => value.push(self.unicode(start)?),
            Some(c @ ('/' | '\\')) => value.push(c),
            Some(c) => value.extend(['\\', c]),
            None => {}
        }
        Ok(())
    }

    /// The character of `\uXXXX`, or of two of them for one beyond the basic plane.
    fn unicode(&mut self, start: usize) -> Result<char, Fault> {
        let Some(first) = self.four_digits() else {
            return Err(Fault::new(
                FaultKind::Syntax,
                start,
                self.at,
                "expected four hexadecimal digits after `\\u`",
            ));
        };
        let mut code = first;
        if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
            self.at += 2;
            let second = self.four_digits().unwrap_or(0);
            if (0xDC00..0xE000).contains(&second) {
                code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            }
        }
        char::from_u32(code).ok_or_else(|| {
            Fault::new(FaultKind::Syntax, start, self.at, "this is half of a surrogate pair, not a character")
        })
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let code = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(code)
    }
}

/// What a name may consist of, besides digits after its first character. JEXL knows no other letters.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || c == '$'
}

pub(crate) fn int_too_large(start: usize, end: usize) -> Fault {
    Fault::new(FaultKind::IntTooLarge, start, end, "this integer does not fit into 64 bits")
        .label(format!("integers go from {} to {}", i64::MIN, i64::MAX))
        .help("write a decimal point or an exponent for a float")
}

fn unclosed_template(start: usize) -> Fault {
    Fault::new(FaultKind::Syntax, start, start + 1, "this template string is never closed")
        .label("expected a backtick at its end, and `}` after each `${`")
}

fn foreign_letter(c: char, start: usize) -> Fault {
    Fault::new(FaultKind::Syntax, start, start + c.len_utf8(), format!("`{c}` is not allowed in a name"))
        .label("names in expressions consist of ASCII letters, digits, `_` and `$`")
}

#[cfg(test)]
mod tests {
    use super::{TokenKind::*, *};

    fn kinds(text: &str) -> Vec<TokenKind> {
        let mut kinds: Vec<_> = tokens(text).unwrap().into_iter().map(|token| token.kind).collect();
        assert_eq!(kinds.pop(), Some(End));
        kinds
    }

    fn one(text: &str) -> TokenKind {
        let mut kinds = kinds(text);
        assert_eq!(kinds.len(), 1, "{text}: {kinds:?}");
        kinds.remove(0)
    }

    #[test]
    fn numbers() {
        assert_eq!(one("42"), Int(42));
        assert_eq!(one("0"), Int(0));
        assert_eq!(one("42L"), Int(42));
        assert_eq!(one("0x7fL"), Int(127));
        assert_eq!(one("0XfF"), Int(255));
        assert_eq!(one("010"), Int(8));
        assert_eq!(one("9223372036854775808"), Int(1 << 63));
        assert_eq!(one("1.5"), Float(1.5));
        assert_eq!(one(".5"), Float(0.5));
        assert_eq!(one("1e3"), Float(1000.0));
        assert_eq!(one("1.0e-5"), Float(1e-5));
        assert_eq!(one("2f"), Float(2.0));
        assert_eq!(one("2.5D"), Float(2.5));
        for bad in ["1_000", "08", "0x", "9223372036854775809", "1e999", "12abc", "1.5b", "3h"] {
            assert!(tokens(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn dots_after_a_value_are_access() {
        assert_eq!(kinds("l.0"), [Word("l".into()), Symbol("."), Int(0)]);
        assert_eq!(kinds("l.0.1"), [Word("l".into()), Symbol("."), Int(0), Symbol("."), Int(1)]);
        assert_eq!(kinds("1..3"), [Int(1), Symbol(".."), Int(3)]);
        assert_eq!(kinds("[...]"), [Symbol("["), Symbol("..."), Symbol("]")]);
    }

    #[test]
    fn strings() {
        assert_eq!(one(r"'it\'s'"), Text("it's".into()));
        assert_eq!(one(r#""a\"b""#), Text("a\"b".into()));
        assert_eq!(one(r"'\u0041\ud83d\ude00'"), Text("A😀".into()));
        assert_eq!(one(r"'\t\n\q\\'"), Text("\t\n\\q\\".into()));
        for bad in ["'open", "'a\nb'", r"'\u00g0'", r"'\ud83d'", r"'\", r"'\ud83d\u0041'"] {
            assert!(tokens(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_comments_and_longest_operators() {
        assert_eq!(kinds("$a b$1 // c\n+ ## d"), [Datum("a".into()), Word("b$1".into()), Symbol("+")]);
        assert_eq!(kinds("1/* x */-2"), [Int(1), Symbol("-"), Int(2)]);
        assert_eq!(kinds("a--3"), [Word("a".into()), Symbol("--"), Int(3)]);
        assert_eq!(
            kinds("a and !$b"),
            [Word("a".into()), Word("and".into()), Symbol("!"), Datum("b".into())]
        );
        assert_eq!(kinds("a !$ b"), [Word("a".into()), Symbol("!$"), Word("b".into())]);
        assert_eq!(kinds("a>>>=b"), [Word("a".into()), Symbol(">>>="), Word("b".into())]);
        assert_eq!(kinds("!~a"), [Symbol("!"), Symbol("~"), Word("a".into())]);
        assert_eq!(kinds("return !$b"), [Word("return".into()), Symbol("!"), Datum("b".into())]);
        for bad in ["naïve", "#pragma", "`x", "a § b", "1 /* open"] {
            assert!(tokens(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn templates() {
        let piece = |text: &str| Piece(text.into());
        assert_eq!(kinds("``"), [Symbol("`"), Symbol("`")]);
        assert_eq!(kinds(r"`\`\\\$\n\u0041$ {`"), [Symbol("`"), piece("`\\$\nA$ {"), Symbol("`")]);
        assert_eq!(
            kinds("`a${ {'}`${':1} }b${`${x}`}`+1"),
            [
                Symbol("`"),
                piece("a"),
                Symbol("${"),
                Symbol("{"),
                Text("}`${".into()),
                Symbol(":"),
                Int(1),
                Symbol("}"),
                Symbol("}"),
                piece("b"),
                Symbol("${"),
                Symbol("`"),
                Symbol("${"),
                Word("x".into()),
                Symbol("}"),
                Symbol("`"),
                Symbol("}"),
                Symbol("`"),
                Symbol("+"),
                Int(1),
            ]
        );
        let place = |text| tokens(text).unwrap_err().place();
        assert_eq!(place("1 + `a${x"), (4, 5));
        assert_eq!(place("`a${`x`"), (0, 1));
        assert_eq!(place("`a${1 + §}`"), (8, 10));
    }
}
