//! Runtime of compiled CSML descriptions (Collaborative State Machines).
//!
//! A description compiled by `csmlc` becomes a type that implements [`Machines`]. This crate runs it:
//!
//! - [`Builder`] sets an application up, [`App`] runs it on tokio, [`Handle`] reaches it from elsewhere.
//! - [`node::Node`] is the same without tokio, for hosts with a loop of their own.
//! - [`ServiceHost`] calls services, [`StandIns`] answer for those that nothing implements.
//!
//! Without the feature `node` the crate is `no_std` and holds the machine layer alone: values, checked
//! operators and the traits of generated machines.
//!
//! | feature | adds | default |
//! |---|---|---|
//! | `macros` | the macro `csml!` | yes |
//! | `node` | everything that runs machines: tokio, std | yes |
//! | `distributed` | instances in several processes: [`link`], [`wire`], [`transport`] | no |
//! | `mqtt` | MQTT between processes, with `distributed` and `cbor` | no |
//! | `cbor` | payloads as CBOR | no |
//! | `tls` | TLS for MQTT and etcd | no |
//! | `store-redb` | persistent data in a file | no |
//! | `store-etcd` | persistent data in etcd, shared by processes | no |
//! | `json` | event scripts and service stubs as JSON text, with `distributed`, `runner` and the stores | no |
//! | `ctrl-c` | `Builder::ctrl_c`, with `runner` | no |
//! | `serde` | types of the user's as data of a description, with `runner` | no |
//! | `runner` | `runner`, the command line of standalone applications | no |
//! | `log` | what connections and stores report, on the standard error of standalone applications | no |
#![cfg_attr(not(feature = "node"), no_std)]

pub use csml_rt_core::*;

#[cfg(feature = "macros")]
pub use csml_macros::csml;

#[cfg(feature = "node")]
mod app;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "distributed")]
pub mod link;
mod macros;
#[cfg(feature = "node")]
pub mod node;
#[cfg(feature = "node")]
mod observation;
#[cfg(feature = "runner")]
pub mod runner;
#[cfg(feature = "node")]
mod script;
#[cfg(feature = "node")]
mod service;
#[cfg(feature = "json")]
mod stand_ins;
#[cfg(all(feature = "node", not(feature = "json")))]
#[path = "no_stand_ins.rs"]
mod stand_ins;
#[cfg(feature = "node")]
pub mod store;
#[cfg(feature = "node")]
mod suggest;
#[cfg(feature = "node")]
pub mod timer_wheel;
#[cfg(feature = "node")]
mod trace;
#[cfg(feature = "distributed")]
mod traceparent;
#[cfg(feature = "distributed")]
pub mod transport;
#[cfg(feature = "distributed")]
pub mod wire;

#[cfg(feature = "node")]
pub use app::{
    App, BuildError, Builder, EndReason, Handle, HandleError, InstanceSnapshot, RunError, Snapshot, Summary,
};
#[cfg(feature = "distributed")]
pub use app::{Network, Overflow};
#[cfg(feature = "node")]
pub use node::{Counters, ErrorPolicy};
#[cfg(feature = "node")]
pub use observation::{Observation, ObservationKind, Outgoing, Subscription};
#[cfg(feature = "node")]
pub use script::{Script, ScriptError};
#[cfg(feature = "node")]
pub use service::{BoxFuture, NoServices, ServiceError, ServiceErrorKind, ServiceHost, ServiceRequest};
#[cfg(feature = "json")]
pub use stand_ins::StandIns;
#[cfg(feature = "node")]
pub use trace::TraceFormat;
#[cfg(feature = "distributed")]
pub use traceparent::TraceParent;

/// What generated code names, under the one path it knows. Not for use by hand: it changes with the
/// compiler.
#[doc(hidden)]
pub mod __private {
    pub use csml_rt_core::private::*;

    #[cfg(feature = "node")]
    pub use crate::{
        App, BoxFuture, BuildError, Builder, Handle, NoServices, RunError, ServiceError, ServiceHost,
        ServiceRequest, Summary, node::Node, service::{Provided, ServiceResult},
    };
    pub use core::future::Future;

    /// Changes whenever generated code and this crate no longer fit each other.
    pub const API: u32 = 1;
}
