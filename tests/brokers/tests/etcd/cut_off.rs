//! A process that etcd cannot reach for a while.

use std::time::Duration;

use csml_rt::Value;
use csml_rt::store::{Commit, Store, StoreError, Update};
use csml_tests_brokers::{Proxy, free_port};
use etcd_client::CompactionOptions;

use crate::store_contract::{Client, scope};
use crate::{operator, runtime, start, store, store_at};

#[test]
fn what_was_compacted_meanwhile_comes_as_one_update() {
    let Some(etcd) = start() else { return };
    let proxy = Proxy::start(etcd.server.port()).unwrap();
    runtime().block_on(async {
        let mut here = Client::open(store(&etcd), scope("here")).await.unwrap();
        let all = |number: i64| (0..4).map(|variable| (variable, Some(Value::Int(number)))).collect();
        here.write(all(0)).await;
        let through = store_at(&format!("etcd://127.0.0.1:{}", proxy.port()));
        let mut away = Client::open(through, scope("away")).await.unwrap();
        let seen = here.write(all(1)).await;
        away.reach(seen).await;

        proxy.cut();
        here.write(all(2)).await;
        here.write(vec![(1, None)]).await;
        let last = here.write(vec![(2, Some(Value::Int(3)))]).await;
        let compacted = Some(CompactionOptions::new().with_physical());
        operator(&etcd).await.compact(last.0 as i64, compacted).await.unwrap();
        // Nothing gets through. After an abandoned commit, the next one reports that
        // nothing was committed.
        let writes = away.transaction(vec![(3, Some(Value::Int(9)))]);
        let waiting = tokio::time::timeout(Duration::from_millis(100), away.store.commit(writes));
        drop(waiting.await);
        let told = away.try_write(vec![(3, Some(Value::Int(9)))]).await.unwrap_err();
        assert!(matches!(&told, StoreError::Unavailable(text) if text.contains("nothing was")), "{told:?}");
        proxy.restore();

        let Update { upto, changes } = away.next().await.unwrap();
        assert!(upto >= last);
        assert_eq!(changes.len(), 4, "{changes:?}");
        for (mine, theirs) in away.replica.iter().zip(&here.replica) {
            assert_eq!(mine, theirs);
        }
        // It works on, and follows again.
        let Commit::Done(_) = away.try_write(vec![(3, Some(Value::Int(9)))]).await.unwrap() else {
            panic!("conflict")
        };
        let seen = here.write(vec![(0, Some(Value::Int(4)))]).await;
        away.reach(seen).await;
        assert_eq!(away.value(0), Some(Value::Int(4)));
    });
}

#[test]
fn a_commit_on_its_way_waits_for_its_outcome() {
    let Some(etcd) = start() else { return };
    let proxy = Proxy::start(etcd.server.port()).unwrap();
    runtime().block_on(async {
        let through = store_at(&format!("etcd://127.0.0.1:{}", proxy.port()));
        let mut client = Client::open(through, scope("p")).await.unwrap();
        client.write(vec![(0, Some(Value::Int(0)))]).await;
        // The answer to the next request is lost, and etcd unreachable.
        proxy.cut_after_answers(1);
        let restored = async {
            while !proxy.is_cut() {
                tokio::task::yield_now().await;
            }
            proxy.restore();
        };
        let commit = client.try_write(vec![(0, Some(Value::Int(1)))]);
        let mut commit = std::pin::pin!(commit);
        let mut restored = std::pin::pin!(restored);
        let mut done = false;
        let outcome = std::future::poll_fn(|context| {
            done = done || restored.as_mut().poll(context).is_ready();
            commit.as_mut().poll(context)
        })
        .await;
        let other = Client::open(store(&etcd), scope("q")).await.unwrap();
        let expected = match outcome {
            Ok(Commit::Done(_)) => 1,
            Err(StoreError::Unavailable(_)) => 0,
            other => panic!("{other:?}"),
        };
        assert_eq!(other.value(0), Some(Value::Int(expected)));
    });
}

#[test]
fn no_server_is_running() {
    runtime().block_on(async {
        let address = format!("etcd://127.0.0.1:{}", free_port().unwrap());
        let told = Client::open(store_at(&address), scope("p")).await.err().unwrap();
        let StoreError::Unavailable(text) = &told else { panic!("{told:?}") };
        assert!(text.contains("unreachable") && text.contains("refused"), "{text}");
    });
}
