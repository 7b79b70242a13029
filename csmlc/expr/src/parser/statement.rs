//! Statements, blocks and declarations.

use super::{Node, Nodes, Parser};
use crate::{
    Symbol,
    ast::{Expr, Kind, LocalRole},
    fault::{Fault, FaultKind},
    grammar,
    lexer::{Token, TokenKind},
    scope::Name,
};

impl<S: Clone> Parser<'_, S> {
    /// Statements up to a `}` or the end.
    pub(super) fn statements(&mut self) -> Result<Nodes<S>, Fault> {
        let mut nodes = Nodes::new();
        loop {
            while self.eat(";") {}
            if self.is("}") || self.peek().kind == TokenKind::End {
                return Ok(nodes);
            }
            self.closed = false;
            if self.declares() {
                self.declarations(&mut nodes)?;
            } else {
                let node = self.statement()?;
                nodes.push(node);
            }
            if !self.closed && !self.statement_may_end() {
                return Err(self.unterminated());
            }
        }
    }

    /// Whether what comes next cannot belong to the statement before it.
    fn statement_may_end(&self) -> bool {
        match &self.peek().kind {
            TokenKind::End | TokenKind::Symbol(";" | "}") => true,
            TokenKind::Word(word) => grammar::is_keyword(word) && !matches!(word.as_str(), "new" | "else"),
            _ => false,
        }
    }

    /// The fault at a token that neither continues the statement before it nor follows a `;`.
    fn unterminated(&self) -> Fault {
        let token = self.peek();
        if self.is_word(0, "instanceof") {
            return Fault::unsupported(token.start, token.end, "`instanceof` is")
                .help("types are checked when the description is compiled");
        }
        if self.is("::") {
            return Fault::unsupported(token.start, token.end, "references to methods are");
        }
        let fault = self.unexpected("an operator or `;`");
        if self.is(":") {
            return fault.help("write a function after its namespace, without spaces: `math:abs(x)`");
        }
        fault
    }

    fn declares(&self) -> bool {
        matches!(self.word_at(0), Some("var" | "let" | "const"))
    }

    /// One statement that declares no variable.
    fn statement(&mut self) -> Result<Node<S>, Fault> {
        // JEXL takes a brace for a literal if it can be one.
        if self.is("{") && (self.is_at(1, "}") || self.brackets.is_block(self.at)) {
            return self.block();
        }
        match self.word_at(0) {
            Some("if") => return self.if_statement(),
            Some("while") => return self.while_statement(),
            Some("do") => return self.do_while(),
            Some("for") => return self.for_statement(),
            Some("break" | "continue") => return self.jump(),
            Some("return") => return self.return_statement(),
            Some("function") if self.word_at(1).is_some() => return self.named_function(),
            Some(word) if self.is_at(1, "=") && self.is_function(2) => {
                let Token { start, end, .. } = *self.peek();
                let name = Name { text: word.to_owned(), start, end };
                if !grammar::is_reserved(word) {
                    self.at += 2;
                    return self.define(&name, false, start);
                }
            }
            _ => {}
        }
        self.check_foreign()?;
        self.expression_within(false)
    }

    /// Statements in braces.
    pub(super) fn block(&mut self) -> Result<Node<S>, Fault> {
        let start = self.peek().start;
        self.expect("{", "and statements")?;
        self.enter()?;
        self.scopes.open_block();
        let nodes = self.statements()?;
        self.scopes.close_block();
        self.leave();
        let end = self.expect("}", "after the statements")?;
        self.closed = true;
        self.node(Kind::Block(nodes.exprs), start, end, 1 + nodes.height)
    }

    /// What a condition or loop holds: a block, or one statement.
    fn body(&mut self) -> Result<Node<S>, Fault> {
        if self.is("{") {
            return self.block();
        }
        if self.is(";") {
            let Token { start, end, .. } = self.bump();
            self.closed = true;
            return self.node(Kind::Block(Vec::new()), start, end, 1);
        }
        if self.declares() {
            let token = self.peek();
            let message = "a variable can be declared only in a block or in the script itself";
            return Err(Fault::new(FaultKind::Local, token.start, token.end, message)
                .help("put braces around the declaration"));
        }
        self.enter()?;
        self.scopes.open_block();
        self.closed = false;
        let node = self.statement()?;
        if !self.closed {
            self.closed = self.eat(";");
        }
        self.scopes.close_block();
        self.leave();
        Ok(node)
    }

    fn loop_body(&mut self) -> Result<Node<S>, Fault> {
        self.loops += 1;
        let body = self.body()?;
        self.loops -= 1;
        Ok(body)
    }

    /// `(condition)`; `word` needs it.
    fn condition(&mut self, word: &str) -> Result<Node<S>, Fault> {
        self.expect("(", &format!("and the condition after `{word}`"))?;
        let condition = self.nested()?;
        self.expect(")", "after the condition")?;
        Ok(condition)
    }

    fn if_statement(&mut self) -> Result<Node<S>, Fault> {
        let start = self.bump().start;
        let condition = self.condition("if")?;
        let then = self.body()?;
        let mut height = condition.height.max(then.height);
        let mut end = then.end;
        let mut otherwise = None;
        if self.is_word(0, "else") {
            self.at += 1;
            let node = self.body()?;
            height = height.max(node.height);
            end = node.end;
            otherwise = Some(node.expr);
        }
        self.node(Kind::If(condition.expr, then.expr, otherwise), start, end, 1 + height)
    }

    fn while_statement(&mut self) -> Result<Node<S>, Fault> {
        let start = self.bump().start;
        let condition = self.condition("while")?;
        let body = self.loop_body()?;
        let (end, height) = (body.end, 1 + condition.height.max(body.height));
        self.node(Kind::While(condition.expr, body.expr), start, end, height)
    }

    fn do_while(&mut self) -> Result<Node<S>, Fault> {
        let start = self.bump().start;
        let body = self.loop_body()?;
        if !self.is_word(0, "while") {
            return Err(self.unexpected("`while` and the condition of the loop"));
        }
        self.at += 1;
        self.expect("(", "and the condition after `while`")?;
        let condition = self.nested()?;
        let end = self.expect(")", "after the condition")?;
        self.closed = true;
        let height = 1 + condition.height.max(body.height);
        self.node(Kind::DoWhile(body.expr, condition.expr), start, end, height)
    }

    fn for_statement(&mut self) -> Result<Node<S>, Fault> {
        let start = self.bump().start;
        self.expect("(", "after `for`")?;
        let declares = usize::from(self.declares());
        let name = self.peek_at(declares);
        let each = self.is_at(declares + 1, ":")
            && match &name.kind {
                TokenKind::Datum(_) => true,
                TokenKind::Word(word) => {
                    declares == 1 || !(self.knows_namespace(word) && self.is_namespace(word, name.end))
                }
                _ => false,
            };
        if each { self.for_each(start) } else { self.classic_for(start) }
    }

    fn for_each(&mut self, start: usize) -> Result<Node<S>, Fault> {
        let role = self.declaring();
        let token = self.peek().clone();
        let name = match token.kind {
            TokenKind::Datum(name) if role.is_none() => {
                self.at += 1;
                Err(self.node(Kind::Ref(Symbol::Datum(name)), token.start, token.end, 1)?)
            }
            _ => Ok(self.name("the variable of the loop")?),
        };
        self.expect(":", "and the value to iterate over")?;
        let collection = self.nested()?;
        self.expect(")", "after the value to iterate over")?;
        self.scopes.open_block();
        let target = match name {
            Ok(name) => self.loop_variable(name, role)?,
            Err(datum) => datum,
        };
        let local = match target.expr.kind {
            Kind::Local(local) => Some(local),
            _ => None,
        };
        let body = self.loop_body()?;
        if let Some(local) = local {
            self.scopes.end_loop(local);
        }
        self.scopes.close_block();
        let (end, height) = (body.end, 1 + collection.height.max(body.height));
        let kind = Kind::ForEach { target: target.expr, collection: collection.expr, body: body.expr };
        self.node(kind, start, end, height)
    }

    fn loop_variable(&mut self, name: Name, role: Option<LocalRole>) -> Result<Node<S>, Fault> {
        let span = self.span(&name);
        let local = match role {
            Some(role) => self.scopes.declare_loop(&name, span, role)?,
            None => match self.scopes.find(&name.text) {
                Some(local) => {
                    self.scopes.write(local, &name)?;
                    self.scopes.initialised(local);
                    local
                }
                None => return self.node(Kind::Ref(Symbol::Name(name.text)), name.start, name.end, 1),
            },
        };
        self.node(Kind::Local(local), name.start, name.end, 1)
    }

    fn classic_for(&mut self, start: usize) -> Result<Node<S>, Fault> {
        // What `var` declares here always has a value after the loop, as if it stood before it.
        let before = self.is_word(0, "var");
        if !before {
            self.scopes.open_block();
        }
        let init = self.for_init()?;
        if before {
            self.scopes.open_block();
        }
        self.expect(";", "after the first part of `for`")?;
        let condition = if self.is(";") { None } else { Some(self.nested()?) };
        self.expect(";", "after the condition")?;
        let step = if self.is(")") { None } else { Some(self.nested()?) };
        self.expect(")", "after the step")?;
        let body = self.loop_body()?;
        self.scopes.close_block();
        let heads = [&init, &condition, &step].into_iter().flatten();
        let height = 1 + heads.map(|node| node.height).max().unwrap_or(0).max(body.height);
        let expr = |node: Option<Node<S>>| node.map(|node| node.expr);
        let kind =
            Kind::For { init: expr(init), condition: expr(condition), step: expr(step), body: body.expr };
        self.node(kind, start, body.end, height)
    }

    fn for_init(&mut self) -> Result<Option<Node<S>>, Fault> {
        if self.is(";") {
            return Ok(None);
        }
        if !self.declares() {
            return self.nested().map(Some);
        }
        let start = self.peek().start;
        let mut nodes = Nodes::new();
        self.declarations(&mut nodes)?;
        let end = self.tokens.get(self.at.saturating_sub(1)).map_or(start, |token| token.end);
        let Nodes { mut exprs, height } = nodes;
        let (kind, height) = match exprs.pop() {
            Some(Expr { kind, .. }) if exprs.is_empty() => (kind, height),
            last => {
                exprs.extend(last);
                (Kind::Block(exprs), height + 1)
            }
        };
        self.node(kind, start, end, height).map(Some)
    }

    fn jump(&mut self) -> Result<Node<S>, Fault> {
        let Token { start, end, .. } = self.bump();
        let goes_on = self
            .tokens
            .get(self.at.saturating_sub(1))
            .is_some_and(|token| matches!(&token.kind, TokenKind::Word(word) if word == "continue"));
        if self.loops == 0 {
            let word = if goes_on { "continue" } else { "break" };
            return Err(Fault::new(FaultKind::Syntax, start, end, format!("`{word}` outside of a loop"))
                .help("`return` ends a function or the whole expression"));
        }
        self.node(if goes_on { Kind::Continue } else { Kind::Break }, start, end, 1)
    }

    fn return_statement(&mut self) -> Result<Node<S>, Fault> {
        let Token { start, end, .. } = self.bump();
        let ends = self.statement_may_end() && !self.is_word(0, "function") || self.is_word(0, "else");
        if ends {
            return self.node(Kind::Return(None), start, end, 1);
        }
        self.enter()?;
        let value = self.expression_within(false)?;
        self.leave();
        self.node(Kind::Return(Some(value.expr)), start, value.end, 1 + value.height)
    }

    /// Takes `var`, `let` or `const`, if one is here.
    fn declaring(&mut self) -> Option<LocalRole> {
        let role = match self.word_at(0)? {
            "var" => LocalRole::Var,
            "let" => LocalRole::Let,
            "const" => LocalRole::Const,
            _ => return None,
        };
        self.at += 1;
        Some(role)
    }

    /// `var a = 1, b`
    fn declarations(&mut self, nodes: &mut Nodes<S>) -> Result<(), Fault> {
        let mut start = self.peek().start;
        let Some(role) = self.declaring() else { return Ok(()) };
        loop {
            let node = self.declaration(role, start)?;
            nodes.push(node);
            if !self.eat(",") {
                return Ok(());
            }
            start = self.peek().start;
        }
    }

    fn declaration(&mut self, role: LocalRole, start: usize) -> Result<Node<S>, Fault> {
        let name = self.name("a variable")?;
        if self.is("=") && self.is_function(1) {
            self.at += 1;
            return self.define(&name, role != LocalRole::Var, start);
        }
        let span = self.span(&name);
        let (local, new) = self.scopes.declare(&name, span, role)?;
        if !self.eat("=") {
            if role == LocalRole::Const {
                return Err(self.unexpected("`=` and the value of the constant"));
            }
            return self.node(Kind::Declare { local, value: None }, start, name.end, 1);
        }
        if new {
            self.scopes.initialising(local);
        }
        self.enter()?;
        let value = self.expression_within(false)?;
        self.leave();
        self.scopes.initialised(local);
        let kind = Kind::Declare { local, value: Some(value.expr) };
        self.node(kind, start, value.end, 1 + value.height)
    }
}
