//! Runtime of compiled CSML descriptions (Collaborative State Machines).
//!
//! A description compiled by `csmlc` becomes a type that implements [`Machines`]. This crate runs it:
//!
//! - [`Builder`] sets an application up, [`App`] runs it on tokio, [`Handle`] reaches it from elsewhere.
//! - [`ServiceDispatch`] calls services, [`ServiceStubs`] answer for those without an implementation.
//! - [`node::Node`] is the same without tokio, for programs with a loop of their own.
//! - [`machine`] is what generated machines are made of, for programs that drive them without a node.
//!
//! Without the feature `node` the crate is `no_std` and has only `machine` and the types that it shares with the rest.
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
//! | `serde` | your own types as data of a description, with `runner` | no |
//! | `runner` | `runner`, the command line of standalone applications | no |
//! | `log` | log messages of connections and stores on the standard error of standalone applications | no |
#![cfg_attr(not(feature = "node"), no_std)]

#[cfg(feature = "node")]
mod app;
#[cfg(feature = "node")]
mod event_script;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "distributed")]
pub mod link;
pub mod machine;
mod macros;
#[cfg(feature = "node")]
pub mod node;
#[cfg(feature = "node")]
mod observation;
#[cfg(feature = "runner")]
pub mod runner;
#[cfg(feature = "node")]
mod service;
#[cfg(feature = "json")]
mod service_stubs;
#[cfg(all(feature = "node", not(feature = "json")))]
#[path = "no_service_stubs.rs"]
mod service_stubs;
#[cfg(feature = "node")]
mod snapshot;
#[cfg(feature = "node")]
pub mod store;
#[cfg(feature = "node")]
mod suggest;
#[cfg(feature = "node")]
mod trace;
#[cfg(feature = "distributed")]
mod traceparent;
#[cfg(feature = "distributed")]
pub mod transport;
#[cfg(feature = "distributed")]
pub mod wire;

#[cfg(feature = "macros")]
pub use csml_macros::csml;
pub use csml_rt_core::{
    Bytes, Channel, Datum, InitError, Machines, Misfit, Position, Printable, Property, PropertyValue, Status,
    StepError, StepErrorKind, TransitionKind, Value,
};

#[cfg(feature = "node")]
pub use app::{App, BuildError, Builder, EndReason, Handle, HandleError, RunError, Summary};
#[cfg(feature = "distributed")]
pub use app::{Backpressure, BeginTrace, ConnectionStatus, TransportOptions};
#[cfg(feature = "node")]
pub use event_script::{EventScript, EventScriptError};
#[cfg(feature = "node")]
pub use node::{Counters, ErrorPolicy};
#[cfg(feature = "node")]
pub use observation::{Observation, ObservationKind, Outgoing, Subscription};
#[cfg(feature = "node")]
pub use service::{BoxFuture, NoServices, ServiceDispatch, ServiceError, ServiceErrorKind, ServiceRequest};
#[cfg(feature = "json")]
pub use service_stubs::ServiceStubs;
#[cfg(feature = "node")]
pub use snapshot::{InstanceSnapshot, Snapshot};
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
        App, BoxFuture, BuildError, Builder, Handle, NoServices, RunError, ServiceDispatch, ServiceError,
        ServiceRequest, Summary,
        node::Node,
        service::{Provided, ServiceResult},
    };
    pub use core::future::Future;

    /// Changes whenever generated code and this crate no longer fit each other.
    pub const API: u32 = 1;
}
