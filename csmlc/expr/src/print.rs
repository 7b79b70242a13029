//! Tree → text on one line, with as few parentheses as the grammar allows: parsing the text gives the same tree.
//!
//! That holds for every tree that some text gives. What no text gives, such as a loop as an operand, is printed
//! so that a reader understands it.

mod statement;

use std::fmt::{self, Write};

use crate::{
    Parsed, Symbol,
    ast::{Access, Binary, Expr, Function, Kind, Local, LocalId, LocalRole, Piece, Unary},
    grammar,
    library::NAMESPACES,
};

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Datum(name) => write!(f, "${name}"),
        }
    }
}

/// Text of a script as it could have been written.
#[must_use]
pub fn print<S>(script: &Parsed<S>) -> String {
    let mut out = String::new();
    print_with(&script.root, &script.locals, &mut out, &mut |symbol, out| _ = write!(out, "{symbol}"));
    out
}

/// Appends the text of a script, or of an expression in one with these locals; `name` appends what a reference
/// is called.
pub fn print_with<R, S>(
    root: &Expr<R, S>,
    locals: &[Local<S>],
    out: &mut String,
    name: &mut dyn FnMut(&R, &mut String),
) {
    let known = locals.iter().map(|local| Known { name: &local.name, role: local.role, declared: false });
    Printer { out, name, locals: known.collect() }.script(root);
}

/// A local, and whether its declaration was printed.
struct Known<'a> {
    name: &'a str,
    role: LocalRole,
    declared: bool,
}

struct Printer<'a, R> {
    out: &'a mut String,
    name: &'a mut dyn FnMut(&R, &mut String),
    locals: Vec<Known<'a>>,
}

impl<R> Printer<'_, R> {
    /// Prints an expression, in parentheses if it binds less tightly than `at_least`.
    fn expr<S>(&mut self, expr: &Expr<R, S>, at_least: u8) {
        if precedence(expr) < at_least {
            self.out.push('(');
            self.bare(expr);
            self.out.push(')');
        } else {
            self.bare(expr);
        }
    }

    fn bare<S>(&mut self, expr: &Expr<R, S>) {
        match &expr.kind {
            Kind::Null => self.out.push_str("null"),
            Kind::Bool(value) => _ = write!(self.out, "{value}"),
            Kind::Int(value) => _ = write!(self.out, "{value}"),
            Kind::Float(value) => _ = write!(self.out, "{value:?}"),
            Kind::Text(value) => quote(value, self.out),
            Kind::Regex(pattern) => regex(pattern, self.out),
            Kind::Protected(expr) => self.bare(expr),
            Kind::Template(pieces) => self.template(pieces),
            Kind::Ref(reference) => (self.name)(reference, self.out),
            Kind::Local(local) => self.local(*local),
            Kind::List(items) => self.enclosed('[', items, ']'),
            Kind::Set(items) => self.set(items),
            Kind::Map(entries) => self.map(entries),
            Kind::Unary(operator, operand) => self.unary(*operator, operand),
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right),
            Kind::Conditional(condition, then, otherwise) => {
                self.expr(condition, grammar::LOOSEST);
                self.out.push_str(" ? ");
                self.expr(then, grammar::CONDITIONAL);
                self.out.push_str(" : ");
                self.expr(otherwise, grammar::CONDITIONAL);
            }
            Kind::Index { base, index, access } => {
                self.expr(base, grammar::POSTFIX);
                self.out.push_str(if *access == Access::Safe { "?[" } else { "[" });
                self.expr(index, grammar::ANYTHING);
                self.out.push(']');
            }
            Kind::Field { base, name, access } => self.member(base, name, *access),
            Kind::Call { namespace, name, arguments, .. } => {
                if let Some(namespace) = namespace {
                    _ = write!(self.out, "{namespace}:");
                }
                self.out.push_str(name);
                self.enclosed('(', arguments, ')');
            }
            Kind::Method { receiver, name, arguments, access, .. } => {
                self.member(receiver, name, *access);
                self.enclosed('(', arguments, ')');
            }
            Kind::CallLocal { function, arguments } => {
                self.local(*function);
                self.enclosed('(', arguments, ')');
            }
            Kind::Apply { function, arguments } => {
                self.out.push('(');
                self.function(function);
                self.out.push(')');
                self.enclosed('(', arguments, ')');
            }
            Kind::Assign { target, operator, value } => {
                self.expr(target, grammar::POSTFIX);
                _ = write!(self.out, " {} ", grammar::assignment_symbol(*operator));
                self.expr(value, grammar::ANYTHING);
            }
            Kind::Increment { target, down, prefix } => {
                let symbol = if *down { "--" } else { "++" };
                if *prefix {
                    self.out.push_str(symbol);
                }
                self.expr(target, grammar::POSTFIX);
                if !*prefix {
                    self.out.push_str(symbol);
                }
            }
            Kind::Block(_)
            | Kind::Declare { .. }
            | Kind::Define { .. }
            | Kind::If(..)
            | Kind::While(..)
            | Kind::DoWhile(..)
            | Kind::ForEach { .. }
            | Kind::For { .. }
            | Kind::Break
            | Kind::Continue
            | Kind::Return(_) => self.statement(expr),
        }
    }

    fn local(&mut self, local: LocalId) {
        match self.locals.get(local.0 as usize) {
            Some(known) => self.out.push_str(known.name),
            // Of a tree that is not of its script.
            None => _ = write!(self.out, "local{}", local.0),
        }
    }

    fn template<S>(&mut self, pieces: &[Piece<R, S>]) {
        self.out.push('`');
        for piece in pieces {
            match piece {
                Piece::Text(text) => quote_piece(text, self.out),
                Piece::Expr(expr) => {
                    self.out.push_str("${");
                    self.expr(expr, grammar::ANYTHING);
                    self.out.push('}');
                }
            }
        }
        self.out.push('`');
    }

    fn set<S>(&mut self, items: &[Expr<R, S>]) {
        self.out.push('{');
        for (index, item) in items.iter().enumerate() {
            self.separate(index);
            // The first one may turn out to be a key.
            self.expr(item, if index == 0 { grammar::CONDITIONAL } else { grammar::ANYTHING });
        }
        self.out.push('}');
    }

    #[expect(clippy::type_complexity, reason = "the type of the entries in the tree")]
    fn map<S>(&mut self, entries: &[(Expr<R, S>, Expr<R, S>)]) {
        self.out.push('{');
        if entries.is_empty() {
            self.out.push(':');
        }
        for (index, (key, value)) in entries.iter().enumerate() {
            self.separate(index);
            self.expr(key, grammar::LOOSEST);
            self.out.push_str(": ");
            self.expr(value, grammar::ANYTHING);
        }
        self.out.push('}');
    }

    fn binary<S>(&mut self, operator: Binary, left: &Expr<R, S>, right: &Expr<R, S>) {
        let level = grammar::precedence(operator);
        let from_right = level == grammar::CONDITIONAL;
        self.expr(left, level + u8::from(from_right || grammar::never_chains(level)));
        _ = write!(self.out, " {} ", grammar::symbol(operator));
        self.expr(right, level + u8::from(!from_right));
    }

    fn unary<S>(&mut self, operator: Unary, operand: &Expr<R, S>) {
        self.out.push_str(grammar::prefix_symbol(operator));
        // A sign before a number would become part of it, and two signs would become `--`.
        let sign = matches!(operator, Unary::Minus | Unary::Plus);
        let signed = matches!(
            operand.kind,
            Kind::Int(_)
                | Kind::Float(_)
                | Kind::Unary(Unary::Minus | Unary::Plus, _)
                | Kind::Increment { prefix: true, .. }
        );
        let word = matches!(operator, Unary::Size | Unary::Empty);
        if word || (sign && signed) {
            self.out.push('(');
            self.expr(operand, grammar::ANYTHING);
            self.out.push(')');
        } else {
            self.expr(operand, grammar::PREFIX);
        }
    }

    fn member<S>(&mut self, base: &Expr<R, S>, name: &str, access: Access) {
        self.expr(base, grammar::POSTFIX);
        self.out.push_str(if access == Access::Safe { "?." } else { "." });
        let mut chars = name.chars();
        let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_' || c == '$');
        if starts && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$') {
            self.out.push_str(name);
        } else {
            quote(name, self.out);
        }
    }

    /// A function literal.
    fn function<S>(&mut self, function: &Function<R, S>) {
        self.out.push('(');
        for (index, parameter) in function.parameters.iter().enumerate() {
            self.separate(index);
            self.local(*parameter);
        }
        self.out.push_str(") -> ");
        self.body(&function.body);
    }

    fn enclosed<S>(&mut self, opener: char, items: &[Expr<R, S>], closer: char) {
        self.out.push(opener);
        for (index, item) in items.iter().enumerate() {
            self.separate(index);
            self.expr(item, grammar::ANYTHING);
        }
        self.out.push(closer);
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.out.push_str(", ");
        }
    }
}

fn precedence<R, S>(expr: &Expr<R, S>) -> u8 {
    match &expr.kind {
        Kind::Protected(expr) => precedence(expr),
        Kind::Conditional(..) => grammar::CONDITIONAL,
        Kind::Binary(operator, ..) => grammar::precedence(*operator),
        Kind::Unary(..) | Kind::Increment { .. } => grammar::PREFIX,
        // Access would bind to the digits alone.
        Kind::Int(_) | Kind::Float(_) => grammar::PREFIX,
        Kind::Index { .. } | Kind::Field { .. } | Kind::Method { .. } => grammar::POSTFIX,
        // Where a colon ends the expression, only the known namespaces are taken for one.
        Kind::Call { namespace: Some(namespace), .. } if !NAMESPACES.contains(&namespace.as_str()) => {
            grammar::ANYTHING
        }
        Kind::Assign { .. }
        | Kind::Block(_)
        | Kind::Declare { .. }
        | Kind::Define { .. }
        | Kind::If(..)
        | Kind::While(..)
        | Kind::DoWhile(..)
        | Kind::ForEach { .. }
        | Kind::For { .. }
        | Kind::Break
        | Kind::Continue
        | Kind::Return(_) => grammar::ANYTHING,
        Kind::Null
        | Kind::Bool(_)
        | Kind::Text(_)
        | Kind::Regex(_)
        | Kind::Template(_)
        | Kind::Ref(_)
        | Kind::Local(_)
        | Kind::List(_)
        | Kind::Set(_)
        | Kind::Map(_)
        | Kind::Call { .. }
        | Kind::CallLocal { .. }
        | Kind::Apply { .. } => grammar::PRIMARY,
    }
}

/// Appends a string literal.
pub fn quote(value: &str, out: &mut String) {
    out.push('\'');
    for c in value.chars() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            c => out.push(c),
        }
    }
    out.push('\'');
}

/// Appends a literal of a regular expression.
fn regex(pattern: &str, out: &mut String) {
    out.push_str("~/");
    for c in pattern.chars() {
        match c {
            '/' | '\\' => out.extend(['\\', c]),
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => _ = write!(out, "\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('/');
}

/// Appends text in a template string.
fn quote_piece(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '`' | '\\' | '$' | '#' => out.extend(['\\', c]),
            '\0'..='\u{1f}' => _ = write!(out, "\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
}
