//! Why a message is refused.

use std::fmt;

/// What a message is refused for; one counter each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RefusalKind {
    /// The topic is none of this application.
    Topic,
    /// The event is not in the description, or does not come this way.
    Event,
    /// The envelope is incomplete or contradicts itself or the topic.
    Envelope,
    /// The payload cannot be read.
    Payload,
    /// It is larger than allowed.
    Size,
    /// It nests deeper than allowed.
    Depth,
    /// There are more events of this name than allowed.
    Rate,
    /// An event that a broker kept: it was for those who listened then.
    Retained,
}

impl RefusalKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Topic,
        Self::Event,
        Self::Envelope,
        Self::Payload,
        Self::Size,
        Self::Depth,
        Self::Rate,
        Self::Retained,
    ];

    /// The word for logs and counters.
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
        }
    }
}

/// A message that is refused. It changes nothing; whoever gets it counts and logs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What for.
    pub kind: RefusalKind,
    /// The topic, shortened and escaped; `None` for what was not sent yet.
    pub topic: Option<String>,
    /// What is wrong and what to do.
    pub message: String,
}

impl Refusal {
    #[cold]
    pub(super) fn new(kind: RefusalKind, message: impl Into<String>) -> Self {
        Self { kind, topic: None, message: message.into() }
    }

    /// The same, of a message on `topic`.
    #[cold]
    pub(super) fn on(mut self, topic: &str) -> Self {
        self.topic = Some(shown(topic));
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.topic {
            Some(topic) => write!(f, "message on `{topic}` refused: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Refusal {}

/// Foreign text for people: on one line, printable, and short.
pub(super) fn shown(text: &str) -> String {
    /// Characters that are shown.
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
        let refusal = Refusal::new(RefusalKind::Topic, "what").on(&"é\n\u{202e}".repeat(10_000));
        let text = refusal.to_string();
        assert!(text.chars().count() < 800 && !text.contains(['\n', '\u{202e}']), "{text}");
        assert_eq!(Refusal::new(RefusalKind::Size, "too large").to_string(), "too large");
    }
}
