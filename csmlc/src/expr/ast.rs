//! The untyped tree of expressions, generic over what names refer to.

use crate::source::Span;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr<R> {
    /// What it is.
    pub kind: Kind<R>,
    /// Where it stands, inside the JSON string.
    pub span: Span,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind<R> {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float; `NaN` too.
    Float(f64),
    /// A string.
    Text(String),
    /// A variable or event datum.
    Ref(R),
    /// `[a, b]` and `[a, b, ...]`
    List(Vec<Expr<R>>),
    /// `{k: v}` and `{:}`
    Map(Vec<(Expr<R>, Expr<R>)>),
    /// `-a`, `!a`, …
    Unary(Unary, Box<Expr<R>>),
    /// `a + b`, …
    Binary(Binary, Box<Expr<R>>, Box<Expr<R>>),
    /// `c ? a : b`
    Conditional(Box<Expr<R>>, Box<Expr<R>>, Box<Expr<R>>),
    /// `a[i]`
    Index(Box<Expr<R>>, Box<Expr<R>>),
    /// `a.name`
    Field(Box<Expr<R>>, String),
    /// `ns:f(x)`; no namespace for `f(x)`
    Call {
        /// The namespace.
        namespace: Option<String>,
        /// The function.
        name: String,
        /// Where its name stands.
        name_span: Span,
        /// Its arguments.
        arguments: Vec<Expr<R>>,
    },
    /// `a.m(x)`
    Method {
        /// What it is called on.
        receiver: Box<Expr<R>>,
        /// The method.
        name: String,
        /// Where its name stands.
        name_span: Span,
        /// Its arguments.
        arguments: Vec<Expr<R>>,
    },
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unary {
    /// `-a`
    Minus,
    /// `+a`
    Plus,
    /// `!a`, `not a`
    Not,
    /// `size a`
    Size,
    /// `empty a`
    Empty,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// `a + b`
    Add,
    /// `a - b`
    Sub,
    /// `a * b`
    Mul,
    /// `a / b`, `a div b`
    Div,
    /// `a % b`, `a mod b`
    Rem,
    /// `a == b`, `a eq b`
    Eq,
    /// `a != b`, `a ne b`
    Ne,
    /// `a < b`, `a lt b`
    Lt,
    /// `a <= b`, `a le b`
    Le,
    /// `a > b`, `a gt b`
    Gt,
    /// `a >= b`, `a ge b`
    Ge,
    /// `a && b`, `a and b`
    And,
    /// `a || b`, `a or b`
    Or,
}

impl<R> Expr<R> {
    /// The same tree with other references. All are visited; nothing if any yields nothing.
    pub fn map_references<S>(self, f: &mut dyn FnMut(R, Span) -> Option<S>) -> Option<Expr<S>> {
        let span = self.span;
        let kind = match self.kind {
            Kind::Null => Kind::Null,
            Kind::Bool(value) => Kind::Bool(value),
            Kind::Int(value) => Kind::Int(value),
            Kind::Float(value) => Kind::Float(value),
            Kind::Text(value) => Kind::Text(value),
            Kind::Ref(reference) => Kind::Ref(f(reference, span)?),
            Kind::List(items) => Kind::List(map_all(items, f)?),
            Kind::Map(entries) => {
                let pairs = entries.into_iter().map(|(key, value)| {
                    let (key, value) = (key.map_references(f), value.map_references(f));
                    Some((key?, value?))
                });
                Kind::Map(every(pairs)?)
            }
            Kind::Unary(operator, operand) => Kind::Unary(operator, map_box(*operand, f)?),
            Kind::Binary(operator, left, right) => {
                let (left, right) = (map_box(*left, f), map_box(*right, f));
                Kind::Binary(operator, left?, right?)
            }
            Kind::Conditional(condition, then, otherwise) => {
                let (condition, then) = (map_box(*condition, f), map_box(*then, f));
                let otherwise = map_box(*otherwise, f);
                Kind::Conditional(condition?, then?, otherwise?)
            }
            Kind::Index(collection, index) => {
                let (collection, index) = (map_box(*collection, f), map_box(*index, f));
                Kind::Index(collection?, index?)
            }
            Kind::Field(map, name) => Kind::Field(map_box(*map, f)?, name),
            Kind::Call { namespace, name, name_span, arguments } => {
                Kind::Call { namespace, name, name_span, arguments: map_all(arguments, f)? }
            }
            Kind::Method { receiver, name, name_span, arguments } => {
                let (receiver, arguments) = (map_box(*receiver, f), map_all(arguments, f));
                Kind::Method { receiver: receiver?, name, name_span, arguments: arguments? }
            }
        };
        Some(Expr { kind, span })
    }

    /// Visits the expression and everything in it, outer ones first.
    pub fn visit<'a>(&'a self, f: &mut dyn FnMut(&'a Self)) {
        f(self);
        match &self.kind {
            Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Text(_) | Kind::Ref(_) => {}
            Kind::List(items) => items.iter().for_each(|item| item.visit(f)),
            Kind::Map(entries) => entries.iter().for_each(|(key, value)| {
                key.visit(f);
                value.visit(f);
            }),
            Kind::Unary(_, operand) | Kind::Field(operand, _) => operand.visit(f),
            Kind::Binary(_, left, right) | Kind::Index(left, right) => {
                left.visit(f);
                right.visit(f);
            }
            Kind::Conditional(condition, then, otherwise) => {
                condition.visit(f);
                then.visit(f);
                otherwise.visit(f);
            }
            Kind::Call { arguments, .. } => arguments.iter().for_each(|argument| argument.visit(f)),
            Kind::Method { receiver, arguments, .. } => {
                receiver.visit(f);
                arguments.iter().for_each(|argument| argument.visit(f));
            }
        }
    }
}

fn map_box<R, S>(expr: Expr<R>, f: &mut dyn FnMut(R, Span) -> Option<S>) -> Option<Box<Expr<S>>> {
    expr.map_references(f).map(Box::new)
}

fn map_all<R, S>(exprs: Vec<Expr<R>>, f: &mut dyn FnMut(R, Span) -> Option<S>) -> Option<Vec<Expr<S>>> {
    every(exprs.into_iter().map(|expr| expr.map_references(f)))
}

/// All or nothing, but always visiting all.
fn every<T>(items: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    let items: Vec<_> = items.collect();
    items.into_iter().collect()
}
