//! Stores of persistent data (`docs/semantics.md#5-data`). For programs that choose a store
//! ([`Builder::store`](crate::Builder::store)) or implement [`Store`].
//!
//! A store keeps one value for each persistent variable of the description; optimistic transactions change them. A
//! process keeps a replica of all variables. A step reads the replica, and its changes are committed if no variable that
//! it may have read has changed meanwhile. Otherwise the step is rolled back, the replica is updated, and the step is
//! retried (`docs/semantics.md#7-a-step-is-a-transaction`).

mod by_name;
#[cfg(feature = "store-etcd")]
mod etcd;
mod memory_store;
#[cfg(feature = "store-redb")]
mod redb;
mod store_faults;
mod store_trait;
mod transaction_check;
mod update_feed;

pub use by_name::open_by_name;
#[cfg(feature = "store-etcd")]
pub use etcd::{EtcdOptions, EtcdStore};
pub use memory_store::MemoryStore;
#[cfg(feature = "store-redb")]
pub use redb::RedbStore;
pub use store_faults::StoreFaults;
pub use store_trait::{Commit, Opened, Revision, Scope, Store, StoreError, Stored, Transaction, Update};
