//! Persistent data in memory.
#![cfg(feature = "node")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

mod store_contract;

use std::time::Duration;

use csml_rt::Value;
use csml_rt::machine::Rng;
use csml_rt::store::{Commit, MemoryStore, Store, StoreError, StoreFaults};
use store_contract::{Client, alone, scope, together};
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

#[test]
fn contract() {
    runtime().block_on(async {
        let store = MemoryStore::new();
        alone(store.clone(), |_| store.clone()).await;
        let store = MemoryStore::new();
        together(store.clone(), store).await;
    });
}

#[test]
fn applications_are_apart() {
    runtime().block_on(async {
        let store = MemoryStore::new();
        let mut one = Client::open(store.clone(), scope("p")).await.unwrap();
        one.write(vec![(0, Some(Value::Int(1)))]).await;
        let mut other = scope("p");
        other.app = "another".into();
        let other = Client::open(store, other).await.unwrap();
        assert_eq!(other.value(0), None);
    });
}

#[test]
fn updates_that_nobody_takes_become_one() {
    runtime().block_on(async {
        let store = MemoryStore::new();
        let mut slow = Client::open(store.clone(), scope("slow")).await.unwrap();
        let mut fast = Client::open(store, scope("fast")).await.unwrap();
        fast.write(vec![(0, Some(Value::Int(0)))]).await;
        let mut last = fast.upto;
        for number in 1..10_000 {
            last = fast.write(vec![(0, Some(Value::Int(number)))]).await;
            tokio::task::yield_now().await;
        }
        let mut taken = 0;
        while slow.upto < last {
            slow.next().await.unwrap();
            taken += 1;
        }
        assert!(taken < 30, "{taken}");
        assert_eq!(slow.value(0), Some(Value::Int(9_999)));
    });
}

/// Processes that increment under faults; each order of their steps has a seed.
fn interleaved(seed: u64) -> (u32, u32) {
    const PROCESSES: usize = 3;
    const STEPS: u32 = 20;
    runtime().block_on(async {
        let mut rng = Rng::new(seed);
        let faults = StoreFaults {
            seed,
            conflicts: 50,
            conflict_series: rng.below(5) as u32,
            unavailable: 50,
            delay: Duration::from_millis(rng.below(20)),
        };
        let store = MemoryStore::with_faults(faults);
        let mut clients = Vec::new();
        while clients.len() < PROCESSES {
            match Client::open(store.clone(), scope(&format!("p{}", clients.len()))).await {
                Ok(client) => clients.push((client, STEPS)),
                Err(StoreError::Unavailable(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        let (mut conflicts, mut waits) = (0, 0);
        while clients.iter().any(|(_, left)| *left > 0) {
            let (client, left) = &mut clients[rng.below(PROCESSES as u64) as usize];
            if *left == 0 || rng.below(3) == 0 {
                tokio::time::sleep(Duration::from_millis(rng.below(5))).await;
                continue;
            }
            let next = match client.value(0) {
                None => 1,
                Some(Value::Int(now)) => now + 1,
                other => panic!("{other:?}"),
            };
            match client.try_write(vec![(0, Some(Value::Int(next)))]).await {
                Ok(Commit::Done(_)) => *left -= 1,
                Ok(Commit::Conflict(revision)) => {
                    conflicts += 1;
                    client.catch_up(revision).await;
                }
                Err(StoreError::Unavailable(_)) => waits += 1,
                Err(error) => panic!("{error}"),
            }
        }
        let last = Client::open(store.clone(), scope("last")).await;
        let Ok(last) = last else { return (conflicts, waits) };
        assert_eq!(last.value(0), Some(Value::Int(i64::from(STEPS) * PROCESSES as i64)), "seed {seed}");
        (conflicts, waits)
    })
}

#[test]
fn no_increment_is_lost_in_any_order() {
    let (mut conflicts, mut waits) = (0, 0);
    for seed in 0..150 {
        let (conflict, wait) = interleaved(seed);
        conflicts += conflict;
        waits += wait;
        assert_eq!(interleaved(seed), (conflict, wait), "seed {seed} differs the second time");
    }
    assert!(conflicts > 300 && waits > 100, "{conflicts} conflicts, {waits} times out of reach");
}

#[test]
fn a_store_that_is_not_open_says_so() {
    let error = runtime().block_on(MemoryStore::new().commit(Default::default())).unwrap_err();
    assert!(error.to_string().contains("not open"), "{error}");
}
