//! Pass `resolve`.
