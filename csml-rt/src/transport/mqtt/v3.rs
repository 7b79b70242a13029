//! MQTT 3.1.1 by rumqttc.

use rumqttc_v4::mqttbytes::v4::{ConnectReturnCode, LastWill, Packet, PubAck, Publish, SubscribeReasonCode};
use rumqttc_v4::{
    AckMode, AsyncClient, ConnectionError, Event, EventLoop, ManualAck, NetworkOptions, Outgoing,
    PublishOptions, StateError, SubscribeFilterInput,
};

use super::client_event::{BATCH, ClientEvent, ConnectionLost, SubscriptionRejection, from_mqtt, to_mqtt};
use super::connection_errors;
use super::connector::Connector;
use super::mqtt_options::MqttOptions;
use crate::transport::transport_trait::{Filter, Message, Session};

/// The loop of an MQTT 3.1.1 client.
pub(super) struct V3Loop {
    pub(super) events: EventLoop,
}

/// A client for these options.
pub(super) fn open(
    options: &MqttOptions,
    session: &Session,
    window: u16,
    clean_start: bool,
    connector: Connector,
) -> Result<(AsyncClient, V3Loop), String> {
    let limit = usize::try_from(options.packet_limit).unwrap_or(usize::MAX);
    let mut mqtt = rumqttc_v4::MqttOptions::new(
        session.client_id.as_str(),
        (connection_errors::bracketed(&options.host), options.port),
    );
    mqtt.try_set_clean_session(clean_start).map_err(|error| error.to_string())?;
    mqtt.try_set_inflight(window).map_err(|error| error.to_string())?;
    mqtt.set_keep_alive(u16::try_from(options.keep_alive.as_secs()).unwrap_or(u16::MAX))
        .set_max_packet_size(limit, limit)
        .set_ack_mode(AckMode::Manual)
        .set_max_request_batch(BATCH)
        .set_read_batch_size(BATCH);
    mqtt.set_socket_connector(move |_, _| connector.clone().connect());
    // In this version a password needs a user name, if only an empty one.
    match (options.username.as_deref(), &options.password) {
        (name, Some(password)) => {
            mqtt.set_credentials(name.unwrap_or_default(), password.reveal().to_vec());
        }
        (Some(name), None) => {
            mqtt.set_username(name);
        }
        (None, None) => {}
    }
    if let Some(will) = &session.will {
        mqtt.set_last_will(LastWill::new(
            will.topic.as_str(),
            will.payload.to_vec(),
            to_mqtt(will.qos),
            will.retain,
        ));
    }
    let (client, mut events) =
        AsyncClient::builder(mqtt).unbounded().try_build().map_err(|error| error.to_string())?;
    let mut network = NetworkOptions::new();
    network.set_connection_timeout(options.connect_timeout.as_secs().max(1));
    events.set_network_options(network);
    Ok((client, V3Loop { events }))
}

impl V3Loop {
    pub(super) async fn poll(&mut self) -> Result<ClientEvent, ConnectionLost> {
        let packet = match self.events.poll().await.map_err(connection_lost)? {
            Event::Incoming(packet) => packet,
            Event::Outgoing(Outgoing::Publish(0)) => return Ok(ClientEvent::SentUnacknowledged),
            Event::Outgoing(_) => return Ok(ClientEvent::None),
        };
        Ok(match packet {
            Packet::ConnAck(answer) => ClientEvent::Connected {
                session_present: answer.session_present,
                packet_limit: None,
                retains: true,
            },
            Packet::SubAck(answer) => {
                ClientEvent::Subscribed(answer.return_codes.iter().map(subscription_rejection).collect())
            }
            Packet::Publish(publish) => received(publish),
            Packet::PubAck(_) => ClientEvent::Acknowledged(None),
            Packet::UnsubAck(_) => ClientEvent::Pong,
            _ => ClientEvent::OtherPacket,
        })
    }
}

pub(super) fn publish(client: &AsyncClient, message: Message) -> bool {
    let options = PublishOptions::new(to_mqtt(message.qos)).retain(message.retain);
    client.try_publish(message.topic, message.payload, options).is_ok()
}

pub(super) fn subscribe(client: &AsyncClient, filters: &[Filter]) -> bool {
    let filters =
        filters.iter().map(|filter| SubscribeFilterInput::new(filter.pattern.as_str(), to_mqtt(filter.qos)));
    client.try_subscribe_many(filters).is_ok()
}

pub(super) fn acknowledge(client: &AsyncClient, packet: u16) {
    // Fails only if the event loop has ended.
    let _ = client.try_manual_ack(ManualAck::PubAck(PubAck::new(packet)));
}

fn received(publish: Publish) -> ClientEvent {
    let message = Message {
        // The codec has checked that topics are UTF-8.
        topic: String::from_utf8_lossy(&publish.topic).into_owned(),
        payload: publish.payload,
        properties: Vec::new(),
        content_type: None,
        qos: from_mqtt(publish.qos),
        retain: publish.retain,
    };
    ClientEvent::Received(message, publish.pkid)
}

fn subscription_rejection(code: &SubscribeReasonCode) -> Option<SubscriptionRejection> {
    match code {
        SubscribeReasonCode::Success(_) => None,
        SubscribeReasonCode::Failure => {
            Some(SubscriptionRejection { reason: "MQTT 3.1.1 gives no reason".to_owned(), permanent: true })
        }
    }
}

fn connection_lost(error: ConnectionError) -> ConnectionLost {
    match &error {
        ConnectionError::RequestsDone | ConnectionError::DisconnectTimeout => ConnectionLost::disconnected(),
        ConnectionError::NetworkTimeout | ConnectionError::FlushTimeout => {
            ConnectionLost::transient(connection_errors::NO_ANSWER)
        }
        ConnectionError::ConnectionRefused(code) => connection_rejected(*code),
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
    match code {
        ConnectReturnCode::BadUserNamePassword => ConnectionLost::permanent(connection_errors::BAD_PASSWORD),
        ConnectReturnCode::NotAuthorized => ConnectionLost::permanent(connection_errors::NOT_AUTHORISED),
        ConnectReturnCode::BadClientId => ConnectionLost::permanent(connection_errors::BAD_CLIENT),
        ConnectReturnCode::RefusedProtocolVersion => ConnectionLost::permanent(
            "the broker does not speak MQTT 3.1.1: remove `?version=3.1.1` from its address",
        ),
        ConnectReturnCode::ServiceUnavailable | ConnectReturnCode::Success => {
            ConnectionLost::transient("the broker is not available yet")
        }
    }
}
