//! Function literals: where they may stand, and what is in them.

use super::{MAX_DEPTH, Node, Parser, primary::check_arity};
use crate::{
    Symbol,
    ast::{Function, Kind, LocalId},
    fault::{Fault, FaultKind},
    grammar,
    lexer::TokenKind,
    scope::Name,
};

/// A function literal that was read.
pub(super) struct Literal<S> {
    function: Box<Function<Symbol, S>>,
    height: u32,
    end: usize,
}

impl<S: Clone> Parser<'_, S> {
    /// How many parentheses stand around the function literal that begins at `ahead`, if one does and nothing
    /// else stands in them.
    pub(super) fn function_ahead(&self, ahead: usize) -> Option<usize> {
        let limit = MAX_DEPTH as usize;
        let most = (0..limit).take_while(|offset| self.is_at(ahead + offset, "(")).count();
        // The last one may be that of the parameters.
        let around =
            [most.saturating_sub(1), most].into_iter().find(|offset| self.function_at(ahead + offset))?;
        let closer = |offset: usize| self.closer(ahead + offset);
        let nested = (1..around).all(|offset| closer(offset - 1) == closer(offset) + 1);
        let alone = around == 0
            || !self.is_word(ahead + around, "function")
            || closer(around - 1) == self.keyword_function_end(ahead + around) + 1;
        (nested && alone).then_some(around)
    }

    /// How far ahead the last brace of the `function …` at `ahead` is.
    fn keyword_function_end(&self, ahead: usize) -> usize {
        let parameters = ahead + 1 + usize::from(!self.is_at(ahead + 1, "("));
        self.closer(self.closer(parameters) + 1)
    }

    /// Whether a function literal begins here, with its own first token.
    fn function_at(&self, ahead: usize) -> bool {
        let is_arrow = |ahead: usize| self.is_at(ahead, "->") || self.is_at(ahead, "=>");
        match self.word_at(ahead) {
            Some("function") => return true,
            Some(word) => return is_arrow(ahead + 1) && !grammar::is_reserved(word),
            None if !self.is_at(ahead, "(") => return false,
            None => {}
        }
        is_arrow(self.closer(ahead) + 1)
    }

    /// Whether what begins at `ahead` is a function, rather than the call of one or something else.
    pub(super) fn is_function(&self, ahead: usize) -> bool {
        let Some(around) = self.function_ahead(ahead) else { return false };
        let end = if around > 0 {
            self.closer(ahead)
        } else if self.is_word(ahead, "function") {
            self.keyword_function_end(ahead)
        } else {
            // An arrow's body goes as far as it can.
            return true;
        };
        !self.is_at(end + 1, "(")
    }

    /// A function literal that is called at once.
    pub(super) fn apply(&mut self) -> Result<Node<S>, Fault> {
        let around = self.function_ahead(0).unwrap_or(0);
        let start = self.peek().start;
        if self.is_function(0) {
            return Err(self.misplaced(around));
        }
        self.at += around;
        self.enter()?;
        let literal = self.function(None)?;
        self.leave();
        for _ in 0..around {
            self.expect(")", "to close the group")?;
        }
        let open = self.peek().start;
        let (arguments, end) = self.arguments()?;
        let parameters = literal.function.parameters.len();
        check_arity("this function", parameters, arguments.exprs.len(), open, end)?;
        let height = 1 + literal.height.max(arguments.height);
        let kind = Kind::Apply { function: literal.function, arguments: arguments.exprs };
        self.node(kind, start, end, height)
    }

    /// The fault of the function literal here, which is not called.
    fn misplaced(&self, around: usize) -> Fault {
        let token = self.peek_at(around);
        Fault::unsupported(token.start, token.end, "a function as a value is")
            .label("a function can be called at once, or be assigned to a local variable, in a statement of its own")
            .help("write `f = (x) -> x + 1; f(2)` or `((x) -> x + 1)(2)`")
    }

    /// `name = function` from the literal on; `start` is that of the whole definition.
    pub(super) fn define(&mut self, name: &Name, shadows: bool, start: usize) -> Result<Node<S>, Fault> {
        let span = self.span(name);
        let local = self.scopes.declare_function(name, span, shadows)?;
        let around = self.function_ahead(0).unwrap_or(0);
        self.at += around;
        self.enter()?;
        let literal = self.function(Some(local))?;
        self.leave();
        let mut end = literal.end;
        for _ in 0..around {
            end = self.expect(")", "to close the group")?;
        }
        let kind = Kind::Define { local, function: literal.function };
        self.node(kind, start, end, 1 + literal.height)
    }

    /// A function literal. `local` is what it is assigned to.
    fn function(&mut self, local: Option<LocalId>) -> Result<Literal<S>, Fault> {
        let (start, end) = (self.peek().start, self.peek().end);
        let keyword = self.is_word(0, "function");
        self.at += usize::from(keyword);
        if keyword && self.word_at(0).is_some() {
            let token = self.peek();
            return Err(Fault::unsupported(token.start, token.end, "a named function as a value is")
                .help("leave the name out, or write `function name(…) { … }` as a statement of its own"));
        }
        self.function_rest(local, keyword, start, end)
    }

    /// What follows `function`, or an arrow function; it begins with the token from `start` to `end`.
    pub(super) fn function_rest(
        &mut self,
        local: Option<LocalId>,
        keyword: bool,
        start: usize,
        end: usize,
    ) -> Result<Literal<S>, Fault> {
        let parameters = self.function_head(local, keyword, start, end)?;
        let loops = std::mem::take(&mut self.loops);
        let body = self.function_body(keyword)?;
        self.loops = loops;
        let captures = self.scopes.close_function()?;
        let function = Box::new(Function { parameters, captures, body: *body.expr });
        Ok(Literal { function, height: body.height, end: body.end })
    }

    fn function_head(
        &mut self,
        local: Option<LocalId>,
        keyword: bool,
        start: usize,
        end: usize,
    ) -> Result<Vec<LocalId>, Fault> {
        let index = self.scopes.open_function(start, end)?;
        let parameters = self.parameters()?;
        if let Some(local) = local {
            self.scopes.set_callable(local, parameters.len(), index);
        }
        if !keyword && !self.eat("->") {
            self.expect("=>", "after the parameters")?;
        }
        Ok(parameters)
    }

    fn function_body(&mut self, keyword: bool) -> Result<Node<S>, Fault> {
        if self.is("{") {
            self.block()
        } else if keyword {
            Err(self.unexpected("`{` and the body of the function"))
        } else {
            self.expression_within(false)
        }
    }

    fn parameters(&mut self) -> Result<Vec<LocalId>, Fault> {
        let mut parameters = Vec::new();
        if !self.eat("(") {
            parameters.push(self.parameter()?);
            return Ok(parameters);
        }
        if !self.is(")") {
            loop {
                parameters.push(self.parameter()?);
                if !self.eat(",") {
                    break;
                }
            }
        }
        self.expect(")", "or `,` after the parameters")?;
        Ok(parameters)
    }

    fn parameter(&mut self) -> Result<LocalId, Fault> {
        self.at += usize::from(self.is_word(0, "var"));
        let name = self.name("a parameter")?;
        if self.is("=") {
            let token = self.peek();
            return Err(Fault::unsupported(token.start, token.end, "default values of parameters are"));
        }
        let span = self.span(&name);
        self.scopes.declare_parameter(&name, span)
    }

    /// `function name(…) { … }` as a statement.
    pub(super) fn named_function(&mut self) -> Result<Node<S>, Fault> {
        let start = self.bump().start;
        let name = self.name("a function")?;
        let span = self.span(&name);
        let local = self.scopes.declare_function(&name, span, false)?;
        self.enter()?;
        let literal = self.function_rest(Some(local), true, name.start, name.end)?;
        self.leave();
        let kind = Kind::Define { local, function: literal.function };
        self.closed = true;
        self.node(kind, start, literal.end, 1 + literal.height)
    }

    /// Refuses a word that begins a construct of JEXL that is not part of the language.
    pub(super) fn check_foreign(&self) -> Result<(), Fault> {
        let Some(word) = self.word_at(0) else { return Ok(()) };
        let token = self.peek();
        let after = |symbol| self.is_at(self.closer(1) + 1, symbol);
        let braces = self.is_at(1, "{");
        let head = self.is_at(1, "(") && after("{");
        let value =
            matches!(self.peek_at(1).kind, TokenKind::Word(_) | TokenKind::Text(_) | TokenKind::Int(_))
                && !self.word_at(1).is_some_and(grammar::is_operator_word);
        let (subject, help) = match word {
            "switch" if head => ("`switch` is", "write `if (…) … else if (…) …`"),
            "try" if head || braces => {
                ("`try` is", "an error ends the step, and the step is rolled back; check before with `if`")
            }
            "throw" if value => ("`throw` is", "use `return`, or raise an event in an action"),
            "import" if value => ("`import` is", "call functions by their namespace: `math:abs(x)`"),
            "remove" if value => ("`remove` is", "assign `null`"),
            "class" if value => ("classes are", "maps hold values by name: `{'key': value}`"),
            _ => return Ok(()),
        };
        Err(Fault::new(
            FaultKind::Unsupported,
            token.start,
            token.end,
            format!("{subject} not part of this language"),
        )
        .help(help))
    }
}
