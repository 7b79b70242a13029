//! Persistent data in a real etcd.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

#[path = "../../../../csml-rt/tests/store_contract/mod.rs"]
mod store_contract;

mod access;
mod contract;
mod counting;
mod cut_off;
mod rejections;

use csml_rt::store::{EtcdOptions, EtcdStore};
use csml_tests_brokers::Etcd;
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

fn start() -> Option<Etcd> {
    Etcd::start(None, &[]).unwrap()
}

fn store(etcd: &Etcd) -> EtcdStore {
    store_at(&etcd.address())
}

fn store_at(address: &str) -> EtcdStore {
    EtcdStore::new(EtcdOptions::parse(address).unwrap())
}

/// An operator's way in.
async fn operator(etcd: &Etcd) -> etcd_client::Client {
    etcd_client::Client::connect([format!("127.0.0.1:{}", etcd.server.port())], None).await.unwrap()
}
