//! Requests to etcd, each with a time limit.

use std::time::Duration;

use etcd_client::{
    Client, Compare, CompareOp, ConnectOptions, GetOptions, GetResponse, KvClient, Txn, TxnOp, TxnResponse,
    WatchClient, WatchOptions, WatchStream,
};

use super::super::store_trait::StoreError;
use super::etcd_errors::{RequestError, request_error};
use super::etcd_options::EtcdOptions;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(2);
/// etcd rejects pings more frequent than every five seconds.
const PING_EVERY: Duration = Duration::from_secs(6);
const PING_TIMEOUT: Duration = Duration::from_secs(3);
/// The largest answer: all values of one application.
const LARGEST: usize = 64 << 20;

/// A client whose requests have a time limit.
#[derive(Clone)]
pub(super) struct Requests {
    kv: KvClient,
    watch: WatchClient,
    options: EtcdOptions,
}

impl Requests {
    /// Connects: with a user at once, otherwise with the first request.
    pub(super) async fn connect(options: &EtcdOptions) -> Result<Self, RequestError> {
        let mut connect = ConnectOptions::new()
            .with_connect_timeout(CONNECT)
            .with_keep_alive(PING_EVERY, PING_TIMEOUT)
            .with_keep_alive_while_idle(true)
            .with_require_leader(true);
        match (&options.user, &options.password) {
            (Some(user), Some(password)) => {
                connect = connect.with_user(user, password).with_auto_token_refresh(true);
            }
            (Some(user), None) => {
                return Err(unusable(format!(
                    "the user `{user}` of etcd has no password: set `CSML_ETCD_PASSWORD`, or a file that \
                     `CSML_ETCD_PASSWORD_FILE` names"
                )));
            }
            (None, Some(_)) => {
                return Err(unusable(
                    "there is a password for etcd and no user: `etcd://user@host:port`".into(),
                ));
            }
            (None, None) => {}
        }
        let scheme = if options.tls { "https" } else { "http" };
        #[cfg(feature = "tls")]
        if options.tls {
            connect = connect.with_tls(tls(options)?);
        }
        let endpoints: Vec<_> =
            options.endpoints.iter().map(|endpoint| format!("{scheme}://{endpoint}")).collect();
        let client = Client::connect(endpoints, Some(connect))
            .await
            .map_err(|error| request_error(options, &error))?;
        Ok(Self {
            kv: client.kv_client().max_decoding_message_size(LARGEST),
            watch: client.watch_client().max_decoding_message_size(LARGEST),
            options: options.clone(),
        })
    }

    /// Reads a key, or all keys that begin with it.
    pub(super) async fn get(
        &mut self,
        key: &str,
        options: Option<GetOptions>,
        limit: Duration,
    ) -> Result<GetResponse, RequestError> {
        let (kv, at) = (&mut self.kv, &self.options);
        timed(limit, at, kv.get(key, options)).await
    }

    /// Runs a transaction.
    pub(super) async fn transact(
        &mut self,
        transaction: Txn,
        limit: Duration,
    ) -> Result<TxnResponse, RequestError> {
        let (kv, at) = (&mut self.kv, &self.options);
        timed(limit, at, kv.txn(transaction)).await
    }

    /// Watches all keys that begin with `prefix`, starting at a revision.
    pub(super) async fn watch(
        &mut self,
        prefix: &str,
        from: i64,
        limit: Duration,
    ) -> Result<WatchStream, RequestError> {
        let options = WatchOptions::new().with_prefix().with_start_revision(from);
        let (watch, at) = (&mut self.watch, &self.options);
        timed(limit, at, watch.watch(prefix, Some(options))).await
    }
}

/// Writes `value` to `key` if it has not changed since `revision`, and reads it otherwise; `more` runs with the write.
pub(super) fn write_if(key: &str, revision: i64, value: &str, more: impl IntoIterator<Item = TxnOp>) -> Txn {
    let mut operations = vec![TxnOp::put(key, value, None)];
    operations.extend(more);
    Txn::new()
        .when(vec![Compare::mod_revision(key, CompareOp::Equal, revision)])
        .and_then(operations)
        .or_else(vec![TxnOp::get(key, None)])
}

async fn timed<T>(
    limit: Duration,
    options: &EtcdOptions,
    request: impl Future<Output = Result<T, etcd_client::Error>>,
) -> Result<T, RequestError> {
    match tokio::time::timeout(limit, request).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(request_error(options, &error)),
        Err(_) => Err(RequestError::NoAnswer(format!("no answer within {} s", limit.as_secs_f32()))),
    }
}

fn unusable(reason: String) -> RequestError {
    RequestError::Rejected(StoreError::Unusable(reason))
}

#[cfg(feature = "tls")]
fn tls(options: &EtcdOptions) -> Result<etcd_client::TlsOptions, RequestError> {
    use etcd_client::{Certificate, Identity, TlsOptions};

    let Some(authority) = &options.authority else {
        return Err(unusable(
            "`etcds://` needs the CA that signed the server's certificate: `CSML_ETCD_CA` names its file"
                .into(),
        ));
    };
    let mut tls = TlsOptions::new().ca_certificate(Certificate::from_pem(authority));
    if let (Some(certificate), Some(key)) = (&options.certificate, &options.key) {
        tls = tls.identity(Identity::from_pem(certificate, key));
    }
    Ok(tls)
}
