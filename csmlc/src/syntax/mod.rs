//! Pass `syntax`.
