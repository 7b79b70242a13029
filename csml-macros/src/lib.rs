//! The `csml!` macro. Use it through `csml_rt`.
