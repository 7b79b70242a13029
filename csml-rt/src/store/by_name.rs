//! Opening the store that a command line names.

use super::memory_store::MemoryStore;
use super::store_trait::{Commit, Opened, Scope, Store, StoreError, Transaction};
use crate::BoxFuture;

/// The store that a text names: `memory`, `redb:FILE`, or `etcd://[user@]host:port[,host:port…]` (`etcds://`
/// with TLS; password and certificates come from the environment, see `docs/stores.md`).
///
/// # Errors
/// The text is not the name of a store, or the feature of the store is not enabled.
pub fn open_by_name(text: &str) -> Result<Box<dyn Store>, StoreError> {
    if text == "memory" {
        return Ok(Box::new(Own(MemoryStore::new())));
    }
    if let Some(path) = text.strip_prefix("redb:") {
        return redb(path);
    }
    if text.starts_with("etcd://") || text.starts_with("etcds://") {
        return etcd(text);
    }
    Err(StoreError::Unusable(format!(
        "`{text}` is not a store: write `memory`, `redb:FILE` or `etcd://host:port`"
    )))
}

/// Memory that no clone shares, so no other process of the application.
#[derive(Debug)]
struct Own(MemoryStore);

impl Store for Own {
    fn open(&mut self, scope: Scope) -> BoxFuture<Result<Opened, StoreError>> {
        self.0.open(scope)
    }

    fn commit(&mut self, transaction: Transaction) -> BoxFuture<Result<Commit, StoreError>> {
        self.0.commit(transaction)
    }

    fn is_shared(&self) -> bool {
        false
    }
}

#[cfg(feature = "store-redb")]
fn redb(path: &str) -> Result<Box<dyn Store>, StoreError> {
    if path.is_empty() {
        return Err(StoreError::Unusable("`redb:` needs the name of a file: `redb:FILE`".into()));
    }
    Ok(Box::new(super::RedbStore::at(path)))
}

#[cfg(not(feature = "store-redb"))]
fn redb(_: &str) -> Result<Box<dyn Store>, StoreError> {
    Err(missing("a store in a file", "store-redb"))
}

#[cfg(feature = "store-etcd")]
fn etcd(address: &str) -> Result<Box<dyn Store>, StoreError> {
    let options = super::EtcdOptions::parse(address)?.with_environment()?;
    Ok(Box::new(super::EtcdStore::new(options)))
}

#[cfg(not(feature = "store-etcd"))]
fn etcd(_: &str) -> Result<Box<dyn Store>, StoreError> {
    Err(missing("a store in etcd", "store-etcd"))
}

#[cfg(not(all(feature = "store-redb", feature = "store-etcd")))]
fn missing(what: &str, feature: &str) -> StoreError {
    StoreError::Unusable(format!(
        "this program was built without {what}: enable the feature `{feature}` of csml-rt"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert!(open_by_name("memory").is_ok());
        let error = open_by_name("mysql://").unwrap_err().to_string();
        assert!(error.contains("`redb:FILE`"), "{error}");
        assert_eq!(open_by_name("redb:x").is_ok(), cfg!(feature = "store-redb"));
        assert_eq!(open_by_name("etcd://127.0.0.1:2379").is_ok(), cfg!(feature = "store-etcd"));
    }
}
