//! Pass `infer`.
