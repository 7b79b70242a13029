//! Tokens → tree, by recursive descent; operators by precedence climbing.
//!
//! Both recursion and the height of the tree stay below [`MAX_DEPTH`], so that no later pass, nor rustc on
//! the generated code, can overflow its stack. What a `{` or `(` begins is decided by looking ahead, with the
//! brackets matched once, so that nothing is ever read twice.

mod brackets;
mod expression;
mod function;
mod primary;
mod statement;

use self::brackets::Brackets;
use crate::{
    Parsed, Symbol,
    ast::{Expr, Kind, Script},
    fault::{Fault, FaultKind},
    grammar,
    lexer::{Token, TokenKind, tokens},
    library::NAMESPACES,
    scope::{Name, Scopes},
};

/// Levels an expression may have, nesting and chains of operators alike.
pub const MAX_DEPTH: u32 = 200;

/// Bytes an expression may have: more is no expression but data, and rustc would not get to the end of it.
pub const MAX_LENGTH: usize = 1 << 20;

/// Parses an expression or script. `place` makes the span of decoded bytes, from and up to.
///
/// # Errors
/// The text is not an expression of the language.
pub fn parse<S: Clone>(text: &str, place: &dyn Fn(usize, usize) -> S) -> Result<Parsed<S>, Fault> {
    parse_with(text, &|_| false, place)
}

/// Like [`parse`], with further namespaces that are known. A call in one that is not known needs parentheses
/// where a colon follows anyway, as in `c ? (a:f(x)) : b`.
///
/// # Errors
/// The text is not an expression of the language.
pub fn parse_with<S: Clone>(
    text: &str,
    is_namespace: &dyn Fn(&str) -> bool,
    place: &dyn Fn(usize, usize) -> S,
) -> Result<Parsed<S>, Fault> {
    if text.len() > MAX_LENGTH {
        let message = format!("this expression is longer than {} MiB", MAX_LENGTH >> 20);
        return Err(Fault::new(FaultKind::TooLong, 0, text.len(), message));
    }
    let tokens = tokens(text)?;
    let parser = Parser {
        place,
        further_namespaces: is_namespace,
        brackets: Brackets::new(&tokens),
        tokens,
        end: Token { kind: TokenKind::End, start: text.len(), end: text.len() },
        at: 0,
        depth: 0,
        groups: 0,
        loops: 0,
        colon_ends: false,
        closed: false,
        scopes: Scopes::new(),
    };
    parser.script()
}

/// A tree, its height, and where it stands in the decoded text.
struct Node<S> {
    expr: Box<Expr<Symbol, S>>,
    height: u32,
    start: usize,
    end: usize,
}

/// Several trees and the greatest height among them.
struct Nodes<S> {
    exprs: Vec<Expr<Symbol, S>>,
    height: u32,
}

impl<S> Nodes<S> {
    fn new() -> Self {
        Self { exprs: Vec::new(), height: 0 }
    }

    fn push(&mut self, node: Node<S>) {
        self.height = self.height.max(node.height);
        self.exprs.push(*node.expr);
    }
}

struct Parser<'a, S> {
    place: &'a dyn Fn(usize, usize) -> S,
    further_namespaces: &'a dyn Fn(&str) -> bool,
    tokens: Vec<Token>,
    brackets: Brackets,
    end: Token,
    at: usize,
    depth: u32,
    /// Parentheses around this place. They are no levels of the tree, and printing it may add some.
    groups: u32,
    /// Loops around this place, up to the function.
    loops: u32,
    /// Whether a colon ends the expression being read (`c ? a : b`, `{k: v}`), so that `a:f(x)` is no call in
    /// a namespace unless the namespace is known.
    colon_ends: bool,
    /// Whether another statement may follow the one just read without a `;`.
    closed: bool,
    scopes: Scopes<S>,
}

impl<S: Clone> Parser<'_, S> {
    fn script(mut self) -> Result<Parsed<S>, Fault> {
        let end = self.end.end;
        if self.peek().kind == TokenKind::End {
            return Err(Fault::new(FaultKind::Syntax, 0, end, "this expression is empty"));
        }
        let start = self.peek().start;
        let Nodes { mut exprs, height } = self.statements()?;
        if self.peek().kind != TokenKind::End {
            let token = self.peek();
            return Err(Fault::new(FaultKind::Syntax, token.start, token.end, "this `}` closes nothing"));
        }
        let mut root = match exprs.pop() {
            Some(only) if exprs.is_empty() => only,
            last => {
                exprs.extend(last);
                *self.node(Kind::Block(exprs), start, end, 1 + height)?.expr
            }
        };
        if self.scopes.complete_captures()? {
            let mut index = 0;
            root.visit_functions(&mut |function| {
                index += 1;
                self.scopes.set_captures(index, function);
            });
        }
        Ok(Script { root, locals: self.scopes.locals })
    }

    fn knows_namespace(&self, name: &str) -> bool {
        NAMESPACES.contains(&name) || (self.further_namespaces)(name)
    }

    fn peek(&self) -> &Token {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> &Token {
        self.tokens.get(self.at + ahead).unwrap_or(&self.end)
    }

    fn bump(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn is(&self, symbol: &str) -> bool {
        self.is_at(0, symbol)
    }

    fn is_at(&self, ahead: usize, symbol: &str) -> bool {
        matches!(&self.peek_at(ahead).kind, TokenKind::Symbol(found) if *found == symbol)
    }

    fn is_word(&self, ahead: usize, word: &str) -> bool {
        self.word_at(ahead) == Some(word)
    }

    fn word_at(&self, ahead: usize) -> Option<&str> {
        match &self.peek_at(ahead).kind {
            TokenKind::Word(word) => Some(word),
            _ => None,
        }
    }

    fn eat(&mut self, symbol: &str) -> bool {
        let found = self.is(symbol);
        self.at += usize::from(found);
        found
    }

    /// How far ahead the bracket is that closes the one at `ahead`.
    fn closer(&self, ahead: usize) -> usize {
        self.brackets.closer(self.at + ahead).saturating_sub(self.at)
    }

    /// End of the expected symbol.
    fn expect(&mut self, symbol: &str, purpose: &str) -> Result<usize, Fault> {
        if self.is(symbol) {
            Ok(self.bump().end)
        } else {
            Err(self.unexpected(&format!("`{symbol}` {purpose}")))
        }
    }

    /// A name that is being declared, or assigned by a loop; `what` it names.
    fn name(&mut self, what: &str) -> Result<Name, Fault> {
        let Token { kind, start, end } = self.peek().clone();
        match kind {
            TokenKind::Word(text) if !grammar::is_reserved(&text) => {
                self.at += 1;
                Ok(Name { text, start, end })
            }
            TokenKind::Datum(_) => Err(self
                .unexpected(&format!("the name of {what}"))
                .label("names that begin with `$` are event data, and come with the event")),
            TokenKind::Word(word) => {
                Err(self.unexpected(&format!("the name of {what}")).label(format!("`{word}` is a keyword")))
            }
            _ => Err(self.unexpected(&format!("the name of {what}"))),
        }
    }

    fn span(&self, name: &Name) -> S {
        (self.place)(name.start, name.end)
    }

    /// The fault at the next token, which is not `expected`.
    fn unexpected(&self, expected: &str) -> Fault {
        let token = self.peek();
        let found = match &token.kind {
            TokenKind::End => "the end of the expression".to_owned(),
            TokenKind::Int(_) | TokenKind::Float(_) => "a number".to_owned(),
            TokenKind::Text(_) | TokenKind::Piece(_) => "a string".to_owned(),
            TokenKind::Regex(_) => "a regular expression".to_owned(),
            TokenKind::Datum(name) => format!("`${name}`"),
            TokenKind::Word(word) => format!("`{word}`"),
            TokenKind::Symbol("`") => "a template string".to_owned(),
            TokenKind::Symbol(symbol) => format!("`{symbol}`"),
        };
        Fault::new(FaultKind::Syntax, token.start, token.end, format!("expected {expected}, found {found}"))
    }

    /// Counts one level of recursion; pairs with `leave` unless an error ends it all.
    fn enter(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.too_deep()) } else { Ok(()) }
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    fn too_deep(&self) -> Fault {
        let token = self.peek();
        let message = format!("this expression is more than {MAX_DEPTH} levels deep");
        Fault::new(FaultKind::TooDeep, token.start, token.end, message)
            .label("nesting and every operator of a chain count as one level")
            .help("split it into several variables, or group a long chain with parentheses")
    }

    fn node(&self, kind: Kind<Symbol, S>, start: usize, end: usize, height: u32) -> Result<Node<S>, Fault> {
        if height > MAX_DEPTH {
            return Err(self.too_deep());
        }
        let span = (self.place)(start, end);
        Ok(Node { expr: Box::new(Expr { kind, span }), height, start, end })
    }

    /// An expression, with `colon_ends` set to `colon`.
    fn expression_within(&mut self, colon: bool) -> Result<Node<S>, Fault> {
        let before = std::mem::replace(&mut self.colon_ends, colon);
        let node = self.expression();
        self.colon_ends = before;
        node
    }

    /// A whole expression inside brackets.
    fn nested(&mut self) -> Result<Node<S>, Fault> {
        self.enter()?;
        let node = self.expression_within(false);
        self.leave();
        node
    }
}
