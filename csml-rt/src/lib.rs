//! Runtime of compiled CSML descriptions.
#![cfg_attr(not(feature = "node"), no_std)]

pub use csml_rt_core::*;

#[cfg(feature = "node")]
pub mod node;
#[cfg(feature = "node")]
mod suggest;
#[cfg(feature = "node")]
pub mod timer_wheel;
