//! Pass `read`.
