//! The transport over MQTT 3.1.1 against a real Aedes, a broker that leaves Nagle's algorithm on.
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use common::{Peer, in_runtime, message, session};
use csml_rt::transport::mqtt::MqttOptions;
use csml_rt::transport::{Message, TransportEvent};
use csml_tests_brokers::Aedes;

/// One test at a time installs the broker.
static INSTALLING: Mutex<()> = Mutex::new(());

fn broker() -> Option<Aedes> {
    let _guard = INSTALLING.lock().unwrap();
    Aedes::start(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap()
}

#[test]
fn messages_arrive_in_order_and_large_ones_are_left_out() {
    let Some(broker) = broker() else { return };
    in_runtime(async {
        let options = || MqttOptions::parse(&broker.url()).unwrap();
        let mut sender = Peer::open(options(), session("sender", &[]));
        sender.up().await;
        sender.send(Message { retain: true, ..message("kept/a", "retained") });
        let mut receiver = Peer::open(options().packet_limit(10_000), session("receiver", &["l", "kept/+"]));
        receiver.up().await;
        assert_eq!(receiver.text().await, "retained");
        for number in 0..500 {
            if number % 50 == 0 {
                sender.send(message("l", &"x".repeat(20_000)));
            }
            sender.send(message("l", &number.to_string()));
        }
        let (mut number, mut rejected) = (0, 0);
        while number < 500 || rejected < 10 {
            match receiver.until(|_| true).await {
                TransportEvent::Message(message, _) => {
                    assert_eq!(message.payload, number.to_string());
                    number += 1;
                }
                TransportEvent::Rejected { count, .. } => rejected += count,
                other => panic!("{other:?}"),
            }
        }
        receiver.leave().await;
        sender.leave().await;
    });
}

/// The broker holds a packet back until the last one is acknowledged, which the system of the client delays by 40 ms.
#[cfg(target_os = "linux")]
#[test]
fn round_trips_do_not_wait_for_delayed_acknowledgements() {
    const ROUNDS: u32 = 500;

    let Some(broker) = broker() else { return };
    in_runtime(async {
        let options = || MqttOptions::parse(&broker.url()).unwrap();
        let mut left = Peer::open(options(), session("left", &["to/left"]));
        let mut right = Peer::open(options(), session("right", &["to/right"]));
        left.up().await;
        right.up().await;
        let start = Instant::now();
        for _ in 0..ROUNDS {
            left.send(message("to/right", "ping"));
            right.message().await;
            right.send(message("to/left", "pong"));
            left.message().await;
        }
        let elapsed = start.elapsed();
        println!("{ROUNDS} round trips in {elapsed:?}");
        assert!(elapsed < ROUNDS * Duration::from_millis(5), "{ROUNDS} round trips in {elapsed:?}");
        left.leave().await;
        right.leave().await;
    });
}
