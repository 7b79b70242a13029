//! Topics of one application: written, and understood.

use std::collections::HashMap;
use std::sync::Arc;

use csml_rt_core::{Description, decode_name, encode_name};

use super::refusal::{Refusal, RefusalKind, shown};
use crate::link::SourceName;
use crate::suggest::hint;

/// The names that are in topics, spelt as they are there.
#[derive(Debug)]
pub(super) struct Topics {
    description: &'static Description,
    /// `csml/<app>/`
    prefix: String,
    /// Level of each event.
    events: Vec<String>,
    /// Position of the event of each level.
    positions: HashMap<String, u16>,
}

/// What a topic says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TopicAddress<'a> {
    /// `ev/<source>/<event>` and `env/<process>/<event>`.
    Event {
        source: SourceName,
        /// The source as it stands in the topic.
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

    /// An event as a level of topics. One that is not in the description is spelt as the empty name, which
    /// everybody refuses.
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

    /// A topic of the application, from levels that are spelt as they are to be.
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
    /// It is no topic of this application, or none that anything is received on.
    pub(super) fn parse<'a>(&self, topic: &'a str) -> Result<TopicAddress<'a>, Refusal> {
        let Some(rest) = topic.strip_prefix(self.prefix.as_str()) else {
            let expected = shown(&self.prefix);
            return Err(refused(format!("topics of this application begin with `{expected}`")));
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
            _ => return Err(refused(format!("nothing is received on topics of `{}`", shown(family)))),
        })
    }

    fn known(&self, level: &str) -> Result<u16, Refusal> {
        self.position(level).ok_or_else(|| self.unknown(level))
    }

    #[cold]
    fn unknown(&self, level: &str) -> Refusal {
        match name(level) {
            Ok(name) => {
                let hint = hint(&name, self.description.events.iter().map(|event| event.name));
                let text = format!("the description has no event `{}`{hint}", shown(&name));
                Refusal::new(RefusalKind::Event, text)
            }
            Err(refusal) => refusal,
        }
    }
}

fn source(family: &str, level: &str) -> Result<SourceName, Refusal> {
    match family {
        "ev" => name(level).map(SourceName::Instance),
        "env" => name(level).map(SourceName::Process),
        _ => Err(refused(format!("a source is `ev` or `env`, not `{}`", shown(family)))),
    }
}

fn name(level: &str) -> Result<Arc<str>, Refusal> {
    match decode_name(level) {
        Some(name) => Ok(name.into()),
        None => Err(refused(format!(
            "`{}` is no name in one level: letters, digits and `-._~` stay, every other byte is % and two \
             upper-case hexadecimal digits",
            shown(level)
        ))),
    }
}

/// `ev` and the instance, or `env` and the process, spelt as in topics.
pub(super) fn source_levels(source: &SourceName) -> (&'static str, String) {
    match source {
        SourceName::Instance(name) => ("ev", encode_name(name)),
        SourceName::Process(name) => ("env", encode_name(name)),
    }
}

#[cold]
fn refused(message: String) -> Refusal {
    Refusal::new(RefusalKind::Topic, message)
}
