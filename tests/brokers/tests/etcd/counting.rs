//! `v = v + 1` in several processes: exactly the reported increments are stored.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use csml_rt::Value;
use csml_rt::store::EtcdStore;
use csml_tests_brokers::{Etcd, Proxy};

use crate::store_contract::{Client, scope};
use crate::{runtime, start, store, store_at};

/// How often each process increments: `CSML_INCREMENTS`, or more with `CSML_ALL` than without.
fn count() -> i64 {
    let default = if std::env::var_os("CSML_ALL").is_some() { 1_000 } else { 240 };
    std::env::var("CSML_INCREMENTS").map_or(default, |count| count.parse().unwrap())
}

fn begin(etcd: &Etcd) {
    runtime().block_on(async {
        let mut client = Client::open(store(etcd), scope("first")).await.unwrap();
        client.write(vec![(0, Some(Value::Int(0)))]).await;
    });
}

fn sum(etcd: &Etcd) -> Option<Value> {
    runtime().block_on(Client::open(store(etcd), scope("last"))).unwrap().value(0)
}

/// Increments in a thread of its own and counts them; the number of conflicts.
fn work(name: &'static str, store: EtcdStore, count: i64, done: &Arc<AtomicI64>) -> thread::JoinHandle<u32> {
    let done = Arc::clone(done);
    thread::spawn(move || {
        runtime().block_on(async {
            let mut client = Client::open(store, scope(name)).await.unwrap();
            let mut conflicts = 0;
            for _ in 0..count {
                conflicts += client.increment(0).await;
                done.fetch_add(1, Ordering::SeqCst);
            }
            conflicts
        })
    })
}

/// Two processes, and a disturbance each time that they have made `every` increments.
fn disturbed(etcd: &mut Etcd, count: i64, every: i64, mut disturb: impl FnMut(&mut Etcd)) {
    begin(etcd);
    let done = Arc::default();
    let workers = ["one", "other"].map(|name| work(name, store(etcd), count, &done));
    let (mut next, mut times) = (every, 0);
    while workers.iter().any(|worker| !worker.is_finished()) {
        if done.load(Ordering::SeqCst) >= next {
            disturb(etcd);
            next = done.load(Ordering::SeqCst) + every;
            times += 1;
        }
        thread::sleep(Duration::from_millis(1));
    }
    let conflicts: u32 = workers.into_iter().map(|worker| worker.join().unwrap()).sum();
    println!("{} increments, {conflicts} conflicts, {times} disturbances", 2 * count);
    assert_eq!(sum(etcd), Some(Value::Int(2 * count)));
}

#[test]
fn two_processes() {
    let Some(mut etcd) = start() else { return };
    disturbed(&mut etcd, count(), i64::MAX, |_| {});
}

#[test]
fn two_processes_while_etcd_is_killed() {
    let Some(mut etcd) = start() else { return };
    disturbed(&mut etcd, count(), count() / 5, |etcd| etcd.server.restart().unwrap());
}

#[test]
fn while_etcd_is_held_up() {
    let Some(mut etcd) = start() else { return };
    let count = count() / 4;
    disturbed(&mut etcd, count, count / 2, |etcd| {
        // Longer than a commit waits for its answer: it is looked up, and may be fenced.
        etcd.hold(true).unwrap();
        thread::sleep(Duration::from_millis(3_300));
        etcd.hold(false).unwrap();
    });
}

#[test]
fn while_answers_are_lost() {
    let Some(etcd) = start() else { return };
    begin(&etcd);
    let proxy = Proxy::start(etcd.server.port()).unwrap();
    let through = store_at(&format!("etcd://127.0.0.1:{}", proxy.port()));
    let worker = work("one", through, count() / 4, &Arc::default());
    let (mut cuts, mut answers) = (0, 20);
    while !worker.is_finished() {
        proxy.cut_after_answers(answers);
        while !proxy.is_cut() && !worker.is_finished() {
            thread::sleep(Duration::from_millis(1));
        }
        proxy.restore();
        cuts += 1;
        answers = 20 + (answers * 7) % 23;
    }
    worker.join().unwrap();
    println!("{} increments, cut {cuts} times", count() / 4);
    assert_eq!(sum(&etcd), Some(Value::Int(count() / 4)));
}
