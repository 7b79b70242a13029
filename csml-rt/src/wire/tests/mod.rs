//! The wire format as a whole.
