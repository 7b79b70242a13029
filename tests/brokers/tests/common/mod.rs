//! One end of a transport, for tests.
#![allow(
    dead_code,
    clippy::panic,
    reason = "every test program uses a part of it; a wrong report ends the test"
)]

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use csml_rt::transport::mqtt::MqttOptions;
use csml_rt::transport::{
    Connection, Filter, Message, QoS, Receipt, Session, Transport as _, TransportEvent,
};
use csml_tests_brokers::Mosquitto;
use csml_tests_brokers::mosquitto::Config;

/// A broker, or none where mosquitto is missing.
pub(crate) fn broker(config: &Config) -> Option<Mosquitto> {
    Mosquitto::start(config).unwrap()
}

/// Runs a test; one that waits for something that does not come fails.
pub(crate) fn in_runtime(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(60), test).await.unwrap() });
}

/// A session that receives by these patterns.
pub(crate) fn session(client_id: &str, patterns: &[&str]) -> Session {
    let filter = |pattern: &&str| Filter { pattern: (*pattern).to_owned(), qos: QoS::AtLeastOnce };
    Session {
        client_id: client_id.to_owned(),
        filters: patterns.iter().map(filter).collect(),
        birth: Vec::new(),
        will: None,
        capacity: 1_000,
    }
}

/// A message at least once.
pub(crate) fn message(topic: &str, payload: &str) -> Message {
    let payload = Bytes::copy_from_slice(payload.as_bytes());
    Message { topic: topic.to_owned(), payload, ..Message::default() }
}

/// A transport at work.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) connection: Connection,
}

impl Peer {
    pub(crate) fn open(options: MqttOptions, session: Session) -> Self {
        Self { connection: Box::new(options.transport()).open(session) }
    }

    /// Hands a message over, at once.
    pub(crate) fn send(&self, message: Message) {
        self.connection.outgoing.try_send(message).unwrap();
    }

    pub(crate) async fn next(&mut self) -> TransportEvent {
        self.connection.incoming.recv().await.unwrap()
    }

    /// Reads on until a report is as wanted. Messages are confirmed.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&TransportEvent) -> bool) -> TransportEvent {
        loop {
            let incoming = self.next().await;
            if let TransportEvent::Message(_, Some(receipt)) = &incoming {
                self.connection.receipts.send(*receipt).unwrap();
            }
            if wanted(&incoming) {
                return incoming;
            }
            if let TransportEvent::Failed { reason } = incoming {
                panic!("{reason}");
            }
        }
    }

    pub(crate) async fn up(&mut self) {
        self.until(|incoming| matches!(incoming, TransportEvent::Up)).await;
    }

    pub(crate) async fn message(&mut self) -> Message {
        match self.until(|incoming| matches!(incoming, TransportEvent::Message(..))).await {
            TransportEvent::Message(message, _) => message,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn text(&mut self) -> String {
        String::from_utf8(self.message().await.payload.to_vec()).unwrap()
    }

    /// The next report, which is a message, without confirming it.
    pub(crate) async fn unconfirmed(&mut self) -> (String, Receipt) {
        match self.next().await {
            TransportEvent::Message(message, Some(receipt)) => {
                (String::from_utf8(message.payload.to_vec()).unwrap(), receipt)
            }
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn down(&mut self) -> String {
        match self.until(|incoming| matches!(incoming, TransportEvent::Down { .. })).await {
            TransportEvent::Down { reason } => reason,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn rejected(&mut self) -> String {
        match self.until(|incoming| matches!(incoming, TransportEvent::Rejected { .. })).await {
            TransportEvent::Rejected { reason, .. } => reason,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn failed(mut self) -> String {
        let reason = match self.until(|incoming| matches!(incoming, TransportEvent::Failed { .. })).await {
            TransportEvent::Failed { reason } => reason,
            other => panic!("{other:?}"),
        };
        self.connection.ended.await.unwrap();
        reason
    }

    /// Drops the connection and waits for the end of the transport.
    pub(crate) async fn leave(self) {
        let Connection { outgoing, incoming, receipts, ended } = self.connection;
        drop((outgoing, incoming));
        ended.await.unwrap();
        drop(receipts);
    }

    /// Ends without a disconnect, like a killed process.
    pub(crate) fn die(self) {
        self.connection.ended.abort();
    }
}
