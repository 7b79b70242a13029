//! Tests on random and on mutated input, always the same for a seed:
//!
//! - [`texts`]: texts of expressions, which the parser and the evaluator take without a panic (the fuzz targets);
//! - `expressions`: expressions, which compiled code and the evaluator compute alike, and as JEXL does;
//! - `descriptions`: descriptions, which the compiler refuses with a reason or compiles to what rustc takes.

#![forbid(unsafe_code)]

#[cfg(feature = "compiler")]
pub mod descriptions;
#[cfg(feature = "compiler")]
pub mod expressions;
pub mod texts;
