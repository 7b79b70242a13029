//! Operators, assignments and access.

use super::{Node, Nodes, Parser};
use crate::{
    Symbol,
    ast::{Kind, LocalRole, Unary},
    fault::{Fault, FaultKind},
    grammar::{self, Assignment},
    lexer::TokenKind,
    scope::Name,
};

impl<S: Clone> Parser<'_, S> {
    pub(super) fn expression(&mut self) -> Result<Node<S>, Fault> {
        let left = self.binary(grammar::LOOSEST)?;
        let TokenKind::Symbol(symbol) = self.peek().kind else { return Ok(left) };
        if symbol == "?" {
            return self.conditional(left);
        }
        if let Some(infix) = grammar::infix(symbol) {
            // Nothing looser than those that were read but `?:` and `??`.
            self.at += 1;
            self.enter()?;
            let right = self.expression()?;
            self.leave();
            let (start, end, height) = (left.start, right.end, 1 + left.height.max(right.height));
            return self.node(Kind::Binary(infix.operator, left.expr, right.expr), start, end, height);
        }
        match grammar::assignment(symbol) {
            Some(assignment) => self.assignment(left, assignment),
            None => Ok(left),
        }
    }

    fn conditional(&mut self, condition: Node<S>) -> Result<Node<S>, Fault> {
        self.at += 1;
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

    fn assignment(&mut self, target: Node<S>, assignment: Assignment) -> Result<Node<S>, Fault> {
        self.check_target(&target, "an assignment")?;
        self.at += 1;
        self.enter()?;
        let value = self.expression()?;
        self.leave();
        let operator = match assignment {
            Assignment::Plain => None,
            Assignment::With(operator) => Some(operator),
        };
        let (start, end, height) = (target.start, value.end, 1 + target.height.max(value.height));
        let kind = Kind::Assign { target: target.expr, operator, value: value.expr };
        self.node(kind, start, end, height)
    }

    /// Refuses what cannot be assigned; `what` needs it.
    fn check_target(&self, target: &Node<S>, what: &str) -> Result<(), Fault> {
        let mut expr = &*target.expr;
        let refused = |message: String| Fault::new(FaultKind::Syntax, target.start, target.end, message);
        loop {
            expr = match &expr.kind {
                Kind::Index { safe: true, .. } | Kind::Field { safe: true, .. } => {
                    return Err(refused(format!("{what} cannot go through `?.`"))
                        .help("check for `null` before, and write `.`"));
                }
                Kind::Index { base, .. } | Kind::Field { base, .. } => base,
                Kind::Ref(_) => return Ok(()),
                Kind::Local(local) => {
                    let name = self.scopes.locals.get(local.0 as usize).map(|local| local.name.clone());
                    let (start, end) = (target.start, target.end);
                    let name = Name { text: name.unwrap_or_default(), start, end };
                    let whole = matches!(target.expr.kind, Kind::Local(_));
                    return if whole { self.scopes.check_assignable(*local, &name) } else { Ok(()) };
                }
                _ => {
                    return Err(refused(format!("{what} needs a variable"))
                        .label("expected a variable, or an item or field of one"));
                }
            };
        }
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
            if compared == Some(infix.precedence) {
                return Err(chained(token.start, token.end, infix.precedence));
            }
            compared = grammar::never_chains(infix.precedence).then_some(infix.precedence);
            self.at += 1;
            self.enter()?;
            let right = self.binary(infix.precedence + 1)?;
            self.leave();
            let (start, end, height) = (left.start, right.end, 1 + left.height.max(right.height));
            let kind = Kind::Binary(infix.operator, left.expr, right.expr);
            left = self.node(kind, start, end, height)?;
        }
    }

    fn unary(&mut self) -> Result<Node<S>, Fault> {
        let token = self.peek();
        let start = token.start;
        let spelling = match &token.kind {
            TokenKind::Symbol(symbol) => symbol,
            TokenKind::Word(word) => word.as_str(),
            _ => return self.postfix(),
        };
        if spelling == "++" || spelling == "--" {
            let down = spelling == "--";
            return self.prefix_increment(start, down);
        }
        let Some(operator) = grammar::prefix(spelling) else { return self.postfix() };
        self.at += 1;
        if operator == Unary::Minus
            && let Some(literal) = self.negative_literal(start)
        {
            return literal;
        }
        if operator == Unary::BitNot && (self.is("/") || self.is("/=")) {
            let end = self.peek().end;
            return Err(Fault::unsupported(start, end, "literals of regular expressions are")
                .help("write the pattern as a string: `text =~ '[a-z]+'`"));
        }
        self.enter()?;
        let operand = self.unary()?;
        self.leave();
        let (end, height) = (operand.end, operand.height + 1);
        self.node(Kind::Unary(operator, operand.expr), start, end, height)
    }

    fn prefix_increment(&mut self, start: usize, down: bool) -> Result<Node<S>, Fault> {
        self.at += 1;
        self.enter()?;
        let target = self.unary()?;
        self.leave();
        let what = if down { "`--`" } else { "`++`" };
        self.check_target(&target, what).map_err(|fault| match target.expr.kind {
            Kind::Int(_) | Kind::Float(_) => fault.help("two signs are written `- -` or `+ +`"),
            _ => fault,
        })?;
        let (end, height) = (target.end, target.height + 1);
        self.node(Kind::Increment { target: target.expr, down, prefix: true }, start, end, height)
    }

    /// A number directly after a minus sign, which makes the smallest integer writable.
    fn negative_literal(&mut self, start: usize) -> Option<Result<Node<S>, Fault>> {
        if [".", "?.", "[", "("].iter().any(|access| self.is_at(1, access)) {
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
            let TokenKind::Symbol(symbol) = self.peek().kind else { return Ok(node) };
            node = match symbol {
                "." | "?." => {
                    self.at += 1;
                    let safe = symbol == "?.";
                    if safe && self.eat("[") { self.index(node, true)? } else { self.member(node, safe)? }
                }
                "[" => {
                    self.at += 1;
                    self.index(node, false)?
                }
                "++" | "--" => return self.postfix_increment(node, symbol == "--"),
                "(" => {
                    let token = self.peek();
                    let fault =
                        Fault::unsupported(token.start, token.end, "calling the value of an expression is");
                    return Err(fault.help("only functions and methods can be called, by their name"));
                }
                _ => return Ok(node),
            };
        }
    }

    fn postfix_increment(&mut self, target: Node<S>, down: bool) -> Result<Node<S>, Fault> {
        self.check_target(&target, if down { "`--`" } else { "`++`" })?;
        let end = self.bump().end;
        let (start, height) = (target.start, target.height + 1);
        self.node(Kind::Increment { target: target.expr, down, prefix: false }, start, end, height)
    }

    /// What follows the `[` after `base`.
    fn index(&mut self, base: Node<S>, safe: bool) -> Result<Node<S>, Fault> {
        let index = self.nested()?;
        let end = self.expect("]", "after the index")?;
        let (start, height) = (base.start, 1 + base.height.max(index.height));
        self.node(Kind::Index { base: base.expr, index: index.expr, safe }, start, end, height)
    }

    /// What follows the dot after `receiver`.
    fn member(&mut self, receiver: Node<S>, safe: bool) -> Result<Node<S>, Fault> {
        let token = self.peek().clone();
        let (start, height) = (receiver.start, receiver.height + 1);
        let name = match token.kind {
            TokenKind::Word(name) | TokenKind::Text(name) => name,
            TokenKind::Datum(name) => format!("${name}"),
            TokenKind::Int(index) if index <= i64::MAX as u64 => {
                self.at += 1;
                let index = self.node(Kind::Int(index as i64), token.start, token.end, 1)?;
                let kind = Kind::Index { base: receiver.expr, index: index.expr, safe };
                return self.node(kind, start, token.end, height);
            }
            _ => return Err(self.unexpected(&format!("a name after `{}`", if safe { "?." } else { "." }))),
        };
        self.at += 1;
        if !self.is("(") {
            let kind = Kind::Field { base: receiver.expr, name, safe };
            return self.node(kind, start, token.end, height);
        }
        let (arguments, end) = self.arguments()?;
        let height = 1 + receiver.height.max(arguments.height);
        let kind = Kind::Method {
            receiver: receiver.expr,
            name,
            name_span: (self.place)(token.start, token.end),
            arguments: arguments.exprs,
            safe,
        };
        self.node(kind, start, end, height)
    }

    /// `(a, b)`: the arguments, and where the list ends.
    pub(super) fn arguments(&mut self) -> Result<(Nodes<S>, usize), Fault> {
        self.expect("(", "before the arguments")?;
        let mut arguments = Nodes::new();
        if !self.is(")") {
            loop {
                let argument = self.nested()?;
                arguments.push(argument);
                if !self.eat(",") {
                    break;
                }
            }
        }
        let end = self.expect(")", "or `,` after the arguments")?;
        Ok((arguments, end))
    }

    /// The value of a name, or the target of an assignment that follows it.
    pub(super) fn variable(&mut self, name: Name) -> Result<Node<S>, Fault> {
        let Name { start, end, .. } = name;
        let Some(local) = self.scopes.find(&name.text) else {
            return self.node(Kind::Ref(Symbol::Name(name.text)), start, end, 1);
        };
        if self.is("=") {
            self.scopes.write(local, &name)?;
        } else if self.scopes.role(local) == LocalRole::Function {
            let text = &name.text;
            return Err(name
                .misused(format!("`{text}` is a function, and can only be called"))
                .help(format!("functions are no values; where one is needed, call it: `{text}(…)`")));
        } else {
            self.scopes.read(local, &name)?;
        }
        self.node(Kind::Local(local), start, end, 1)
    }
}

fn chained(start: usize, end: usize, precedence: u8) -> Fault {
    let ranges = precedence == grammar::precedence(crate::ast::Binary::Range);
    let what = if ranges { "ranges" } else { "comparisons" };
    let help =
        if ranges { "put one into parentheses" } else { "join them with `&&`, or put one into parentheses" };
    Fault::new(FaultKind::Syntax, start, end, format!("{what} cannot be chained")).help(help)
}
