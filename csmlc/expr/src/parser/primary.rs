//! Literals, names and calls.

use super::{MAX_DEPTH, Node, Nodes, Parser};
use crate::{
    Symbol,
    ast::{Kind, LocalId, LocalRole, Piece},
    fault::{Fault, FaultKind},
    grammar,
    lexer::{TokenKind, int_too_large},
    scope::Name,
};

/// What a call calls.
enum ParsedCallee<S> {
    /// By name, in a namespace or in none.
    Known { namespace: Option<String>, name: String, span: S },
    /// A local function, whose arguments begin at `open`.
    Local { local: LocalId, parameters: usize, name: Name, open: usize },
}

impl<S: Clone> Parser<'_, S> {
    pub(super) fn primary(&mut self) -> Result<Node<S>, Fault> {
        match &self.peek().kind {
            TokenKind::Word(_) => self.word(),
            TokenKind::Symbol("(") => self.group(),
            TokenKind::Symbol("[") => self.list(),
            TokenKind::Symbol("{") => self.braces(),
            TokenKind::Symbol("`") => self.template(),
            TokenKind::Symbol(_) | TokenKind::Piece(_) | TokenKind::End => Err(self.no_value()),
            TokenKind::Int(_)
            | TokenKind::Float(_)
            | TokenKind::Text(_)
            | TokenKind::Regex(_)
            | TokenKind::Datum(_) => self.leaf(),
        }
    }

    /// A number or string, or event data.
    fn leaf(&mut self) -> Result<Node<S>, Fault> {
        let token = self.bump();
        let (start, end) = (token.start, token.end);
        let kind = match token.kind {
            TokenKind::Int(magnitude) => match i64::try_from(magnitude) {
                Ok(value) => Kind::Int(value),
                Err(_) => return Err(int_too_large(start, end)),
            },
            TokenKind::Float(value) => Kind::Float(value),
            TokenKind::Datum(name) if name.is_empty() => {
                return Err(Fault::new(FaultKind::Syntax, start, end, "expected a name after `$`"));
            }
            TokenKind::Datum(name) => Kind::Ref(Symbol::Datum(name)),
            TokenKind::Text(text) | TokenKind::Piece(text) | TokenKind::Word(text) => Kind::Text(text),
            TokenKind::Regex(pattern) => Kind::Regex(pattern),
            TokenKind::Symbol(_) | TokenKind::End => Kind::Null,
        };
        self.node(kind, start, end, 1)
    }

    /// The fault at the next token, which begins no value.
    fn no_value(&self) -> Fault {
        let token = self.peek();
        let (start, end) = (token.start, token.end);
        match &token.kind {
            TokenKind::Symbol("@") => Fault::unsupported(start, end, "annotations are").help("leave it out"),
            TokenKind::Word(word) if word == "new" => Fault::unsupported(start, end, "`new` is")
                .help("lists are written `[a, b]`, sets `{a, b}`, maps `{key: value}`"),
            TokenKind::Word(word) if grammar::is_keyword(word) => {
                self.unexpected("a value").label("put a statement on its own, before or after a `;`")
            }
            _ => self.unexpected("a value"),
        }
    }

    fn word(&mut self) -> Result<Node<S>, Fault> {
        if self.is_at(1, "(") && !self.word_at(0).is_some_and(grammar::is_reserved) {
            return self.call(false);
        }
        if self.function_ahead(0).is_some() {
            return self.apply();
        }
        let token = self.peek();
        if self
            .word_at(0)
            .is_some_and(|word| !grammar::is_reserved(word) && self.is_namespace(word, token.end))
        {
            return self.call(true);
        }
        self.name_or_constant()
    }

    fn name_or_constant(&mut self) -> Result<Node<S>, Fault> {
        let (start, end) = (self.peek().start, self.peek().end);
        let word = self.word_at(0).unwrap_or_default();
        let kind = match word {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            "NaN" => Kind::Float(f64::NAN),
            _ if grammar::is_reserved(word) => return Err(self.no_value()),
            _ => {
                let name = Name { text: word.to_owned(), start, end };
                self.at += 1;
                return self.variable(name);
            }
        };
        self.at += 1;
        self.node(kind, start, end, 1)
    }

    /// Whether the word here, ending at `end`, is the namespace of a call.
    pub(super) fn is_namespace(&self, word: &str, end: usize) -> bool {
        self.is_at(1, ":")
            && self.peek_at(1).start == end
            && self.peek_at(2).start == self.peek_at(1).end
            && self.word_at(2).is_some()
            && self.is_at(3, "(")
            && (!self.colon_ends || self.knows_namespace(word))
    }

    /// A call, with a namespace or without.
    fn call(&mut self, in_namespace: bool) -> Result<Node<S>, Fault> {
        let (callee, start) = self.callee(in_namespace)?;
        let arguments = self.arguments()?;
        self.called(callee, start, arguments)
    }

    /// What is called, and where it begins.
    fn callee(&mut self, in_namespace: bool) -> Result<(ParsedCallee<S>, usize), Fault> {
        let start = self.peek().start;
        let mut namespace = None;
        if in_namespace {
            namespace = self.word_at(0).map(str::to_owned);
            self.at += 2;
        }
        let token = self.bump();
        let TokenKind::Word(text) = token.kind else { return Err(self.unexpected("the name of a function")) };
        let local = if in_namespace { None } else { self.scopes.find(&text) };
        let name = Name { text, start: token.start, end: token.end };
        let Some(local) = local else {
            let span = self.span(&name);
            return Ok((ParsedCallee::Known { namespace, name: name.text, span }, start));
        };
        if self.scopes.role(local) != LocalRole::Function {
            let text = &name.text;
            return Err(name
                .misused(format!("`{text}` is not a function"))
                .help("only a local that a function is assigned to directly can be called"));
        }
        let parameters = self.scopes.call(local)?;
        Ok((ParsedCallee::Local { local, parameters, name, open: self.peek().start }, start))
    }

    fn called(
        &self,
        callee: ParsedCallee<S>,
        start: usize,
        (arguments, end): (Nodes<S>, usize),
    ) -> Result<Node<S>, Fault> {
        let Nodes { exprs: arguments, height } = arguments;
        let kind = match callee {
            ParsedCallee::Known { namespace, name, span } => {
                Kind::Call { namespace, name, name_span: span, arguments }
            }
            ParsedCallee::Local { local, parameters, name, open } => {
                check_arity(&format!("`{}`", name.text), parameters, arguments.len(), open, end)?;
                Kind::CallLocal { function: local, arguments }
            }
        };
        self.node(kind, start, end, 1 + height)
    }

    fn group(&mut self) -> Result<Node<S>, Fault> {
        if self.function_ahead(0).is_some() {
            return self.apply();
        }
        let start = self.bump().start;
        self.groups += 1;
        if self.groups > MAX_DEPTH {
            return Err(self.too_deep());
        }
        let mut node = self.expression_within(false)?;
        self.groups -= 1;
        let end = self.expect(")", "to close the group")?;
        node.expr.span = (self.place)(start, end);
        Ok(Node { start, end, ..node })
    }

    fn list(&mut self) -> Result<Node<S>, Fault> {
        let start = self.bump().start;
        let mut items = Nodes::new();
        while !self.is("]") && !self.eat("...") {
            let item = self.nested()?;
            items.push(item);
            if !self.eat(",") {
                break;
            }
        }
        let end = self.expect("]", "or `,` in the list")?;
        self.node(Kind::List(items.exprs), start, end, 1 + items.height)
    }

    /// A map or set.
    fn braces(&mut self) -> Result<Node<S>, Fault> {
        if self.is_at(1, "}") || (self.is_at(1, ":") && self.is_at(2, "}")) {
            return self.empty_braces();
        }
        let start = self.bump().start;
        self.enter()?;
        let first = self.expression_within(true);
        self.leave();
        self.braces_rest(first?, start)
    }

    fn empty_braces(&mut self) -> Result<Node<S>, Fault> {
        let start = self.bump().start;
        let kind = if self.eat(":") { Kind::Map(Vec::new()) } else { Kind::Set(Vec::new()) };
        let end = self.bump().end;
        self.node(kind, start, end, 1)
    }

    /// What follows the first item or key, which decides.
    fn braces_rest(&mut self, first: Node<S>, start: usize) -> Result<Node<S>, Fault> {
        if self.is(":") {
            return self.map(first, start);
        }
        let mut items = Nodes::new();
        items.push(first);
        while self.eat(",") && !self.is("}") && !self.eat("...") {
            let item = self.nested()?;
            items.push(item);
        }
        if self.is(";") {
            return Err(self
                .unexpected("`}` or `,` in the set")
                .label("a block of statements is not a value"));
        }
        let end = self.expect("}", "or `,` in the set")?;
        self.node(Kind::Set(items.exprs), start, end, 1 + items.height)
    }

    fn map(&mut self, first: Node<S>, start: usize) -> Result<Node<S>, Fault> {
        let mut entries = Vec::new();
        let mut height = 0;
        let mut key = first;
        loop {
            self.expect(":", "and the value of this key")?;
            let value = self.nested()?;
            height = height.max(key.height).max(value.height);
            entries.push((*key.expr, *value.expr));
            if !self.eat(",") || self.is("}") || self.eat("...") {
                break;
            }
            self.enter()?;
            key = self.expression_within(true)?;
            self.leave();
        }
        let end = self.expect("}", "or `,` in the map")?;
        self.node(Kind::Map(entries), start, end, 1 + height)
    }

    fn template(&mut self) -> Result<Node<S>, Fault> {
        let start = self.bump().start;
        let mut pieces = Vec::new();
        let mut height = 0;
        loop {
            let token = self.bump();
            match token.kind {
                TokenKind::Piece(text) => pieces.push(Piece::Text(text)),
                TokenKind::Symbol(opening @ ("${" | "#{")) => {
                    let node = self.nested()?;
                    self.expect(
                        "}",
                        if opening == "${" { "to close the `${`" } else { "to close the `#{`" },
                    )?;
                    height = height.max(node.height);
                    pieces.push(Piece::Expr(*node.expr));
                }
                // The lexer lets no template end otherwise.
                _ => {
                    let kind = match pieces.pop() {
                        None => Kind::Text(String::new()),
                        Some(Piece::Text(text)) if pieces.is_empty() => Kind::Text(text),
                        last => {
                            pieces.extend(last);
                            Kind::Template(pieces)
                        }
                    };
                    return self.node(kind, start, token.end, 1 + height);
                }
            }
        }
    }
}

/// Refuses a call with the wrong number of arguments, which stand from `start` to `end`.
pub(super) fn check_arity(
    what: &str,
    parameters: usize,
    arguments: usize,
    start: usize,
    end: usize,
) -> Result<(), Fault> {
    if parameters == arguments {
        return Ok(());
    }
    let takes = match parameters {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{parameters} arguments"),
    };
    Err(Fault::new(FaultKind::Local, start, end, format!("{what} takes {takes}, not {arguments}")))
}
