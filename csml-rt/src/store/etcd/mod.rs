//! Persistent data in etcd, shared by processes.
//!
//! Values are read once and then followed by a watch. A transaction compares the revisions of all it has read
//! and writes, together with the values, what this process did last: the *operation*. That key makes three
//! things certain. Every commit of the application is seen by its watches, whatever it changed. A commit whose
//! answer was lost can be looked up; if it has not happened, writing the key once more makes sure that it never
//! will. And a second process of the same name is found out.

mod commit;
mod etcd_errors;
mod etcd_options;
mod keys;
mod operation;
mod requests;
mod retry_delay;
mod watcher;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use etcd_client::{GetOptions, KeyValue, TxnOp, TxnOpResponse};
use tokio::sync::{Mutex, Notify, mpsc};

use self::commit::Writer;
use self::etcd_errors::{RequestError, unreachable};
use self::keys::Keys;
use self::operation::Operation;
use self::requests::{Requests, write_if};
use super::transaction_check::{name, read_value};
use super::update_feed::CAPACITY;
use super::{Commit, Opened, Revision, Scope, Store, StoreError, Stored, Transaction};
use crate::BoxFuture;

pub use etcd_options::EtcdOptions;

/// How long to go on trying before etcd counts as out of reach.
const PATIENCE: Duration = Duration::from_secs(5);

/// Keeps persistent data in etcd (3.4 or later). Several processes share them, each with a name of its own.
///
/// [`Store::open`] and [`Store::commit`] give [`StoreError::Unavailable`] after five seconds without etcd. Only
/// a commit that was on its way when etcd went silent takes longer: it waits until etcd has said how it ended.
#[derive(Debug)]
pub struct EtcdStore {
    options: EtcdOptions,
    opened: Option<Arc<EtcdShared>>,
}

/// What commits and the watch have in common.
struct EtcdShared {
    scope: Scope,
    keys: Keys,
    options: EtcdOptions,
    /// Tells this opening from every other.
    incarnation: u64,
    writer: Mutex<Writer>,
    /// Why the store can no longer be used.
    broken: std::sync::Mutex<Option<StoreError>>,
    /// etcd did not answer the last time: ask before anything is sent that changes something.
    silent: AtomicBool,
    /// etcd has answered after it had not: the watch need not wait longer.
    answered: Notify,
}

impl EtcdStore {
    /// The store in etcd as `options` say; connects when it is opened.
    #[must_use]
    pub const fn new(options: EtcdOptions) -> Self {
        Self { options, opened: None }
    }
}

impl Store for EtcdStore {
    fn open(&mut self, scope: Scope) -> BoxFuture<Result<Opened, StoreError>> {
        let shared = Arc::new(EtcdShared {
            keys: Keys::new(&scope),
            scope,
            options: self.options.clone(),
            incarnation: retry_delay::random(),
            writer: Mutex::new(Writer::default()),
            broken: std::sync::Mutex::new(None),
            silent: AtomicBool::new(false),
            answered: Notify::new(),
        });
        self.opened = Some(Arc::clone(&shared));
        Box::pin(async move {
            let opening = open(Arc::clone(&shared));
            let opened = match tokio::time::timeout(PATIENCE, opening).await {
                Ok(opened) => opened,
                Err(_) => Err(RequestError::Silent(format!("no answer within {} s", PATIENCE.as_secs()))),
            };
            opened.map_err(|failure| failure.harmless(&shared.options))
        })
    }

    fn commit(&mut self, transaction: Transaction) -> BoxFuture<Result<Commit, StoreError>> {
        let shared = self.opened.clone();
        Box::pin(async move {
            match shared {
                Some(shared) => shared.commit(&transaction).await,
                None => Err(StoreError::Unusable("the store in etcd is not open".into())),
            }
        })
    }
}

/// Reads everything and claims the name of the process, in one transaction.
async fn open(shared: Arc<EtcdShared>) -> Result<Opened, RequestError> {
    let mut requests = Requests::connect(&shared.options).await?;
    let keys = &shared.keys;
    let claim = Operation::claim(shared.incarnation).to_string();
    let mut known =
        requests.get(&keys.operation, None, PATIENCE).await?.kvs().first().map(KeyValue::mod_revision);
    loop {
        let all = TxnOp::get(keys.values.as_str(), Some(GetOptions::new().with_prefix()));
        let transaction = write_if(&keys.operation, known.unwrap_or(0), &claim, [all]);
        let answer = requests.transact(transaction, PATIENCE).await?;
        let found = answer.op_responses().into_iter().filter_map(|response| match response {
            TxnOpResponse::Get(found) => Some(found),
            _ => None,
        });
        let found: Vec<_> = found.flat_map(|mut found| found.take_kvs()).collect();
        if !answer.succeeded() {
            known = found.first().map(KeyValue::mod_revision);
            continue;
        }
        let revision = answer.header().map_or(0, etcd_client::ResponseHeader::revision);
        let variables = shared.stored(&found).map_err(RequestError::Refused)?;
        shared.writer.lock().await.begin(requests.clone(), revision);
        let (sender, updates) = mpsc::channel(CAPACITY);
        let seen = variables.iter().map(|stored| (stored.variable, stored.changed)).collect();
        tracing::info!(
            target: "csml::store", etcd = %shared.options.shown(), process = %shared.scope.process, revision,
            "store opened"
        );
        tokio::spawn(watcher::follow(Arc::clone(&shared), requests, revision, seen, sender));
        return Ok(Opened { upto: to_revision(revision), variables, updates });
    }
}

impl EtcdShared {
    /// The variables among key-value pairs.
    fn stored(&self, found: &[KeyValue]) -> Result<Vec<Stored>, StoreError> {
        found.iter().filter_map(|pair| self.stored_one(pair).transpose()).collect()
    }

    fn stored_one(&self, pair: &KeyValue) -> Result<Option<Stored>, StoreError> {
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
    fn give_up(&self, error: StoreError) {
        let mut broken = self.broken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if broken.is_none() {
            tracing::error!(target: "csml::store", "{error}");
            *broken = Some(error);
        }
    }

    fn usable(&self) -> Result<(), StoreError> {
        let broken = self.broken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        broken.clone().map_or(Ok(()), Err)
    }

    fn unreachable(&self, reason: &str) -> StoreError {
        unreachable(&self.options, reason)
    }
}

impl fmt::Debug for EtcdShared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EtcdShared").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// etcd counts with signed numbers, which are never negative.
fn to_revision(revision: i64) -> Revision {
    Revision(u64::try_from(revision).unwrap_or(0))
}

fn from_revision(revision: Revision) -> i64 {
    i64::try_from(revision.0).unwrap_or(i64::MAX)
}
