//! A store in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use csml_rt_core::Value;

use super::store_faults::{FaultSource, StoreFaults};
use super::store_trait::{Commit, Opened, Revision, Scope, Store, StoreError, Stored, Transaction};
use super::transaction_check::{check, name, named};
use super::update_feed::Feed;
use crate::BoxFuture;

/// Keeps persistent data in memory, as long as the program runs. Clones share the data, between several applications of one
/// program or between one application and its restart.
#[derive(Debug, Default)]
pub struct MemoryStore {
    shared: Arc<Mutex<MemoryShared>>,
    opened: Option<(Scope, Feed)>,
}

#[derive(Debug, Default)]
struct MemoryShared {
    apps: BTreeMap<String, AppData>,
    faults: Option<FaultSource>,
}

/// The data of one application, and the feeds of its open handles.
#[derive(Debug, Default)]
struct AppData {
    revision: Revision,
    values: BTreeMap<&'static str, (Value, Revision)>,
    listeners: Vec<(Scope, Feed)>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store with faults, for tests.
    #[must_use]
    pub fn with_faults(faults: StoreFaults) -> Self {
        let store = Self::new();
        lock(&store.shared).faults = Some(FaultSource::new(faults));
        store
    }
}

impl Clone for MemoryStore {
    /// Another handle to the same data, which is not open.
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), opened: None }
    }
}

impl Store for MemoryStore {
    fn open(&mut self, scope: Scope) -> BoxFuture<Result<Opened, StoreError>> {
        if let Err(error) = lock(&self.shared).reach() {
            return Box::pin(async { Err(error) });
        }
        let shared = Arc::clone(&self.shared);
        let (feed, updates) =
            Feed::open(move || lock(&shared).faults.as_mut().map_or(Duration::ZERO, FaultSource::delay));
        if let Some((_, before)) = self.opened.replace((scope.clone(), feed.clone())) {
            before.end();
        }
        let mut shared = lock(&self.shared);
        let app = shared.apps.entry(scope.app.clone()).or_default();
        let variables = named(&scope)
            .map(|(variable, name)| app.stored(variable, name))
            .filter(|stored| stored.value.is_some())
            .collect();
        let opened = Opened { upto: app.revision, variables, updates };
        app.listeners.retain(|(_, feed)| !feed.ended());
        app.listeners.push((scope, feed));
        Box::pin(async { Ok(opened) })
    }

    fn commit(&mut self, transaction: Transaction) -> BoxFuture<Result<Commit, StoreError>> {
        let result = match &self.opened {
            None => Err(StoreError::Unusable("the store is not open".into())),
            Some((scope, feed)) => lock(&self.shared).commit(scope, feed, transaction),
        };
        Box::pin(async { result })
    }
}

impl Drop for MemoryStore {
    fn drop(&mut self) {
        if let Some((_, feed)) = &self.opened {
            feed.end();
        }
    }
}

impl MemoryShared {
    fn reach(&mut self) -> Result<(), StoreError> {
        if self.faults.as_mut().is_some_and(FaultSource::unavailable) {
            return Err(StoreError::Unavailable("the store in memory simulates a failure".into()));
        }
        Ok(())
    }

    fn commit(&mut self, scope: &Scope, feed: &Feed, transaction: Transaction) -> Result<Commit, StoreError> {
        check(&transaction, scope)?;
        self.reach()?;
        let rejected = self.faults.as_mut().is_some_and(FaultSource::conflict);
        let app = self.apps.entry(scope.app.clone()).or_default();
        let other = |(variable, revision): &(u16, Revision)| {
            let stored = app.stored(*variable, name(scope, *variable));
            (stored.changed != *revision).then_some(stored)
        };
        let changed: Vec<_> = transaction.reads.iter().filter_map(other).collect();
        if rejected || !changed.is_empty() {
            feed.push(app.revision, changed);
            return Ok(Commit::Conflict(app.revision));
        }
        let revision = Revision(app.revision.0 + 1);
        app.revision = revision;
        let written: Vec<_> = transaction.writes.iter().map(|(variable, _)| name(scope, *variable)).collect();
        for (path, (_, value)) in written.iter().copied().zip(transaction.writes) {
            match value {
                Some(value) => app.values.insert(path, (value, revision)),
                None => app.values.remove(path),
            };
        }
        app.listeners.retain(|(_, feed)| !feed.ended());
        for (scope, feed) in &app.listeners {
            let changes = named(scope).filter(|(_, path)| written.contains(path));
            feed.push(revision, changes.map(|(variable, path)| app.stored(variable, path)));
        }
        Ok(Commit::Done(revision))
    }
}

impl AppData {
    fn stored(&self, variable: u16, path: &str) -> Stored {
        match self.values.get(path) {
            Some((value, changed)) => Stored { variable, value: Some(value.clone()), changed: *changed },
            None => Stored { variable, value: None, changed: Revision::default() },
        }
    }
}

fn lock(shared: &Mutex<MemoryShared>) -> MutexGuard<'_, MemoryShared> {
    // No code that holds the lock panics in the middle of a change.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
