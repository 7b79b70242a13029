//! Literals, names and calls.

use super::{NAMESPACES, Node, Nodes, Parser};
use crate::{
    Symbol,
    ast::{Kind, LocalRole, Piece},
    fault::{Fault, FaultKind},
    grammar,
    lexer::{TokenKind, int_too_large},
    scope::Name,
};

impl<S: Clone> Parser<'_, S> {
    pub(super) fn primary(&mut self) -> Result<Node<S>, Fault> {
        let token = self.peek();
        let (start, end) = (token.start, token.end);
        let kind = match &token.kind {
            TokenKind::Int(magnitude) => match i64::try_from(*magnitude) {
                Ok(value) => Kind::Int(value),
                Err(_) => return Err(int_too_large(start, end)),
            },
            TokenKind::Float(value) => Kind::Float(*value),
            TokenKind::Text(value) => Kind::Text(value.clone()),
            TokenKind::Datum(name) if name.is_empty() => {
                return Err(Fault::new(FaultKind::Syntax, start, end, "expected a name after `$`"));
            }
            TokenKind::Datum(name) => Kind::Ref(Symbol::Datum(name.clone())),
            TokenKind::Word(word) => {
                let text = word.clone();
                return self.word(Name { text, start, end });
            }
            TokenKind::Symbol("(") => return self.group(),
            TokenKind::Symbol("[") => return self.list(),
            TokenKind::Symbol("{") => return self.braces(),
            TokenKind::Symbol("`") => return self.template(),
            TokenKind::Symbol(_) | TokenKind::Piece(_) | TokenKind::End => return Err(self.no_value()),
        };
        self.at += 1;
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
                self.unexpected("a value").label("statements stand on their own, before or after a `;`")
            }
            _ => self.unexpected("a value"),
        }
    }

    fn word(&mut self, name: Name) -> Result<Node<S>, Fault> {
        let Name { start, end, .. } = name;
        let kind = match name.text.as_str() {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            "NaN" => Kind::Float(f64::NAN),
            "function" => return self.apply(),
            word if grammar::is_reserved(word) => return Err(self.no_value()),
            _ if self.is_at(1, "->") || self.is_at(1, "=>") => return self.apply(),
            _ if self.is_at(1, "(") => return self.call(None, start),
            word if self.is_namespace(word, end) => {
                self.at += 2;
                return self.call(Some(name.text), start);
            }
            _ => {
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
            && self.word_at(2).is_some()
            && self.is_at(3, "(")
            && (!self.colon_ends || NAMESPACES.contains(&word))
    }

    /// A call; the next token is the function's name.
    fn call(&mut self, namespace: Option<String>, start: usize) -> Result<Node<S>, Fault> {
        let token = self.bump();
        let TokenKind::Word(name) = token.kind else { return Err(self.unexpected("the name of a function")) };
        let local = if namespace.is_none() { self.scopes.find(&name) } else { None };
        if let Some(local) = local {
            let name = Name { text: name, start: token.start, end: token.end };
            if self.scopes.role(local) != LocalRole::Function {
                let text = &name.text;
                return Err(name
                    .misused(format!("`{text}` is no function"))
                    .help("only a local that a function is assigned to directly can be called"));
            }
            let parameters = self.scopes.call(local)?;
            let open = self.peek().start;
            let (arguments, end) = self.arguments()?;
            check_arity(&format!("`{}`", name.text), parameters, arguments.exprs.len(), open, end)?;
            let height = 1 + arguments.height;
            let kind = Kind::CallLocal { function: local, arguments: arguments.exprs };
            return self.node(kind, start, end, height);
        }
        let name_span = (self.place)(token.start, token.end);
        let (arguments, end) = self.arguments()?;
        let height = 1 + arguments.height;
        self.node(Kind::Call { namespace, name, name_span, arguments: arguments.exprs }, start, end, height)
    }

    fn group(&mut self) -> Result<Node<S>, Fault> {
        if self.function_ahead(0).is_some() {
            return self.apply();
        }
        let start = self.bump().start;
        let mut node = self.nested()?;
        let end = self.expect(")", "to close the group")?;
        node.expr.span = (self.place)(start, end);
        Ok(Node { start, end, ..node })
    }

    fn list(&mut self) -> Result<Node<S>, Fault> {
        let start = self.bump().start;
        let mut items = Nodes::new();
        if !self.is("]") && !self.eat("...") {
            loop {
                let item = self.nested()?;
                items.push(item);
                if !self.eat(",") || self.eat("...") {
                    break;
                }
            }
        }
        let end = self.expect("]", "or `,` in the list")?;
        self.node(Kind::List(items.exprs), start, end, 1 + items.height)
    }

    /// A map or set.
    fn braces(&mut self) -> Result<Node<S>, Fault> {
        let start = self.bump().start;
        if self.is("}") {
            let end = self.bump().end;
            return self.node(Kind::Set(Vec::new()), start, end, 1);
        }
        if self.is(":") && self.is_at(1, "}") {
            self.at += 1;
            let end = self.bump().end;
            return self.node(Kind::Map(Vec::new()), start, end, 1);
        }
        self.enter()?;
        let first = self.within(true, Self::expression)?;
        self.leave();
        if self.is(":") {
            return self.map(first, start);
        }
        let mut items = Nodes::new();
        items.push(first);
        while self.eat(",") {
            let item = self.nested()?;
            items.push(item);
        }
        if self.is(";") {
            return Err(self.unexpected("`}` or `,` in the set").label("a block of statements is no value"));
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
            if !self.eat(",") {
                break;
            }
            self.enter()?;
            key = self.within(true, Self::expression)?;
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
                TokenKind::Symbol("${") => {
                    let node = self.nested()?;
                    self.expect("}", "to close the `${`")?;
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
