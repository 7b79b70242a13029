//! The broker is killed repeatedly, and every event still arrives once, in order, at every receiver.
//!
//! `CSML_ALL` makes it longer, `CSML_EVENTS` and `CSML_KILLS` much longer; `CSML_PERIOD_MS` is the time from one kill to
//! the next: 1,000,000, 100 and 2,500 take some minutes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::thread::sleep;
use std::time::Duration;

use csml_tests_brokers::mosquitto::{Config, Mosquitto};
use csml_tests_network::{Ended, Part, number};

const PART: &str = env!("CARGO_BIN_EXE_csml-part");
/// The words of each period, and the end.
fn talk(total: u64, periods: u64, period_ms: u64) -> String {
    let mut events = String::new();
    for period in 0..periods {
        let more = total / periods + u64::from(period < total % periods);
        let at = period * period_ms;
        writeln!(events, "{{\"at\": {at}, \"event\": \"talk\", \"data\": {{\"more\": {more}}}}}").unwrap();
    }
    writeln!(events, "{{\"at\": {}, \"event\": \"finish\"}}", periods * period_ms).unwrap();
    events
}

fn all_arrived(config: &Config) {
    // A line for every message takes longer than the messages.
    let further = "log_type none\nlog_type error\n".to_owned();
    let Some(mut broker) = Mosquitto::start(&Config { further, ..config.clone() }).unwrap() else {
        return;
    };
    let (total, kills) = (number("CSML_EVENTS", 10_000, 30_000), number("CSML_KILLS", 3, 5));
    let period_ms = number("CSML_PERIOD_MS", 700, 700);
    let url = broker.url();
    let options = ["--mqtt", &url, "--log", "warn"];
    let mut parts = vec![
        Part::start(PART, "words", "listener", &options, "").unwrap(),
        Part::start(PART, "words", "second", &options, "").unwrap(),
        Part::start(PART, "words", "talker", &options, &talk(total, kills + 1, period_ms)).unwrap(),
    ];
    for _ in 0..kills {
        sleep(Duration::from_millis(period_ms));
        assert!(parts.iter_mut().all(Part::runs), "a process ended early");
        broker.server.kill().unwrap();
        broker.server.restart().unwrap();
    }
    for part in parts {
        let ended = part.end().unwrap();
        eprintln!("{}", ended.summary());
        let Ended { name, success, told, .. } = ended;
        assert!(success, "{name}: {told}");
        if name != "talker" {
            let expected = format!("  {name} is done, got = {total}, wrong = 0");
            assert!(told.contains(&expected), "{name} of {total}: {told}");
        }
    }
}

#[test]
fn nothing_is_lost_when_the_broker_keeps_nothing() {
    all_arrived(&Config::default());
}

#[test]
fn nothing_is_lost_when_the_broker_keeps_what_it_may() {
    all_arrived(&Config { persistence: true, ..Config::default() });
}
