//! A process that is cut off for a time catches up soon after: the others go on meanwhile.
//!
//! `CSML_PARTITION_MS` says for how long it is cut off; 60000 for the whole test.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use csml_tests_brokers::mosquitto::Config;
use csml_tests_brokers::{Mosquitto, Proxy, free_port, wait_until};
use csml_tests_network::{Cable, Part, number};

const PART: &str = env!("CARGO_BIN_EXE_csml-part");
/// Words of a tenth of a second.
const WORDS: u64 = 20;
/// From restoring the connection to the last word. Much of it is the reconnect delay.
const CATCH_UP: Duration = Duration::from_secs(8);
/// How long anything else may take.
const LONG: Duration = Duration::from_secs(60);

/// The listener gets its words through a connection that is cut and restored.
fn catches_up(
    broker: &Mosquitto,
    (start, listener_url): (Command, &str),
    cut: impl FnOnce(),
    restore: impl FnOnce(),
) {
    let cut_off = number("CSML_PARTITION_MS", 4_000, 4_000);
    let tenths = cut_off / 100;
    let mut events = String::new();
    for tenth in 0..tenths {
        let at = tenth * 100;
        writeln!(events, "{{\"at\": {at}, \"event\": \"talk\", \"data\": {{\"more\": {WORDS}}}}}").unwrap();
    }
    writeln!(events, "{{\"at\": {}, \"event\": \"finish\"}}", tenths * 100).unwrap();

    let near = ["--mqtt", &broker.url(), "--log", "info"];
    let far = ["--mqtt", listener_url, "--log", "info"];
    let mut listener = Part::start_by(start, "words", "listener", &far, "").unwrap();
    let second = Part::start(PART, "words", "second", &near, "").unwrap();
    let connected = |part: &Part| part.has_told(" connected");
    assert!(wait_until(LONG, || connected(&listener) && connected(&second)), "not connected");
    let talker = Part::start(PART, "words", "talker", &near, &events).unwrap();
    // The listener knows where its words begin, and has taken some.
    let acks = |log: &str| {
        let to_talker = log.lines().filter(|line| line.contains("Sending PUBLISH to csml-words-talker"));
        to_talker.filter(|line| line.contains("ack/listener")).count()
    };
    assert!(wait_until(LONG, || acks(&broker.log()) > 3), "no words arrive");

    cut();
    sleep(Duration::from_millis(cut_off));
    assert!(listener.runs(), "the listener has ended while it was cut off");
    restore();
    let restored = Instant::now();
    let ended = wait_until(LONG, || !listener.runs());
    let took = restored.elapsed();
    eprintln!("cut off for {cut_off} ms, has everything {took:.1?} after that");
    let total = tenths * WORDS;
    for part in if ended { vec![listener, second, talker] } else { vec![listener] } {
        let ended = part.end().unwrap();
        eprintln!("{}", ended.told);
        assert!(ended.success, "{}: {}", ended.name, ended.told);
        let expected = format!("  {} is done, got = {total}, wrong = 0", ended.name);
        assert!(ended.name == "talker" || ended.told.contains(&expected), "{}: {}", ended.name, ended.told);
    }
    assert!(took < CATCH_UP, "{took:?}");
}

#[test]
fn connections_are_refused() {
    let Some(broker) = Mosquitto::start(&Config::default()).unwrap() else { return };
    let proxy = Proxy::start(broker.port()).unwrap();
    let url = format!("mqtt://127.0.0.1:{}", proxy.port());
    catches_up(&broker, (Command::new(PART), &url), || proxy.cut(), || proxy.restore());
}

#[test]
fn packets_go_nowhere() {
    let Some(cable) = Cable::lay() else { return };
    let port = free_port().unwrap();
    let further = format!("listener {port} {}\n", cable.address());
    let Some(broker) = Mosquitto::start(&Config { further, ..Config::default() }).unwrap() else { return };
    let url = format!("mqtt://{}:{port}", cable.address());
    catches_up(&broker, (cable.command(PART), &url), || cable.pull().unwrap(), || cable.plug().unwrap());
}
