//! Runtime of compiled CSML descriptions.
#![no_std]

pub use csml_rt_core::*;
