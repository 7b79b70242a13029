//! Errors of etcd: how to correct them, and whether the request may have changed data.

use std::error::Error as _;

use etcd_client::Error;

use super::super::store_trait::StoreError;
use super::etcd_options::EtcdOptions;

/// Why a request got no answer.
#[derive(Debug)]
pub(super) enum RequestError {
    /// etcd has rejected it, so it changed nothing.
    Rejected(StoreError),
    /// No answer arrived; the request may have changed data.
    NoAnswer(String),
}

impl RequestError {
    /// The error of a request that cannot have changed data.
    pub(super) fn into_store_error(self, options: &EtcdOptions) -> StoreError {
        match self {
            Self::Rejected(error) => error,
            Self::NoAnswer(reason) => unreachable(options, &reason),
        }
    }
}

/// etcd does not answer.
pub(super) fn unreachable(options: &EtcdOptions, reason: &str) -> StoreError {
    StoreError::Unavailable(format!(
        "etcd at {} is unreachable ({reason}); nothing was committed",
        options.shown()
    ))
}

/// Another process uses the same name.
pub(super) fn taken_over(process: &str) -> StoreError {
    StoreError::Unusable(format!(
        "another process named `{process}` has opened the store: give each process a name of its own; if there is \
         no other and etcd was restored from a backup, start this one again"
    ))
}

/// Classifies the errors of the client library.
pub(super) fn request_error(options: &EtcdOptions, error: &Error) -> RequestError {
    let text = chain(error);
    let at = options.shown();
    let rejected = |error| RequestError::Rejected(error);
    let Error::GRpcStatus(status) = error else {
        return match error {
            Error::InvalidArgs(_) | Error::InvalidUri(_) | Error::TransportError(_) => rejected(
                StoreError::Unusable(format!("etcd at {at} cannot be reached with these options: {text}")),
            ),
            _ => RequestError::NoAnswer(text),
        };
    };
    let said = status.message();
    let from_server = said.starts_with("etcdserver:");
    let invalid_certificate =
        text.contains("invalid peer certificate") || text.contains("CertificateUnknown");
    if invalid_certificate {
        return rejected(StoreError::Unusable(format!(
            "the certificate of etcd at {at} is not accepted ({text}): set the CA that signed it, and use a \
             host name that the certificate contains"
        )));
    }
    if !from_server {
        return RequestError::NoAnswer(text);
    }
    if said.contains("request is too large") || said.contains("too many operations") {
        return rejected(StoreError::Rejected(format!(
            "etcd at {at} rejects the transaction ({said}): store less data in one variable, change fewer in one step, \
             or raise `--max-request-bytes` and `--max-txn-ops`"
        )));
    }
    if said.contains("database space exceeded") {
        return rejected(StoreError::Unavailable(format!(
            "etcd at {at} is full ({said}): compact and defragment it, raise its quota, then `etcdctl alarm \
             disarm`; nothing was committed"
        )));
    }
    if said.contains("too many requests") {
        return rejected(StoreError::Unavailable(format!("etcd at {at} is busy ({said})")));
    }
    // The client library renews expired tokens; other errors are final.
    let denied = ["authentication", "permission denied", "user name", "invalid auth token"];
    if denied.iter().any(|word| said.contains(word)) && !said.contains("revision in header is old") {
        return rejected(StoreError::Unusable(format!(
            "etcd at {at} denies access ({said}): check the user, the password and the user's role, \
             which needs read and write permission for `csml/<application>/`"
        )));
    }
    RequestError::NoAnswer(said.to_owned())
}

/// An error with its causes.
fn chain(error: &Error) -> String {
    let mut text = match error {
        Error::GRpcStatus(status) => status.message().to_owned(),
        other => other.to_string(),
    };
    let mut cause = match error {
        Error::GRpcStatus(status) => status.source(),
        Error::TransportError(error) => error.source(),
        _ => None,
    };
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}
