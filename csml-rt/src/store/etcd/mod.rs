//! A store in etcd, shared by several processes.
//!
//! Values are read once and then followed by a watch. A transaction compares the revisions of all variables that it has
//! read, and writes the new values together with a key that records the last commit of this process: the *operation*. This
//! key has three purposes. The watches of the application see every commit, whatever it changed. A commit whose answer was
//! lost can be looked up; if it has not happened, writing the key again ensures that it never will. And a second process
//! with the same name is detected.

mod commit;
mod etcd_errors;
mod etcd_options;
mod keys;
mod operation;
mod requests;
mod retry_delay;
mod shared;
mod watcher;
mod writer;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use etcd_client::{GetOptions, KeyValue, TxnOp, TxnOpResponse};
use tokio::sync::{Mutex, Notify, mpsc};

use self::etcd_errors::RequestError;
use self::keys::Keys;
use self::operation::Operation;
use self::requests::{Requests, write_if};
use self::shared::{EtcdShared, PATIENCE, to_revision};
use self::writer::Writer;
use super::store_trait::{Commit, Opened, Scope, Store, StoreError, Transaction};
use super::update_feed::CAPACITY;
use crate::BoxFuture;

pub use etcd_options::EtcdOptions;

/// Keeps persistent data in etcd (3.4 or later), shared by several processes. Each needs a name of its own.
///
/// [`Store::open`] and [`Store::commit`] return [`StoreError::Unavailable`] after five seconds without an answer. A commit
/// that was sent before etcd stopped answering takes longer: it waits until its outcome is known.
#[derive(Debug)]
pub struct EtcdStore {
    options: EtcdOptions,
    opened: Option<Arc<EtcdShared>>,
}

impl EtcdStore {
    /// The store in etcd with these options. Opening it connects.
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
            unanswered: AtomicBool::new(false),
            answered: Notify::new(),
        });
        self.opened = Some(Arc::clone(&shared));
        Box::pin(async move {
            let opening = open(Arc::clone(&shared));
            let opened = match tokio::time::timeout(PATIENCE, opening).await {
                Ok(opened) => opened,
                Err(_) => Err(RequestError::NoAnswer(format!("no answer within {} s", PATIENCE.as_secs()))),
            };
            opened.map_err(|failure| failure.into_store_error(&shared.options))
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

/// Reads all variables and claims the name of the process, in one transaction.
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
        let variables = shared.stored(&found).map_err(RequestError::Rejected)?;
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
