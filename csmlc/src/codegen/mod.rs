//! Pass `codegen`: typed program → Rust tokens.

mod places;
