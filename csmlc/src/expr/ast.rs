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
