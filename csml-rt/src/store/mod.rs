//! Persistent data outside the process (docs/semantics.md#5-data): one value per variable of the description, changed
//! by optimistic transactions (docs/stores.md).
//!
//! A process keeps a replica of all variables. A step reads the replica. The store commits its changes if no variable
//! that it may have read has changed meanwhile. Otherwise the step is rolled back, the replica is updated, and the
//! step runs again.

mod by_name;
#[cfg(feature = "store-etcd")]
mod etcd;
mod memory_store;
#[cfg(feature = "store-redb")]
mod redb;
mod store_faults;
mod transaction_check;
mod update_feed;

use std::fmt;

use csml_rt_core::Value;
use tokio::sync::mpsc;

use crate::BoxFuture;

pub use by_name::open_by_name;
#[cfg(feature = "store-etcd")]
pub use etcd::{EtcdOptions, EtcdStore};
pub use memory_store::MemoryStore;
#[cfg(feature = "store-redb")]
pub use redb::RedbStore;
pub use store_faults::StoreFaults;

/// A moment in the history of a store. Grows with every commit, 0 before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Revision(pub u64);

/// One variable as it stands in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its position among the variables given to [`Store::open`].
    pub variable: u16,
    /// Its value; `None` if it does not exist.
    pub value: Option<Value>,
    /// When it last changed; 0 if it does not exist.
    pub changed: Revision,
}

/// What to change, and what must not have changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transaction {
    /// Variables that the step may have read, each with the revision at which it was read
    /// ([`Stored::changed`]; 0 for one that did not exist). Contains every written variable.
    pub reads: Vec<(u16, Revision)>,
    /// New values; `None` removes.
    pub writes: Vec<(u16, Option<Value>)>,
}

/// How a commit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// The writes stand; every written variable has changed at this revision.
    Done(Revision),
    /// Something that was read has changed. An [`Update`] that shows it comes through the channel of
    /// [`Opened::updates`], with [`Update::upto`] at or after this revision.
    Conflict(Revision),
}

/// Changes that others, or this process, have committed: a consistent moment, in order.
///
/// It may have been on its way while this process committed: of a variable that this process has written at a
/// later revision than [`upto`](Self::upto), it shows the past and is to be passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Everything up to this revision has been seen.
    pub upto: Revision,
    /// What has changed since the update before.
    pub changes: Vec<Stored>,
}

/// A store that was opened.
#[derive(Debug)]
pub struct Opened {
    /// The moment of `variables`.
    pub upto: Revision,
    /// Every variable that exists.
    pub variables: Vec<Stored>,
    /// What changes from now on. Stays silent where nobody else can change anything. Ends when the store can no
    /// longer be used; the next [`Store::commit`] says why.
    pub updates: mpsc::Receiver<Update>,
}

/// What a store is opened for.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Name of the application.
    pub app: String,
    /// Name of the process, the same after every restart and of no other process.
    pub process: String,
    /// Component paths of the variables; positions in it are what [`Stored::variable`] means.
    pub variables: Vec<&'static str>,
}

/// Why a store did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// It cannot be used at all: no such file, owned by another process, broken, wrong credentials.
    Unusable(String),
    /// It is out of reach or full at present; nothing was committed. Trying again may help.
    Unavailable(String),
    /// It holds something that is not what this runtime writes.
    Corrupt(String),
    /// This transaction is more than it takes; nothing was committed, and the same one never will be.
    Refused(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable(reason)
            | Self::Unavailable(reason)
            | Self::Corrupt(reason)
            | Self::Refused(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for StoreError {}

/// Keeps persistent data. One transaction at a time is under way for one process.
pub trait Store: fmt::Debug + Send + 'static {
    /// Opens it and reads every variable.
    ///
    /// # Errors
    /// See [`StoreError`]. [`StoreError::Unavailable`] may be tried again.
    fn open(&mut self, scope: Scope) -> BoxFuture<Result<Opened, StoreError>>;

    /// Commits a transaction whole or not at all. The future resolves an outcome that a lost reply left
    /// unknown before it is done; dropping it leaves the outcome unknown.
    ///
    /// # Errors
    /// See [`StoreError`]; nothing was committed.
    fn commit(&mut self, transaction: Transaction) -> BoxFuture<Result<Commit, StoreError>>;

    /// Whether other processes may have the same data. Where none has, its revisions mean nothing to others, nor
    /// do theirs to it.
    fn is_shared(&self) -> bool {
        true
    }
}

impl Store for Box<dyn Store> {
    fn open(&mut self, scope: Scope) -> BoxFuture<Result<Opened, StoreError>> {
        (**self).open(scope)
    }

    fn commit(&mut self, transaction: Transaction) -> BoxFuture<Result<Commit, StoreError>> {
        (**self).commit(transaction)
    }

    fn is_shared(&self) -> bool {
        (**self).is_shared()
    }
}
