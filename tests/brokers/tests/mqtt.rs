//! The transport over MQTT against a real mosquitto.
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::Duration;

use common::{Peer, broker, in_runtime, message, session};
use csml_rt::transport::mqtt::{MqttOptions, Version};
use csml_rt::transport::{Message, QoS, Session, Transport as _, TransportEvent};
use csml_tests_brokers::mosquitto::Config;

const VERSIONS: [Version; 2] = [Version::V5, Version::V3];

#[test]
fn a_message_gets_there_with_what_it_carries() {
    let Some(broker) = broker(&Config::default()) else { return };
    in_runtime(async {
        for version in VERSIONS {
            let options = || MqttOptions::parse(&broker.url()).unwrap().version(version);
            let mut receiver = Peer::open(options(), session("receiver", &["a/+/b"]));
            receiver.up().await;
            let mut sender = Peer::open(options(), session("sender", &[]));
            sender.up().await;

            let sent = Message {
                properties: vec![
                    ("source".to_owned(), "cab 1".to_owned()),
                    ("epoch".to_owned(), "7".to_owned()),
                ],
                content_type: Some("application/json"),
                ..message("a/x/b", "{\"value\":true}")
            };
            sender.send(sent.clone());
            let got = receiver.message().await;
            let carried = options().transport().carries_properties();
            assert_eq!(carried, version == Version::V5);
            let expected =
                if carried { sent } else { Message { properties: Vec::new(), content_type: None, ..sent } };
            assert_eq!(got, expected, "{version:?}");

            sender.send(Message { qos: QoS::AtMostOnce, ..message("a/y/b", "") });
            let got = receiver.message().await;
            assert_eq!((got.topic.as_str(), got.qos), ("a/y/b", QoS::AtMostOnce));
            sender.leave().await;
            receiver.leave().await;
        }
    });
}

#[test]
fn the_will_is_published_for_a_lost_client_and_not_after_a_disconnect() {
    for version in VERSIONS {
        let Some(broker) = broker(&Config::default()) else { return };
        in_runtime(async {
            let options = || MqttOptions::parse(&broker.url()).unwrap().version(version);
            let presence = |text| Message { retain: true, ..message("proc/p", text) };
            let with_presence = || {
                let mut session = session("p", &["x"]);
                session.birth = vec![presence("online")];
                session.will = Some(presence("gone"));
                session
            };
            let mut watcher = Peer::open(options(), session("watcher", &["proc/+"]));
            watcher.up().await;

            let mut process = Peer::open(options(), with_presence());
            process.up().await;
            assert_eq!(watcher.text().await, "online");
            process.leave().await;

            // The will of the one that left would come before this birth.
            let mut process = Peer::open(options(), with_presence());
            process.up().await;
            assert_eq!(watcher.text().await, "online");
            process.die();
            assert_eq!(watcher.text().await, "gone");

            let mut late = Peer::open(options(), session("late", &["proc/+"]));
            let got = late.message().await;
            assert!(got.retain && got.payload == "gone", "{got:?}");
            late.leave().await;
            watcher.leave().await;
        });
    }
}

#[test]
fn the_broker_keeps_messages_for_a_process_that_was_started_anew() {
    let Some(broker) = broker(&Config::default()) else { return };
    in_runtime(async {
        for version in VERSIONS {
            let options = || MqttOptions::parse(&broker.url()).unwrap().version(version);
            let mut receiver = Peer::open(options(), session("receiver", &["q"]));
            receiver.up().await;
            receiver.leave().await;

            let mut sender = Peer::open(options(), session("sender", &[]));
            sender.up().await;
            for number in 0..50 {
                sender.send(message("q", &number.to_string()));
            }
            sender.leave().await;

            let mut receiver = Peer::open(options(), session("receiver", &["q"]));
            for number in 0..50 {
                assert_eq!(receiver.text().await, number.to_string(), "{version:?}");
            }
            // Such a session must let it send, too.
            receiver.send(message("q", "own"));
            assert_eq!(receiver.text().await, "own");
            receiver.leave().await;
        }
    });
}

#[test]
fn it_comes_back_after_every_kill_of_the_broker() {
    for persistence in [false, true] {
        let config = Config { persistence, save_every_change: persistence, ..Config::default() };
        let Some(mut broker) = broker(&config) else { return };
        in_runtime(async {
            for version in VERSIONS {
                let url = broker.url();
                let options = || {
                    MqttOptions::parse(&url)
                        .unwrap()
                        .version(version)
                        .backoff(Duration::from_millis(5), Duration::from_millis(50))
                };
                let mut receiver = Peer::open(options(), session("receiver", &["n"]));
                let mut sender = Peer::open(options(), session("sender", &[]));
                receiver.up().await;
                sender.up().await;
                let mut number = 0;
                // Writing every change to the disk is slow.
                let (kills, count) = if persistence { (3, 30) } else { (10, 200) };
                for _ in 0..kills {
                    for _ in 0..count {
                        sender.send(message("n", &number.to_string()));
                        number += 1;
                    }
                    broker.server.kill().unwrap();
                    // Publishing goes on while no server listens, and never waits.
                    for _ in 0..count {
                        sender.send(message("n", &number.to_string()));
                        number += 1;
                    }
                    broker.server.restart().unwrap();
                    sender.until(|incoming| matches!(incoming, TransportEvent::Up)).await;
                    receiver.until(|incoming| matches!(incoming, TransportEvent::Up)).await;
                    let last = format!("end {number}");
                    sender.send(message("n", &last));
                    receiver
                        .until(|incoming| matches!(incoming, TransportEvent::Message(message, _) if message.payload == last))
                        .await;
                }
                sender.leave().await;
                receiver.leave().await;
            }
        });
    }
}

#[test]
fn what_a_silent_broker_was_asked_takes_no_room_afterwards() {
    let Some(broker) = broker(&Config::default()) else { return };
    in_runtime(async {
        for version in VERSIONS {
            let options = MqttOptions::parse(&broker.url())
                .unwrap()
                .version(version)
                .ping_timeout(Duration::from_millis(200))
                .backoff(Duration::from_millis(5), Duration::from_millis(50));
            // Room for one message: a probe that is taken for one would keep all others back.
            let mut peer = Peer::open(options, Session { capacity: 1, ..session("peer", &["n"]) });
            peer.up().await;
            broker.server.hold(true).unwrap();
            peer.until(|incoming| matches!(incoming, TransportEvent::Down { .. })).await;
            broker.server.hold(false).unwrap();
            peer.up().await;
            peer.send(message("n", "1"));
            assert_eq!(peer.message().await.payload, "1", "{version:?}");
            peer.leave().await;
        }
    });
}

#[test]
fn publishing_never_waits_for_a_broker_that_is_not_there() {
    in_runtime(async {
        let port = csml_tests_brokers::free_port().unwrap();
        let options =
            MqttOptions::new("127.0.0.1", port).backoff(Duration::from_millis(5), Duration::from_millis(20));
        let mut session = session("sender", &["x"]);
        session.capacity = 10;
        let mut sender = Peer::open(options, session);
        let reason = sender.down().await;
        assert_eq!(
            reason,
            format!("mqtt://127.0.0.1:{port}: connection refused: no server listens at this address")
        );
        // One is held by the task, the others wait in the channel; then it is full, at once and for good.
        let mut taken = 0;
        for _ in 0..1_000 {
            taken += usize::from(sender.connection.outgoing.try_send(message("x", "y")).is_ok());
        }
        assert!((10..=11).contains(&taken), "{taken}");
        sender.die();
    });
}

#[test]
fn a_slow_reader_is_held_by_the_broker() {
    let Some(broker) = broker(&Config::default()) else { return };
    in_runtime(async {
        let options = || MqttOptions::parse(&broker.url()).unwrap();
        let mut slow = session("slow", &["s"]);
        slow.capacity = 10;
        let mut slow = Peer::open(options(), slow);
        slow.up().await;
        let mut quick = Peer::open(options(), session("quick", &["s"]));
        quick.up().await;
        let mut sender = Peer::open(options(), session("sender", &[]));
        sender.up().await;
        for number in 0..500 {
            sender.send(message("s", &number.to_string()));
            assert_eq!(quick.text().await, number.to_string());
        }
        // Everything is through for the quick one; the slow one has ten and no more, as it has confirmed none.
        let mut held = Vec::new();
        for _ in 0..10 {
            held.push(slow.unconfirmed().await);
        }
        sender.send(message("s", "probe"));
        assert_eq!(quick.text().await, "probe");
        assert!(slow.connection.incoming.try_recv().is_err());
        // One confirmed, one more.
        for (number, (text, receipt)) in (10..20).zip(held) {
            assert_eq!(text, (number - 10).to_string());
            slow.connection.receipts.send(receipt).unwrap();
            let (text, receipt) = slow.unconfirmed().await;
            assert_eq!(text, number.to_string());
            slow.connection.receipts.send(receipt).unwrap();
            if number == 10 {
                // Two confirmed by now: the window moves on by one each.
                let (text, _) = slow.unconfirmed().await;
                assert_eq!(text, "11");
                break;
            }
        }
        assert!(slow.connection.incoming.max_capacity() == 10);
        for peer in [slow, quick, sender] {
            peer.leave().await;
        }
    });
}

#[test]
fn a_packet_over_the_limit_is_rejected_and_the_rest_goes_on() {
    let Some(broker) = broker(&Config { max_packet_size: 100_000, ..Config::default() }) else { return };
    in_runtime(async {
        let options = || MqttOptions::parse(&broker.url()).unwrap();
        let mut peer = Peer::open(options(), session("peer", &["l"]));
        peer.up().await;
        // Over the broker's limit, and over our own.
        for size in [100_001, 600_000] {
            peer.send(message("l", &"x".repeat(size)));
            let reason = peer.rejected().await;
            assert!(reason.contains("to `l`, but packets have at most 100000"), "{reason}");
        }
        peer.send(message("l", &"x".repeat(99_000)));
        assert_eq!(peer.text().await.len(), 99_000);
        peer.send(message("no/+/topic", ""));
        assert!(peer.rejected().await.contains("`no/+/topic` is not a valid topic"));
        peer.leave().await;
    });
}

#[test]
fn a_message_that_is_too_large_to_receive_is_left_out_and_acknowledged() {
    // More of them than the broker sends without an acknowledgement.
    let Some(broker) = broker(&Config { max_inflight: 5, ..Config::default() }) else { return };
    in_runtime(async {
        let options = || MqttOptions::parse(&broker.url()).unwrap();
        // In 3.1.1 the broker does not know how much a receiver takes.
        for version in [Version::V3, Version::V5] {
            let mut sender = Peer::open(options(), session("sender", &[]));
            sender.up().await;
            sender.send(Message { retain: true, ..message("retained", &"x".repeat(300_000)) });
            let mut small = Peer::open(
                options().version(version).packet_limit(1_000),
                session("small", &["l", "retained"]),
            );
            small.up().await;
            let mut rejected = 0;
            let mut received = 0;
            let mut check = |incoming| match incoming {
                TransportEvent::Message(message, Some(receipt)) => {
                    assert_eq!(message.payload, received.to_string());
                    received += 1;
                    (Some(receipt), received, rejected)
                }
                TransportEvent::Rejected { count, reason } => {
                    assert!(reason.contains("on `l`") || reason.contains("on `retained`"), "{reason}");
                    rejected += count;
                    (None, received, rejected)
                }
                other => panic!("{other:?}"),
            };
            for number in 0..40 {
                sender.send(message("l", &"x".repeat(5_000 + number * 1_000)));
                sender.send(Message { qos: QoS::AtMostOnce, ..message("l", &"x".repeat(5_000)) });
                sender.send(message("l", &number.to_string()));
            }
            loop {
                let (receipt, received, rejected) = check(small.next().await);
                receipt.into_iter().for_each(|receipt| small.connection.receipts.send(receipt).unwrap());
                // A broker of MQTT 5 sends none of them.
                if received == 40 && (rejected >= 80 || version == Version::V5) {
                    break;
                }
            }
            small.leave().await;
            sender.leave().await;
        }
    });
}
