//! MQTT 5 by rumqttc.

use std::pin::Pin;
use std::time::Duration;

use rumqttc_v5::mqttbytes::v5::{
    ConnAck, ConnectReturnCode, DisconnectReasonCode, LastWill, LastWillProperties, Packet, PubAck,
    PubAckReason, Publish, PublishProperties, SubscribeReasonCode,
};
use rumqttc_v5::{
    AckMode, AsyncClient, ConnectionError, Event, EventLoop, ManualAck, Outgoing, PersistedAckMode,
    PersistedSession, PublishOptions, SessionStore, SessionStoreError, SessionStoreKey, StateError,
    SubscribeFilterInput,
};

use super::client_event::{BATCH, ClientEvent, ConnectionLost, SubscriptionRejection, from_mqtt, to_mqtt};
use super::connection_errors;
use super::connector::Connector;
use super::mqtt_options::MqttOptions;
use crate::transport::transport_trait::{Filter, Message, Session};

/// The loop of an MQTT 5 client.
pub(super) struct V5Loop {
    pub(super) events: EventLoop,
}

/// A client for these options.
pub(super) fn open(
    options: &MqttOptions,
    session: &Session,
    window: u16,
    clean_start: bool,
    connector: Connector,
) -> Result<(AsyncClient, V5Loop), String> {
    let seconds = |time: Duration| u32::try_from(time.as_secs()).unwrap_or(u32::MAX);
    let receive = u16::try_from(session.capacity.max(1)).unwrap_or(u16::MAX);
    let mut mqtt = rumqttc_v5::MqttOptions::new(
        session.client_id.as_str(),
        (connection_errors::bracketed(&options.host), options.port),
    );
    mqtt.set_keep_alive(u16::try_from(options.keep_alive.as_secs()).unwrap_or(u16::MAX))
        .set_clean_start(clean_start)
        .set_session_expiry_interval(Some(seconds(options.session_expiry)))
        .set_receive_maximum(Some(receive))
        .set_max_packet_size(Some(options.packet_limit))
        .set_connect_timeout(Duration::from_secs(options.connect_timeout.as_secs().max(1)))
        .set_outgoing_inflight_upper_limit(window)
        .set_ack_mode(AckMode::Manual)
        .set_max_request_batch(BATCH)
        .set_read_batch_size(BATCH);
    mqtt.set_socket_connector(move |_, _| connector.clone().connect());
    match (&options.username, &options.password) {
        (Some(name), Some(password)) => {
            mqtt.set_credentials(name.as_str(), password.reveal().to_vec());
        }
        (Some(name), None) => {
            mqtt.set_username(name.as_str());
        }
        (None, Some(password)) => {
            mqtt.set_password(password.reveal().to_vec());
        }
        (None, None) => {}
    }
    if let Some(will) = &session.will {
        mqtt.set_last_will(last_will(will));
    }
    if !clean_start {
        mqtt.set_session_store(EmptySession { window });
    }
    let (client, events) =
        AsyncClient::builder(mqtt).unbounded().try_build().map_err(|error| error.to_string())?;
    Ok((client, V5Loop { events }))
}

type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, SessionStoreError>> + Send + 'a>>;

/// A stored session without unacknowledged messages. The client library refuses to resume a session of the broker
/// that it knows nothing about, which is the case after a restart of the process. Messages that were not acknowledged
/// then are sent again by the link.
#[derive(Debug)]
struct EmptySession {
    window: u16,
}

impl SessionStore for EmptySession {
    fn load<'a>(&'a self, key: &'a SessionStoreKey) -> StoreFuture<'a, Option<PersistedSession>> {
        let session = PersistedSession {
            format_version: 1,
            client_id: key.client_id().to_owned(),
            clean_start: false,
            session_expiry_interval: None,
            outgoing_inflight_upper_limit: Some(self.window),
            ack_mode: PersistedAckMode::Manual,
            last_pkid: 0,
            last_puback: 0,
            replay: Vec::new(),
            incoming_qos2: Vec::new(),
        };
        Box::pin(std::future::ready(Ok(Some(session))))
    }

    fn save<'a>(&'a self, _: &'a SessionStoreKey, _: &'a PersistedSession) -> StoreFuture<'a, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn clear<'a>(&'a self, _: &'a SessionStoreKey) -> StoreFuture<'a, ()> {
        Box::pin(std::future::ready(Ok(())))
    }
}

impl V5Loop {
    pub(super) async fn poll(&mut self) -> Result<ClientEvent, ConnectionLost> {
        let event = self.events.poll().await.map_err(connection_lost)?;
        let packet = match event {
            Event::Incoming(packet) => packet,
            Event::Outgoing(Outgoing::Publish(0)) => return Ok(ClientEvent::SentUnacknowledged),
            Event::Outgoing(_) | Event::Auth(_) => return Ok(ClientEvent::None),
        };
        Ok(match packet {
            Packet::ConnAck(answer) => {
                // From now on the client knows the session. Saving it at every packet would be slow.
                self.events.options.clear_session_store();
                connected(&answer)
            }
            Packet::SubAck(answer) => {
                ClientEvent::Subscribed(answer.return_codes.iter().map(subscription_rejection).collect())
            }
            Packet::Publish(publish) => received(publish),
            Packet::PubAck(answer) => ClientEvent::Acknowledged(publish_rejection(&answer)),
            Packet::UnsubAck(_) => ClientEvent::Pong,
            _ => ClientEvent::OtherPacket,
        })
    }
}

pub(super) fn publish(client: &AsyncClient, message: Message) -> bool {
    let Message { topic, payload, properties, content_type, qos, retain } = message;
    let mut options = PublishOptions::new(to_mqtt(qos)).retain(retain);
    if !properties.is_empty() || content_type.is_some() {
        options = options.properties(PublishProperties {
            user_properties: properties,
            content_type: content_type.map(str::to_owned),
            ..PublishProperties::default()
        });
    }
    client.try_publish(topic, payload, options).is_ok()
}

pub(super) fn subscribe(client: &AsyncClient, filters: &[Filter]) -> bool {
    let filters =
        filters.iter().map(|filter| SubscribeFilterInput::new(filter.pattern.as_str(), to_mqtt(filter.qos)));
    client.try_subscribe_many(filters).is_ok()
}

pub(super) fn acknowledge(client: &AsyncClient, packet: u16) {
    let answer = PubAck { pkid: packet, reason: PubAckReason::Success, properties: None };
    // Fails only if the event loop has ended.
    let _ = client.try_manual_ack(ManualAck::PubAck(answer));
}

fn last_will(will: &Message) -> LastWill {
    let properties =
        (!will.properties.is_empty() || will.content_type.is_some()).then(|| LastWillProperties {
            delay_interval: None,
            payload_format_indicator: None,
            message_expiry_interval: None,
            content_type: will.content_type.map(str::to_owned),
            response_topic: None,
            correlation_data: None,
            user_properties: will.properties.clone(),
        });
    LastWill::new(will.topic.as_str(), will.payload.to_vec(), to_mqtt(will.qos), will.retain, properties)
}

fn connected(answer: &ConnAck) -> ClientEvent {
    let properties = answer.properties.as_ref();
    ClientEvent::Connected {
        session_present: answer.session_present,
        packet_limit: properties.and_then(|properties| properties.max_packet_size),
        retains: properties.and_then(|properties| properties.retain_available) != Some(0),
    }
}

fn received(publish: Publish) -> ClientEvent {
    // The codec has checked that topics are UTF-8.
    let topic = String::from_utf8_lossy(&publish.topic).into_owned();
    let (properties, content_type) = match publish.properties {
        Some(properties) => (properties.user_properties, properties.content_type),
        None => (Vec::new(), None),
    };
    let message = Message {
        topic,
        payload: publish.payload,
        properties,
        content_type: content_type.as_deref().and_then(connection_errors::known_content_type),
        qos: from_mqtt(publish.qos),
        retain: publish.retain,
    };
    ClientEvent::Received(message, publish.pkid)
}

fn subscription_rejection(code: &SubscribeReasonCode) -> Option<SubscriptionRejection> {
    use SubscribeReasonCode as Code;
    let (reason, permanent) = match code {
        Code::Success(_) => return None,
        Code::NotAuthorized => ("not authorised", true),
        Code::TopicFilterInvalid => ("not a valid pattern for this broker", true),
        Code::WildcardSubscriptionsNotSupported => ("this broker has no wildcards", true),
        Code::SharedSubscriptionsNotSupported => ("this broker has no shared subscriptions", true),
        Code::SubscriptionIdNotSupported => ("this broker has no subscription identifiers", true),
        Code::QuotaExceeded => ("the quota is exceeded", false),
        Code::PkidInUse | Code::Failure | Code::Unspecified | Code::ImplementationSpecific => {
            ("no reason given", false)
        }
    };
    Some(SubscriptionRejection { reason: reason.to_owned(), permanent })
}

fn publish_rejection(answer: &PubAck) -> Option<String> {
    let reason = match answer.reason {
        PubAckReason::Success | PubAckReason::NoMatchingSubscribers => return None,
        PubAckReason::NotAuthorized => {
            "the broker does not allow this process to publish on a topic: check the broker's access control"
        }
        PubAckReason::QuotaExceeded => "the broker took no more messages: a quota is exceeded",
        PubAckReason::TopicNameInvalid => "the broker does not accept the name of a topic",
        PubAckReason::PayloadFormatInvalid => "the broker does not accept the format of a payload",
        PubAckReason::PacketIdentifierInUse
        | PubAckReason::UnspecifiedError
        | PubAckReason::ImplementationSpecificError => "the broker rejected a message and gave no reason",
    };
    let detail = answer.properties.as_ref().and_then(|properties| properties.reason_string.as_deref());
    Some(match detail {
        Some(detail) => format!("{reason} ({detail})"),
        None => reason.to_owned(),
    })
}

fn connection_lost(error: ConnectionError) -> ConnectionLost {
    match &error {
        ConnectionError::RequestsDone | ConnectionError::DisconnectTimeout => ConnectionLost::disconnected(),
        ConnectionError::Timeout(_) => ConnectionLost::transient(connection_errors::NO_ANSWER),
        ConnectionError::ConnectionRefused(code) => connection_rejected(*code),
        ConnectionError::MqttState(StateError::ConnFail { reason }) => connection_rejected(*reason),
        ConnectionError::MqttState(StateError::ServerDisconnect { reason_code, reason_string }) => {
            disconnected(*reason_code, reason_string.as_deref())
        }
        ConnectionError::MqttState(StateError::ConnectionAborted) => {
            ConnectionLost::transient(connection_errors::CLOSED)
        }
        ConnectionError::MqttState(StateError::AwaitPingResp) => {
            ConnectionLost::transient(connection_errors::PING_TIMEOUT)
        }
        ConnectionError::MqttState(StateError::Deserialization(inner)) => {
            connection_errors::of(inner).unwrap_or_else(|| ConnectionLost::unreadable(inner.to_string()))
        }
        ConnectionError::NotConnAck(_) => ConnectionLost::unreadable("its first packet is no answer to ours"),
        other => connection_errors::of(other).unwrap_or_else(|| ConnectionLost::transient(other.to_string())),
    }
}

fn connection_rejected(code: ConnectReturnCode) -> ConnectionLost {
    use ConnectReturnCode as Code;
    match code {
        Code::BadUserNamePassword => ConnectionLost::permanent(connection_errors::BAD_PASSWORD),
        Code::NotAuthorized => ConnectionLost::permanent(connection_errors::NOT_AUTHORISED),
        Code::BadClientId | Code::ClientIdentifierNotValid => {
            ConnectionLost::permanent(connection_errors::BAD_CLIENT)
        }
        Code::RefusedProtocolVersion | Code::UnsupportedProtocolVersion => {
            ConnectionLost::permanent("the broker does not speak MQTT 5: add `?version=3.1.1` to its address")
        }
        Code::Banned => ConnectionLost::permanent("the broker has banned this client: ask its operator"),
        Code::BadAuthenticationMethod => ConnectionLost::permanent(
            "the broker requires an authentication method that is not supported: allow user name and password",
        ),
        Code::UseAnotherServer | Code::ServerMoved => {
            ConnectionLost::permanent("the broker sends clients to another server: change its address")
        }
        Code::PacketTooLarge | Code::RetainNotSupported | Code::QoSNotSupported | Code::TopicNameInvalid => {
            ConnectionLost::permanent(format!(
                "the broker does not accept the last will of this process ({code:?})"
            ))
        }
        other => ConnectionLost::transient(format!("the broker rejects the connection ({other:?})")),
    }
}

fn disconnected(code: DisconnectReasonCode, detail: Option<&str>) -> ConnectionLost {
    use DisconnectReasonCode as Code;
    match code {
        Code::SessionTakenOver => ConnectionLost::transient(connection_errors::TAKEN_OVER),
        Code::ServerShuttingDown => ConnectionLost::transient("the broker is shutting down"),
        Code::QoSNotSupported => {
            ConnectionLost::permanent("the broker cannot deliver at least once: allow QoS 1")
        }
        Code::UseAnotherServer | Code::ServerMoved => {
            ConnectionLost::permanent("the broker sends clients to another server: change its address")
        }
        other => {
            let detail = detail.map(|detail| format!(", {detail}")).unwrap_or_default();
            ConnectionLost::transient(format!("the broker ended the connection ({other:?}{detail})"))
        }
    }
}
