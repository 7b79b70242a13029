//! Scripts: statements, locals and functions of an expression (docs/expressions/syntax.md).
//!
//! CONTRACT between inference, which lowers to it, and code generation.

use csml_rt_core::Position;

use super::Expr;
use crate::{model::VarId, source::Span, types::Type};

/// A local of a script: one that the expression declares, or one that lowering made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalId(pub u32);

/// A function of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(pub u32);

/// An expression that has locals, statements or functions. Stands only at the root of an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// Its locals, by [`LocalId`], those of its functions too.
    pub locals: Vec<Local>,
    /// Its functions, by [`FunctionId`].
    pub functions: Vec<Function>,
    /// What it evaluates to. [`Stmt::Return`] ends it with another value of the same type.
    pub body: Expr,
}

/// A local.
#[derive(Debug, Clone, PartialEq)]
pub struct Local {
    /// Its name; empty for one that lowering made.
    pub name: String,
    /// Its type, settled.
    pub ty: Type,
}

/// A function. It has no access to locals around it but through its captures, which are further parameters:
/// lowering copies the captured values into locals where the function is defined, and every call passes those.
/// Functions see each other, themselves too.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// Its name; empty for one that is called at once.
    pub name: String,
    /// Its parameters.
    pub parameters: Vec<LocalId>,
    /// The locals that a call passes besides, under the same ids inside and outside.
    pub captures: Vec<LocalId>,
    /// What it returns. [`Stmt::Return`] ends it with another value of the same type.
    pub body: Expr,
}

/// A statement: evaluated for its effects.
#[derive(Debug, Clone, PartialEq)]
pub enum Stmt {
    /// Declares a local with its first value. Visible up to the end of the list of statements it stands in.
    Let(LocalId, Expr),
    /// Gives a place a value of its type.
    Assign(Place, Expr),
    /// Evaluates and drops the value.
    Do(Expr),
    /// One of two lists, the second possibly empty.
    If(Expr, Vec<Self>, Vec<Self>),
    /// A loop; every round burns fuel.
    Loop {
        /// Evaluated before each round, and ends the loop unless it holds; none for `do` and `for (;;)`.
        before: Option<Expr>,
        /// The body. `continue` goes on behind it.
        body: Vec<Self>,
        /// Evaluated after the body, also after `continue`: the step of a `for`.
        step: Vec<Self>,
        /// Evaluated last, and ends the loop unless it holds: the condition of `do … while`.
        after: Option<Expr>,
        /// Where it stands, for running out of fuel.
        at: Position,
    },
    /// Once for each of some items; takes as much fuel as there are items. The collection is evaluated once,
    /// before; changing the variable it came from does not change the loop.
    ForEach {
        /// Takes each item; declared by this statement, visible in the body.
        local: LocalId,
        /// What is gone through.
        over: Over,
        /// What is done for each.
        body: Vec<Self>,
        /// Its place.
        at: Position,
    },
    /// Ends the innermost loop.
    Break,
    /// Ends this round of the innermost loop.
    Continue,
    /// Ends the function, or the script outside of functions, with a value of its type.
    Return(Expr),
}

/// What a `for` goes through; the local has the type of the items.
#[derive(Debug, Clone, PartialEq)]
pub enum Over {
    /// Items of a list, elements of a set, or values of a map, of a concrete type.
    Items(Expr),
    /// Integers from the first to the last, both included, upwards or downwards.
    Range(Expr, Expr),
    /// A `dynamic` collection; fails if it is none.
    Dynamic(Expr),
}

/// Where a value is put, or changed in place.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// What it is a part of.
    pub root: Root,
    /// The way from there, outermost part first; empty for the root itself. Indices are evaluated in order,
    /// once, before the value that is put there.
    pub path: Vec<Part>,
    /// Type of the place.
    pub ty: Type,
    /// Its place.
    pub span: Span,
    /// The same place for run-time errors.
    pub at: Position,
}

/// What a place is a part of.
#[derive(Debug, Clone, PartialEq)]
pub enum Root {
    /// A variable. Assigning to it as a whole fails if its slot is optional and absent.
    Variable(VarId),
    /// A local.
    Local(LocalId),
    /// A value of its own, changed and then dropped: `[1, 2].add(3)`.
    Temporary(Box<Expr>),
}

/// One step into a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// What an `option` holds; fails on `null`.
    Present,
    /// Item of a list by `int`; fails if there is none.
    Item(Expr),
    /// Value of a map by key of its key type. As the last part of an assignment the key need not be there;
    /// otherwise it fails if it is not.
    Entry(Expr),
    /// Item or value of a `dynamic`, by `dynamic`. As the last part of an assignment a key need not be there.
    Dynamic(Expr),
}
