//! What etcd does not take.

use csml_rt::Value;
use csml_rt::store::{Revision, Scope, Store, StoreError, Transaction};
use csml_tests_brokers::Etcd;

use crate::store_contract::{Client, scope};
use crate::{runtime, start, store};

#[test]
fn too_much_for_one_transaction() {
    let Some(etcd) = start() else { return };
    runtime().block_on(async {
        let mut client = Client::open(store(&etcd), scope("p")).await.unwrap();
        let text = |length: usize| Some(Value::from("x".repeat(length)));
        let told = client.try_write(vec![(0, text(10)), (3, text(1_600_000))]).await.unwrap_err();
        assert!(matches!(&told, StoreError::Rejected(text) if text.contains("in `x`")), "{told:?}");
        // All that is below the limit fits, and is followed.
        let revision = client.write(vec![(0, text(700_000)), (3, text(850_000))]).await;
        client.reach(revision).await;
        assert_eq!(client.value(3), text(850_000));

        let names: Vec<&'static str> =
            (0..200).map(|at| &*Box::leak(format!("v{at}").into_boxed_str())).collect();
        let many = Scope { app: "many".into(), process: "p".into(), variables: names };
        let mut client = Client::open(store(&etcd), many).await.unwrap();
        let all = |count: u16| -> Vec<_> { (0..count).map(|at| (at, Some(Value::Int(1)))).collect() };
        let told = client.try_write(all(128)).await.unwrap_err();
        assert!(matches!(&told, StoreError::Rejected(text) if text.contains("127")), "{told:?}");
        client.write(all(127)).await;
        let reads = (0..150).map(|at| (at, Revision(0))).collect();
        let told = client.store.commit(Transaction { reads, writes: vec![] }).await.unwrap_err();
        assert!(matches!(told, StoreError::Rejected(_)), "{told:?}");
    });
}

#[test]
fn a_lower_limit_of_the_server() {
    let Some(etcd) = Etcd::start(None, &["--max-txn-ops=3", "--max-request-bytes=2000"]).unwrap() else {
        return;
    };
    runtime().block_on(async {
        let mut client = Client::open(store(&etcd), scope("p")).await.unwrap();
        let told = client.try_write(vec![(0, Some(Value::from("x".repeat(3_000))))]).await.unwrap_err();
        assert!(matches!(&told, StoreError::Rejected(text) if text.contains("too large")), "{told:?}");
        let told = client.try_write((0..4).map(|at| (at, Some(Value::Int(1)))).collect()).await.unwrap_err();
        assert!(matches!(&told, StoreError::Rejected(text) if text.contains("--max-txn-ops")), "{told:?}");
        client.write(vec![(0, Some(Value::Int(1)))]).await;
    });
}

#[test]
fn a_full_database() {
    let Some(etcd) = Etcd::start(None, &["--quota-backend-bytes=1000000"]).unwrap() else { return };
    runtime().block_on(async {
        let mut client = Client::open(store(&etcd), scope("p")).await.unwrap();
        let mut told = None;
        for number in 0..100 {
            let text = format!("{number} {}", "x".repeat(100_000));
            if let Err(error) = client.try_write(vec![(0, Some(Value::from(text)))]).await {
                told = Some(error);
                break;
            }
        }
        let told = told.unwrap();
        assert!(matches!(&told, StoreError::Unavailable(text) if text.contains("is full")), "{told:?}");
    });
}
