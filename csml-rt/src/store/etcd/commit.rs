//! Committing transactions, and finding out their outcome.

use std::sync::atomic::Ordering;
use std::time::Duration;

use etcd_client::{
    Compare, CompareOp, GetOptions, GetResponse, ResponseHeader, SortOrder, SortTarget, Txn, TxnOp,
    TxnOpResponse, TxnResponse,
};
use tokio::time::Instant;

use super::super::store_trait::{Commit, Revision, StoreError, Transaction};
use super::super::transaction_check::{check, name};
use super::etcd_errors::{RequestError, taken_over};
use super::operation::Operation;
use super::requests::{Requests, write_if};
use super::retry_delay::RetryDelay;
use super::shared::{EtcdShared, PATIENCE, from_revision, to_revision};
use super::writer::Writer;

/// The default limit of a request (`--max-request-bytes`), minus an allowance for its structure.
const LARGEST_REQUEST: usize = 1536 * 1024 - 16 * 1024;
/// Bytes of an operation besides key and value, at most.
const OVERHEAD: usize = 64;
/// The default limit of comparisons or changes in a transaction (`--max-txn-ops`).
const MOST_OPERATIONS: usize = 128;
/// How long a request may take before its outcome is looked up.
const REQUEST: Duration = Duration::from_secs(3);

/// The content of this process's key.
enum Found {
    /// The commit in question.
    Committed(i64),
    /// Any other content, with the revision at which it was written; 0 if the key does not exist.
    Other(i64),
}

impl EtcdShared {
    pub(super) async fn commit(&self, transaction: &Transaction) -> Result<Commit, StoreError> {
        self.usable()?;
        check(transaction, &self.scope)?;
        self.limits(transaction)?;
        let mut writer = self.writer.lock().await;
        let writer = &mut *writer;
        let Some(mut requests) = writer.requests.clone() else {
            return Err(StoreError::Unusable("the store in etcd is not open".into()));
        };
        if self.unanswered.load(Ordering::Relaxed) || writer.unresolved {
            self.ensure_ready(writer, &mut requests).await?;
        }
        writer.number += 1;
        loop {
            writer.unresolved = true;
            let answer = match requests.transact(self.transaction(writer, transaction), REQUEST).await {
                Ok(answer) => answer,
                Err(RequestError::Rejected(error)) => {
                    writer.unresolved = false;
                    return Err(error);
                }
                Err(RequestError::NoAnswer(reason)) => {
                    tracing::warn!(target: "csml::store", "no answer to a commit ({reason}): looking it up");
                    self.unanswered.store(true, Ordering::Relaxed);
                    let outcome = self.resolve(writer, &mut requests, None).await?;
                    return match outcome {
                        Some(revision) => Ok(Commit::Done(to_revision(revision))),
                        None => Err(self.unreachable(&reason)),
                    };
                }
            };
            writer.unresolved = false;
            let revision = answer.header().map_or(0, ResponseHeader::revision);
            if answer.succeeded() {
                writer.operation = revision;
                return Ok(Commit::Done(to_revision(revision)));
            }
            let (own, values) = found(&answer);
            match self.look(writer.number, own.as_ref())? {
                // The client library has sent it twice.
                Found::Committed(at) => {
                    writer.operation = at;
                    return Ok(Commit::Done(to_revision(at)));
                }
                Found::Other(at) if at != writer.operation => writer.operation = at,
                Found::Other(_) => return self.conflict(writer, &mut requests, transaction, values).await,
            }
        }
    }

    /// The transaction for etcd. If it fails, the answer contains this process's key and the revisions of the values.
    fn transaction(&self, writer: &Writer, transaction: &Transaction) -> Txn {
        let unchanged = |key: &str, revision: i64| Compare::mod_revision(key, CompareOp::Equal, revision);
        let mut compares = vec![unchanged(&self.keys.operation, writer.operation)];
        for (variable, revision) in &transaction.reads {
            compares.push(unchanged(self.keys.variable(*variable), from_revision(*revision)));
        }
        let operation = Operation { incarnation: self.incarnation, number: writer.number, fence: false };
        let mut operations = vec![TxnOp::put(self.keys.operation.as_str(), operation.to_string(), None)];
        for (variable, value) in &transaction.writes {
            let key = self.keys.variable(*variable);
            operations.push(match value {
                Some(value) => TxnOp::put(key, value.to_json(), None),
                None => TxnOp::delete(key, None),
            });
        }
        let revisions =
            GetOptions::new().with_prefix().with_keys_only().with_sort(SortTarget::Mod, SortOrder::Descend);
        Txn::new().when(compares).and_then(operations).or_else(vec![
            TxnOp::get(self.keys.operation.as_str(), None),
            TxnOp::get(self.keys.values.as_str(), Some(revisions)),
        ])
    }

    /// A variable has changed. The revision returned is one that the watch will reach.
    async fn conflict(
        &self,
        writer: &mut Writer,
        requests: &mut Requests,
        transaction: &Transaction,
        values: Option<GetResponse>,
    ) -> Result<Commit, StoreError> {
        let values = values.as_ref().map_or(&[][..], GetResponse::kvs);
        let changed = |(variable, read): &(u16, Revision)| {
            let key = self.keys.variable(*variable).as_bytes();
            let now = values.iter().find(|pair| pair.key() == key)?.mod_revision();
            (now != from_revision(*read)).then_some(now)
        };
        if let Some(latest) = transaction.reads.iter().filter_map(changed).max() {
            return Ok(Commit::Conflict(to_revision(latest)));
        }
        // A variable was removed at an unknown revision. Writing the key creates a later revision, which the watch reaches
        // after all earlier ones.
        match self.fence(writer.number, writer.operation, requests).await {
            Ok(Some(revision)) => {
                writer.operation = revision;
                Ok(Commit::Conflict(to_revision(revision)))
            }
            Ok(None) => {
                Err(StoreError::Unavailable("etcd has changed meanwhile; nothing was committed".into()))
            }
            Err(failure) => {
                self.unanswered.store(true, Ordering::Relaxed);
                Err(failure.into_store_error(&self.options))
            }
        }
    }

    /// Ensures that etcd answers, and that the outcome of an earlier commit whose future was dropped is known.
    async fn ensure_ready(&self, writer: &mut Writer, requests: &mut Requests) -> Result<(), StoreError> {
        let until = Instant::now() + PATIENCE;
        if writer.unresolved {
            self.resolve(writer, requests, Some(until)).await?;
        }
        let mut backoff = RetryDelay::new();
        while self.unanswered.load(Ordering::Relaxed) {
            match requests.get(&self.keys.operation, None, left(until)).await {
                Ok(_) => self.answered(),
                Err(RequestError::Rejected(error)) => return Err(error),
                Err(RequestError::NoAnswer(reason)) => {
                    if left(until).is_zero() {
                        return Err(self.unreachable(&reason));
                    }
                    tokio::time::sleep(backoff.next().min(left(until))).await;
                }
            }
        }
        Ok(())
    }

    fn answered(&self) {
        if self.unanswered.swap(false, Ordering::Relaxed) {
            tracing::info!(target: "csml::store", "etcd answers again");
            self.answered.notify_one();
        }
    }

    /// Finds out the outcome of the last commit: its revision, or `None` if it has not happened and never will.
    ///
    /// # Errors
    /// The store is unusable, or the outcome is not known at the time `until`.
    async fn resolve(
        &self,
        writer: &mut Writer,
        requests: &mut Requests,
        until: Option<Instant>,
    ) -> Result<Option<i64>, StoreError> {
        let mut backoff = RetryDelay::new();
        loop {
            match self.look_up(writer.number, requests).await {
                Ok(found) => {
                    let (outcome, operation) = found?;
                    writer.operation = operation;
                    writer.unresolved = false;
                    self.answered();
                    let ended = if outcome.is_some() { "it succeeded" } else { "it did not happen" };
                    tracing::info!(target: "csml::store", "the outcome of the commit is known: {ended}");
                    return Ok(outcome);
                }
                Err(failure) => {
                    let error = failure.into_store_error(&self.options);
                    if until.is_some_and(|until| left(until).is_zero()) {
                        return Err(error);
                    }
                    tracing::warn!(target: "csml::store", "the outcome of a commit is not known yet: {error}");
                }
            }
            self.usable()?;
            tokio::time::sleep(backoff.next()).await;
        }
    }

    /// One attempt to find out the outcome of a commit: its revision if it succeeded, and the revision of the process's
    /// key.
    async fn look_up(
        &self,
        number: u64,
        requests: &mut Requests,
    ) -> Result<Result<(Option<i64>, i64), StoreError>, RequestError> {
        loop {
            let own = requests.get(&self.keys.operation, None, REQUEST).await?;
            let at = match self.look(number, Some(&own)) {
                Err(error) => return Ok(Err(error)),
                Ok(Found::Committed(at)) => return Ok(Ok((Some(at), at))),
                Ok(Found::Other(at)) => at,
            };
            // The commit may still arrive; after the fence its comparison fails.
            if let Some(fenced) = self.fence(number, at, requests).await? {
                return Ok(Ok((None, fenced)));
            }
        }
    }

    /// Writes this process's key unless it has changed since `revision`; the new revision.
    async fn fence(
        &self,
        number: u64,
        revision: i64,
        requests: &mut Requests,
    ) -> Result<Option<i64>, RequestError> {
        let fence = Operation { incarnation: self.incarnation, number, fence: true }.to_string();
        let answer = requests.transact(write_if(&self.keys.operation, revision, &fence, []), REQUEST).await?;
        let revision = answer.header().map_or(0, ResponseHeader::revision);
        Ok(answer.succeeded().then_some(revision))
    }

    /// Reads this process's key from an answer.
    ///
    /// # Errors
    /// Another process has written it.
    fn look(&self, number: u64, own: Option<&GetResponse>) -> Result<Found, StoreError> {
        let Some(pair) = own.and_then(|own| own.kvs().first()) else { return Ok(Found::Other(0)) };
        match Operation::parse(pair.value()) {
            Some(operation) if operation.incarnation == self.incarnation => {
                let committed = operation.number == number && !operation.fence;
                let at = pair.mod_revision();
                Ok(if committed { Found::Committed(at) } else { Found::Other(at) })
            }
            _ => {
                let error = taken_over(&self.scope.process);
                self.give_up(error.clone());
                Err(error)
            }
        }
    }

    fn limits(&self, transaction: &Transaction) -> Result<(), StoreError> {
        let most = transaction.reads.len().max(transaction.writes.len());
        if most >= MOST_OPERATIONS {
            return Err(StoreError::Rejected(format!(
                "the step may read or change {most} persistent variables, but etcd allows {} in a transaction: use \
                 fewer, or combine values in one variable",
                MOST_OPERATIONS - 1
            )));
        }
        let size = |(variable, value): &(u16, Option<csml_rt_core::Value>)| {
            let value = value.as_ref().map_or(0, |value| value.to_json().len());
            (value + self.keys.variable(*variable).len() + OVERHEAD, *variable)
        };
        let sizes: Vec<_> = transaction.writes.iter().map(size).collect();
        let reads = transaction.reads.iter().map(|(read, _)| self.keys.variable(*read).len() + OVERHEAD);
        let total: usize = sizes.iter().map(|(size, _)| size).sum::<usize>() + reads.sum::<usize>();
        match sizes.iter().max() {
            Some((largest, variable)) if total > LARGEST_REQUEST => Err(StoreError::Rejected(format!(
                "the step changes {total} bytes of persistent data, {largest} of them in `{}`, but etcd allows \
                 {LARGEST_REQUEST} in a transaction: store less data in them",
                name(&self.scope, *variable)
            ))),
            _ => Ok(()),
        }
    }
}

/// The process's key and the revisions of the values, from the answer of a failed transaction.
fn found(answer: &TxnResponse) -> (Option<GetResponse>, Option<GetResponse>) {
    let mut found = answer.op_responses().into_iter().filter_map(|response| match response {
        TxnOpResponse::Get(found) => Some(found),
        _ => None,
    });
    (found.next(), found.next())
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}
