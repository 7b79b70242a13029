//! Pass `emit`.
