//! The expression language of CSML: syntax, library, and evaluation of untyped values (docs/expressions.md).
//!
//! The compiler `csmlc` parses with it and types what it parsed; service stubs and `csmlc eval` evaluate
//! with it.

#![forbid(unsafe_code)]

pub mod ast;
#[cfg(feature = "eval")]
pub mod eval;
#[cfg(feature = "json")]
pub mod json;
pub mod library;

#[cfg(feature = "eval")]
mod encode;
mod fault;
mod grammar;
mod lexer;
mod parser;
mod print;
mod protect;
mod scope;
#[cfg(test)]
mod tests;
mod walk;

#[cfg(feature = "eval")]
pub use encode::encode;
pub use fault::{Fault, FaultKind};
pub use lexer::place_in_literal;
pub use parser::{MAX_DEPTH, MAX_LENGTH, parse, parse_with};
pub use print::{print, print_with, quote};
pub use protect::protect;

/// What a name that is no local refers to, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Symbol {
    /// A variable of the context.
    Name(String),
    /// Event data: `$name`, kept without `$`.
    Datum(String),
}

/// Whether an expression can refer to a variable of this name.
#[must_use]
pub fn is_variable_name(name: &str) -> bool {
    matches!(sole_reference(name), Some(Symbol::Name(read)) if read == name)
}

/// Whether an expression can refer to event data of this name, as `$name`.
#[must_use]
pub fn is_datum_name(name: &str) -> bool {
    matches!(sole_reference(&format!("${name}")), Some(Symbol::Datum(read)) if read == name)
}

/// What an expression refers to that is nothing else.
fn sole_reference(text: &str) -> Option<Symbol> {
    match parse(text, &|_, _| ()).ok()?.root.kind {
        ast::Kind::Ref(symbol) => Some(symbol),
        _ => None,
    }
}

/// An expression or script as written.
pub type Parsed<S> = ast::Script<Symbol, S>;
