//! `csmlc acl` against a real mosquitto: every user publishes on every topic and reads every topic of the
//! application, and what gets through is compared with what was worked out by hand.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;
mod descriptions;
mod worked_out;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use common::{Peer, broker, in_runtime, message, session};
use csml_compiler::project;
use csml_rt::transport::mqtt::{MqttOptions, Secret};
use csml_tests_brokers::Mosquitto;
use csml_tests_brokers::mosquitto::Config;
use csmlc::acl::{Plan, mosquitto};
use csmlc::diagnostics::Diagnostics;
use csmlc::files::Disk;
use csmlc::source::Sources;
use csmlc::{Options, compile};
use worked_out::{Grants, WorkedOut};

const OVERSEER: &str = "overseer";
const PASSWORD: &str = "swordfish";

/// The ACL of a description with a project file.
fn acl(description: &str, toml: &str, plan: &Plan) -> String {
    let mut sources = Sources::new();
    let root = sources.add("t.csml", description);
    let file = sources.add("csml.toml", toml);
    let mut diagnostics = Diagnostics::new();
    let project = project::take(&mut sources, file, Path::new(""), &Disk, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let options = Options { generate: false, placement: project.placement, ..Options::default() };
    let (output, diagnostics) = compile(&sources, root, &options);
    let output = output.unwrap_or_else(|| panic!("{diagnostics:?}"));
    mosquitto(&output.program, plan).unwrap()
}

/// A broker with these rules, and one user more who may do everything. Every user may use its own topic `end/…`.
fn guarded(acl: &str, users: &[String]) -> Option<Mosquitto> {
    let names = users.iter().cloned().chain([OVERSEER.to_owned()]);
    let users = names.map(|name| (name, PASSWORD.to_owned())).collect();
    let acl = format!("{acl}\npattern readwrite end/%u\n\nuser {OVERSEER}\ntopic readwrite #\n");
    broker(&Config { users, acl: Some(acl), ..Config::default() })
}

async fn enter(broker: &Mosquitto, user: &str) -> Peer {
    let options = MqttOptions::parse(&broker.url()).unwrap();
    let options = options.username(user).password(Secret::new(PASSWORD));
    let mut peer = Peer::open(options, session(user, &["#"]));
    peer.up().await;
    peer
}

/// The topics of messages up to the one on `end`.
async fn topics_until(peer: &mut Peer, end: &str) -> BTreeSet<String> {
    let mut topics = BTreeSet::new();
    loop {
        let topic = peer.message().await.topic;
        if topic == end {
            return topics;
        }
        topics.insert(topic);
    }
}

/// Tries every topic as every user.
async fn tried(broker: &Mosquitto, users: &[String], topics: &BTreeSet<String>) -> BTreeMap<String, Grants> {
    let mut found = BTreeMap::new();
    let mut overseer = enter(broker, OVERSEER).await;
    for user in users {
        let mut peer = enter(broker, user).await;
        let end = format!("end/{user}");
        // The broker takes the messages of one client, and gives them to another one, in order.
        topics.iter().for_each(|topic| peer.send(message(topic, "by a user")));
        peer.send(message(&end, ""));
        let write = topics_until(&mut overseer, &end).await;
        // What it wrote and may read has reached itself, too.
        topics_until(&mut peer, &end).await;
        topics.iter().for_each(|topic| overseer.send(message(topic, "by the overseer")));
        overseer.send(message(&end, ""));
        let read = topics_until(&mut peer, &end).await;
        topics_until(&mut overseer, &end).await;
        peer.leave().await;
        found.insert(user.clone(), Grants { write, read });
    }
    overseer.leave().await;
    found
}

fn compare(acl: &str, expected: &WorkedOut) {
    let users: Vec<String> = expected.users.keys().cloned().collect();
    let named: BTreeSet<&str> = acl.lines().filter_map(|line| line.strip_prefix("user ")).collect();
    assert_eq!(named, users.iter().map(String::as_str).collect());
    let Some(broker) = guarded(acl, &users) else { return };
    in_runtime(async {
        let found = tried(&broker, &users, &expected.topics).await;
        for (user, grants) in &found {
            assert_eq!(grants, &expected.users[user], "{user}");
        }
        let tries = 2 * users.len() * expected.topics.len();
        eprintln!("{} users, {} topics, {tries} tries, 0 wrong grants", users.len(), expected.topics.len());
    });
}

#[test]
fn three_machines_and_two_devices_each_alone() {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let devices = vec![("track 7".to_owned(), owned(&["train"])), ("horn".to_owned(), owned(&["ding"]))];
    let plan = Plan { devices, ..Plan::default() };
    compare(&acl(descriptions::RAILWAY, "", &plan), &worked_out::railway());
}

#[test]
fn processes_subscriptions_and_names_with_every_character() {
    let acl = acl(descriptions::HOSTILE, descriptions::HOSTILE_PROJECT, &Plan::default());
    compare(&acl, &worked_out::hostile());
}
