//! The state that commits and the watcher share.

use std::fmt;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use etcd_client::KeyValue;
use tokio::sync::{Mutex, Notify};

use super::super::store_trait::{Revision, Scope, StoreError, Stored};
use super::super::transaction_check::{name, read_value};
use super::etcd_errors::unreachable;
use super::etcd_options::EtcdOptions;
use super::keys::Keys;
use super::writer::Writer;

/// How long to retry before etcd counts as unreachable.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// What commits and the watcher share.
pub(super) struct EtcdShared {
    pub(super) scope: Scope,
    pub(super) keys: Keys,
    pub(super) options: EtcdOptions,
    /// Distinguishes this opening of the store from all others.
    pub(super) incarnation: u64,
    pub(super) writer: Mutex<Writer>,
    /// Why the store can no longer be used.
    pub(super) broken: std::sync::Mutex<Option<StoreError>>,
    /// etcd did not answer the last request: check that it answers before sending a change.
    pub(super) unanswered: AtomicBool,
    /// Notified when etcd answers again, so that the watcher need not wait longer.
    pub(super) answered: Notify,
}

impl EtcdShared {
    /// The variables among key-value pairs.
    pub(super) fn stored(&self, found: &[KeyValue]) -> Result<Vec<Stored>, StoreError> {
        found.iter().filter_map(|pair| self.stored_one(pair).transpose()).collect()
    }

    pub(super) fn stored_one(&self, pair: &KeyValue) -> Result<Option<Stored>, StoreError> {
        let Some(variable) = self.keys.position(pair.key()) else { return Ok(None) };
        let place = || {
            let (name, key) = (name(&self.scope, variable), self.keys.variable(variable));
            format!("`{name}` in etcd (key `{key}`)")
        };
        let text = String::from_utf8_lossy(pair.value());
        let value = Some(read_value(&text, place)?);
        Ok(Some(Stored { variable, value, changed: to_revision(pair.mod_revision()) }))
    }

    /// Marks the store as unusable.
    pub(super) fn give_up(&self, error: StoreError) {
        let mut broken = self.broken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if broken.is_none() {
            tracing::error!(target: "csml::store", "{error}");
            *broken = Some(error);
        }
    }

    pub(super) fn usable(&self) -> Result<(), StoreError> {
        let broken = self.broken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        broken.clone().map_or(Ok(()), Err)
    }

    pub(super) fn unreachable(&self, reason: &str) -> StoreError {
        unreachable(&self.options, reason)
    }
}

impl fmt::Debug for EtcdShared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EtcdShared").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// etcd uses signed numbers, which are never negative.
pub(super) fn to_revision(revision: i64) -> Revision {
    Revision(u64::try_from(revision).unwrap_or(0))
}

pub(super) fn from_revision(revision: Revision) -> i64 {
    i64::try_from(revision.0).unwrap_or(i64::MAX)
}
