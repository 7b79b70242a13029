//! Tokens → tree, by precedence climbing.
//!
//! Both recursion and the height of the tree stay below [`MAX_DEPTH`], so that no later pass, nor rustc on
//! the generated code, can overflow its stack.

use crate::{
    Parsed, Symbol,
    ast::{Expr, Kind, Script, Unary},
    fault::{Fault, FaultKind},
    grammar,
    lexer::{Token, TokenKind, int_too_large, tokens},
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
    if text.len() > MAX_LENGTH {
        let message = format!("this expression is longer than {} MiB", MAX_LENGTH >> 20);
        return Err(Fault::new(FaultKind::TooLong, 0, text.len(), message));
    }
    let tokens = tokens(text)?;
    let end = Token { kind: TokenKind::End, start: text.len(), end: text.len() };
    let root = Parser { text, place, tokens, end, at: 0, depth: 0, colon_ends: false }.script()?;
    Ok(Script { root: *root, locals: Vec::new() })
}

/// A tree, its height, and where it stands in the decoded text.
struct Node<S> {
    expr: Box<Expr<Symbol, S>>,
    height: u32,
    start: usize,
    end: usize,
}

struct Parser<'a, S> {
    text: &'a str,
    place: &'a dyn Fn(usize, usize) -> S,
    tokens: Vec<Token>,
    end: Token,
    at: usize,
    depth: u32,
    /// Whether a colon ends the expression being read (`c ? a : b`, `{k: v}`), so that `a:f(x)` is no call in
    /// a namespace unless the namespace is known.
    colon_ends: bool,
}

/// Namespaces that every application has.
pub(crate) const NAMESPACES: &[&str] = &["math", "std", "utility"];

impl<S: Clone> Parser<'_, S> {
    fn script(&mut self) -> Result<Box<Expr<Symbol, S>>, Fault> {
        if self.peek().kind == TokenKind::End {
            return Err(Fault::new(FaultKind::Syntax, 0, self.text.len(), "this expression is empty"));
        }
        let node = self.expression()?;
        if self.peek().kind == TokenKind::End {
            return Ok(node.expr);
        }
        Err(self.unexpected("an operator"))
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

    fn eat(&mut self, symbol: &str) -> bool {
        let found = self.is(symbol);
        self.at += usize::from(found);
        found
    }

    /// End of the expected symbol.
    fn expect(&mut self, symbol: &str, purpose: &str) -> Result<usize, Fault> {
        if self.is(symbol) {
            Ok(self.bump().end)
        } else {
            Err(self.unexpected(&format!("`{symbol}` {purpose}")))
        }
    }

    /// The fault at the next token, which is not `expected`.
    fn unexpected(&self, expected: &str) -> Fault {
        let token = self.peek();
        let spelling = match &token.kind {
            TokenKind::Word(word) => word.as_str(),
            TokenKind::Symbol(symbol) => symbol,
            _ => "",
        };
        if let Some(subject) = grammar::unsupported(spelling) {
            let fault = Fault::unsupported(token.start, token.end, subject);
            return match grammar::instead(spelling) {
                Some(help) => fault.help(help),
                None => fault,
            };
        }
        let found = match &token.kind {
            TokenKind::End => "the end of the expression".to_owned(),
            TokenKind::Int(_) | TokenKind::Float(_) => "a number".to_owned(),
            TokenKind::Text(_) => "a string".to_owned(),
            TokenKind::Datum(name) => format!("`${name}`"),
            TokenKind::Word(word) => format!("`{word}`"),
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
            .help("split it over several variables, or group a long chain with parentheses")
    }

    fn node(&self, kind: Kind<Symbol, S>, start: usize, end: usize, height: u32) -> Result<Node<S>, Fault> {
        if height > MAX_DEPTH {
            return Err(self.too_deep());
        }
        let span = (self.place)(start, end);
        Ok(Node { expr: Box::new(Expr { kind, span }), height, start, end })
    }

    /// Reads with `colon_ends` set to `colon`.
    fn within(
        &mut self,
        colon: bool,
        read: impl FnOnce(&mut Self) -> Result<Node<S>, Fault>,
    ) -> Result<Node<S>, Fault> {
        let before = std::mem::replace(&mut self.colon_ends, colon);
        let node = read(self)?;
        self.colon_ends = before;
        Ok(node)
    }

    fn expression(&mut self) -> Result<Node<S>, Fault> {
        let condition = self.binary(grammar::LOOSEST)?;
        if !self.eat("?") {
            return Ok(condition);
        }
        self.enter()?;
        let then = self.within(true, Self::expression)?;
        self.expect(":", "and the value for when the condition does not hold")?;
        let otherwise = self.expression()?;
        self.leave();
        let height = 1 + condition.height.max(then.height).max(otherwise.height);
        let (start, end) = (condition.start, otherwise.end);
        let kind = Kind::Conditional(condition.expr, then.expr, otherwise.expr);
        self.node(kind, start, end, height)
    }

    /// Operands joined by operators that bind at least as tightly as `loosest`.
    fn binary(&mut self, loosest: u8) -> Result<Node<S>, Fault> {
        let mut left = self.unary()?;
        let mut compared = None;
        loop {
            let token = self.peek();
            let spelling = match &token.kind {
                TokenKind::Symbol(symbol) => symbol,
                TokenKind::Word(word) => word.as_str(),
                _ => return Ok(left),
            };
            let Some(infix) = grammar::infix(spelling) else { return Ok(left) };
            if infix.precedence < loosest {
                return Ok(left);
            }
            let operator =
                infix.operator.map_err(|subject| Fault::unsupported(token.start, token.end, subject))?;
            if compared == Some(infix.precedence) {
                return Err(Fault::new(
                    FaultKind::Syntax,
                    token.start,
                    token.end,
                    "comparisons cannot be chained",
                )
                .help("join them with `&&`, or put one into parentheses"));
            }
            compared = grammar::never_chains(infix.precedence).then_some(infix.precedence);
            self.at += 1;
            self.enter()?;
            let right = self.binary(infix.precedence + 1)?;
            self.leave();
            let (start, end, height) = (left.start, right.end, 1 + left.height.max(right.height));
            let kind = Kind::Binary(operator, left.expr, right.expr);
            left = self.node(kind, start, end, height)?;
        }
    }

    fn unary(&mut self) -> Result<Node<S>, Fault> {
        let token = self.peek();
        let operator = match &token.kind {
            TokenKind::Symbol(symbol) => grammar::prefix(symbol),
            TokenKind::Word(word) => grammar::prefix(word),
            _ => None,
        };
        let Some(operator) = operator else { return self.postfix() };
        let start = token.start;
        self.at += 1;
        if operator == Unary::Minus
            && let Some(literal) = self.negative_literal(start)
        {
            return literal;
        }
        self.enter()?;
        let operand = self.unary()?;
        self.leave();
        let (end, height) = (operand.end, operand.height + 1);
        self.node(Kind::Unary(operator, operand.expr), start, end, height)
    }

    /// A number directly after a minus sign, which makes the smallest integer writable.
    fn negative_literal(&mut self, start: usize) -> Option<Result<Node<S>, Fault>> {
        if [".", "[", "("].iter().any(|access| self.is_at(1, access)) {
            return None;
        }
        let token = self.peek();
        let kind = match token.kind {
            TokenKind::Int(magnitude) => Kind::Int(0i64.wrapping_sub_unsigned(magnitude)),
            TokenKind::Float(value) => Kind::Float(-value),
            _ => return None,
        };
        let end = token.end;
        self.at += 1;
        Some(self.node(kind, start, end, 1))
    }

    fn postfix(&mut self) -> Result<Node<S>, Fault> {
        let mut node = self.primary()?;
        loop {
            node = if self.eat(".") {
                self.member(node)?
            } else if self.eat("[") {
                let index = self.nested()?;
                let end = self.expect("]", "after the index")?;
                let (start, height) = (node.start, 1 + node.height.max(index.height));
                self.node(
                    Kind::Index { base: node.expr, index: index.expr, safe: false },
                    start,
                    end,
                    height,
                )?
            } else if self.is("(") {
                let token = self.peek();
                return Err(Fault::unsupported(
                    token.start,
                    token.end,
                    "calling the value of an expression is",
                ));
            } else {
                return Ok(node);
            };
        }
    }

    /// What follows the dot after `receiver`.
    fn member(&mut self, receiver: Node<S>) -> Result<Node<S>, Fault> {
        let token = self.peek().clone();
        let start = receiver.start;
        let name = match token.kind {
            TokenKind::Word(name) | TokenKind::Text(name) => name,
            TokenKind::Datum(name) => format!("${name}"),
            TokenKind::Int(index) if index <= i64::MAX as u64 => {
                self.at += 1;
                let height = receiver.height + 1;
                let index = self.node(Kind::Int(index as i64), token.start, token.end, 1)?;
                let kind = Kind::Index { base: receiver.expr, index: index.expr, safe: false };
                return self.node(kind, start, token.end, height);
            }
            _ => return Err(self.unexpected("a name after `.`")),
        };
        self.at += 1;
        if !self.is("(") {
            let height = receiver.height + 1;
            return self.node(
                Kind::Field { base: receiver.expr, name, safe: false },
                start,
                token.end,
                height,
            );
        }
        let (arguments, tallest, end) = self.arguments()?;
        let kind = Kind::Method {
            receiver: receiver.expr,
            name,
            name_span: (self.place)(token.start, token.end),
            arguments,
            safe: false,
        };
        self.node(kind, start, end, 1 + receiver.height.max(tallest))
    }

    /// `(a, b)`: the arguments, the greatest height among them, and where the list ends.
    fn arguments(&mut self) -> Result<(Vec<Expr<Symbol, S>>, u32, usize), Fault> {
        self.expect("(", "before the arguments")?;
        let mut arguments = Vec::new();
        let mut tallest = 0;
        if !self.is(")") {
            loop {
                let argument = self.nested()?;
                tallest = tallest.max(argument.height);
                arguments.push(*argument.expr);
                if !self.eat(",") {
                    break;
                }
            }
        }
        let end = self.expect(")", "after the arguments")?;
        Ok((arguments, tallest, end))
    }

    /// A whole expression inside brackets.
    fn nested(&mut self) -> Result<Node<S>, Fault> {
        self.enter()?;
        let node = self.within(false, Self::expression)?;
        self.leave();
        Ok(node)
    }

    fn primary(&mut self) -> Result<Node<S>, Fault> {
        let token = self.peek().clone();
        let (start, end) = (token.start, token.end);
        let kind = match token.kind {
            TokenKind::Int(magnitude) => match i64::try_from(magnitude) {
                Ok(value) => Kind::Int(value),
                Err(_) => return Err(int_too_large(start, end)),
            },
            TokenKind::Float(value) => Kind::Float(value),
            TokenKind::Text(value) => Kind::Text(value),
            TokenKind::Datum(name) if name.is_empty() => {
                return Err(Fault::new(FaultKind::Syntax, start, end, "expected a name after `$`"));
            }
            TokenKind::Datum(name) => Kind::Ref(Symbol::Datum(name)),
            TokenKind::Word(word) => return self.word(&word, start, end),
            TokenKind::Symbol("(") => return self.group(),
            TokenKind::Symbol("[") => return self.list(),
            TokenKind::Symbol("{") => return self.map(),
            TokenKind::Symbol(_) | TokenKind::End => return Err(self.unexpected("a value")),
        };
        self.at += 1;
        self.node(kind, start, end, 1)
    }

    fn word(&mut self, word: &str, start: usize, end: usize) -> Result<Node<S>, Fault> {
        let kind = match word {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            "NaN" => Kind::Float(f64::NAN),
            _ if grammar::is_operator_word(word) || grammar::unsupported(word).is_some() => {
                return Err(self.unexpected("a value"));
            }
            _ if self.is_at(1, "->") => {
                self.at += 1;
                return Err(self.unexpected("a value"));
            }
            _ if self.is_at(1, "(") => return self.call(None, start),
            _ if self.is_namespace(word, end) => {
                self.at += 2;
                return self.call(Some(word.to_owned()), start);
            }
            _ => Kind::Ref(Symbol::Name(word.to_owned())),
        };
        self.at += 1;
        self.node(kind, start, end, 1)
    }

    /// Whether the word here, ending at `end`, is the namespace of a call.
    fn is_namespace(&self, word: &str, end: usize) -> bool {
        self.is_at(1, ":")
            && self.peek_at(1).start == end
            && matches!(self.peek_at(2).kind, TokenKind::Word(_))
            && self.is_at(3, "(")
            && (!self.colon_ends || NAMESPACES.contains(&word))
    }

    /// A call; the next token is the function's name.
    fn call(&mut self, namespace: Option<String>, start: usize) -> Result<Node<S>, Fault> {
        let token = self.bump();
        let TokenKind::Word(name) = token.kind else { return Err(self.unexpected("the name of a function")) };
        let name_span = (self.place)(token.start, token.end);
        let (arguments, tallest, end) = self.arguments()?;
        self.node(Kind::Call { namespace, name, name_span, arguments }, start, end, 1 + tallest)
    }

    fn group(&mut self) -> Result<Node<S>, Fault> {
        let start = self.bump().start;
        if self.is(")") && self.is_at(1, "->") {
            self.at += 1;
            return Err(self.unexpected("a value"));
        }
        let mut node = self.nested()?;
        let end = self.expect(")", "to close the group")?;
        if self.is("->") {
            return Err(self.unexpected("an operator"));
        }
        node.expr.span = (self.place)(start, end);
        Ok(Node { start, end, ..node })
    }

    fn list(&mut self) -> Result<Node<S>, Fault> {
        let start = self.bump().start;
        let mut items = Vec::new();
        let mut tallest = 0;
        if !self.is("]") && !self.eat("...") {
            loop {
                let item = self.nested()?;
                tallest = tallest.max(item.height);
                items.push(*item.expr);
                if !self.eat(",") || self.eat("...") {
                    break;
                }
            }
        }
        let end = self.expect("]", "or `,` in the list")?;
        self.node(Kind::List(items), start, end, 1 + tallest)
    }

    fn map(&mut self) -> Result<Node<S>, Fault> {
        let open = self.bump();
        let (start, mut end) = (open.start, open.end);
        let mut entries = Vec::new();
        let mut tallest = 0;
        if self.is("}") {
            return Err(Fault::unsupported(start, self.peek().end, "blocks and sets are")
                .help("the empty map is written `{:}`"));
        }
        if self.is(":") && self.is_at(1, "}") {
            self.at += 1;
        } else {
            loop {
                self.enter()?;
                let key = self.within(true, |parser| parser.expression())?;
                end = self.peek().end.max(end);
                if entries.is_empty() && (self.is(",") || self.is("}")) {
                    return Err(Fault::unsupported(start, end, "sets and blocks are")
                        .help("a list is written `[a, b]`, a map `{key: value}`"));
                }
                self.expect(":", "and the value of this key")?;
                let value = self.within(false, Self::expression)?;
                self.leave();
                tallest = tallest.max(key.height).max(value.height);
                entries.push((*key.expr, *value.expr));
                if !self.eat(",") {
                    break;
                }
            }
        }
        end = self.expect("}", "or `,` in the map")?;
        self.node(Kind::Map(entries), start, end, 1 + tallest)
    }
}
