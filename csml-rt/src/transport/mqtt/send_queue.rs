//! Messages that wait to be sent.

use std::task::{Context, Poll, ready};

use tokio::sync::mpsc;

use crate::transport::transport_trait::Message;

/// The messages of the user, one of which may have been taken out of the channel already.
#[derive(Debug)]
pub(super) struct SendQueue {
    receiver: mpsc::Receiver<Message>,
    held: Option<Message>,
    ended: bool,
}

impl SendQueue {
    pub(super) fn new(receiver: mpsc::Receiver<Message>) -> Self {
        Self { receiver, held: None, ended: false }
    }

    /// The next message; `None` when there will be no more.
    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Message>> {
        if let Some(message) = self.held.take() {
            return Poll::Ready(Some(message));
        }
        let next = ready!(self.receiver.poll_recv(context));
        self.ended |= next.is_none();
        Poll::Ready(next)
    }

    /// Whether the user has dropped the connection, even if messages wait. Wakes the task for that if no message
    /// waits.
    pub(super) fn poll_closed(&mut self, context: &mut Context<'_>) -> bool {
        if self.held.is_none()
            && let Poll::Ready(next) = self.poll_next(context)
        {
            self.held = next;
        }
        self.ended || self.receiver.is_closed()
    }

    /// Whether no message waits and none will come.
    pub(super) fn is_finished(&self) -> bool {
        self.ended && self.held.is_none()
    }

    /// Takes no further messages.
    pub(super) fn close(&mut self) {
        self.receiver.close();
    }
}

/// The longest string of MQTT in bytes.
const TEXT: usize = 65_535;

/// Why a message cannot be sent in a packet of `limit` bytes.
pub(super) fn size_error(message: &Message, limit: usize) -> Option<String> {
    let texts = [message.topic.as_str(), message.content_type.unwrap_or_default()];
    let properties = message.properties.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
    // The longest fixed header, identifier and length of properties; each string has two bytes for its length, each
    // property one for its kind.
    let mut size = 5 + 2 + 4 + message.payload.len();
    for text in texts.into_iter().chain(properties) {
        if text.len() > TEXT {
            return Some(format!("a string of {} bytes in a message; MQTT allows {TEXT}", text.len()));
        }
        size += 3 + text.len();
    }
    (size > limit).then(|| {
        let topic = &message.topic;
        format!("a message of {size} bytes to `{topic}`, but packets have at most {limit}: send less data, or raise the packet limit")
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn message(payload: usize) -> Message {
        Message { topic: "a/b".to_owned(), payload: Bytes::from(vec![0; payload]), ..Message::default() }
    }

    #[test]
    fn size_counts_all_parts() {
        assert_eq!(size_error(&message(70), 100), None);
        let reason = size_error(&message(100), 100).unwrap();
        assert!(reason.contains("to `a/b`, but packets have at most 100"), "{reason}");

        let mut with_properties = message(20);
        with_properties.properties = vec![("source".to_owned(), "x".repeat(70))];
        assert!(size_error(&with_properties, 100).is_some());
    }

    #[test]
    fn strings_have_a_limit_of_their_own() {
        let mut long = message(0);
        long.properties = vec![("name".to_owned(), "x".repeat(TEXT + 1))];
        assert!(size_error(&long, usize::MAX).unwrap().contains("MQTT allows 65535"));
    }
}
