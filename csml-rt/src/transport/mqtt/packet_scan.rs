//! Takes packets of MQTT apart as far as is needed to leave out those that are too large.

use bytes::BytesMut;

/// The type of a packet with a message, and how its first byte says the quality of service.
const PUBLISH: u8 = 3;
/// A packet that acknowledges a message, and the length of the rest of it.
const PUBACK: [u8; 2] = [0x40, 2];
/// The first byte of a packet and the longest text of its length.
const LONGEST_HEADER: usize = 5;

/// Messages that were left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Skipped {
    /// How many.
    pub(super) count: u64,
    /// The topic of the last one.
    pub(super) topic: String,
    /// The size of its packet.
    pub(super) bytes: usize,
}

/// A message that is being left out.
#[derive(Debug)]
struct Skipping {
    bytes: usize,
    /// Bytes still to come.
    left: usize,
    acknowledged: bool,
    /// Topic and identifier, as far as they have come.
    head: Vec<u8>,
}

impl Skipping {
    /// The bytes before topic and identifier end, as far as is known.
    fn head_length(&self) -> usize {
        let identifier = if self.acknowledged { 2 } else { 0 };
        match self.head.first_chunk::<2>() {
            Some(length) => 2 + usize::from(u16::from_be_bytes(*length)) + identifier,
            None => 2,
        }
    }
}

#[derive(Debug)]
enum Within {
    /// The first bytes of a packet, not yet passed on.
    Header(Vec<u8>),
    /// A packet that is passed on, and how many bytes of it are to come.
    Passing(usize),
    Skipping(Skipping),
    /// Something that is not MQTT: the client has to report it.
    Unknown,
}

/// Divides a stream into packets.
#[derive(Debug)]
pub(super) struct PacketScan {
    limit: usize,
    within: Within,
}

impl PacketScan {
    pub(super) const fn new(limit: usize) -> Self {
        Self { limit, within: Within::Header(Vec::new()) }
    }

    /// Takes what was read. `passed` gets what the client reads, `answers` acknowledgements of what is left out.
    pub(super) fn take(
        &mut self,
        mut read: &[u8],
        passed: &mut BytesMut,
        answers: &mut BytesMut,
    ) -> Option<Skipped> {
        let mut skipped: Option<Skipped> = None;
        while let Some(first) = read.first() {
            match &mut self.within {
                Within::Header(header) => {
                    header.push(*first);
                    read = read.get(1..).unwrap_or_default();
                    if let Some(next) = after_header(header, self.limit) {
                        if !matches!(next, Within::Skipping(_)) {
                            passed.extend_from_slice(header);
                        }
                        self.within = next;
                    }
                }
                Within::Passing(left) => {
                    let (part, rest) = read.split_at((*left).min(read.len()));
                    passed.extend_from_slice(part);
                    read = rest;
                    *left -= part.len();
                    if *left == 0 {
                        self.within = Within::Header(Vec::with_capacity(LONGEST_HEADER));
                    }
                }
                Within::Skipping(message) => {
                    // The length of the topic is known only after two bytes.
                    let wanted = message.head_length().saturating_sub(message.head.len());
                    let count = if wanted > 0 { wanted.min(message.left) } else { message.left };
                    let (part, rest) = read.split_at(count.min(read.len()));
                    if wanted > 0 {
                        message.head.extend_from_slice(part);
                    }
                    read = rest;
                    message.left -= part.len();
                    if message.left == 0 {
                        let count = skipped.map_or(0, |skipped| skipped.count) + 1;
                        let topic = left_out(message, answers);
                        skipped = Some(Skipped { count, topic, bytes: message.bytes });
                        self.within = Within::Header(Vec::with_capacity(LONGEST_HEADER));
                    }
                }
                Within::Unknown => {
                    passed.extend_from_slice(read);
                    break;
                }
            }
        }
        skipped
    }
}

/// What follows the first bytes of a packet; `None` if these are incomplete.
fn after_header(header: &[u8], limit: usize) -> Option<Within> {
    let (first, length) = header.split_first()?;
    let last = length.last()?;
    if last & 0x80 != 0 {
        return (header.len() >= LONGEST_HEADER).then_some(Within::Unknown);
    }
    let left = length.iter().rev().fold(0_usize, |left, byte| left << 7 | usize::from(byte & 0x7f));
    let bytes = header.len() + left;
    let quality = first >> 1 & 3;
    Some(if first >> 4 == PUBLISH && quality < 2 && bytes > limit {
        Within::Skipping(Skipping { bytes, left, acknowledged: quality == 1, head: Vec::new() })
    } else if left == 0 {
        Within::Header(Vec::with_capacity(LONGEST_HEADER))
    } else {
        Within::Passing(left)
    })
}

/// Acknowledges a message that was left out. Returns its topic.
fn left_out(message: &Skipping, answers: &mut BytesMut) -> String {
    let head = message.head.get(2..).unwrap_or_default();
    if !message.acknowledged {
        return shown(head);
    }
    let Some((topic, identifier)) = head.split_last_chunk::<2>() else {
        return String::new();
    };
    if message.head.len() < message.head_length() {
        return String::new();
    }
    answers.extend_from_slice(&PUBACK);
    answers.extend_from_slice(identifier);
    shown(topic)
}

/// A topic, made printable and short for logs.
fn shown(topic: &[u8]) -> String {
    /// The number of characters shown.
    const SHOWN: usize = 100;

    String::from_utf8_lossy(topic).chars().take(SHOWN).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
#[path = "packet_scan_tests.rs"]
mod tests;
