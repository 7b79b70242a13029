//! Two processes count one variable in etcd up: what they report as done is there, and nothing else.
//!
//! `CSML_INCREMENTS` says how often each of them counts.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use csml_rt::Value;
use csml_rt::store::{EtcdOptions, EtcdStore, Opened, Scope, Store as _};
use csml_tests_brokers::{Etcd, Mosquitto, mosquitto};
use csml_tests_network::{Part, number};

const PART: &str = env!("CARGO_BIN_EXE_csml-part");
/// How often etcd is killed.
const KILLS: i64 = 5;

/// The variable as etcd has it, and its changes.
async fn look(etcd: &Etcd) -> Opened {
    let scope = Scope { app: "counting".to_owned(), process: "onlooker".to_owned(), variables: vec!["v"] };
    EtcdStore::new(EtcdOptions::parse(&etcd.address()).unwrap()).open(scope).await.unwrap()
}

fn int(value: Option<&Value>) -> i64 {
    match value {
        Some(Value::Int(number)) => *number,
        _ => 0,
    }
}

/// Both processes count; etcd is killed each time that another part of the way is done.
async fn count(kills: i64) {
    let Some(broker) = Mosquitto::start(&mosquitto::Config::default()).unwrap() else { return };
    let Some(mut etcd) = Etcd::start(None, &[]).unwrap() else { return };
    let each = number("CSML_INCREMENTS", 150, 300);
    let total = i64::try_from(2 * each).unwrap();
    let options = ["--mqtt", &broker.url(), "--store", &etcd.address(), "--log", "warn"];
    let Opened { mut updates, .. } = look(&etcd).await;
    let start = |name: &str| {
        let event = format!(
            "{{\"at\": 0, \"event\": \"count\", \"data\": {{\"times\": {each}}}, \"to\": \"{name}\"}}\n"
        );
        Part::start(PART, "counting", name, &options, &event).unwrap()
    };
    let mut parts = ["one", "two"].map(start);
    let (mut seen, mut killed) = (0, 0);
    while parts.iter_mut().any(|part| part.runs()) {
        if let Ok(Some(update)) = tokio::time::timeout(Duration::from_millis(100), updates.recv()).await {
            seen = update.changes.last().map_or(seen, |stored| int(stored.value.as_ref()));
        }
        if killed < kills && seen >= total * (killed + 1) / (kills + 1) {
            etcd.server.restart().unwrap();
            killed += 1;
        }
    }
    for part in parts {
        let ended = part.end().unwrap();
        eprintln!("{}", ended.summary());
        assert!(ended.success && ended.told.contains("is done, left = 0"), "{}: {}", ended.name, ended.told);
    }
    let variables = look(&etcd).await.variables;
    assert_eq!(int(variables.first().and_then(|stored| stored.value.as_ref())), total);
    assert_eq!(killed, kills, "etcd was to be killed while they count");
}

#[tokio::test]
async fn two_processes() {
    count(0).await;
}

#[tokio::test]
async fn two_processes_while_etcd_is_killed() {
    count(KILLS).await;
}
