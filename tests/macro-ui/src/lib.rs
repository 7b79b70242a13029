//! Nothing: the tests call rustc.
