//! Messages of one application: written, and understood.

use bytes::Bytes;
use csml_rt_core::{Description, Value, encode_name};

use super::envelope::{self, Envelope};
use super::lane::lane_parts;
use super::payload;
use super::rate_limit::RateLimits;
use super::refusal::{Refusal, RefusalKind};
use super::topics::{TopicAddress, Topics, source_levels};
use super::wire_options::WireOptions;
use super::{Body, Encoding, Packet, control, payload_envelope};
use crate::TraceParent;
use crate::link::{Ack, SequencedEvent, SourceName, SourceSync};
use crate::transport::{Message, QoS};

/// Writes and reads the messages of one application. Holds nothing of what it has read but how many plain
/// events of each name have come.
#[derive(Debug)]
pub struct Codec {
    topics: Topics,
    options: WireOptions,
    outside: RateLimits,
}

impl Codec {
    /// For the application of a description.
    #[must_use]
    pub fn new(description: &'static Description, options: WireOptions) -> Self {
        let limits = &options.limits;
        let outside =
            RateLimits::new(description.events.len(), limits.outside_per_second, limits.outside_burst);
        Self { topics: Topics::new(description), outside, options }
    }

    pub(super) const fn topics(&self) -> &Topics {
        &self.topics
    }

    /// Whether topics have room for the names of instances and of the process that one program uses.
    ///
    /// # Errors
    /// A name is so long that a topic with it would be longer than MQTT allows.
    pub fn check_names<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<(), Refusal> {
        /// What MQTT allows.
        const LONGEST: usize = 65_535;

        let longest = names.into_iter().map(|name| encode_name(name).len()).max().unwrap_or(0);
        let levels = self.topics.topic(&["env", "", ""]).len();
        if levels + longest + self.topics.longest_event() <= LONGEST {
            return Ok(());
        }
        let what = "names of the application, of an event and of an instance or process do not fit into a \
                    topic together, which has at most 65,535 bytes: use shorter ones";
        Err(Refusal::new(RefusalKind::Topic, what))
    }

    /// Data of an event as bytes: see [`WireOptions::payload`].
    ///
    /// # Errors
    /// As there.
    pub fn payload(&self, data: Option<&Value>) -> Result<(Bytes, Encoding), Refusal> {
        self.options.payload(data)
    }

    /// The data of an event: a map, or `Null` for none. Not yet checked against the event's type.
    ///
    /// # Errors
    /// They cannot be read, or are more than allowed.
    pub fn value(&self, body: &Body) -> Result<Value, Refusal> {
        payload::read_data(&body.payload, body.encoding, &self.options.limits)
    }

    /// An event of the link.
    #[must_use]
    pub fn event(&self, data: &SequencedEvent<Body>) -> Message {
        /// Properties are texts of at most 65,535 bytes.
        const LONGEST_TEXT: usize = 16 << 10;

        let (family, level) = source_levels(&data.source);
        let event = lane_parts(data.lane).map_or("%", |(event, _)| self.topics.event(event));
        let topic = self.topics.topic(&[family, &level, event]);
        let body = &data.body;
        let message = Message { topic, qos: QoS::AtLeastOnce, ..Message::default() };
        if self.options.envelope_in_payload {
            let properties = envelope::write(data, &level, &self.topics, usize::MAX);
            let encoding = if body.payload.is_empty() { self.options.encoding } else { body.encoding };
            let payload = payload_envelope::write(properties, &body.payload, encoding).into();
            return Message { payload, ..message };
        }
        Message {
            payload: body.payload.clone(),
            properties: envelope::write(data, &level, &self.topics, LONGEST_TEXT),
            content_type: content_type(&body.payload, body.encoding),
            ..message
        }
    }

    /// What a receiver says. That it has begun, or ended, is kept by the broker: a source that comes later must
    /// hear it, too, and nobody may be left to repeat it.
    #[must_use]
    pub fn ack(&self, receiver: &str, ack: &Ack) -> Message {
        let message = self.note(&["ack", &encode_name(receiver)], &control::write_ack(ack));
        if ack.ended || ack.sources.is_empty() {
            return Message { retain: true, qos: QoS::AtLeastOnce, ..message };
        }
        message
    }

    /// What a source says.
    #[must_use]
    pub fn sync(&self, source: &SourceName, sync: &SourceSync) -> Message {
        let (family, level) = source_levels(source);
        self.note(&["syn", family, &level], &control::write_sync(sync))
    }

    /// A peripheral event that leaves the application, from a machine at the path `nested` below its top-level
    /// instance `source`, raised at `time` (milliseconds since the Unix epoch), with its trace context.
    ///
    /// # Errors
    /// The data are more than allowed, or have no form in the encoding.
    pub fn outgoing(
        &self,
        source: &str,
        nested: &str,
        event: u16,
        data: Option<&Value>,
        time: u64,
        trace: Option<&TraceParent>,
    ) -> Result<Message, Refusal> {
        let topic = self.topics.topic(&["out", &encode_name(source), self.topics.event(event)]);
        let (payload, encoding) = self.payload(data).map_err(|refusal| refusal.on(&topic))?;
        let mut message = Message { topic, qos: QoS::AtLeastOnce, ..Message::default() };
        if !self.options.envelope_in_payload {
            message.properties = envelope::write_outgoing(nested, time, trace);
            message.content_type = content_type(&payload, encoding);
        }
        Ok(Message { payload, ..message })
    }

    /// Whether a process is there, and what it hosts.
    #[must_use]
    pub fn presence(&self, process: &str, online: bool, instances: &[&str]) -> Message {
        let note = self.note(&["proc", &encode_name(process)], &control::write_presence(online, instances));
        Message { qos: QoS::AtLeastOnce, retain: true, ..note }
    }

    fn note(&self, levels: &[&str], note: &Value) -> Message {
        let encoding = self.options.encoding;
        let payload: Bytes = payload::write_trusted(note, encoding).into();
        let content_type = if self.options.envelope_in_payload { None } else { Some(encoding.media_type()) };
        Message {
            topic: self.topics.topic(levels),
            payload,
            properties: Vec::new(),
            content_type,
            qos: QoS::AtMostOnce,
            retain: false,
        }
    }

    /// Understands a message. `now_ms` is any clock in milliseconds, the same at each call.
    ///
    /// # Errors
    /// Whatever it is, it changes nothing but the number of plain events that have come.
    pub fn decode(&mut self, now_ms: u64, message: &Message) -> Result<Packet, Refusal> {
        self.packet(now_ms, message).map_err(|refusal| refusal.on(&message.topic))
    }

    fn packet(&mut self, now_ms: u64, message: &Message) -> Result<Packet, Refusal> {
        let limits = &self.options.limits;
        let length = message.payload.len();
        if length > limits.message_bytes() {
            let text = format!("it has {length} bytes, and {} are allowed", limits.message_bytes());
            return Err(Refusal::new(RefusalKind::Size, text));
        }
        let address = self.topics.parse(&message.topic)?;
        if message.retain && matches!(address, TopicAddress::Event { .. } | TopicAddress::Outside(_)) {
            let text = "the broker had kept it, and an event is for those who listen when it happens: send it \
                        without the retain flag, and delete the one that is kept by an empty retained message";
            return Err(Refusal::new(RefusalKind::Retained, text));
        }
        match address {
            TopicAddress::Event { source, level, event } => self.numbered(message, source, level, event),
            TopicAddress::Outside(event) => self.outside(now_ms, message, event),
            TopicAddress::Ack(receiver) => {
                Ok(Packet::Ack { receiver, ack: control::read_ack(&self.read_note(message)?)? })
            }
            TopicAddress::Sync(source) => {
                Ok(Packet::Sync { source, sync: control::read_sync(&self.read_note(message)?)? })
            }
            TopicAddress::Presence(process) => {
                // Who deletes what is kept says that the process is gone.
                let gone = message.payload.is_empty();
                let online = !gone && control::read_presence(&self.read_note(message)?)?;
                Ok(Packet::Presence { process, online })
            }
        }
    }

    fn numbered(
        &self,
        message: &Message,
        source: SourceName,
        level: &str,
        event: u16,
    ) -> Result<Packet, Refusal> {
        if matches!(source, SourceName::Process(_)) {
            self.comes_from_outside(event)?;
        }
        let limits = &self.options.limits;
        let mut event = if self.options.envelope_in_payload {
            let (properties, data) = payload_envelope::read(message, limits)?;
            let properties = properties.iter().map(|(name, text)| (name.as_str(), text.as_str()));
            Envelope::read(properties)?.event(source, level, event, &self.topics, data)?
        } else {
            payload_envelope::check(&message.properties, limits)?;
            let properties = message.properties.iter().map(|(name, text)| (name.as_str(), text.as_str()));
            let envelope = Envelope::read(properties)?;
            let encoding = payload::encoding_of(message.content_type, &message.payload)?;
            envelope.event(source, level, event, &self.topics, (message.payload.clone(), encoding))?
        };
        if event.body.payload.len() > limits.payload_bytes {
            let size = format!("{} bytes", event.body.payload.len());
            return Err(payload::too_large(&size, limits));
        }
        if event.body.payload.is_empty() {
            event.body.encoding = Encoding::default();
        }
        Ok(Packet::Event(event))
    }

    fn outside(&mut self, now_ms: u64, message: &Message, event: u16) -> Result<Packet, Refusal> {
        self.comes_from_outside(event)?;
        if !self.outside.take(event, now_ms) {
            let limit = self.options.limits.outside_per_second;
            let text =
                format!("more than {limit} events of this name in a second: send fewer, or allow more");
            return Err(Refusal::new(RefusalKind::Rate, text));
        }
        let encoding = payload::encoding_of(message.content_type, &message.payload)?;
        let data = payload::read_data(&message.payload, encoding, &self.options.limits)?;
        Ok(Packet::FromOutside { event, data })
    }

    fn comes_from_outside(&self, event: u16) -> Result<(), Refusal> {
        let info = self.topics.description().events.get(usize::from(event));
        if info.is_some_and(|info| info.from_outside) {
            return Ok(());
        }
        let text = "the event does not come from outside: machines raise it, and no `raise` or `on` of it says \
                    channel peripheral";
        Err(Refusal::new(RefusalKind::Event, text))
    }

    fn read_note(&self, message: &Message) -> Result<Value, Refusal> {
        let encoding = payload::encoding_of(message.content_type, &message.payload)?;
        let limits = payload_envelope::widened(&self.options.limits);
        payload::read(&message.payload, encoding, &limits)
    }
}

fn content_type(payload: &[u8], encoding: Encoding) -> Option<&'static str> {
    if payload.is_empty() { None } else { Some(encoding.media_type()) }
}
