//! Rejected messages.

use std::fmt;

/// Why a message is rejected; each kind has a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RejectionKind {
    /// The topic does not belong to this application.
    Topic,
    /// The event is not in the description, or may not arrive on this topic.
    Event,
    /// The envelope is incomplete or contradicts itself or the topic.
    Envelope,
    /// The payload cannot be read.
    Payload,
    /// It is larger than a limit.
    Size,
    /// It nests deeper than the limit.
    Depth,
    /// Events of this name arrive faster than the limit.
    Rate,
    /// An event that the broker has retained. Events must not be retained.
    Retained,
    /// An event in the form of another version of MQTT.
    Version,
}

impl RejectionKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Topic,
        Self::Event,
        Self::Envelope,
        Self::Payload,
        Self::Size,
        Self::Depth,
        Self::Rate,
        Self::Retained,
        Self::Version,
    ];

    /// Its name in logs and counters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Event => "event",
            Self::Envelope => "envelope",
            Self::Payload => "payload",
            Self::Size => "size",
            Self::Depth => "depth",
            Self::Rate => "rate",
            Self::Retained => "retained",
            Self::Version => "version",
        }
    }
}

/// A rejected message. It changes nothing; the application counts and logs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Why.
    pub kind: RejectionKind,
    /// The topic, shortened and escaped; `None` for a message that was not sent.
    pub topic: Option<String>,
    /// What is wrong, and how to correct it.
    pub message: String,
}

impl Rejection {
    #[cold]
    pub(super) fn new(kind: RejectionKind, message: impl Into<String>) -> Self {
        Self { kind, topic: None, message: message.into() }
    }

    /// Adds the topic of the message.
    #[cold]
    pub(super) fn on(mut self, topic: &str) -> Self {
        self.topic = Some(shown(topic));
        self
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.topic {
            Some(topic) => write!(f, "message on `{topic}` rejected: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Rejection {}

/// Text of a message, made printable and short for logs.
pub(super) fn shown(text: &str) -> String {
    /// The number of characters shown.
    const SHOWN: usize = 100;

    let end = text.char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| at);
    let mut out: String = text.get(..end).unwrap_or_default().escape_debug().collect();
    if end < text.len() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_short_and_printable() {
        let rejection = Rejection::new(RejectionKind::Topic, "what").on(&"é\n\u{202e}".repeat(10_000));
        let text = rejection.to_string();
        assert!(text.chars().count() < 800 && !text.contains(['\n', '\u{202e}']), "{text}");
        assert_eq!(Rejection::new(RejectionKind::Size, "too large").to_string(), "too large");
    }
}
