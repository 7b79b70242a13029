//! Expressions: lexer, parser, printer, and the resolution of names.

pub mod ast;
pub mod rules;

mod done;
mod fault;
mod grammar;
mod index;
mod lexer;
pub(crate) mod library;
mod parser;
mod print;
mod resolve;
#[cfg(test)]
mod resolve_tests;
#[cfg(test)]
mod tests;

pub use parser::{MAX_DEPTH, MAX_LENGTH, parse};
pub(crate) use print::quote;
pub use print::{print, print_with};
pub use resolve::resolve_expressions;

use crate::model::{DatumId, OutputId, VarId};

/// What a name of an expression refers to, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Symbol {
    /// A variable.
    Name(String),
    /// Event data: `$name`, kept without `$`.
    Datum(String),
}

/// What a name of an expression refers to, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Referent {
    /// A variable.
    Variable(VarId),
    /// Event data: the one of these whose event triggered the step.
    Datum {
        /// The name, without `$`.
        name: String,
        /// One datum for each event that may have triggered the step and carries it.
        sources: Vec<DatumId>,
        /// Whether the step may have been triggered by something that does not carry it.
        partial: bool,
    },
    /// An output of the service whose completion is being handled.
    Output(OutputId),
}

/// An expression as written.
pub type Parsed = ast::Expr<Symbol>;
/// An expression whose names are resolved.
pub type Resolved = ast::Expr<Referent>;
