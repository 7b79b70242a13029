//! Transactions, and how they ended.

use std::sync::atomic::Ordering;
use std::time::Duration;

use etcd_client::{
    Compare, CompareOp, GetOptions, GetResponse, ResponseHeader, SortOrder, SortTarget, Txn, TxnOp,
    TxnOpResponse, TxnResponse,
};
use tokio::time::Instant;

use super::super::transaction_check::{check, name};
use super::super::{Commit, StoreError, Transaction};
use super::etcd_errors::{RequestError, taken_over};
use super::operation::Operation;
use super::requests::{Requests, write_if};
use super::retry_delay::RetryDelay;
use super::{EtcdShared, PATIENCE, from_revision, to_revision};

/// What etcd takes by default in one request (`--max-request-bytes`), less what surrounds keys and values.
const LARGEST_REQUEST: usize = 1536 * 1024 - 16 * 1024;
/// Bytes that surround one operation, at most.
const AROUND: usize = 64;
/// How many comparisons or changes etcd takes by default in one transaction (`--max-txn-ops`).
const MOST_OPERATIONS: usize = 128;
/// How long one request may take before its outcome is looked up.
const REQUEST: Duration = Duration::from_secs(3);

/// Writes for one process.
#[derive(Default)]
pub(super) struct Writer {
    requests: Option<Requests>,
    /// When this process's key changed last.
    operation: i64,
    /// The number of the last commit.
    number: u64,
    /// The last commit was sent, and its outcome never learnt: nobody waited for it.
    unresolved: bool,
}

impl Writer {
    pub(super) fn begin(&mut self, requests: Requests, revision: i64) {
        *self = Self { requests: Some(requests), operation: revision, ..Self::default() };
    }
}

/// What stands at this process's key.
enum Found {
    /// The commit that was asked about.
    Committed(i64),
    /// Anything else, with the revision at which it was written; 0 for nothing at all.
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
        if self.silent.load(Ordering::Relaxed) || writer.unresolved {
            self.reach(writer, &mut requests).await?;
        }
        writer.number += 1;
        loop {
            writer.unresolved = true;
            let answer = match requests.transact(self.transaction(writer, transaction), REQUEST).await {
                Ok(answer) => answer,
                Err(RequestError::Refused(error)) => {
                    writer.unresolved = false;
                    return Err(error);
                }
                Err(RequestError::Silent(reason)) => {
                    tracing::warn!(target: "csml::store", "no answer to a commit ({reason}): looking it up");
                    self.silent.store(true, Ordering::Relaxed);
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
                // The client has sent it twice.
                Found::Committed(at) => {
                    writer.operation = at;
                    return Ok(Commit::Done(to_revision(at)));
                }
                Found::Other(at) if at != writer.operation => writer.operation = at,
                Found::Other(_) => return self.conflict(writer, &mut requests, transaction, values).await,
            }
        }
    }

    /// The transaction as etcd takes it. If it fails it tells what stands at this process's key, and when the
    /// values have changed.
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

    /// Something has changed. The revision to wait for is one that the watch is sure to show.
    async fn conflict(
        &self,
        writer: &mut Writer,
        requests: &mut Requests,
        transaction: &Transaction,
        values: Option<GetResponse>,
    ) -> Result<Commit, StoreError> {
        let values = values.as_ref().map_or(&[][..], GetResponse::kvs);
        let changed = |(variable, read): &(u16, super::Revision)| {
            let key = self.keys.variable(*variable).as_bytes();
            let now = values.iter().find(|pair| pair.key() == key)?.mod_revision();
            (now != from_revision(*read)).then_some(now)
        };
        if let Some(latest) = transaction.reads.iter().filter_map(changed).max() {
            return Ok(Commit::Conflict(to_revision(latest)));
        }
        // Something was removed, and nothing there says when. Writing the key makes a later revision, which
        // the watch shows after all earlier ones.
        match self.fence(writer.number, writer.operation, requests).await {
            Ok(Some(revision)) => {
                writer.operation = revision;
                Ok(Commit::Conflict(to_revision(revision)))
            }
            Ok(None) => {
                Err(StoreError::Unavailable("etcd has changed meanwhile; nothing was committed".into()))
            }
            Err(failure) => {
                self.silent.store(true, Ordering::Relaxed);
                Err(failure.harmless(&self.options))
            }
        }
    }

    /// Makes sure that etcd answers, and that an earlier commit that nobody waited for has ended.
    async fn reach(&self, writer: &mut Writer, requests: &mut Requests) -> Result<(), StoreError> {
        let until = Instant::now() + PATIENCE;
        if writer.unresolved {
            self.resolve(writer, requests, Some(until)).await?;
        }
        let mut backoff = RetryDelay::new();
        while self.silent.load(Ordering::Relaxed) {
            match requests.get(&self.keys.operation, None, left(until)).await {
                Ok(_) => self.answered(),
                Err(RequestError::Refused(error)) => return Err(error),
                Err(RequestError::Silent(reason)) => {
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
        if self.silent.swap(false, Ordering::Relaxed) {
            tracing::info!(target: "csml::store", "etcd answers again");
            self.answered.notify_one();
        }
    }

    /// Learns how the last commit ended: its revision, or `None` if it has not happened and never will.
    ///
    /// # Errors
    /// The store is unusable; or it is `until`, and still not known.
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
                    let ended = if outcome.is_some() { "it stands" } else { "it has not happened" };
                    tracing::info!(target: "csml::store", "the commit was looked up: {ended}");
                    return Ok(outcome);
                }
                Err(failure) => {
                    let error = failure.harmless(&self.options);
                    if until.is_some_and(|until| left(until).is_zero()) {
                        return Err(error);
                    }
                    tracing::warn!(target: "csml::store", "how a commit ended is not known yet: {error}");
                }
            }
            self.usable()?;
            tokio::time::sleep(backoff.next()).await;
        }
    }

    /// One attempt to learn how a commit ended: its revision if it stands, and when the process's key changed
    /// last.
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
            // It may still be on its way, and will compare with a revision that is then gone.
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

    /// What an answer says about this process's key.
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
            return Err(StoreError::Refused(format!(
                "the step may read or change {most} persistent variables, and etcd takes {} in one transaction: use \
                 fewer, or keep several values in one variable",
                MOST_OPERATIONS - 1
            )));
        }
        let size = |(variable, value): &(u16, Option<super::super::Value>)| {
            let value = value.as_ref().map_or(0, |value| value.to_json().len());
            (value + self.keys.variable(*variable).len() + AROUND, *variable)
        };
        let sizes: Vec<_> = transaction.writes.iter().map(size).collect();
        let reads = transaction.reads.iter().map(|(read, _)| self.keys.variable(*read).len() + AROUND);
        let total: usize = sizes.iter().map(|(size, _)| size).sum::<usize>() + reads.sum::<usize>();
        match sizes.iter().max() {
            Some((largest, variable)) if total > LARGEST_REQUEST => Err(StoreError::Refused(format!(
                "the step changes {total} bytes of persistent data, {largest} of them in `{}`, and etcd takes \
                 {LARGEST_REQUEST} in one transaction: keep less in them",
                name(&self.scope, *variable)
            ))),
            _ => Ok(()),
        }
    }
}

/// What stands at the process's key, and when the values have changed, in the answer of a transaction that
/// failed.
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
