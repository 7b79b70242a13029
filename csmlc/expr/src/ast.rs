//! The untyped tree of expressions, generic over what names refer to and how places are kept.
//!
//! CONTRACT. Statements are expressions too: each has a value (docs/expressions/syntax.md).

/// A parsed expression or script.
#[derive(Debug, Clone, PartialEq)]
pub struct Script<R, S> {
    /// What is evaluated; a [`Kind::Block`] if there are several statements.
    pub root: Expr<R, S>,
    /// Its local variables, parameters and functions, by [`LocalId`].
    pub locals: Vec<Local<S>>,
}

/// A local of a script. Unique within the script, whatever scope it is declared in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalId(pub u32);

/// What is known about a local.
#[derive(Debug, Clone, PartialEq)]
pub struct Local<S> {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub span: S,
    /// What it is.
    pub role: LocalRole,
    /// Whether it may be read where it has no value yet and so reads as `null`: it is declared without a value,
    /// or with `var` in a block and used outside of that block.
    pub nullable: bool,
}

/// What a local is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalRole {
    /// Declared with `var`: visible up to the end of the function or script.
    Var,
    /// Declared with `let`: visible up to the end of its block.
    Let,
    /// Declared with `const`: likewise, and never assigned again.
    Const,
    /// The variable of a `for (var x : …)`.
    Loop,
    /// A parameter of a function.
    Parameter,
    /// A function; only called.
    Function,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr<R, S> {
    /// What it is.
    pub kind: Kind<R, S>,
    /// Its place.
    pub span: S,
}

/// A function literal. Captures are the locals of outer scopes that its body, or a function called in it,
/// uses; their values are copied when the function is created.
#[derive(Debug, Clone, PartialEq)]
pub struct Function<R, S> {
    /// Its parameters.
    pub parameters: Vec<LocalId>,
    /// Locals declared outside of it that its body uses, without functions; in order of first use.
    pub captures: Vec<LocalId>,
    /// Its body; `return` ends it.
    pub body: Expr<R, S>,
}

/// A piece of a template string.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece<R, S> {
    /// Text as it is.
    Text(String),
    /// `${…}`
    Expr(Expr<R, S>),
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind<R, S> {
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
    /// `~/pattern/`: a string that is a regular expression.
    Regex(String),
    /// `` `…${expr}…` ``
    Template(Vec<Piece<R, S>>),
    /// A variable of the context, or event data.
    Ref(R),
    /// A local; never one that is a function.
    Local(LocalId),
    /// `[a, b]` and `[a, b, ...]`
    List(Vec<Expr<R, S>>),
    /// `{a, b}`
    Set(Vec<Expr<R, S>>),
    /// `{k: v}` and `{:}`
    Map(Vec<(Expr<R, S>, Expr<R, S>)>),
    /// `-a`, `!a`, …
    Unary(Unary, Box<Expr<R, S>>),
    /// `a + b`, …
    Binary(Binary, Box<Expr<R, S>>, Box<Expr<R, S>>),
    /// `c ? a : b`
    Conditional(Box<Expr<R, S>>, Box<Expr<R, S>>, Box<Expr<R, S>>),
    /// An expression in which `null` and what is missing need not fail: where it meets them it has the value `null`.
    /// No parser makes it, only [`protect`](crate::protect).
    Protected(Box<Expr<R, S>>),
    /// `a[i]`, `a.0`; `a?[i]` and `a?.[i]` if safe
    Index {
        /// The collection.
        base: Box<Expr<R, S>>,
        /// The index or key.
        index: Box<Expr<R, S>>,
        /// What happens if there is no such item.
        access: Access,
    },
    /// `a.name`; `a?.name` if safe
    Field {
        /// The collection.
        base: Box<Expr<R, S>>,
        /// The key.
        name: String,
        /// What happens if there is no such item.
        access: Access,
    },
    /// `ns:f(x)`; no namespace for `f(x)` where `f` is no local
    Call {
        /// The namespace.
        namespace: Option<String>,
        /// The function.
        name: String,
        /// The place of its name.
        name_span: S,
        /// Its arguments.
        arguments: Vec<Expr<R, S>>,
    },
    /// `a.m(x)`; `a?.m(x)` if safe
    Method {
        /// What it is called on.
        receiver: Box<Expr<R, S>>,
        /// The method.
        name: String,
        /// The place of its name.
        name_span: S,
        /// Its arguments.
        arguments: Vec<Expr<R, S>>,
        /// What happens if the receiver is `null`.
        access: Access,
    },
    /// `f(x)` where `f` is a local function
    CallLocal {
        /// The function.
        function: LocalId,
        /// Its arguments, as many as it has parameters.
        arguments: Vec<Expr<R, S>>,
    },
    /// `(x -> x + 1)(2)`
    Apply {
        /// The function.
        function: Box<Function<R, S>>,
        /// Its arguments, as many as it has parameters.
        arguments: Vec<Expr<R, S>>,
    },
    /// `a = v`, and `a += v` with an operator
    Assign {
        /// A [`Kind::Ref`], [`Kind::Local`], or an index or field (of an index or field …) of one; never safe.
        target: Box<Expr<R, S>>,
        /// What is done with the old value.
        operator: Option<Binary>,
        /// The right side.
        value: Box<Expr<R, S>>,
    },
    /// `++a`, `a++`, `--a`, `a--`
    Increment {
        /// As of [`Kind::Assign`].
        target: Box<Expr<R, S>>,
        /// Whether it is decremented instead.
        down: bool,
        /// Whether its value is the new one: the operator stands before its operand.
        prefix: bool,
    },
    /// Statements, in braces or a whole script; the value is that of the last one, `null` if there is none.
    Block(Vec<Expr<R, S>>),
    /// `var x = v`, `let x = v`, `const x = v`; `null` if there is no value
    Declare {
        /// The local. Of `var`, possibly one that is declared already.
        local: LocalId,
        /// Its value.
        value: Option<Box<Expr<R, S>>>,
    },
    /// `var f = x -> x + 1`, and `f = …` if `f` is no variable of the script
    Define {
        /// The local, visible in the body too.
        local: LocalId,
        /// The function.
        function: Box<Function<R, S>>,
    },
    /// `if (c) a else b`
    If(Box<Expr<R, S>>, Box<Expr<R, S>>, Option<Box<Expr<R, S>>>),
    /// `while (c) body`
    While(Box<Expr<R, S>>, Box<Expr<R, S>>),
    /// `do body while (c)`
    DoWhile(Box<Expr<R, S>>, Box<Expr<R, S>>),
    /// `for (var x : xs) body`
    ForEach {
        /// A [`Kind::Local`] or [`Kind::Ref`].
        target: Box<Expr<R, S>>,
        /// What is iterated over: a list, set (elements), map (values) or range.
        collection: Box<Expr<R, S>>,
        /// What runs for each item.
        body: Box<Expr<R, S>>,
    },
    /// `for (init; c; step) body`
    For {
        /// Before the first iteration.
        init: Option<Box<Expr<R, S>>>,
        /// Before each iteration; true if absent.
        condition: Option<Box<Expr<R, S>>>,
        /// After each iteration.
        step: Option<Box<Expr<R, S>>>,
        /// What runs in each iteration.
        body: Box<Expr<R, S>>,
    },
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `return v`; `null` if there is no value
    Return(Option<Box<Expr<R, S>>>),
}

/// What the access to a member does where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// `a.b`: it fails. A key that a map lacks gives `null`.
    Plain,
    /// `a?.b`: it gives `null`, unless `a` is a variable as such that is `null`.
    Safe,
    /// Likewise `null`, because it stands where `null` need not fail. No parser makes it.
    Protected,
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
    /// `~a`
    BitNot,
    /// `size a`
    Size,
    /// `empty a`
    Empty,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// `a ?: b`: `a` if it counts as true, else `b`
    Elvis,
    /// `a ?? b`: `a` unless it is `null`, else `b`
    Coalesce,
    /// `a || b`, `a or b`
    Or,
    /// `a && b`, `a and b`
    And,
    /// `a | b`
    BitOr,
    /// `a ^ b`
    BitXor,
    /// `a & b`
    BitAnd,
    /// `a == b`, `a eq b`
    Eq,
    /// `a != b`, `a ne b`
    Ne,
    /// `a === b`: equal and of one type
    Same,
    /// `a !== b`
    NotSame,
    /// `a < b`, `a lt b`
    Lt,
    /// `a <= b`, `a le b`
    Le,
    /// `a > b`, `a gt b`
    Gt,
    /// `a >= b`, `a ge b`
    Ge,
    /// `a =~ b`: `a` matches the pattern `b`, or is in the collection `b`
    Matches,
    /// `a !~ b`
    NotMatches,
    /// `a =^ b`: `a` starts with `b`
    StartsWith,
    /// `a !^ b`
    NotStartsWith,
    /// `a =$ b`: `a` ends with `b`
    EndsWith,
    /// `a !$ b`
    NotEndsWith,
    /// `a .. b`
    Range,
    /// `a << b`
    Shl,
    /// `a >> b`
    Shr,
    /// `a >>> b`
    Ushr,
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
}
