//! What users may do, worked out by hand from the descriptions and `docs/wire.md`.
//!
//! A word is a topic without `csml/<app>/`; `*` stands for one level of any name.

use std::collections::{BTreeMap, BTreeSet};

/// What a user may do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Grants {
    pub(crate) write: BTreeSet<String>,
    pub(crate) read: BTreeSet<String>,
}

/// Every topic to be tried, and what each user may do with them.
pub(crate) struct WorkedOut {
    pub(crate) topics: BTreeSet<String>,
    pub(crate) users: BTreeMap<String, Grants>,
}

/// Names as they are spelt in topics.
struct Names {
    app: &'static str,
    /// Instances, processes, devices, and one that is nothing.
    names: &'static [&'static str],
    /// Events, and one that is none.
    events: &'static [&'static str],
}

impl Names {
    /// Every topic of the application, and some that are near it.
    fn topics(&self) -> BTreeSet<String> {
        let mut levels: Vec<String> = Vec::new();
        for name in self.names {
            let own = ["ack", "syn/ev", "syn/env", "proc"].map(|family| format!("{family}/{name}"));
            levels.extend(own);
            for event in self.events {
                levels.extend(["ev", "env", "out"].map(|family| format!("{family}/{name}/{event}")));
            }
        }
        levels.extend(self.events.iter().map(|event| format!("in/{event}")));
        levels.extend(["", "ev", "in", "ack", "other/x"].map(str::to_owned));
        let mut topics: BTreeSet<String> =
            levels.iter().map(|levels| format!("csml/{}/{levels}", self.app)).collect();
        let other = levels.iter().map(|levels| format!("csml/another/{levels}"));
        topics.extend(other);
        topics.extend(["csml", "csml/", "anything", "user"].map(str::to_owned));
        topics
    }

    fn work_out(&self, table: &[(&str, &str, &str)]) -> WorkedOut {
        let topics = self.topics();
        let users = table.iter().map(|(user, write, read)| {
            let grants = Grants { write: self.meant(write, &topics), read: self.meant(read, &topics) };
            ((*user).to_owned(), grants)
        });
        WorkedOut { users: users.collect(), topics }
    }

    /// The topics that the words mean; each word means one at least.
    fn meant(&self, words: &str, topics: &BTreeSet<String>) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for word in words.split_whitespace() {
            let pattern = format!("csml/{}/{word}", self.app);
            let found: Vec<&String> = topics.iter().filter(|topic| fits(&pattern, topic)).collect();
            assert!(!found.is_empty(), "{word}");
            all.extend(found.into_iter().cloned());
        }
        all
    }
}

fn fits(pattern: &str, topic: &str) -> bool {
    let (pattern, topic): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), topic.split('/').collect());
    pattern.len() == topic.len() && pattern.iter().zip(topic).all(|(level, is)| *level == "*" || *level == is)
}

pub(crate) fn railway() -> WorkedOut {
    let names = Names {
        app: "rail%20way",
        names: &["crossing", "gate", "bell", "lamp", "track%207", "horn", "nobody"],
        events: &["train", "close", "blink", "closed", "lit", "ding", "nothing"],
    };
    names.work_out(&[
        (
            "crossing",
            "ev/crossing/close ev/crossing/lit syn/ev/crossing ack/crossing proc/crossing env/crossing/train \
             syn/env/crossing",
            "in/train env/*/train syn/env/* ev/gate/closed syn/ev/gate ack/gate ack/bell proc/*",
        ),
        (
            "gate",
            "ev/gate/closed syn/ev/gate ack/gate proc/gate env/gate/train syn/env/gate",
            "ev/crossing/close syn/ev/crossing ack/crossing ack/bell proc/*",
        ),
        (
            "bell",
            "out/bell/ding ack/bell proc/bell env/bell/train syn/env/bell",
            "ev/crossing/close ev/crossing/lit syn/ev/crossing ev/gate/closed syn/ev/gate ack/crossing proc/*",
        ),
        ("track%207", "in/train env/track%207/train syn/env/track%207", "ack/crossing"),
        ("horn", "", "out/bell/ding"),
    ])
}

pub(crate) fn hostile() -> WorkedOut {
    let names = Names {
        app: "a%2F%2B%20b",
        names: &["ask%201", "ask2", "%2B", "near", "%23", "ask%23", "answer", "nobody"],
        events: &["go%0Auser%20root", "%2B", "%C3%A9", "all%2F%23", "nothing"],
    };
    names.work_out(&[
        // The process `#` with `ask 1` and `near`. Of `+`, `ask 1` sees nothing, but `near` its global event.
        (
            "%23",
            "ev/ask%201/%2B syn/ev/ask%201 ack/ask%201 ev/near/%C3%A9 ev/near/all%2F%23 syn/ev/near ack/near proc/%23 \
             env/%23/go%0Auser%20root syn/env/%23",
            "in/go%0Auser%20root env/*/go%0Auser%20root syn/env/* ev/ask2/%2B syn/ev/ask2 ev/%2B/all%2F%23 syn/ev/%2B \
             ack/ask2 ack/%2B proc/*",
        ),
        (
            "ask2",
            "ev/ask2/%2B syn/ev/ask2 ack/ask2 proc/ask2 env/ask2/go%0Auser%20root syn/env/ask2",
            "in/go%0Auser%20root env/*/go%0Auser%20root syn/env/* ev/near/%C3%A9 syn/ev/near ev/%2B/%C3%A9 syn/ev/%2B \
             ack/near ack/ask%201 proc/*",
        ),
        // It subscribes to no external events, but global ones reach it.
        (
            "%2B",
            "ev/%2B/%C3%A9 ev/%2B/all%2F%23 syn/ev/%2B ack/%2B proc/%2B env/%2B/go%0Auser%20root syn/env/%2B",
            "ev/near/all%2F%23 syn/ev/near ack/near ack/ask2 ack/ask%201 proc/*",
        ),
    ])
}
