//! What every store keeps to, and who may be which process.

use csml_rt::Value;
use csml_rt::store::{Commit, EtcdOptions, EtcdStore, Store, StoreError, open_by_name};

use crate::store_contract::{Client, LIMIT, alone, scope, together};
use crate::{operator, runtime, start, store};

#[test]
fn contract() {
    let Some(etcd) = start() else { return };
    runtime().block_on(alone(store(&etcd), |_| store(&etcd)));
    let Some(etcd) = start() else { return };
    runtime().block_on(together(store(&etcd), store(&etcd)));
}

#[test]
fn keys_and_values_are_as_documented() {
    let Some(etcd) = start() else { return };
    runtime().block_on(async {
        let mut client = Client::open(store(&etcd), scope("a process")).await.unwrap();
        client.write(vec![(2, Some(Value::from("x"))), (1, Some(Value::Int(2)))]).await;
        let mut operator = operator(&etcd).await;
        let all = Some(etcd_client::GetOptions::new().with_prefix());
        let found = operator.get("", all).await.unwrap();
        let pair = |pair: &etcd_client::KeyValue| {
            (pair.key_str().unwrap().to_owned(), pair.value_str().unwrap().to_owned())
        };
        let found: Vec<_> = found.kvs().iter().map(pair).collect();
        assert_eq!(found[0].0, "csml/test%20app/op/a%20process");
        assert!(found[0].1.ends_with(" 1"), "{}", found[0].1);
        let values = [
            ("csml/test%20app/v/machine%2Fcount".to_owned(), "2".to_owned()),
            ("csml/test%20app/v/machine%2Fstate%2F%C3%A4%20%25".to_owned(), "\"x\"".to_owned()),
        ];
        assert_eq!(found[1..], values);
    });
}

#[test]
fn of_two_processes_of_one_name_the_first_is_told() {
    let Some(etcd) = start() else { return };
    runtime().block_on(async {
        let mut first = Client::open(store(&etcd), scope("p")).await.unwrap();
        let mut idle = Client::open(store(&etcd), scope("idle")).await.unwrap();
        first.write(vec![(0, Some(Value::Int(0)))]).await;
        let mut second = Client::open(store(&etcd), scope("p")).await.unwrap();
        let told = first.try_write(vec![(0, Some(Value::Int(1)))]).await.unwrap_err();
        assert!(matches!(&told, StoreError::Unusable(text) if text.contains("named `p`")), "{told:?}");
        second.write(vec![(0, Some(Value::Int(2)))]).await;
        // One that does nothing learns it from the watch.
        let _second_idle = Client::open(store(&etcd), scope("idle")).await.unwrap();
        while idle.next().await.is_some() {}
        let told = idle.store.commit(Default::default()).await.unwrap_err();
        assert!(matches!(&told, StoreError::Unusable(text) if text.contains("named `idle`")), "{told:?}");
    });
}

#[test]
fn an_abandoned_commit_ends_before_the_next() {
    let Some(etcd) = start() else { return };
    runtime().block_on(async {
        let mut client = Client::open(store(&etcd), scope("p")).await.unwrap();
        client.write(vec![(0, Some(Value::Int(0)))]).await;
        let mut dropped = 0;
        for round in 0..200_u32 {
            let Some(Value::Int(now)) = client.value(0) else { panic!("no number") };
            let mut commit = client.store.commit(client.transaction(vec![(0, Some(Value::Int(now + 1)))]));
            // Dropped after some steps of its work, anywhere on the way.
            for _ in 0..round % 7 {
                if futures_poll(&mut commit).await {
                    break;
                }
                tokio::task::yield_now().await;
            }
            drop(commit);
            dropped += 1;
            // Whatever became of it, the next one is right about the store.
            loop {
                let Some(Value::Int(now)) = client.value(0) else { panic!("no number") };
                match client.try_write(vec![(0, Some(Value::Int(now + 1)))]).await.unwrap() {
                    Commit::Done(_) => break,
                    Commit::Conflict(revision) => client.reach(revision).await,
                }
            }
        }
        let last = Client::open(store(&etcd), scope("q")).await.unwrap();
        assert_eq!(last.value(0), client.value(0));
        let Some(Value::Int(sum)) = last.value(0) else { panic!("no number") };
        assert!((dropped..=2 * dropped).contains(&sum), "{sum}");
    });
}

/// Polls once; whether it is done.
async fn futures_poll<F: Future + Unpin>(future: &mut F) -> bool {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_ready())
    })
    .await
}

#[test]
fn an_operator_may_change_and_remove_values() {
    let Some(etcd) = start() else { return };
    runtime().block_on(async {
        let mut client = Client::open(store(&etcd), scope("p")).await.unwrap();
        client.write(vec![(0, Some(Value::Int(0))), (3, Some(Value::Int(0)))]).await;
        let mut operator = operator(&etcd).await;
        operator.put("csml/test%20app/v/n", "41", None).await.unwrap();
        operator.delete("csml/test%20app/v/x", None).await.unwrap();
        for variable in [0, 3] {
            let before = client.replica[variable].clone();
            if before.0 != Some(Value::Int(0)) {
                continue;
            }
            let writes = vec![(variable as u16, Some(Value::Int(1)))];
            let Commit::Conflict(at) = client.try_write(writes).await.unwrap() else { panic!("no conflict") };
            client.reach(at).await;
        }
        assert_eq!((client.value(0), client.value(3)), (Some(Value::Int(41)), None));

        // What is no value ends the store with a reason, and keeps others from opening it.
        operator.put("csml/test%20app/v/n", "{oops", None).await.unwrap();
        while client.next().await.is_some() {}
        let told = client.store.commit(Default::default()).await.unwrap_err();
        assert!(
            matches!(&told, StoreError::Corrupt(text) if text.contains("csml/test%20app/v/n")),
            "{told:?}"
        );
        let told = Client::open(store(&etcd), scope("q")).await.err().unwrap();
        assert!(matches!(told, StoreError::Corrupt(_)), "{told:?}");
    });
}

#[test]
fn stores_by_name() {
    let Some(etcd) = start() else { return };
    runtime().block_on(async {
        let mut store = open_by_name(&etcd.address()).unwrap();
        let opened = tokio::time::timeout(LIMIT, store.open(scope("p"))).await.unwrap();
        assert!(opened.is_ok());
    });
    let options = EtcdOptions::parse(&etcd.address()).unwrap();
    let error = runtime().block_on(EtcdStore::new(options).commit(Default::default())).unwrap_err();
    assert!(error.to_string().contains("not open"), "{error}");
}
