//! Brackets, matched once before parsing, and which braces enclose statements.

use crate::{
    grammar,
    lexer::{Token, TokenKind},
};

/// What is known about the brackets of a text.
pub(super) struct Brackets {
    /// For each opening bracket the index of the one that closes it; otherwise, and for one that is never
    /// closed, the number of tokens.
    closers: Vec<usize>,
    /// For each opening brace whether something in it makes it a block.
    blocks: Vec<bool>,
}

struct OpenBracket {
    index: usize,
    closer: &'static str,
    block: bool,
}

impl Brackets {
    pub(super) fn new(tokens: &[Token]) -> Self {
        let mut brackets =
            Self { closers: vec![tokens.len(); tokens.len()], blocks: vec![false; tokens.len()] };
        let mut open: Vec<OpenBracket> = Vec::new();
        let mut before = &TokenKind::End;
        for (index, token) in tokens.iter().enumerate() {
            if let Some(brace) = open.last_mut().filter(|open| open.closer == "}") {
                brace.block |= makes_block(&token.kind, before);
            }
            if let TokenKind::Symbol(symbol) = token.kind {
                match symbol {
                    "(" => open.push(OpenBracket { index, closer: ")", block: false }),
                    "[" => open.push(OpenBracket { index, closer: "]", block: false }),
                    "{" | "${" | "#{" => open.push(OpenBracket { index, closer: "}", block: false }),
                    ")" | "]" | "}" => brackets.close(&mut open, index, symbol, tokens),
                    _ => {}
                }
            }
            before = &token.kind;
        }
        for brace in open {
            brackets.note(&brace);
        }
        brackets
    }

    fn close(&mut self, open: &mut Vec<OpenBracket>, index: usize, symbol: &str, tokens: &[Token]) {
        let Some(closed) = open.pop_if(|open| open.closer == symbol) else { return };
        if let Some(closer) = self.closers.get_mut(closed.index) {
            *closer = index;
        }
        self.note(&closed);
        let before = closed.index.checked_sub(1).and_then(|before| tokens.get(before));
        let of_function =
            before.is_some_and(|token| matches!(token.kind, TokenKind::Symbol("->" | "=>" | ")")));
        if closed.block
            && !of_function
            && let Some(around) = open.last_mut()
        {
            around.block |= symbol == "}" && around.closer == "}";
        }
    }

    fn note(&mut self, open: &OpenBracket) {
        if let Some(block) = self.blocks.get_mut(open.index) {
            *block = open.block;
        }
    }

    /// The index of what closes the bracket at `index`.
    pub(super) fn closer(&self, index: usize) -> usize {
        self.closers.get(index).copied().unwrap_or(self.closers.len())
    }

    /// Whether something in the brace at `index` makes it a block.
    pub(super) fn is_block(&self, index: usize) -> bool {
        self.blocks.get(index).copied().unwrap_or(false)
    }
}

/// Whether a token directly in braces, after the one `before`, cannot be in a set or map.
fn makes_block(kind: &TokenKind, before: &TokenKind) -> bool {
    match kind {
        TokenKind::Symbol(";") => true,
        TokenKind::Word(word)
            if grammar::is_keyword(word) && !matches!(word.as_str(), "new" | "function") =>
        {
            !matches!(before, TokenKind::Symbol("." | "?."))
        }
        _ => matches!(before, TokenKind::Symbol("}")) && begins_value(kind),
    }
}

fn begins_value(kind: &TokenKind) -> bool {
    match kind {
        TokenKind::Word(word) => grammar::infix(word).is_none(),
        // Not a backtick: after the brace of a `${…}` it closes its template.
        TokenKind::Symbol(symbol) => *symbol == "{",
        TokenKind::Int(_)
        | TokenKind::Float(_)
        | TokenKind::Text(_)
        | TokenKind::Regex(_)
        | TokenKind::Datum(_) => true,
        TokenKind::Piece(_) | TokenKind::End => false,
    }
}
