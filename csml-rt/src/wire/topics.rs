//! The topics of an application.

use std::collections::HashMap;
use std::sync::Arc;

use csml_rt_core::{Description, decode_name, encode_name};

use super::rejection::{Rejection, RejectionKind, shown};
use crate::link::SourceName;
use crate::suggest::hint;

/// The names in topics, encoded.
#[derive(Debug)]
pub(super) struct Topics {
    description: &'static Description,
    /// `csml/<app>/`
    prefix: String,
    /// The level of each event.
    events: Vec<String>,
    /// The position of the event of each level.
    positions: HashMap<String, u16>,
}

/// A parsed topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TopicAddress<'a> {
    /// `ev/<source>/<event>` and `env/<process>/<event>`.
    Event {
        source: SourceName,
        /// The source as written in the topic.
        level: &'a str,
        event: u16,
    },
    /// `in/<event>`.
    Outside(u16),
    /// `ack/<receiver>`.
    Ack(Arc<str>),
    /// `syn/ev/<source>` and `syn/env/<process>`.
    Sync(SourceName),
    /// `proc/<process>`.
    Presence(Arc<str>),
}

impl Topics {
    pub(super) fn new(description: &'static Description) -> Self {
        let events: Vec<String> = description.events.iter().map(|event| encode_name(event.name)).collect();
        let positions = events.iter().cloned().zip(0..).collect();
        let prefix = format!("csml/{}/", encode_name(description.name));
        Self { description, prefix, events, positions }
    }

    pub(super) const fn description(&self) -> &'static Description {
        self.description
    }

    /// The level of an event. One that is not in the description gets the empty name, which all receivers reject.
    pub(super) fn event(&self, event: u16) -> &str {
        self.events.get(usize::from(event)).map_or("%", String::as_str)
    }

    pub(super) fn position(&self, level: &str) -> Option<u16> {
        self.positions.get(level).copied()
    }

    /// The longest level that an event has, in bytes.
    pub(super) fn longest_event(&self) -> usize {
        self.events.iter().map(String::len).max().unwrap_or(0)
    }

    /// A topic of the application, from encoded levels.
    pub(super) fn topic(&self, levels: &[&str]) -> String {
        let length: usize = levels.iter().map(|level| level.len() + 1).sum();
        let mut topic = String::with_capacity(self.prefix.len() + length);
        topic.push_str(&self.prefix);
        for (index, level) in levels.iter().enumerate() {
            if index > 0 {
                topic.push('/');
            }
            topic.push_str(level);
        }
        topic
    }

    /// # Errors
    /// It is not a topic of this application, or not one for received messages.
    pub(super) fn parse<'a>(&self, topic: &'a str) -> Result<TopicAddress<'a>, Rejection> {
        let Some(rest) = topic.strip_prefix(self.prefix.as_str()) else {
            let expected = shown(&self.prefix);
            return Err(rejected(format!("topics of this application begin with `{expected}`")));
        };
        let (family, rest) = rest.split_once('/').unwrap_or((rest, ""));
        Ok(match family {
            "ev" | "env" => {
                let (level, event) = rest.split_once('/').unwrap_or((rest, ""));
                TopicAddress::Event { source: source(family, level)?, level, event: self.known(event)? }
            }
            "in" => TopicAddress::Outside(self.known(rest)?),
            "ack" => TopicAddress::Ack(name(rest)?),
            "syn" => {
                let (family, level) = rest.split_once('/').unwrap_or((rest, ""));
                TopicAddress::Sync(source(family, level)?)
            }
            "proc" => TopicAddress::Presence(name(rest)?),
            _ => return Err(rejected(format!("topics of `{}` are not received", shown(family)))),
        })
    }

    fn known(&self, level: &str) -> Result<u16, Rejection> {
        self.position(level).ok_or_else(|| self.unknown(level))
    }

    #[cold]
    fn unknown(&self, level: &str) -> Rejection {
        match name(level) {
            Ok(name) => {
                let hint = hint(&name, self.description.events.iter().map(|event| event.name));
                let text = format!("the description has no event `{}`{hint}", shown(&name));
                Rejection::new(RejectionKind::Event, text)
            }
            Err(rejection) => rejection,
        }
    }
}

fn source(family: &str, level: &str) -> Result<SourceName, Rejection> {
    match family {
        "ev" => name(level).map(SourceName::Instance),
        "env" => name(level).map(SourceName::Process),
        _ => Err(rejected(format!("a source is `ev` or `env`, not `{}`", shown(family)))),
    }
}

fn name(level: &str) -> Result<Arc<str>, Rejection> {
    match decode_name(level) {
        Some(name) => Ok(name.into()),
        None => Err(rejected(format!(
            "`{}` is not an encoded name: keep letters, digits and `-._~`, and write any other byte as % and two \
             upper-case hexadecimal digits",
            shown(level)
        ))),
    }
}

/// `ev` and the instance, or `env` and the process, encoded as in topics.
pub(super) fn source_levels(source: &SourceName) -> (&'static str, String) {
    match source {
        SourceName::Instance(name) => ("ev", encode_name(name)),
        SourceName::Process(name) => ("env", encode_name(name)),
    }
}

#[cold]
fn rejected(message: String) -> Rejection {
    Rejection::new(RejectionKind::Topic, message)
}
