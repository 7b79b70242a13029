//! The envelope of an event: the same fields as user properties and in a payload.

use std::sync::Arc;

use bytes::Bytes;
use csml_rt_core::{Channel, decode_path, encode_path};

use super::encoding::Encoding;
use super::envelope_field::{Properties, number, rejected};
use super::lane::lane;
use super::packet::Body;
use super::prev_property;
use super::rejection::{Rejection, shown};
use super::topics::Topics;
use crate::link::{SequencedEvent, SourceName};
use crate::traceparent::TraceParent;

/// Writes the envelope of an event whose source has the encoded name `level`. Values of `prev` longer than `longest` are
/// split.
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

/// A parsed envelope.
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
    /// Parses an envelope. Unknown fields are ignored.
    ///
    /// # Errors
    /// A value is malformed, or a field occurs twice.
    pub(super) fn read(properties: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Rejection> {
        let mut envelope = Self::default();
        for (name, text) in properties {
            envelope.take(name, text)?;
        }
        Ok(envelope)
    }

    fn take(&mut self, name: &str, text: &'a str) -> Result<(), Rejection> {
        let wrong = |what| rejected(&format!("`{name}` is `{}`; {what}", shown(text)));
        let count = || number(text).ok_or_else(|| wrong("write an unsigned 64-bit number in decimal digits"));
        let path = || {
            let path = decode_path(text).map(Arc::<str>::from);
            path.ok_or_else(|| wrong("write a path of names that are encoded as in topics"))
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
        if twice { Err(rejected(&format!("`{name}` is given twice"))) } else { Ok(()) }
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
    ) -> Result<SequencedEvent<Body>, Rejection> {
        if self.source.is_some_and(|named| named != level) {
            let named = shown(self.source.unwrap_or_default());
            return Err(rejected(&format!(
                "`source` is `{named}`, but the topic belongs to `{}`: a source sends on its own topics only",
                shown(level)
            )));
        }
        let from_process = matches!(source, SourceName::Process(_));
        let channel = match (self.channel, from_process) {
            (None | Some(Channel::Peripheral), true) => Channel::Peripheral,
            (Some(channel @ (Channel::External | Channel::Global)), false) => channel,
            _ => {
                let what =
                    "`channel` is `external` or `global` on topics of `ev`, `peripheral` or absent on `env`";
                return Err(rejected(what));
            }
        };
        let (Some(epoch), Some(seq)) = (self.epoch, self.seq) else {
            let what = "`epoch` and `seq` are missing: send plain events on `in`, or number them";
            return Err(rejected(what));
        };
        if seq == 0 {
            return Err(rejected("`seq` is 0: the first event has number 1"));
        }
        let lane = lane(event, channel);
        let predecessors = prev_property::read(&self.predecessors, lane, seq, from_process, topics)?;
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

/// Writes the envelope of a peripheral event that leaves the application.
pub(super) fn write_output_event(nested: &str, time: u64, trace: Option<&TraceParent>) -> Properties {
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
