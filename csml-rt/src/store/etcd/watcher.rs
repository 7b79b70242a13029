//! Following the commits of all processes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use etcd_client::{EventType, GetOptions, KeyValue, ResponseHeader, WatchResponse};
use tokio::sync::mpsc;

use super::super::store_trait::{Revision, StoreError, Stored, Update};
use super::super::update_feed::first;
use super::etcd_errors::{RequestError, taken_over};
use super::operation::Operation;
use super::requests::Requests;
use super::retry_delay::RetryDelay;
use super::shared::{EtcdShared, PATIENCE, to_revision};

/// The last known state of all variables, and its revision.
struct Follower {
    shared: Arc<EtcdShared>,
    requests: Requests,
    sender: mpsc::Sender<Update>,
    seen: BTreeMap<u16, Revision>,
    upto: i64,
}

/// Why a watch has ended.
enum End {
    /// The application has closed the channel.
    Closed,
    /// The store can no longer be used.
    Broken(StoreError),
    /// A temporary failure.
    Lost(String),
}

impl From<RequestError> for End {
    fn from(failure: RequestError) -> Self {
        match failure {
            RequestError::Rejected(StoreError::Unavailable(reason)) | RequestError::NoAnswer(reason) => {
                Self::Lost(reason)
            }
            RequestError::Rejected(error) => Self::Broken(error),
        }
    }
}

/// Sends an update for all changes after `upto`, until the application closes the channel. After each interruption it
/// reads all variables again and sends the difference as one update, so that compacted revisions do not matter.
pub(super) async fn follow(
    shared: Arc<EtcdShared>,
    requests: Requests,
    upto: i64,
    seen: BTreeMap<u16, Revision>,
    sender: mpsc::Sender<Update>,
) {
    let mut follower = Follower { shared, requests, sender, seen, upto };
    let mut backoff = RetryDelay::new();
    let mut complete = true;
    loop {
        let end = match if complete { Ok(()) } else { follower.read_again().await } {
            Ok(()) => follower.watch(&mut backoff).await,
            Err(end) => end,
        };
        complete = false;
        let Follower { shared, sender, .. } = &follower;
        match end {
            End::Closed => return,
            End::Broken(error) => return shared.give_up(error),
            End::Lost(reason) => {
                shared.unanswered.store(true, Ordering::Relaxed);
                let wait = backoff.next();
                tracing::warn!(
                    target: "csml::store", etcd = %shared.options.shown(), wait_ms = wait.as_millis(),
                    "the watch of etcd was interrupted: {reason}"
                );
                let patience = first(tokio::time::sleep(wait), shared.answered.notified());
                if first(patience, sender.closed()).await.is_none() {
                    return;
                }
            }
        }
    }
}

impl Follower {
    /// Watches from the next revision until the watch ends.
    async fn watch(&mut self, backoff: &mut RetryDelay) -> End {
        let shared = Arc::clone(&self.shared);
        let mut stream = match self.requests.watch(&shared.keys.app, self.upto + 1, PATIENCE).await {
            Ok(stream) => stream,
            Err(failure) => return failure.into(),
        };
        loop {
            let response = match first(stream.message(), self.sender.closed()).await {
                None => return End::Closed,
                Some(Ok(Some(response))) => response,
                Some(Ok(None)) => return End::Lost("etcd has ended the watch".into()),
                Some(Err(error)) => return super::etcd_errors::request_error(&shared.options, &error).into(),
            };
            if response.canceled() {
                return End::Lost(match response.compact_revision() {
                    0 => format!("etcd has cancelled the watch ({})", response.cancel_reason()),
                    oldest => format!("revisions before {oldest} were compacted"),
                });
            }
            if response.created() {
                backoff.reset();
                tracing::info!(
                    target: "csml::store", etcd = %shared.options.shown(), from = self.upto + 1,
                    "following what others commit"
                );
            }
            if let Err(end) = self.pass_on(&response).await {
                return end;
            }
        }
    }

    /// All of one revision comes in one response, and revisions come in order.
    async fn pass_on(&mut self, response: &WatchResponse) -> Result<(), End> {
        let mut changes = BTreeMap::new();
        let before = self.upto;
        for event in response.events() {
            let Some(pair) = event.kv() else { continue };
            self.upto = self.upto.max(pair.mod_revision());
            self.check_owner(pair)?;
            if let Some(stored) = self.change(pair, event.event_type() == EventType::Delete)? {
                changes.insert(stored.variable, stored);
            }
        }
        if self.upto == before {
            return Ok(());
        }
        self.send(changes.into_values().collect()).await
    }

    fn change(&mut self, pair: &KeyValue, removed: bool) -> Result<Option<Stored>, End> {
        if removed {
            let Some(variable) = self.shared.keys.position(pair.key()) else { return Ok(None) };
            self.seen.remove(&variable);
            return Ok(Some(Stored { variable, value: None, changed: Revision::default() }));
        }
        let stored = self.shared.stored_one(pair).map_err(End::Broken)?;
        if let Some(stored) = &stored {
            self.seen.insert(stored.variable, stored.changed);
        }
        Ok(stored)
    }

    /// Reads all variables and sends the difference.
    async fn read_again(&mut self) -> Result<(), End> {
        let shared = Arc::clone(&self.shared);
        let all = Some(GetOptions::new().with_prefix());
        let found = self.requests.get(&shared.keys.app, all, PATIENCE).await?;
        let revision = found.header().map_or(0, ResponseHeader::revision);
        if revision < self.upto {
            tracing::error!(
                target: "csml::store", seen = self.upto, now = revision,
                "etcd has lost part of its history: was it restored from a backup?"
            );
        }
        let mut gone = std::mem::take(&mut self.seen);
        let mut changes = Vec::new();
        for pair in found.kvs() {
            self.check_owner(pair)?;
            let Some(variable) = shared.keys.position(pair.key()) else { continue };
            let now = to_revision(pair.mod_revision());
            self.seen.insert(variable, now);
            if gone.remove(&variable) != Some(now) {
                changes.extend(shared.stored_one(pair).map_err(End::Broken)?);
            }
        }
        let removed = |variable| Stored { variable, value: None, changed: Revision::default() };
        changes.extend(gone.into_keys().map(removed));
        self.upto = revision;
        self.send(changes).await
    }

    /// Another process that writes this process's key uses the same name.
    fn check_owner(&self, pair: &KeyValue) -> Result<(), End> {
        if pair.key() != self.shared.keys.operation.as_bytes() || pair.value().is_empty() {
            return Ok(());
        }
        match Operation::parse(pair.value()) {
            Some(operation) if operation.incarnation == self.shared.incarnation => Ok(()),
            _ => Err(End::Broken(taken_over(&self.shared.scope.process))),
        }
    }

    async fn send(&self, changes: Vec<Stored>) -> Result<(), End> {
        let update = Update { upto: to_revision(self.upto), changes };
        self.sender.send(update).await.map_err(|_| End::Closed)
    }
}
