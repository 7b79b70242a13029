//! Real servers for tests, each with a port and a folder of its own, on 127.0.0.1 only.
//!
//! A [`Server`] is killed and started again on the same port and folder; it ends with its value. [`mosquitto`]
//! knows how that broker is configured.

mod certificates;
mod folder;
pub mod mosquitto;
mod port;
mod server;

pub use certificates::Certificates;
pub use folder::Folder;
pub use mosquitto::Mosquitto;
pub use port::free_port;
pub use server::{Server, find_program, wait_until};
