//! A store in a file of redb: one owner, one durable commit per transaction.

mod new_file;
mod redb_errors;
mod redb_file;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use self::redb_errors::panicked;
use self::redb_file::{CommitOutcome, File};
use super::store_trait::{Commit, Opened, Revision, Scope, Store, StoreError, Transaction};
use super::transaction_check::check;
use super::update_feed::Feed;
use crate::BoxFuture;

/// Keeps persistent data in one file, for one process at a time. Processes that share data use etcd.
///
/// A commit is on the disk when it completes. Access to the file runs on tokio's threads for blocking work.
#[derive(Debug)]
pub struct RedbStore {
    path: Arc<Path>,
    opened: Option<Arc<Mutex<Owner>>>,
}

/// The current handle to the file.
#[derive(Debug)]
struct Owner {
    scope: Scope,
    state: FileState,
    feed: Feed,
}

#[derive(Debug)]
enum FileState {
    Open(File),
    /// Closed after an I/O error.
    Closed,
    /// Permanently unusable.
    Broken(StoreError),
}

/// Delay between attempts to reopen the file in order to find out the outcome of a commit.
const REOPEN_DELAY: Duration = Duration::from_millis(500);

impl RedbStore {
    /// The store in the file at `path`. Opening it creates the file, for its owner only; its folder must exist.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into().into(), opened: None }
    }
}

impl Store for RedbStore {
    fn open(&mut self, scope: Scope) -> BoxFuture<Result<Opened, StoreError>> {
        // A store that is opened again closes the file first.
        self.opened = None;
        let path = Arc::clone(&self.path);
        let (feed, updates) = Feed::open(|| Duration::ZERO);
        let owner = Arc::new(Mutex::new(Owner { scope, state: FileState::Closed, feed }));
        self.opened = Some(Arc::clone(&owner));
        Box::pin(async move {
            let mut owner = owner.lock_owned().await;
            let shown = Arc::clone(&path);
            let work = tokio::task::spawn_blocking(move || {
                let file = File::open(&path, &owner.scope)?;
                let (upto, variables) = file.read(&owner.scope)?;
                owner.state = FileState::Open(file);
                Ok((upto, variables))
            });
            let (upto, variables) = work.await.unwrap_or_else(|error| Err(panicked(&shown, &error)))?;
            tracing::info!(target: "csml::store", file = %shown.display(), "store opened");
            Ok(Opened { upto, variables, updates })
        })
    }

    fn commit(&mut self, transaction: Transaction) -> BoxFuture<Result<Commit, StoreError>> {
        let path = Arc::clone(&self.path);
        let owner = self.opened.clone();
        Box::pin(async move {
            let Some(owner) = owner else {
                return Err(StoreError::Unusable(format!("the store `{}` is not open", path.display())));
            };
            commit(owner, path, transaction).await
        })
    }

    /// A file has one owner.
    fn is_shared(&self) -> bool {
        false
    }
}

async fn commit(
    owner: Arc<Mutex<Owner>>,
    path: Arc<Path>,
    transaction: Transaction,
) -> Result<Commit, StoreError> {
    let mut guard = Arc::clone(&owner).lock_owned().await;
    check(&transaction, &guard.scope)?;
    let shown = Arc::clone(&path);
    // It runs to completion even if the future is dropped, so the outcome does not depend on that.
    let work = tokio::task::spawn_blocking(move || guard.commit(&path, &transaction));
    let mut ended = match work.await {
        Ok(ended) => ended,
        Err(error) => {
            let error = panicked(&shown, &error);
            owner.lock().await.state = FileState::Broken(error.clone());
            return Err(error);
        }
    };
    loop {
        let (before, reason) = match ended {
            CommitOutcome::Known(result) => return result,
            CommitOutcome::Unknown { before, reason } => (before, reason),
        };
        tracing::warn!(
            target: "csml::store", file = %shown.display(),
            "the outcome of a commit is unknown until the file can be opened again: {reason}"
        );
        tokio::time::sleep(REOPEN_DELAY).await;
        let mut guard = Arc::clone(&owner).lock_owned().await;
        let path = Arc::clone(&shown);
        let work = tokio::task::spawn_blocking(move || guard.resolve(&path, before, &reason));
        ended = work.await.unwrap_or_else(|error| CommitOutcome::Known(Err(panicked(&shown, &error))));
    }
}

impl Owner {
    fn commit(&mut self, path: &Path, transaction: &Transaction) -> CommitOutcome {
        if matches!(self.state, FileState::Closed) {
            match File::open(path, &self.scope) {
                Ok(file) => self.state = FileState::Open(file),
                Err(error) => return CommitOutcome::Known(Err(error)),
            }
        }
        let file = match &mut self.state {
            FileState::Open(file) => file,
            FileState::Broken(error) => return CommitOutcome::Known(Err(error.clone())),
            FileState::Closed => return CommitOutcome::Known(Err(redb_errors::closed(path))),
        };
        match file.conflict(&self.scope, transaction) {
            Err(error) => return CommitOutcome::Known(Err(error)),
            Ok(changed) if !changed.is_empty() => {
                self.feed.push(file.revision(), changed);
                return CommitOutcome::Known(Ok(Commit::Conflict(file.revision())));
            }
            Ok(_) => {}
        }
        match file.write(&self.scope, transaction) {
            Ok(revision) => CommitOutcome::Known(Ok(Commit::Done(revision))),
            // After an error redb has to be reopened, and only the file shows whether the commit succeeded.
            Err(reason) => {
                let before = file.revision();
                self.state = FileState::Closed;
                self.resolve(path, before, &reason)
            }
        }
    }

    /// Reads from the file whether a commit after revision `before` succeeded.
    fn resolve(&mut self, path: &Path, before: Revision, reason: &str) -> CommitOutcome {
        match File::open(path, &self.scope) {
            Ok(file) => {
                let revision = file.revision();
                self.state = FileState::Open(file);
                CommitOutcome::Known(if revision > before {
                    Ok(Commit::Done(revision))
                } else {
                    Err(StoreError::Unavailable(reason.to_owned()))
                })
            }
            Err(StoreError::Unavailable(_)) => CommitOutcome::Unknown { before, reason: reason.to_owned() },
            Err(error) => {
                self.state = FileState::Broken(error.clone());
                CommitOutcome::Known(Err(error))
            }
        }
    }
}
