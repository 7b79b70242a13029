//! The transport of csml-rt.

use std::time::{Duration, Instant};

use bytes::Bytes;
use csml_rt::transport::mqtt::MqttOptions;
use csml_rt::transport::{Connection, Filter, Message, QoS, Session, Transport as _, TransportEvent};

use crate::{Failure, MANY, PAYLOAD, SINGLY, Side, WINDOW};

const TOPIC: &str = "bench/transport";

/// A transport that receives its own messages.
pub(crate) struct Ours(Connection);

impl Ours {
    pub(crate) async fn start(url: &str) -> Result<Self, Failure> {
        let session = Session {
            client_id: "transport".to_owned(),
            filters: vec![Filter { pattern: TOPIC.to_owned(), qos: QoS::AtLeastOnce }],
            birth: Vec::new(),
            will: None,
            capacity: usize::from(WINDOW),
        };
        let mut connection = Box::new(MqttOptions::parse(url)?.transport()).open(session);
        match connection.incoming.recv().await {
            Some(TransportEvent::Up) => Ok(Self(connection)),
            other => Err(format!("{other:?}").into()),
        }
    }

    fn message() -> Message {
        Message {
            topic: TOPIC.to_owned(),
            payload: Bytes::from_static(&[b'x'; PAYLOAD]),
            ..Message::default()
        }
    }

    /// Receives messages and acknowledges them.
    async fn take(&mut self, mut count: u32) -> Result<(), Failure> {
        while count > 0 {
            match self.0.incoming.recv().await {
                Some(TransportEvent::Message(_, Some(receipt))) => self.0.receipts.send(receipt)?,
                other => return Err(format!("{other:?}").into()),
            }
            count -= 1;
        }
        Ok(())
    }
}

impl Side for Ours {
    async fn singly(&mut self) -> Result<Duration, Failure> {
        let start = Instant::now();
        for _ in 0..SINGLY {
            self.0.outgoing.send(Self::message()).await?;
            self.take(1).await?;
        }
        Ok(start.elapsed())
    }

    async fn many(&mut self) -> Result<Duration, Failure> {
        let start = Instant::now();
        let outgoing = self.0.outgoing.clone();
        let sender = tokio::spawn(async move {
            for _ in 0..MANY {
                outgoing.send(Self::message()).await?;
            }
            Ok::<(), tokio::sync::mpsc::error::SendError<Message>>(())
        });
        self.take(MANY).await?;
        sender.await??;
        Ok(start.elapsed())
    }
}
