//! Pass `check`.
