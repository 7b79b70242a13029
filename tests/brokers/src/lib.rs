//! Real servers for tests, each with a port and a folder of its own, on 127.0.0.1 only.
//!
//! A [`Server`] is killed and started again on the same port and folder; it ends with its value. [`mosquitto`] and
//! [`etcd`] know how these are configured.

mod aedes;
mod certificates;
pub mod etcd;
mod folder;
pub mod mosquitto;
mod port;
mod proxy;
mod server;

pub use aedes::Aedes;
pub use certificates::Certificates;
pub use etcd::Etcd;
pub use folder::Folder;
pub use mosquitto::Mosquitto;
pub use port::free_port;
pub use proxy::Proxy;
pub use server::{Server, find_program, wait_until};
