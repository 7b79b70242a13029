//! Regular expressions as Java writes them → [`Node`].
//!
//! Refused are constructs that no search in linear time can do (backreferences, look-around, possessive and
//! atomic groups) and what Java refuses too.

use alloc::{boxed::Box, format, string::String, vec, vec::Vec};
use core::str::Chars;

use super::{
    PatternError,
    class::{Class, Named},
};

/// Groups and classes may stand this deep within each other.
const MAX_DEPTH: usize = 100;

/// What a part of a regular expression matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// One character.
    Class(Class),
    /// Nothing, where this holds.
    Assert(Assert),
    /// One after the other.
    Sequence(Vec<Node>),
    /// One of them, the first that leads to a match.
    Either(Vec<Node>),
    /// Repeated; `None` stands for any number of times.
    Repeat { node: Box<Node>, least: u32, most: Option<u32>, lazy: bool },
}

/// What can be asked of a place between two characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Assert {
    /// The start of the text.
    Start,
    /// The end of the text.
    End,
    /// The end of the text, or before its last line terminator.
    LastLine,
    /// The start of a line.
    LineStart,
    /// The end of a line.
    LineEnd,
    /// The border of a word.
    Word,
    /// Not the border of a word.
    NotWord,
}

#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    ignore_case: bool,
    lines: bool,
    dot_all: bool,
    comments: bool,
}

struct Parser<'a> {
    /// Bytes of the whole.
    length: usize,
    rest: Chars<'a>,
    flags: Flags,
    depth: usize,
    /// Where the part begins that is being read: an error is about the text from here to where it is found.
    part: usize,
}

/// Reads a regular expression.
///
/// # Errors
/// Says what is wrong with it, and where.
pub(super) fn parse(pattern: &str) -> Result<Node, PatternError> {
    let mut parser =
        Parser { length: pattern.len(), rest: pattern.chars(), flags: Flags::default(), depth: 0, part: 0 };
    parser.whole().map_err(|message| PatternError { message, start: parser.part, end: parser.at() })
}

fn unsupported(what: &str) -> String {
    format!("{what} are not supported")
}

impl Parser<'_> {
    fn whole(&mut self) -> Result<Node, String> {
        let node = self.either()?;
        self.part = self.at();
        match self.rest.next() {
            None => Ok(node),
            Some(_) => Err(String::from("`)` without `(`")),
        }
    }

    /// Bytes that have been read.
    fn at(&self) -> usize {
        self.length - self.rest.as_str().len()
    }

    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    fn next_if(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        let next = self.peek().filter(|next| wanted(*next))?;
        self.rest.next();
        Some(next)
    }

    fn eat(&mut self, character: char) -> bool {
        self.next_if(|next| next == character).is_some()
    }

    /// The error that what begins at `part` never ends.
    fn open(&mut self, part: usize, message: &str) -> String {
        self.part = part;
        String::from(message)
    }

    fn enter(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("nested more than {MAX_DEPTH} levels deep"));
        }
        Ok(())
    }

    /// Alternatives up to a closing parenthesis or the end. Flags set inside end with it.
    fn either(&mut self) -> Result<Node, String> {
        let outside = self.flags;
        let mut alternatives = vec![self.sequence()?];
        while self.eat('|') {
            alternatives.push(self.sequence()?);
        }
        self.flags = outside;
        Ok(match alternatives.pop() {
            Some(only) if alternatives.is_empty() => only,
            last => {
                alternatives.extend(last);
                Node::Either(alternatives)
            }
        })
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut nodes = Vec::new();
        loop {
            if self.flags.comments {
                self.skip_comments();
            }
            match self.peek() {
                None | Some('|' | ')') => return Ok(Node::Sequence(nodes)),
                Some(_) => {
                    let Some(node) = self.atom(&mut nodes)? else { continue };
                    let node = self.repeated(node)?;
                    nodes.push(node);
                }
            }
        }
    }

    fn skip_comments(&mut self) {
        loop {
            if self.next_if(|next| next.is_ascii_whitespace()).is_some() {
                continue;
            }
            if !self.eat('#') {
                return;
            }
            while self.next_if(|next| next != '\n').is_some() {}
        }
    }

    /// What a repetition can follow. `None` if there was nothing to repeat: flags, or a quotation, whose
    /// characters go to `nodes`.
    fn atom(&mut self, nodes: &mut Vec<Node>) -> Result<Option<Node>, String> {
        let part = self.at();
        self.part = part;
        let Some(first) = self.rest.next() else { return Ok(None) };
        let node = match first {
            '(' => return self.group(part),
            '[' => Node::Class(self.cased(None)?),
            '.' if self.flags.dot_all => Node::Class(Class::Named(Named::Everything)),
            '.' => Node::Class(Class::Named(Named::Dot)),
            '^' if self.flags.lines => Node::Assert(Assert::LineStart),
            '^' => Node::Assert(Assert::Start),
            '$' if self.flags.lines => Node::Assert(Assert::LineEnd),
            '$' => Node::Assert(Assert::LastLine),
            '*' | '+' | '?' => return Err(format!("nothing to repeat before `{first}`")),
            '{' => return Err(String::from("nothing to repeat before `{`; a brace itself is `\\{`")),
            '\\' => return self.escape(nodes),
            literal => self.literal(literal),
        };
        Ok(Some(node))
    }

    fn literal(&self, character: char) -> Node {
        let class = Class::of(character);
        let cased = self.flags.ignore_case && character.is_ascii_alphabetic();
        Node::Class(if cased { Class::IgnoreCase(Box::new(class)) } else { class })
    }

    /// A class in brackets, or `class` itself, in the case that the flags ask for.
    fn cased(&mut self, class: Option<Class>) -> Result<Class, String> {
        let class = match class {
            Some(class) => class,
            None => self.class()?,
        };
        Ok(if self.flags.ignore_case { Class::IgnoreCase(Box::new(class)) } else { class })
    }

    /// After a `(`, which stands at `part`.
    fn group(&mut self, part: usize) -> Result<Option<Node>, String> {
        let outside = self.flags;
        if self.eat('?') {
            match self.rest.next() {
                Some(':') => {}
                Some('=' | '!') => return Err(unsupported("lookaheads `(?=…)`, `(?!…)`")),
                Some('>') => return Err(unsupported("atomic groups `(?>…)`")),
                Some('<') => {
                    if self.next_if(|next| matches!(next, '=' | '!')).is_some() {
                        return Err(unsupported("lookbehinds `(?<=…)`, `(?<!…)`"));
                    }
                    self.until('>')?;
                }
                Some(flag) => {
                    if self.flags(flag)? {
                        return Ok(None);
                    }
                }
                None => return Err(String::from("`(` without `)`")),
            }
        }
        self.enter()?;
        let node = self.either()?;
        self.depth -= 1;
        self.flags = outside;
        if self.eat(')') { Ok(Some(node)) } else { Err(self.open(part, "`(` without `)`")) }
    }

    /// Flags such as `i` or `i-s`, the first of which is read. Whether they hold for all that follows: `)`
    /// ends them, `:` begins a group.
    fn flags(&mut self, first: char) -> Result<bool, String> {
        let mut on = true;
        let mut flag = first;
        loop {
            match flag {
                'i' => self.flags.ignore_case = on,
                'm' => self.flags.lines = on,
                's' => self.flags.dot_all = on,
                'x' => self.flags.comments = on,
                '-' if on => on = false,
                ')' => return Ok(true),
                ':' => return Ok(false),
                other => return Err(format!("unknown flag `{other}`; the flags are i, m, s, x")),
            }
            flag = self.rest.next().ok_or("`(` without `)`")?;
        }
    }

    fn until(&mut self, end: char) -> Result<String, String> {
        let mut text = String::new();
        loop {
            match self.rest.next() {
                Some(next) if next == end => return Ok(text),
                Some(next) => text.push(next),
                None => return Err(format!("`{end}` is missing")),
            }
        }
    }

    /// `node` with the repetition that follows it, if one does.
    fn repeated(&mut self, node: Node) -> Result<Node, String> {
        let part = self.at();
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.part = part;
                self.rest.next();
                let text = self.until('}')?;
                let bounds = repetition(&text).ok_or_else(|| format!("`{{{text}}}` is not a repetition"))?;
                return self.repetition(node, bounds);
            }
            _ => return Ok(node),
        };
        self.part = part;
        self.rest.next();
        self.repetition(node, (least, most))
    }

    fn repetition(&mut self, node: Node, (least, most): (u32, Option<u32>)) -> Result<Node, String> {
        let lazy = self.eat('?');
        if !lazy && self.eat('+') {
            return Err(unsupported("possessive repetitions such as `*+`"));
        }
        if matches!(self.peek(), Some('*' | '+' | '?' | '{')) {
            self.part = self.at();
            self.rest.next();
            return Err(String::from("a repetition follows a repetition"));
        }
        Ok(Node::Repeat { node: Box::new(node), least, most, lazy })
    }

    /// After a `\`, outside of a class.
    fn escape(&mut self, nodes: &mut Vec<Node>) -> Result<Option<Node>, String> {
        let Some(letter) = self.rest.next() else {
            return Err(String::from("`\\` at the end"));
        };
        let assert = match letter {
            'b' => Assert::Word,
            'B' => Assert::NotWord,
            'A' => Assert::Start,
            'z' => Assert::End,
            'Z' => Assert::LastLine,
            'Q' => {
                // What follows the quotation repeats its last character.
                let mut quoted = self.quoted();
                let last = quoted.pop();
                nodes.extend(quoted.into_iter().map(|character| self.literal(character)));
                return Ok(last.map(|character| self.literal(character)));
            }
            'E' => return Ok(None),
            'R' => {
                let pair = ['\r', '\n'].map(|part| Node::Class(Class::of(part)));
                let single = Node::Class(Class::Named(Named::Vertical));
                return Ok(Some(Node::Either(vec![Node::Sequence(pair.into()), single])));
            }
            '1'..='9' | 'k' => return Err(unsupported("backreferences")),
            other => {
                let class = self.class_escape(other)?;
                return Ok(Some(Node::Class(self.cased(Some(class))?)));
            }
        };
        Ok(Some(Node::Assert(assert)))
    }

    /// The characters up to `\E`.
    fn quoted(&mut self) -> Vec<char> {
        let mut characters = Vec::new();
        while let Some(next) = self.rest.next() {
            if next == '\\' && self.eat('E') {
                break;
            }
            characters.push(next);
        }
        characters
    }

    /// What `\letter` stands for, inside of a class or outside.
    fn class_escape(&mut self, letter: char) -> Result<Class, String> {
        let named = match letter {
            'd' | 'D' => Named::Digit,
            's' | 'S' => Named::Space,
            'w' | 'W' => Named::Word,
            'h' | 'H' => Named::Horizontal,
            'v' | 'V' => Named::Vertical,
            'p' | 'P' => {
                let name = match self.rest.next() {
                    Some('{') => self.until('}')?,
                    Some(single) => String::from(single),
                    None => String::new(),
                };
                Named::property(&name).ok_or_else(|| format!("unknown set of characters `{name}`"))?
            }
            other => return Ok(Class::of(self.character(other)?)),
        };
        let class = Class::Named(named);
        Ok(if letter.is_ascii_uppercase() { class.negated() } else { class })
    }

    /// The character that `\letter` stands for.
    fn character(&mut self, letter: char) -> Result<char, String> {
        let code = match letter {
            't' => return Ok('\t'),
            'n' => return Ok('\n'),
            'r' => return Ok('\r'),
            'f' => return Ok('\u{C}'),
            'a' => return Ok('\u{7}'),
            'e' => return Ok('\u{1B}'),
            '0' => self.digits(8, 1, 3)?,
            'x' if self.eat('{') => u32::from_str_radix(&self.until('}')?, 16).ok(),
            'x' => self.digits(16, 2, 2)?,
            'u' => self.digits(16, 4, 4)?,
            'c' => self.rest.next().map(|key| u32::from(key) ^ 64),
            letter if letter.is_ascii_alphanumeric() => {
                return Err(format!("`\\{letter}` has no meaning"));
            }
            other => return Ok(other),
        };
        code.and_then(char::from_u32).ok_or_else(|| format!("`\\{letter}` is followed by no character code"))
    }

    /// A number of `least` to `most` digits.
    fn digits(&mut self, radix: u32, least: usize, most: usize) -> Result<Option<u32>, String> {
        let mut text = String::new();
        while text.len() < most {
            match self.next_if(|next| next.is_digit(radix)) {
                Some(digit) => text.push(digit),
                None => break,
            }
        }
        Ok(if text.len() < least { None } else { u32::from_str_radix(&text, radix).ok() })
    }

    /// After a `[`.
    fn class(&mut self) -> Result<Class, String> {
        let part = self.at() - 1;
        self.enter()?;
        let negated = self.eat('^');
        let mut met = Vec::new();
        let mut items = Vec::new();
        let mut first = true;
        loop {
            self.part = self.at();
            let Some(next) = self.rest.next() else {
                return Err(self.open(part, "`[` without `]`"));
            };
            match next {
                ']' if !first => break,
                '[' => items.push(self.class()?),
                '&' if self.eat('&') => met.push(Class::Any(core::mem::take(&mut items))),
                other => {
                    let low = self.class_item(other)?;
                    let item = self.range(low)?;
                    items.push(item);
                }
            }
            first = false;
        }
        self.depth -= 1;
        let mut class = Class::Any(items);
        if !met.is_empty() {
            met.push(class);
            class = Class::All(met);
        }
        Ok(if negated { class.negated() } else { class })
    }

    fn class_item(&mut self, first: char) -> Result<Class, String> {
        if first != '\\' {
            return Ok(Class::of(first));
        }
        match self.rest.next() {
            Some('Q') => Ok(Class::Any(self.quoted().into_iter().map(Class::of).collect())),
            Some(letter) => self.class_escape(letter),
            None => Err(String::from("`[` without `]`")),
        }
    }

    /// `low`, or the range that begins with it.
    fn range(&mut self, low: Class) -> Result<Class, String> {
        let Class::Range(first, _) = low else { return Ok(low) };
        let mut ahead = self.rest.clone();
        let is_range = ahead.next() == Some('-') && !matches!(ahead.next(), None | Some(']' | '['));
        if !is_range {
            return Ok(low);
        }
        self.rest.next();
        let Some(next) = self.rest.next() else { return Ok(low) };
        match self.class_item(next)? {
            Class::Range(last, _) if first <= last => Ok(Class::Range(first, last)),
            _ => Err(format!("a range of characters that begins with `{first}` has no end after it")),
        }
    }
}

/// `n`, `n,` or `n,m`
fn repetition(text: &str) -> Option<(u32, Option<u32>)> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse::<u32>().ok() } else { None }
    };
    match text.split_once(',') {
        None => number(text).map(|times| (times, Some(times))),
        Some((least, "")) => number(least).map(|least| (least, None)),
        Some((least, most)) => {
            let (least, most) = (number(least)?, number(most)?);
            (least <= most).then_some((least, Some(most)))
        }
    }
}
