//! What an application and a store agree on.

use std::fmt;

use csml_rt_core::Value;
use tokio::sync::mpsc;

use crate::BoxFuture;

/// A revision of a store. Increases with every commit; 0 before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Revision(pub u64);

/// The stored state of one variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its position among the variables given to [`Store::open`].
    pub variable: u16,
    /// Its value; `None` if it does not exist.
    pub value: Option<Value>,
    /// The revision of its last change; 0 if it does not exist.
    pub changed: Revision,
}

/// Changes, and the variables that must not have changed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transaction {
    /// Variables that the step may have read, each with its revision ([`Stored::changed`]; 0 for one that did not exist).
    /// Includes all written variables.
    pub reads: Vec<(u16, Revision)>,
    /// New values; `None` removes the variable.
    pub writes: Vec<(u16, Option<Value>)>,
}

/// The outcome of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// The changes are committed, with this revision.
    Done(Revision),
    /// A variable that was read has changed. An [`Update`] with the change arrives through [`Opened::updates`], with
    /// [`Update::upto`] at or after this revision.
    Conflict(Revision),
}

/// Changes that this or another process has committed. Updates arrive in order, and each is consistent.
///
/// An update may have been sent before a commit of this process: its value of a variable that this process has written
/// at a revision later than [`upto`](Self::upto) is outdated and must be ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// All changes up to this revision are included in this and earlier updates.
    pub upto: Revision,
    /// The changes since the previous update.
    pub changes: Vec<Stored>,
}

/// The contents of an opened store, and its later changes.
#[derive(Debug)]
pub struct Opened {
    /// The revision of `variables`.
    pub upto: Revision,
    /// All variables that exist.
    pub variables: Vec<Stored>,
    /// Later changes. A store with a single owner sends none. The channel closes when the store can no longer be used; the
    /// next [`Store::commit`] returns the reason.
    pub updates: mpsc::Receiver<Update>,
}

/// The application, process and variables that a store is opened for.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Name of the application.
    pub app: String,
    /// Name of the process, the same after every restart and of no other process.
    pub process: String,
    /// Component paths of the variables; positions in it are what [`Stored::variable`] means.
    pub variables: Vec<&'static str>,
}

/// Why a store could not be opened, or a transaction not be committed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// The store cannot be used: no such file, owned by another process, broken, wrong credentials.
    Unusable(String),
    /// The store is unreachable or full; nothing was committed. A retry may succeed.
    Unavailable(String),
    /// The store contains data that this runtime has not written.
    Corrupt(String),
    /// The store rejects the transaction because it exceeds a limit; nothing was committed, and a retry would fail too.
    Rejected(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable(reason)
            | Self::Unavailable(reason)
            | Self::Corrupt(reason)
            | Self::Rejected(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for StoreError {}

/// Keeps persistent data. A process commits one transaction at a time.
pub trait Store: fmt::Debug + Send + 'static {
    /// Opens the store and reads all variables.
    ///
    /// # Errors
    /// See [`StoreError`]. After [`StoreError::Unavailable`] the call may be repeated.
    fn open(&mut self, scope: Scope) -> BoxFuture<Result<Opened, StoreError>>;

    /// Commits a transaction completely or not at all. If a reply is lost, the future finds out the outcome before it
    /// completes; if the future is dropped, the outcome stays unknown.
    ///
    /// # Errors
    /// See [`StoreError`]; nothing was committed.
    fn commit(&mut self, transaction: Transaction) -> BoxFuture<Result<Commit, StoreError>>;

    /// Whether several processes may share the data. If not, revisions have no meaning for other processes.
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
