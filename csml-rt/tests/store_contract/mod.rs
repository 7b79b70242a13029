//! What every store keeps to, whatever it is made of. Also used by the tests of etcd.
#![allow(dead_code, unreachable_pub, reason = "each test program uses a part of it")]

use std::time::Duration;

use csml_rt::Value;
use csml_rt::store::{Commit, Opened, Revision, Scope, Store, StoreError, Stored, Transaction, Update};

pub const VARIABLES: [&str; 4] = ["n", "machine/count", "machine/state/ä %", "x"];

/// The longest that anything may take; generous, for machines with much else to do.
pub const LIMIT: Duration = Duration::from_secs(120);

pub fn scope(process: &str) -> Scope {
    Scope { app: "test app".into(), process: process.into(), variables: VARIABLES.to_vec() }
}

/// An open store with the replica that a process keeps.
pub struct Client<S> {
    pub store: S,
    pub updates: tokio::sync::mpsc::Receiver<Update>,
    pub upto: Revision,
    pub replica: Vec<(Option<Value>, Revision)>,
    written: Vec<Revision>,
}

impl<S: Store> Client<S> {
    pub async fn open(mut store: S, scope: Scope) -> Result<Self, StoreError> {
        let count = scope.variables.len();
        let Opened { upto, variables, updates } = store.open(scope).await?;
        let mut replica = vec![(None, Revision::default()); count];
        for Stored { variable, value, changed } in variables {
            assert!(value.is_some() && changed > Revision::default() && changed <= upto);
            replica[usize::from(variable)] = (value, changed);
        }
        Ok(Self { store, updates, upto, replica, written: vec![Revision::default(); count] })
    }

    pub fn value(&self, variable: u16) -> Option<Value> {
        self.replica[usize::from(variable)].0.clone()
    }

    /// The transaction of a step that read and writes these variables.
    pub fn transaction(&self, writes: Vec<(u16, Option<Value>)>) -> Transaction {
        let reads = writes.iter().map(|(variable, _)| (*variable, self.replica[usize::from(*variable)].1));
        Transaction { reads: reads.collect(), writes }
    }

    /// Commits once.
    pub async fn try_write(&mut self, writes: Vec<(u16, Option<Value>)>) -> Result<Commit, StoreError> {
        let transaction = self.transaction(writes.clone());
        let commit = self.store.commit(transaction).await?;
        if let Commit::Done(revision) = commit {
            for (variable, value) in writes {
                let changed = if value.is_some() { revision } else { Revision::default() };
                self.replica[usize::from(variable)] = (value, changed);
                self.written[usize::from(variable)] = revision;
            }
        }
        Ok(commit)
    }

    /// Commits once; anything but success fails the test.
    pub async fn write(&mut self, writes: Vec<(u16, Option<Value>)>) -> Revision {
        match self.try_write(writes).await.unwrap() {
            Commit::Done(revision) => revision,
            Commit::Conflict(revision) => panic!("conflict at {revision:?}"),
        }
    }

    /// Waits for the next update and takes it in.
    pub async fn next(&mut self) -> Option<Update> {
        let update = tokio::time::timeout(LIMIT, self.updates.recv()).await.expect("no update in time")?;
        self.take(&update);
        Some(update)
    }

    /// Takes updates in until a revision is seen.
    pub async fn reach(&mut self, revision: Revision) {
        while self.upto < revision {
            assert!(self.next().await.is_some(), "the updates have ended");
        }
    }

    /// What a driver does at a conflict: waits for the update that shows it.
    pub async fn catch_up(&mut self, revision: Revision) {
        while self.next().await.expect("the updates have ended").upto < revision {}
    }

    fn take(&mut self, update: &Update) {
        assert!(update.upto >= self.upto, "{:?} after {:?}", update.upto, self.upto);
        self.upto = update.upto;
        for stored in &update.changes {
            assert!(stored.changed <= update.upto);
            let at = usize::from(stored.variable);
            if self.written[at] <= update.upto {
                self.replica[at] = (stored.value.clone(), stored.changed);
            }
        }
    }

    /// `v = v + 1`, however often it takes. Says how many conflicts there were.
    pub async fn increment(&mut self, variable: u16) -> u32 {
        let mut conflicts = 0;
        loop {
            let Some(Value::Int(now)) = self.value(variable) else { panic!("no number") };
            match self.try_write(vec![(variable, Some(Value::Int(now + 1)))]).await {
                Ok(Commit::Done(_)) => return conflicts,
                Ok(Commit::Conflict(revision)) => {
                    conflicts += 1;
                    self.reach(revision).await;
                }
                Err(StoreError::Unavailable(_)) => {}
                Err(error) => panic!("{error}"),
            }
            while let Ok(update) = self.updates.try_recv() {
                self.take(&update);
            }
        }
    }
}

/// Values of every kind, as a store gives them back.
pub fn values() -> Vec<Value> {
    vec![
        Value::Null,
        Value::Bool(true),
        Value::Int(i64::MIN),
        Value::Float(0.1),
        Value::Float(f64::NAN),
        Value::Float(-0.0),
        Value::from("a\"\\\u{0}\n é 𝄞"),
        Value::Bytes(vec![0, 255, 1].into()),
        Value::list([Value::Int(1), Value::set([Value::from("x")])]),
        Value::map([("k", Value::map([("", Value::Null)]))]),
    ]
}

/// One process alone. `again` opens what `first` has left.
pub async fn alone<S: Store>(first: S, again: impl FnOnce(S) -> S) {
    let mut client = Client::open(first, scope("p")).await.unwrap();
    assert!(client.replica.iter().all(|(value, _)| value.is_none()));

    // Every kind of value, over and over; revisions grow.
    let mut last = client.upto;
    for value in values() {
        let revision = client.write(vec![(1, Some(value))]).await;
        assert!(revision > last);
        last = revision;
    }
    // Several at once, one revision; a removed one is gone.
    let all = vec![(0, Some(Value::Int(0))), (1, None), (2, Some(Value::from("two")))];
    let revision = client.write(all).await;
    assert!(revision > last);

    // Something else than what is there: a conflict, an update that shows it, and nothing written.
    let stale = Transaction {
        reads: vec![(0, Revision(0)), (2, client.replica[2].1)],
        writes: vec![(2, Some(Value::Int(3)))],
    };
    let Commit::Conflict(at) = client.store.commit(stale).await.unwrap() else { panic!("no conflict") };
    client.reach(at).await;
    let gone = Transaction { reads: vec![(1, last)], writes: vec![] };
    let Commit::Conflict(at) = client.store.commit(gone).await.unwrap() else { panic!("no conflict") };
    assert!(at >= revision);
    assert_eq!(client.value(2), Some(Value::from("two")));
    // Reading without writing.
    let reads = Transaction { reads: vec![(0, client.replica[0].1), (3, Revision(0))], writes: vec![] };
    assert!(matches!(client.store.commit(reads).await.unwrap(), Commit::Done(_)));

    // Transactions that no driver makes are rejected.
    let unread = Transaction { reads: vec![], writes: vec![(0, None)] };
    let beyond = Transaction { reads: vec![(9, Revision(0))], writes: vec![] };
    for wrong in [unread, beyond] {
        assert!(matches!(client.store.commit(wrong).await, Err(StoreError::Rejected(_))));
    }

    // Opened again, with the variables in another order and one that is new.
    let Client { store, updates, .. } = client;
    drop(updates);
    let store = again(store);
    let mut other = scope("p");
    other.variables = vec!["new", "machine/state/ä %", "n", "machine/count"];
    let mut client = Client::open(store, other).await.unwrap();
    assert!(client.upto >= revision);
    assert_eq!(client.replica[1], (Some(Value::from("two")), revision));
    assert_eq!(client.replica[2], (Some(Value::Int(0)), revision));
    assert_eq!((client.value(0), client.value(3)), (None, None));
    assert!(client.write(vec![(2, Some(Value::Int(1)))]).await > revision);
}

/// Two processes.
pub async fn together<S: Store>(one: S, other: S) {
    let mut one = Client::open(one, scope("one")).await.unwrap();
    let first = one.write(vec![(0, Some(Value::Int(0))), (1, Some(Value::Int(5)))]).await;
    let mut other = Client::open(other, scope("other")).await.unwrap();
    assert!(other.upto >= first);
    assert_eq!(other.value(1), Some(Value::Int(5)));

    // What one does, the other sees.
    let second = one.write(vec![(0, Some(Value::Int(1))), (1, None), (3, Some(Value::Null))]).await;
    other.reach(second).await;
    assert_eq!(other.replica[0], (Some(Value::Int(1)), second));
    assert_eq!((other.value(1), other.value(3)), (None, Some(Value::Null)));
    // And back; a transaction that changes nothing also moves time on.
    let third = other.write(vec![(1, Some(Value::Int(7)))]).await;
    one.reach(third).await;
    assert_eq!(one.replica[1], (Some(Value::Int(7)), third));

    // Both come first: one of them does.
    let initial = vec![(2, Some(Value::from("one")))];
    let fourth = one.write(initial.clone()).await;
    let before = other.replica[2].clone();
    other.replica[2] = (None, Revision(0));
    let Commit::Conflict(at) = other.try_write(initial).await.unwrap() else { panic!("no conflict") };
    other.replica[2] = before;
    other.reach(at).await;
    assert_eq!(other.replica[2], (Some(Value::from("one")), fourth));

    // A removal is a conflict as well.
    let removed = one.write(vec![(3, None)]).await;
    other.replica[3] = (Some(Value::Null), second);
    let Commit::Conflict(at) = other.try_write(vec![(3, Some(Value::Int(3)))]).await.unwrap() else {
        panic!("no conflict")
    };
    assert!(at >= removed);
    other.reach(at).await;
    assert_eq!(other.value(3), None);
    other.write(vec![(3, Some(Value::Int(3)))]).await;
}
