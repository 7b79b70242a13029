//! Expressions in a description: parsing with places in the source, and the resolution of names.

pub mod expression_rules;

mod calls;
mod done;
mod evaluation;
mod index;
mod meant;
mod parse_text;
mod patterns;
mod protected_reads;
mod resolve_names;
#[cfg(test)]
mod tests;
mod written;

pub use calls::HostArities;
pub use csml_expr::{MAX_DEPTH, MAX_LENGTH, Symbol, ast, print, print_with, quote};
pub use evaluation::not_evaluated;
pub use parse_text::{parse, parse_source};
pub use resolve_names::{resolve_expressions, resolve_with};

use crate::{
    model::{DatumId, MatchId, OutputId, VarId},
    source::Span,
};

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
    /// The value of a `match`: what its cases are compared with. Made by `solve`, never by a name.
    Matched(MatchId),
    /// Something in error, already reported: it may be anything.
    Broken,
}

/// A script as written.
pub type Parsed = csml_expr::Parsed<Span>;
/// A script whose names are resolved.
pub type Resolved = ast::Script<Referent, Span>;
/// An expression of a script whose names are resolved.
pub type Node = ast::Expr<Referent, Span>;
