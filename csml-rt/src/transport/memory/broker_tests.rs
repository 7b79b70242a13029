//! The broker as its clients see it, with paused time.

#![allow(clippy::unwrap_used, reason = "a test fails with the place")]

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use tokio::runtime::Builder;
use tokio::time::timeout;

use super::super::{Connection, Filter, Message, QoS, Receipt, Session, Transport, TransportEvent};
use super::{Broker, BrokerFaults};

fn run<T>(test: impl Future<Output = T>) -> T {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(test)
}

fn session(client_id: &str, patterns: &[&str]) -> Session {
    let filter = |pattern: &&str| Filter { pattern: (*pattern).into(), qos: QoS::AtLeastOnce };
    Session {
        client_id: client_id.into(),
        filters: patterns.iter().map(filter).collect(),
        birth: Vec::new(),
        will: None,
        capacity: 4,
    }
}

fn open(broker: &Broker, session: Session) -> Connection {
    Box::new(broker.transport()).open(session)
}

fn message(topic: &str, text: &str) -> Message {
    Message { topic: topic.into(), payload: Bytes::copy_from_slice(text.as_bytes()), ..Message::default() }
}

impl Connection {
    async fn next(&mut self) -> TransportEvent {
        timeout(Duration::from_secs(60), self.incoming.recv()).await.unwrap().unwrap()
    }

    async fn up(&mut self) {
        assert!(matches!(self.next().await, TransportEvent::Up));
    }

    async fn text(&mut self) -> (String, Option<Receipt>) {
        match self.next().await {
            TransportEvent::Message(message, receipt) => {
                (String::from_utf8(message.payload.to_vec()).unwrap(), receipt)
            }
            other => panic!("{other:?}"),
        }
    }

    async fn take(&mut self) -> String {
        let (text, receipt) = self.text().await;
        if let Some(receipt) = receipt {
            self.receipts.send(receipt).unwrap();
        }
        text
    }

    async fn nothing(&mut self) {
        let waited = timeout(Duration::from_secs(10), self.incoming.recv()).await;
        assert!(waited.is_err(), "{waited:?}");
    }
}

#[test]
fn subscribers_get_what_they_want_once() {
    run(async {
        let broker = Broker::new();
        let mut a = open(&broker, session("a", &["x/+", "x/#", "y"]));
        let mut b = open(&broker, session("b", &["y"]));
        a.up().await;
        b.up().await;
        b.outgoing.try_send(message("x/1", "1")).unwrap();
        b.outgoing.try_send(message("y", "2")).unwrap();
        b.outgoing.try_send(message("z", "3")).unwrap();
        assert_eq!((a.take().await, a.take().await), ("1".into(), "2".into()));
        assert_eq!(b.take().await, "2");
        a.nothing().await;
        b.nothing().await;
    });
}

#[test]
fn unconfirmed_messages_hold_back_the_rest() {
    run(async {
        let broker = Broker::new();
        let mut a = open(&broker, session("a", &["x"]));
        a.up().await;
        for n in 0..6 {
            broker.publish(&message("x", &n.to_string()));
        }
        let mut receipts = Vec::new();
        for n in 0..4 {
            let (text, receipt) = a.text().await;
            assert_eq!(text, n.to_string());
            receipts.push(receipt.unwrap());
        }
        a.nothing().await;
        a.receipts.send(receipts[1]).unwrap();
        assert_eq!(a.text().await.0, "4");
        a.nothing().await;
        assert_eq!(broker.waiting("a"), 5);
        a.receipts.send(Receipt(u64::MAX)).unwrap();
        a.nothing().await;
    });
}

#[test]
fn a_session_waits_and_unconfirmed_messages_come_again() {
    run(async {
        let broker = Broker::new();
        let mut a = open(&broker, session("a", &["x"]));
        a.up().await;
        broker.publish(&message("x", "1"));
        assert_eq!(a.text().await.0, "1");
        broker.partition("a", true);
        assert!(matches!(a.next().await, TransportEvent::Down { .. }));
        broker.publish(&message("x", "2"));
        broker.publish(&Message { qos: QoS::AtMostOnce, ..message("x", "lost") });
        a.nothing().await;
        broker.partition("a", false);
        a.up().await;
        assert_eq!((a.take().await, a.take().await), ("1".into(), "2".into()));
        a.nothing().await;
        assert_eq!((broker.waiting("a"), broker.counters().dropped), (0, 1));
    });
}

#[test]
fn a_restart_forgets_unless_there_is_persistence() {
    for persistence in [false, true] {
        run(async {
            let broker = Broker::with_faults(1, BrokerFaults { persistence, ..BrokerFaults::default() });
            let birth = vec![Message { retain: true, ..message("p/a", "here") }];
            let mut a = open(&broker, Session { birth, ..session("a", &["x"]) });
            let mut b = open(&broker, session("b", &["x"]));
            a.up().await;
            b.up().await;
            a.outgoing.send(message("x", "1")).await.unwrap();
            assert_eq!(a.text().await.0, "1");
            broker.partition("b", true);
            broker.restart();
            broker.partition("b", false);
            assert!(matches!(a.next().await, TransportEvent::Down { .. }));
            a.up().await;
            if persistence {
                assert_eq!(a.take().await, "1");
                assert_eq!(b.text().await.0, "1");
                assert!(matches!(b.next().await, TransportEvent::Down { .. }));
                b.up().await;
                assert_eq!(b.take().await, "1");
            }
            a.nothing().await;
            // Published again, and retained for later subscribers.
            let mut c = open(&broker, session("c", &["p/+"]));
            c.up().await;
            assert_eq!(c.take().await, "here");
        });
    }
}

#[test]
fn retained_messages_stay_until_an_empty_one() {
    run(async {
        let broker = Broker::new();
        broker.publish(&Message { retain: true, ..message("x", "1") });
        broker.publish(&Message { retain: true, ..message("x", "2") });
        let mut a = open(&broker, session("a", &["+"]));
        a.up().await;
        let TransportEvent::Message(kept, _) = a.next().await else { panic!() };
        assert!(kept.retain && kept.payload == "2");
        broker.publish(&Message { retain: true, ..message("x", "") });
        let TransportEvent::Message(live, _) = a.next().await else { panic!() };
        assert!(!live.retain && live.payload.is_empty());
        let mut b = open(&broker, session("b", &["+"]));
        b.up().await;
        b.nothing().await;
    });
}

#[test]
fn a_will_is_sent_for_who_is_cut_off_and_not_for_who_leaves() {
    run(async {
        let broker = Broker::new();
        let mut watcher = open(&broker, session("w", &["will/#"]));
        watcher.up().await;
        for client in ["a", "b"] {
            let will = Some(message(&format!("will/{client}"), client));
            let mut connection = open(&broker, Session { will, ..session(client, &[]) });
            connection.up().await;
            if client == "a" {
                broker.partition("a", true);
            }
            connection.outgoing.try_send(message("will/last", "word")).unwrap();
            drop(connection.outgoing);
            timeout(Duration::from_secs(1), connection.ended).await.unwrap().unwrap();
        }
        assert_eq!(watcher.take().await, "a");
        assert_eq!(watcher.take().await, "word");
        watcher.nothing().await;
    });
}

#[test]
fn one_connection_has_a_session() {
    run(async {
        let broker = Broker::new();
        let mut old = open(&broker, session("a", &["x"]));
        old.up().await;
        let mut new = open(&broker, session("a", &["x"]));
        new.up().await;
        assert!(matches!(old.next().await, TransportEvent::Down { .. }));
        drop(old.outgoing);
    });
}

#[test]
fn a_transport_may_carry_nothing_beside_the_payload() {
    run(async {
        let broker = Broker::new();
        let mut a = open(&broker, session("a", &["x"]));
        a.up().await;
        let transport = broker.transport().without_properties();
        assert!(!transport.carries_properties());
        let b = Box::new(transport).open(session("b", &[]));
        let properties = vec![("name".into(), "value".into())];
        let full = Message { properties, content_type: Some("application/json"), ..message("x", "{}") };
        b.outgoing.send(full).await.unwrap();
        let TransportEvent::Message(bare, _) = a.next().await else { panic!() };
        assert_eq!(bare, message("x", "{}"));
    });
}

#[test]
fn a_client_that_does_not_listen_costs_bounded_memory() {
    run(async {
        let broker = Broker::new();
        let mut a = open(&broker, session("a", &["x"]));
        a.up().await;
        for _ in 0..20_000 {
            broker.publish(&message("x", "1"));
            broker.publish(&Message { qos: QoS::AtMostOnce, ..message("x", "2") });
        }
        tokio::task::yield_now().await;
        // Four of each were handed over; those with a receipt still count.
        assert_eq!(broker.waiting("a"), 9_996);
        assert_eq!(broker.counters().dropped, 30_000);
        assert!(matches!(a.next().await, TransportEvent::Rejected { count: 30_000, .. }));
    });
}

/// What a client gets of a hundred messages under faults, and what the broker counted.
fn faulty(seed: u64) -> (Vec<String>, super::BrokerCounters) {
    run(async {
        let faults = BrokerFaults {
            loss: 0.1,
            duplication: 0.1,
            reordering: 0.2,
            max_delay: Duration::from_millis(50),
            disconnect: 0.02,
            ..BrokerFaults::default()
        };
        let broker = Broker::with_faults(seed, faults);
        let mut a = open(&broker, session("a", &["x"]));
        let mut b = open(&broker, session("b", &[]));
        a.up().await;
        b.up().await;
        let mut got = Vec::new();
        for n in 0..100 {
            b.outgoing.send(message("x", &n.to_string())).await.unwrap();
            while let Ok(Some(incoming)) = timeout(Duration::from_millis(5), a.incoming.recv()).await {
                if let TransportEvent::Message(message, receipt) = incoming {
                    got.push(String::from_utf8(message.payload.to_vec()).unwrap());
                    a.receipts.send(receipt.unwrap()).unwrap();
                }
            }
        }
        while let Ok(Some(incoming)) = timeout(Duration::from_secs(5), a.incoming.recv()).await {
            if let TransportEvent::Message(message, receipt) = incoming {
                got.push(String::from_utf8(message.payload.to_vec()).unwrap());
                a.receipts.send(receipt.unwrap()).unwrap();
            }
        }
        (got, broker.counters())
    })
}

#[test]
fn faults_are_those_of_the_seed() {
    let (got, counters) = faulty(7);
    assert_eq!((got.clone(), counters), faulty(7));
    assert_ne!(got, faulty(8).0);
    assert!(counters.lost > 0 && counters.duplicated > 0 && counters.cut > 0, "{counters:?}");
    let numbers: Vec<u32> = got.iter().map(|text| text.parse().unwrap()).collect();
    assert!(!numbers.is_sorted());
    let distinct: std::collections::BTreeSet<_> = numbers.iter().collect();
    assert_eq!(distinct.len() as u64, 100 - counters.lost);
}
