//! Checks and conversions that all stores share.

#[cfg(any(feature = "store-redb", feature = "store-etcd"))]
use csml_rt_core::Value;

use super::store_trait::{Scope, StoreError, Transaction};

/// Rejects a transaction that contains a variable outside the scope, or writes one that it has not read.
pub(super) fn check(transaction: &Transaction, scope: &Scope) -> Result<(), StoreError> {
    let count = scope.variables.len();
    let reads = transaction.reads.iter().map(|(variable, _)| *variable);
    let writes = transaction.writes.iter().map(|(variable, _)| *variable);
    if let Some(beyond) = reads.chain(writes).find(|variable| usize::from(*variable) >= count) {
        return Err(StoreError::Rejected(format!(
            "variable {beyond} is not among the {count} that the store was opened for"
        )));
    }
    let read = |variable: u16| transaction.reads.iter().any(|(read, _)| *read == variable);
    match transaction.writes.iter().find(|(variable, _)| !read(*variable)) {
        None => Ok(()),
        Some((variable, _)) => Err(StoreError::Rejected(format!(
            "`{}` is written without the revision at which it was read",
            name(scope, *variable)
        ))),
    }
}

/// The component path of a variable.
pub(super) fn name(scope: &Scope, variable: u16) -> &'static str {
    scope.variables.get(usize::from(variable)).copied().unwrap_or_default()
}

/// Positions and component paths of all variables.
pub(super) fn named(scope: &Scope) -> impl Iterator<Item = (u16, &'static str)> {
    (0..=u16::MAX).zip(scope.variables.iter().copied())
}

/// Parses a value that this runtime has written. `place` names its location in messages.
#[cfg(any(feature = "store-redb", feature = "store-etcd"))]
pub(super) fn read_value(text: &str, place: impl Fn() -> String) -> Result<Value, StoreError> {
    csml_expr::json::read(text).map_err(|error| {
        let shown: String = text.chars().take(60).collect();
        StoreError::Corrupt(format!(
            "{} contains `{shown}`, which is not a JSON value ({error}): correct or remove it",
            place()
        ))
    })
}
