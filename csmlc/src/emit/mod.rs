//! Pass `emit`: the compiled module as text and as a crate. Values only; [`write_files`] puts them on disk.

mod cargo_name;
mod crate_files;
mod manifest;
mod module_text;
mod readme;
mod services;
pub mod write_files;

pub use cargo_name::package_name;
pub use crate_files::{Crate, CrateOptions, Files, TAKEN_MODULES, crate_files};
pub use manifest::{Runtime, is_ours, toml_string};
pub use module_text::{EmitError, module_text};
