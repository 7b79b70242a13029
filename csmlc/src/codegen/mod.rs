//! Pass `codegen`: typed program → Rust tokens.

mod expr;
mod places;
mod rust_types;
