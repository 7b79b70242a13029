//! Operators, assignments and access.

use super::{Node, Nodes, Parser};
use crate::{
    Symbol,
    ast::{Access, Binary, Kind, LocalRole, Unary},
    fault::{Fault, FaultKind},
    grammar::{self, Assignment, Infix},
    lexer::TokenKind,
    scope::Name,
};

impl<S: Clone> Parser<'_, S> {
    // Recursion goes through the first operand, so the functions on its way are small and leave the rest to
    // others, whose frames are gone when the next level begins.

    pub(super) fn expression(&mut self) -> Result<Node<S>, Fault> {
        let left = self.binary(grammar::LOOSEST)?;
        match self.peek().kind {
            TokenKind::Symbol(symbol) => self.loosest(left, symbol),
            _ => Ok(left),
        }
    }

    /// The operators that group from the right: `symbol` may be one.
    fn loosest(&mut self, left: Node<S>, symbol: &str) -> Result<Node<S>, Fault> {
        if symbol == "?" {
            return self.conditional(left);
        }
        if let Some(assignment) = grammar::assignment(symbol) {
            return self.assignment(left, assignment);
        }
        // Nothing looser than those that were read but `?:` and `??`.
        let Some(infix) = grammar::infix(symbol) else { return Ok(left) };
        self.at += 1;
        self.enter()?;
        let right = self.expression()?;
        self.leave();
        self.joined(infix.operator, left, right)
    }

    fn joined(&self, operator: Binary, left: Node<S>, right: Node<S>) -> Result<Node<S>, Fault> {
        let (start, end, height) = (left.start, right.end, 1 + left.height.max(right.height));
        self.node(Kind::Binary(operator, left.expr, right.expr), start, end, height)
    }

    fn conditional(&mut self, condition: Node<S>) -> Result<Node<S>, Fault> {
        self.at += 1;
        self.enter()?;
        let then = self.expression_within(true)?;
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
                Kind::Index { access: Access::Safe, .. } | Kind::Field { access: Access::Safe, .. } => {
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
        let left = self.unary()?;
        if self.infix(loosest).is_some() { self.chain(left, loosest) } else { Ok(left) }
    }

    /// The operator here, if it binds at least as tightly as `loosest`.
    fn infix(&self, loosest: u8) -> Option<Infix> {
        let spelling = match &self.peek().kind {
            TokenKind::Symbol(symbol) => symbol,
            TokenKind::Word(word) => word.as_str(),
            _ => return None,
        };
        grammar::infix(spelling).filter(|infix| infix.precedence >= loosest)
    }

    /// What is joined to `left`.
    fn chain(&mut self, mut left: Node<S>, loosest: u8) -> Result<Node<S>, Fault> {
        let mut compared = None;
        while let Some(infix) = self.infix(loosest) {
            if compared == Some(infix.precedence) {
                let token = self.peek();
                return Err(chained(token.start, token.end, infix.precedence));
            }
            compared = grammar::never_chains(infix.precedence).then_some(infix.precedence);
            self.at += 1;
            self.enter()?;
            let right = self.binary(infix.precedence + 1)?;
            self.leave();
            left = self.joined(infix.operator, left, right)?;
        }
        Ok(left)
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
        while let TokenKind::Symbol(symbol @ ("." | "?." | "?" | "[" | "(" | "++" | "--")) = self.peek().kind
        {
            if symbol == "?" && !self.is_safe_index() {
                break;
            }
            node = self.access(node, symbol)?;
            if symbol == "++" || symbol == "--" {
                break;
            }
        }
        Ok(node)
    }

    /// Whether the `?` here begins `?[index]`, and no choice between two lists such as `c ?[1] : [2]`.
    fn is_safe_index(&self) -> bool {
        if !self.bracket_adjoins(0) {
            return false;
        }
        // Within `c ? … : …` or a map a colon ends the value.
        self.colon_ends || !self.colon_follows()
    }

    /// Whether `[` follows the token at `at` without a blank: `? [` is a choice.
    fn bracket_adjoins(&self, at: usize) -> bool {
        self.is_at(at + 1, "[") && self.peek_at(at + 1).start == self.peek_at(at).end
    }

    /// Whether the rest of the value here has a `:` that no `?` of its own wants.
    fn colon_follows(&self) -> bool {
        let (mut at, mut choices) = (1, 0_usize);
        loop {
            let TokenKind::Symbol(symbol) = self.peek_at(at).kind else {
                if self.peek_at(at).kind == TokenKind::End {
                    return false;
                }
                at += 1;
                continue;
            };
            match symbol {
                "(" | "[" | "{" | "${" | "#{" => {
                    at = self.brackets.closer(self.at + at).saturating_sub(self.at)
                }
                "?" if !self.bracket_adjoins(at) => choices += 1,
                // Of a namespace.
                ":" if self.word_at(at - 1).is_some() && self.is_at(at + 2, "(") => {}
                ":" if choices == 0 => return true,
                ":" => choices -= 1,
                ")" | "]" | "}" | "," | ";" => return false,
                _ => {}
            }
            at += 1;
        }
    }

    /// What follows `node` with this symbol.
    fn access(&mut self, node: Node<S>, symbol: &str) -> Result<Node<S>, Fault> {
        match symbol {
            "++" | "--" => self.postfix_increment(node, symbol == "--"),
            "(" => {
                let token = self.peek();
                Err(Fault::unsupported(token.start, token.end, "calling the value of an expression is")
                    .help("only functions and methods can be called, by their name"))
            }
            "[" => {
                self.at += 1;
                self.index(node, Access::Plain)
            }
            _ if self.is_at(1, "[") => {
                self.at += 2;
                self.index(node, Access::Safe)
            }
            _ => {
                self.at += 1;
                self.member(node, if symbol == "?." { Access::Safe } else { Access::Plain })
            }
        }
    }

    fn postfix_increment(&mut self, target: Node<S>, down: bool) -> Result<Node<S>, Fault> {
        self.check_target(&target, if down { "`--`" } else { "`++`" })?;
        let end = self.bump().end;
        let (start, height) = (target.start, target.height + 1);
        self.node(Kind::Increment { target: target.expr, down, prefix: false }, start, end, height)
    }

    /// What follows the `[` after `base`.
    fn index(&mut self, base: Node<S>, access: Access) -> Result<Node<S>, Fault> {
        let index = self.nested()?;
        let end = self.expect("]", "after the index")?;
        let (start, height) = (base.start, 1 + base.height.max(index.height));
        self.node(Kind::Index { base: base.expr, index: index.expr, access }, start, end, height)
    }

    /// What follows the dot after `receiver`.
    fn member(&mut self, receiver: Node<S>, access: Access) -> Result<Node<S>, Fault> {
        if self.is_at(1, "(") {
            let (name, span) = self.member_name(access)?;
            let arguments = self.arguments()?;
            self.method(receiver, name, span, arguments, access)
        } else {
            self.field(receiver, access)
        }
    }

    /// A name after a dot, and its span.
    fn member_name(&mut self, access: Access) -> Result<(String, S), Fault> {
        let token = self.peek();
        let span = (self.place)(token.start, token.end);
        let name = match &token.kind {
            TokenKind::Word(name) | TokenKind::Text(name) => name.clone(),
            TokenKind::Datum(name) => format!("${name}"),
            _ => {
                return Err(self.unexpected(&format!(
                    "a name after `{}`",
                    if access == Access::Safe { "?." } else { "." }
                )));
            }
        };
        self.at += 1;
        Ok((name, span))
    }

    fn method(
        &self,
        receiver: Node<S>,
        name: String,
        name_span: S,
        (arguments, end): (Nodes<S>, usize),
        access: Access,
    ) -> Result<Node<S>, Fault> {
        let (start, height) = (receiver.start, 1 + receiver.height.max(arguments.height));
        let arguments = arguments.exprs;
        self.node(
            Kind::Method { receiver: receiver.expr, name, name_span, arguments, access },
            start,
            end,
            height,
        )
    }

    /// A field, or an item by its number.
    fn field(&mut self, base: Node<S>, access: Access) -> Result<Node<S>, Fault> {
        let (start, height) = (base.start, base.height + 1);
        let (at, end) = (self.peek().start, self.peek().end);
        if let TokenKind::Int(index) = self.peek().kind
            && let Ok(index) = i64::try_from(index)
        {
            self.at += 1;
            let index = self.node(Kind::Int(index), at, end, 1)?;
            return self.node(Kind::Index { base: base.expr, index: index.expr, access }, start, end, height);
        }
        let (name, _) = self.member_name(access)?;
        self.node(Kind::Field { base: base.expr, name, access }, start, end, height)
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
                .help(format!("a function is not a value; call it: `{text}(…)`")));
        } else {
            self.scopes.read(local, &name)?;
        }
        self.node(Kind::Local(local), start, end, 1)
    }
}

fn chained(start: usize, end: usize, precedence: u8) -> Fault {
    let ranges = precedence == grammar::precedence(Binary::Range);
    let what = if ranges { "ranges" } else { "comparisons" };
    let help =
        if ranges { "put one into parentheses" } else { "join them with `&&`, or put one into parentheses" };
    Fault::new(FaultKind::Syntax, start, end, format!("{what} cannot be chained")).help(help)
}
