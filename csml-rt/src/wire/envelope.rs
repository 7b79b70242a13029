//! What travels beside the data of an event: names and texts, the same as properties and in a payload.

use std::fmt::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use csml_rt_core::{Channel, decode_path, encode_path};

use super::lane::{lane, lane_parts};
use super::prev_property;
use super::refusal::{Refusal, RefusalKind, shown};
use super::topics::Topics;
use super::{Body, Encoding};
use crate::TraceParent;
use crate::link::{SequencedEvent, SourceName};

/// Names and texts.
pub(super) type Properties = Vec<(String, String)>;

/// The envelope of an event whose source is spelt `level` in topics. Texts are broken where they get longer
/// than `longest`.
pub(super) fn write(data: &SequencedEvent<Body>, level: &str, topics: &Topics, longest: usize) -> Properties {
    let body = &data.body;
    let mut out = Properties::with_capacity(10);
    let mut put = |name: &str, text: String| out.push((name.into(), text));
    put("id", format!("{}-{}", data.epoch, data.seq));
    put("source", level.into());
    put("epoch", data.epoch.to_string());
    put("seq", data.seq.to_string());
    for text in prev_property::write(data, topics, longest) {
        put("prev", text);
    }
    put("channel", body.channel.as_str().into());
    if !body.nested.is_empty() {
        put("from", encode_path(&body.nested));
    }
    if let Some(to) = &body.to {
        put("to", encode_path(to));
    }
    put("time", body.time.to_string());
    if body.revision > 0 {
        put("rev", body.revision.to_string());
    }
    if let Some(trace) = &body.traceparent {
        put("traceparent", trace.to_string());
    }
    out
}

/// An envelope that is being read.
#[derive(Debug, Default)]
pub(super) struct Envelope<'a> {
    source: Option<&'a str>,
    epoch: Option<u64>,
    seq: Option<u64>,
    predecessors: Vec<&'a str>,
    channel: Option<Channel>,
    from: Option<Arc<str>>,
    to: Option<Arc<str>>,
    time: Option<u64>,
    revision: Option<u64>,
    trace: Option<Arc<TraceParent>>,
}

impl<'a> Envelope<'a> {
    /// Names that are not known are passed over.
    ///
    /// # Errors
    /// A text is not what it has to be, or a name comes twice.
    pub(super) fn read(properties: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Refusal> {
        let mut envelope = Self::default();
        for (name, text) in properties {
            envelope.take(name, text)?;
        }
        Ok(envelope)
    }

    fn take(&mut self, name: &str, text: &'a str) -> Result<(), Refusal> {
        let wrong = |what| refused(&format!("`{name}` is `{}`; {what}", shown(text)));
        let count = || number(text).ok_or_else(|| wrong("it is a number of 64 bits in decimal digits"));
        let path = || {
            let path = decode_path(text).map(Arc::<str>::from);
            path.ok_or_else(|| wrong("it is a path of names that are spelt as in topics"))
        };
        let twice = match name {
            "source" => self.source.replace(text).is_some(),
            "epoch" => self.epoch.replace(count()?).is_some(),
            "seq" => self.seq.replace(count()?).is_some(),
            "time" => self.time.replace(count()?).is_some(),
            "rev" => self.revision.replace(count()?).is_some(),
            "from" => self.from.replace(path()?).is_some(),
            "to" => self.to.replace(path()?).is_some(),
            "prev" => {
                self.predecessors.push(text);
                false
            }
            "channel" => {
                let channel = match text {
                    "external" => Channel::External,
                    "global" => Channel::Global,
                    "peripheral" => Channel::Peripheral,
                    _ => return Err(wrong("it is `external`, `global` or `peripheral`")),
                };
                self.channel.replace(channel).is_some()
            }
            // By the rules of the trace context one that cannot be read is passed over.
            "traceparent" => match TraceParent::parse(text) {
                Some(trace) => self.trace.replace(Arc::new(trace)).is_some(),
                None => false,
            },
            _ => false,
        };
        if twice { Err(refused(&format!("`{name}` is given twice"))) } else { Ok(()) }
    }

    /// The event of a topic, with its data.
    ///
    /// # Errors
    /// Something is missing, or contradicts the topic or something else.
    pub(super) fn event(
        self,
        source: SourceName,
        level: &str,
        event: u16,
        topics: &Topics,
        data: (Bytes, Encoding),
    ) -> Result<SequencedEvent<Body>, Refusal> {
        if self.source.is_some_and(|named| named != level) {
            let named = shown(self.source.unwrap_or_default());
            return Err(refused(&format!(
                "`source` is `{named}`, but the topic belongs to `{}`: a source sends on its own topics only",
                shown(level)
            )));
        }
        let handed_on = matches!(source, SourceName::Process(_));
        let channel = match (self.channel, handed_on) {
            (None | Some(Channel::Peripheral), true) => Channel::Peripheral,
            (Some(channel @ (Channel::External | Channel::Global)), false) => channel,
            _ => {
                let what =
                    "`channel` is `external` or `global` on topics of `ev`, `peripheral` or absent on `env`";
                return Err(refused(what));
            }
        };
        let (Some(epoch), Some(seq)) = (self.epoch, self.seq) else {
            let what = "`epoch` and `seq` are missing: send plain events on `in`, or number them";
            return Err(refused(what));
        };
        if seq == 0 {
            return Err(refused("`seq` is 0: the first event has number 1"));
        }
        let lane = lane(event, channel);
        let predecessors = prev_property::read(&self.predecessors, lane, seq, handed_on, topics)?;
        let (payload, encoding) = data;
        let body = Body {
            channel,
            nested: self.from.unwrap_or_else(|| "".into()),
            to: self.to,
            time: self.time.unwrap_or(0),
            revision: self.revision.unwrap_or(0),
            traceparent: self.trace,
            payload,
            encoding,
        };
        Ok(SequencedEvent { source, epoch, seq, predecessors, lane, body })
    }
}

/// A peripheral event that leaves has an envelope for whoever is interested.
pub(super) fn write_outgoing(nested: &str, time: u64, trace: Option<&TraceParent>) -> Properties {
    let mut out = Properties::new();
    if !nested.is_empty() {
        out.push(("from".into(), encode_path(nested)));
    }
    out.push(("time".into(), time.to_string()));
    if let Some(trace) = trace {
        out.push(("traceparent".into(), trace.to_string()));
    }
    out
}

/// The event and the channel of a lane as `prev` names them.
pub(super) fn write_lane(lane: crate::link::Lane, topics: &Topics, out: &mut String) {
    if let Some((event, channel)) = lane_parts(lane) {
        let mark = if channel == Channel::Global { "!" } else { "" };
        let _ = write!(out, "{}{mark}", topics.event(event));
    }
}

/// A number in its only spelling.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
    let spelling = digits && (text == "0" || !text.starts_with('0'));
    if spelling { text.parse().ok() } else { None }
}

#[cold]
pub(super) fn refused(what: &str) -> Refusal {
    Refusal::new(RefusalKind::Envelope, format!("envelope: {what}"))
}
