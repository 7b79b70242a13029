//! What etcd says, in words that say what to do, and whether it means that nothing was changed.

use std::error::Error as _;

use etcd_client::Error;

use super::super::StoreError;
use super::EtcdOptions;

/// What a request came to that did not get its answer.
#[derive(Debug)]
pub(super) enum RequestError {
    /// etcd has refused it: it changed nothing.
    Refused(StoreError),
    /// There was no answer: it may have changed something.
    Silent(String),
}

impl RequestError {
    /// The error of a request that cannot have changed anything.
    pub(super) fn harmless(self, options: &EtcdOptions) -> StoreError {
        match self {
            Self::Refused(error) => error,
            Self::Silent(reason) => unreachable(options, &reason),
        }
    }
}

/// etcd does not answer.
pub(super) fn unreachable(options: &EtcdOptions, reason: &str) -> StoreError {
    StoreError::Unavailable(format!(
        "etcd at {} is out of reach ({reason}); nothing was committed",
        options.shown()
    ))
}

/// Another process goes by the same name.
pub(super) fn taken_over(process: &str) -> StoreError {
    StoreError::Unusable(format!(
        "another process named `{process}` has opened the store: give each process a name of its own; if there is \
         no other and etcd was restored from a backup, start this one again"
    ))
}

/// Sorts what the client reports. gRPC codes are told apart by number, which the client does not name.
pub(super) fn request_error(options: &EtcdOptions, error: &Error) -> RequestError {
    let text = chain(error);
    let at = options.shown();
    let refused = |error| RequestError::Refused(error);
    let Error::GRpcStatus(status) = error else {
        return match error {
            Error::InvalidArgs(_) | Error::InvalidUri(_) | Error::TransportError(_) => {
                refused(StoreError::Unusable(format!("etcd at {at} cannot be reached like this: {text}")))
            }
            _ => RequestError::Silent(text),
        };
    };
    let said = status.message();
    let from_server = said.starts_with("etcdserver:");
    let invalid_certificate =
        text.contains("invalid peer certificate") || text.contains("CertificateUnknown");
    if invalid_certificate {
        return refused(StoreError::Unusable(format!(
            "the certificate of etcd at {at} is not accepted ({text}): give the CA that signed it, and call the \
             server by a name in its certificate"
        )));
    }
    if !from_server {
        return RequestError::Silent(text);
    }
    if said.contains("request is too large") || said.contains("too many operations") {
        return refused(StoreError::Refused(format!(
            "etcd at {at} refuses the transaction ({said}): keep less in one variable or change less in one step, \
             or raise `--max-request-bytes` and `--max-txn-ops`"
        )));
    }
    if said.contains("database space exceeded") {
        return refused(StoreError::Unavailable(format!(
            "etcd at {at} is full ({said}): compact and defragment it, raise its quota, then `etcdctl alarm \
             disarm`; nothing was committed"
        )));
    }
    if said.contains("too many requests") {
        return refused(StoreError::Unavailable(format!("etcd at {at} is busy ({said})")));
    }
    // A token that has run out is renewed by the client; what gets here is final.
    let denied = ["authentication", "permission denied", "user name", "invalid auth token"];
    if denied.iter().any(|word| said.contains(word)) && !said.contains("revision in header is old") {
        return refused(StoreError::Unusable(format!(
            "etcd at {at} does not let this process in ({said}): check the user, the password and the user's role, \
             which has to read and write `csml/<application>/`"
        )));
    }
    RequestError::Silent(said.to_owned())
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
