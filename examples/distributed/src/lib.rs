//! A railway crossing in three processes: `railway.csml` becomes the module `railway`, and `csml.toml` says which
//! process runs what.

pub mod laptop;
mod motor;

pub use motor::Motor;

csml_rt::csml!("railway.csml");
