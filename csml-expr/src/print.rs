//! Tree → text, with as few parentheses as the grammar allows: parsing the text gives the same tree.

use std::fmt::{self, Write};

use crate::{
    Symbol,
    ast::{Expr, Kind, Unary},
    grammar,
    parser::NAMESPACES,
};

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Datum(name) => write!(f, "${name}"),
        }
    }
}

/// Text of an expression as it could have been written.
#[must_use]
pub fn print<S>(expr: &Expr<Symbol, S>) -> String {
    let mut out = String::new();
    print_with(expr, &mut out, &mut |symbol, out| _ = write!(out, "{symbol}"));
    out
}

/// Appends the text of an expression; `name` appends what a reference is called.
pub fn print_with<R, S>(expr: &Expr<R, S>, out: &mut String, name: &mut dyn FnMut(&R, &mut String)) {
    Printer { out, name }.expr(expr, grammar::ANYTHING);
}

struct Printer<'a, R> {
    out: &'a mut String,
    name: &'a mut dyn FnMut(&R, &mut String),
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
            Kind::Ref(reference) => (self.name)(reference, self.out),
            Kind::List(items) => {
                self.out.push('[');
                self.items(items);
                self.out.push(']');
            }
            Kind::Map(entries) if entries.is_empty() => self.out.push_str("{:}"),
            Kind::Map(entries) => {
                self.out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    self.separate(index);
                    self.expr(key, grammar::LOOSEST);
                    self.out.push_str(": ");
                    self.expr(value, grammar::ANYTHING);
                }
                self.out.push('}');
            }
            Kind::Unary(operator, operand) => self.unary(*operator, operand),
            Kind::Binary(operator, left, right) => {
                let level = grammar::precedence(*operator);
                self.expr(left, level + u8::from(grammar::never_chains(level)));
                _ = write!(self.out, " {} ", grammar::symbol(*operator));
                self.expr(right, level + 1);
            }
            Kind::Conditional(condition, then, otherwise) => {
                self.expr(condition, grammar::LOOSEST);
                self.out.push_str(" ? ");
                self.expr(then, grammar::CONDITIONAL);
                self.out.push_str(" : ");
                self.expr(otherwise, grammar::CONDITIONAL);
            }
            Kind::Index { base: list, index, .. } => {
                self.expr(list, grammar::POSTFIX);
                self.out.push('[');
                self.expr(index, grammar::ANYTHING);
                self.out.push(']');
            }
            Kind::Field { base: map, name: field, .. } => {
                self.expr(map, grammar::POSTFIX);
                self.out.push('.');
                self.member(field);
            }
            Kind::Call { namespace, name, arguments, .. } => {
                if let Some(namespace) = namespace {
                    _ = write!(self.out, "{namespace}:");
                }
                self.out.push_str(name);
                self.arguments(arguments);
            }
            Kind::Method { receiver, name, arguments, .. } => {
                self.expr(receiver, grammar::POSTFIX);
                self.out.push('.');
                self.member(name);
                self.arguments(arguments);
            }
            _ => {}
        }
    }

    fn unary<S>(&mut self, operator: Unary, operand: &Expr<R, S>) {
        self.out.push_str(grammar::prefix_symbol(operator));
        // A sign before a number would become part of it, and two signs would become `--`.
        let sign = matches!(operator, Unary::Minus | Unary::Plus);
        let signed = matches!(
            operand.kind,
            Kind::Int(_) | Kind::Float(_) | Kind::Unary(Unary::Minus | Unary::Plus, _)
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

    fn member(&mut self, name: &str) {
        let mut chars = name.chars();
        let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_' || c == '$');
        if starts && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$') {
            self.out.push_str(name);
        } else {
            quote(name, self.out);
        }
    }

    fn arguments<S>(&mut self, arguments: &[Expr<R, S>]) {
        self.out.push('(');
        self.items(arguments);
        self.out.push(')');
    }

    fn items<S>(&mut self, items: &[Expr<R, S>]) {
        for (index, item) in items.iter().enumerate() {
            self.separate(index);
            self.expr(item, grammar::ANYTHING);
        }
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.out.push_str(", ");
        }
    }
}

fn precedence<R, S>(expr: &Expr<R, S>) -> u8 {
    match &expr.kind {
        Kind::Conditional(..) => grammar::CONDITIONAL,
        Kind::Binary(operator, ..) => grammar::precedence(*operator),
        Kind::Unary(..) => grammar::PREFIX,
        // Access would bind to the digits alone.
        Kind::Int(_) | Kind::Float(_) => grammar::PREFIX,
        Kind::Index { .. } | Kind::Field { .. } | Kind::Method { .. } => grammar::POSTFIX,
        // Where a colon ends the expression, only the known namespaces are taken for one.
        Kind::Call { namespace: Some(namespace), .. } if !NAMESPACES.contains(&namespace.as_str()) => {
            grammar::ANYTHING
        }
        _ => grammar::PRIMARY,
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
