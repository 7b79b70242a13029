//! A receiver takes no events for a while: memory stays bounded, and no event is lost except those that were rejected.
//!
//! `CSML_WORDS` is the number of events. It must exceed the capacity of a link, which takes 20 s each; the test of
//! blocked steps, which the simulations cover as well, therefore needs `CSML_ALL`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use csml_rt::transport::mqtt::MqttOptions;
use csml_rt::transport::{Message, QoS, Session, Transport as _, TransportEvent};
use csml_tests_brokers::mosquitto::Config;
use csml_tests_brokers::{Mosquitto, wait_until};
use csml_tests_network::{Ended, Part, number};

const PART: &str = env!("CARGO_BIN_EXE_csml-part");
/// Bounded processes need much less memory, unbounded ones soon much more.
const MEMORY: u64 = 160 << 20;
/// The limit for any wait.
const LONG: Duration = Duration::from_secs(300);

fn broker() -> Option<Mosquitto> {
    let further = "log_type none\nlog_type error\n".to_owned();
    Mosquitto::start(&Config { further, ..Config::default() }).unwrap()
}

/// Listeners that are connected.
fn listeners(options: &[&str]) -> [Part; 2] {
    let listeners = ["listener", "second"].map(|name| Part::start(PART, "words", name, options, "").unwrap());
    assert!(wait_until(LONG, || listeners.iter().all(|part| part.has_told(" connected"))), "not connected");
    listeners
}

/// Waits for the end of all of them.
fn end(parts: impl IntoIterator<Item = Part>) -> Vec<Ended> {
    let mut parts: Vec<Part> = parts.into_iter().collect();
    assert!(
        wait_until(LONG, || parts.iter_mut().filter_map(|part| part.runs().then_some(())).count() == 0),
        "some do not end"
    );
    let ended: Vec<Ended> = parts.into_iter().map(|part| part.end().unwrap()).collect();
    for Ended { name, success, told, peak_memory } in &ended {
        eprintln!("{name}: at most {} MiB", peak_memory >> 20);
        assert!(success, "{name}: {told}");
        assert!(*peak_memory < MEMORY, "{name}: {peak_memory}");
    }
    ended
}

/// How many words the listeners got, all of them and in order.
fn got(ended: &[Ended], total: u64) -> bool {
    let has_all = |one: &Ended| one.told.contains(&format!("{} is done, got = {total}, wrong = 0", one.name));
    ended.iter().filter(|one| one.name != "talker").all(has_all)
}

#[test]
fn steps_wait() {
    if std::env::var_os("CSML_ALL").is_none() {
        eprintln!("skipped: set CSML_ALL to run it");
        return;
    }
    let Some(broker) = broker() else { return };
    let total = number("CSML_WORDS", 75_000, 75_000);
    let options = ["--mqtt", &broker.url()];
    let [listener, second] = listeners(&options);
    listener.hold(true).unwrap();
    let events = format!(
        "{{\"at\": 0, \"event\": \"talk\", \"data\": {{\"more\": {total}}}}}\n{{\"at\": 0, \"event\": \"finish\"}}\n"
    );
    let talker = Part::start(PART, "words", "talker", &options, &events).unwrap();
    let waits = "no step is taken until others have taken what they were sent";
    assert!(wait_until(LONG, || talker.has_told(waits)), "the talker does not report that it waits");
    listener.hold(false).unwrap();
    let ended = end([listener, second, talker]);
    assert!(got(&ended, total), "{ended:#?}");
}

#[tokio::test]
async fn steps_are_rejected() {
    let Some(broker) = broker() else { return };
    let total = number("CSML_WORDS", 75_000, 75_000);
    let options = ["--mqtt", &broker.url()];
    let [listener, second] = listeners(&options);
    listener.hold(true).unwrap();
    let events = "{\"at\": 0, \"event\": \"say\"}\n".repeat(usize::try_from(total).unwrap());
    let rejecting = ["--mqtt", &broker.url(), "--backpressure", "reject"];
    let talker = Part::start(PART, "words", "talker", &rejecting, &events).unwrap();
    assert!(wait_until(LONG, || talker.has_told("step for `say` failed")), "no step is rejected");
    listener.hold(false).unwrap();
    let mut parts = [listener, second, talker];
    // The event is rejected as long as there is no room.
    while parts.iter_mut().all(Part::runs) {
        publish(&broker.url(), "csml/words/in/finish").await;
    }
    let ended = end(parts);
    let told = ended.iter().find(|one| one.name == "talker").map(|one| one.told.as_str()).unwrap();
    let sent: u64 = number_after(told, "sent = ");
    let dead: u64 = told.split(" dead letters").next().map(|text| number_after(text, "unhandled; ")).unwrap();
    eprintln!("{sent} sent, {dead} rejected");
    assert!((65_536..total).contains(&sent), "{told}");
    assert!(sent + dead >= total, "{told}");
    assert!(got(&ended, sent), "{ended:#?}");
}

fn number_after(text: &str, before: &str) -> u64 {
    let digits = text.rsplit(before).next().unwrap_or_default();
    digits.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

/// An event from outside, as any device would send it.
async fn publish(url: &str, topic: &str) {
    let session = Session {
        client_id: "device".to_owned(),
        filters: Vec::new(),
        birth: Vec::new(),
        will: None,
        capacity: 16,
    };
    let mut connection = Box::new(MqttOptions::parse(url).unwrap().transport()).open(session);
    while !matches!(connection.incoming.recv().await, Some(TransportEvent::Up)) {}
    let message = Message { topic: topic.to_owned(), qos: QoS::AtLeastOnce, ..Message::default() };
    connection.outgoing.send(message).await.unwrap();
    drop(connection.outgoing);
    connection.ended.await.unwrap();
}
