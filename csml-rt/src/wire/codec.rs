//! Encoding and decoding the messages of an application.

use bytes::Bytes;
use csml_rt_core::{Description, Value, encode_name};

use super::control;
use super::encoding::Encoding;
use super::envelope::{self, Envelope};
use super::lane::lane_parts;
use super::packet::{Body, Packet};
use super::payload;
use super::payload_envelope;
use super::rate_limit::RateLimits;
use super::rejection::{Rejection, RejectionKind};
use super::topics::{TopicAddress, Topics, source_levels};
use super::wire_options::WireOptions;
use crate::link::{Ack, SequencedEvent, SourceName, SourceSync};
use crate::traceparent::TraceParent;
use crate::transport::{Message, QoS};

/// Encodes and decodes the messages of an application. Its only state are the rates of plain events.
#[derive(Debug)]
pub(crate) struct Codec {
    topics: Topics,
    options: WireOptions,
    outside: RateLimits,
}

impl Codec {
    /// A codec for the application of a description.
    #[must_use]
    pub(crate) fn new(description: &'static Description, options: WireOptions) -> Self {
        let limits = &options.limits;
        let outside =
            RateLimits::new(description.events.len(), limits.outside_per_second, limits.outside_burst);
        Self { topics: Topics::new(description), outside, options }
    }

    pub(super) const fn topics(&self) -> &Topics {
        &self.topics
    }

    /// Checks that topics have room for the names of the instances and of the process of a program.
    ///
    /// # Errors
    /// A name is so long that its topics exceed the limit of MQTT.
    pub(crate) fn check_names<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<(), Rejection> {
        /// The limit of MQTT.
        const LONGEST: usize = 65_535;

        let longest = names.into_iter().map(|name| encode_name(name).len()).max().unwrap_or(0);
        let levels = self.topics.topic(&["env", "", ""]).len();
        if levels + longest + self.topics.longest_event() <= LONGEST {
            return Ok(());
        }
        let what = "the names of the application, of an event and of an instance or process exceed the 65,535 bytes of a \
                    topic together: use shorter names";
        Err(Rejection::new(RejectionKind::Topic, what))
    }

    /// Encodes the data of an event; see [`WireOptions::payload`].
    ///
    /// # Errors
    /// As there.
    pub(crate) fn payload(&self, data: Option<&Value>) -> Result<(Bytes, Encoding), Rejection> {
        self.options.payload(data)
    }

    /// Decodes the data of an event: a map, or `Null` for none. The type of the event is not checked.
    ///
    /// # Errors
    /// They are malformed, or exceed a limit.
    pub(crate) fn value(&self, body: &Body) -> Result<Value, Rejection> {
        payload::read_data(&body.payload, body.encoding, &self.options.limits)
    }

    /// Encodes an event of the link.
    #[must_use]
    pub(crate) fn event(&self, data: &SequencedEvent<Body>) -> Message {
        /// Properties have at most 65,535 bytes.
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

    /// Encodes an acknowledgement. The broker retains the announcement that a receiver has started or ended, because
    /// sources that connect later need it and the receiver may no longer run then.
    #[must_use]
    pub(crate) fn ack(&self, receiver: &str, ack: &Ack) -> Message {
        let message = self.control_message(&["ack", &encode_name(receiver)], &control::write_ack(ack));
        if ack.ended || ack.sources.is_empty() {
            return Message { retain: true, qos: QoS::AtLeastOnce, ..message };
        }
        message
    }

    /// Encodes what a source tells its receivers.
    #[must_use]
    pub(crate) fn sync(&self, source: &SourceName, sync: &SourceSync) -> Message {
        let (family, level) = source_levels(source);
        self.control_message(&["syn", family, &level], &control::write_sync(sync))
    }

    /// Encodes a peripheral event that leaves the application, from a machine at the path `nested` below its top-level
    /// instance `source`, raised at `time` (milliseconds since the Unix epoch), with its trace context.
    ///
    /// # Errors
    /// The data exceed a limit, or cannot be represented in the encoding.
    pub(crate) fn output_event(
        &self,
        source: &str,
        nested: &str,
        event: u16,
        data: Option<&Value>,
        time: u64,
        trace: Option<&TraceParent>,
    ) -> Result<Message, Rejection> {
        let topic = self.topics.topic(&["out", &encode_name(source), self.topics.event(event)]);
        let (payload, encoding) = self.payload(data).map_err(|rejection| rejection.on(&topic))?;
        let mut message = Message { topic, qos: QoS::AtLeastOnce, ..Message::default() };
        if !self.options.envelope_in_payload {
            message.properties = envelope::write_output_event(nested, time, trace);
            message.content_type = content_type(&payload, encoding);
        }
        Ok(Message { payload, ..message })
    }

    /// Encodes the presence of a process, and the instances it runs.
    #[must_use]
    pub(crate) fn presence(&self, process: &str, online: bool, instances: &[&str]) -> Message {
        let message = self
            .control_message(&["proc", &encode_name(process)], &control::write_presence(online, instances));
        Message { qos: QoS::AtLeastOnce, retain: true, ..message }
    }

    fn control_message(&self, levels: &[&str], content: &Value) -> Message {
        let encoding = self.options.encoding;
        let payload: Bytes = payload::write_trusted(content, encoding).into();
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

    /// Decodes a message. `now_ms` is the time of any clock in milliseconds, the same clock at each call.
    ///
    /// # Errors
    /// The message is rejected. It changes nothing but the rate of plain events.
    pub(crate) fn decode(&mut self, now_ms: u64, message: &Message) -> Result<Packet, Rejection> {
        self.packet(now_ms, message).map_err(|rejection| rejection.on(&message.topic))
    }

    fn packet(&mut self, now_ms: u64, message: &Message) -> Result<Packet, Rejection> {
        let limits = &self.options.limits;
        let length = message.payload.len();
        if length > limits.message_bytes() {
            let text =
                format!("the payload has {length} bytes, but at most {} are allowed", limits.message_bytes());
            return Err(Rejection::new(RejectionKind::Size, text));
        }
        let address = self.topics.parse(&message.topic)?;
        if message.retain && matches!(address, TopicAddress::Event { .. } | TopicAddress::Outside(_)) {
            let text = "the broker has retained it, but events must not be retained: publish it without the \
                        retain flag, and delete the retained message by publishing an empty one";
            return Err(Rejection::new(RejectionKind::Retained, text));
        }
        match address {
            TopicAddress::Event { source, level, event } => self.numbered(message, source, level, event),
            TopicAddress::Outside(event) => self.outside(now_ms, message, event),
            TopicAddress::Ack(receiver) => {
                Ok(Packet::Ack { receiver, ack: control::read_ack(&self.read_control_message(message)?)? })
            }
            TopicAddress::Sync(source) => {
                Ok(Packet::Sync { source, sync: control::read_sync(&self.read_control_message(message)?)? })
            }
            TopicAddress::Presence(process) => {
                // Deleting the retained presence means that the process has ended.
                let gone = message.payload.is_empty();
                let online = !gone && control::read_presence(&self.read_control_message(message)?)?;
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
    ) -> Result<Packet, Rejection> {
        if matches!(source, SourceName::Process(_)) {
            self.check_from_outside(event)?;
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
            if message.properties.is_empty() && payload_envelope::is_in_payload(message) {
                return Err(payload_envelope::other_version("its envelope in the payload", "3.1.1", "5"));
            }
            let encoding = payload::encoding_of(message.content_type, &message.payload)?;
            envelope.event(source, level, event, &self.topics, (message.payload.clone(), encoding))?
        };
        if event.body.payload.len() > limits.payload_bytes {
            let size = format!("{} bytes", event.body.payload.len());
            return Err(limits.too_large(&size));
        }
        if event.body.payload.is_empty() {
            event.body.encoding = Encoding::default();
        }
        Ok(Packet::Event(event))
    }

    fn outside(&mut self, now_ms: u64, message: &Message, event: u16) -> Result<Packet, Rejection> {
        self.check_from_outside(event)?;
        if !self.outside.take(event, message.qos, now_ms) {
            let limit = self.options.limits.outside_per_second;
            let text = format!(
                "more than {limit} events of this name and quality of service in a second: send fewer, or raise the limit"
            );
            return Err(Rejection::new(RejectionKind::Rate, text));
        }
        let encoding = payload::encoding_of(message.content_type, &message.payload)?;
        let data = payload::read_data(&message.payload, encoding, &self.options.limits)?;
        Ok(Packet::FromOutside { event, data })
    }

    fn check_from_outside(&self, event: u16) -> Result<(), Rejection> {
        let info = self.topics.description().events.get(usize::from(event));
        if info.is_some_and(|info| info.from_outside) {
            return Ok(());
        }
        let text = "the description does not accept this event from outside: no `raise` or `on` of it has the channel \
                    `peripheral`";
        Err(Rejection::new(RejectionKind::Event, text))
    }

    fn read_control_message(&self, message: &Message) -> Result<Value, Rejection> {
        let encoding = payload::encoding_of(message.content_type, &message.payload)?;
        let limits = self.options.limits.for_control();
        payload::read(&message.payload, encoding, &limits)
    }
}

fn content_type(payload: &[u8], encoding: Encoding) -> Option<&'static str> {
    if payload.is_empty() { None } else { Some(encoding.media_type()) }
}
