//! A railway crossing in three processes: `railway.csml` becomes the module `railway`, and `csml.toml` assigns instances
//! to processes.

pub mod laptop;
mod motor;

pub use motor::Motor;

csml_rt::csml!("railway.csml");
