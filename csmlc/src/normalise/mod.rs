//! Pass `normalise`.
