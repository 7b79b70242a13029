//! The MQTT client below the transport, used as its documentation shows, with the same settings.

use std::time::{Duration, Instant};

use bytes::Bytes;
use rumqttc_v5::mqttbytes::QoS;
use rumqttc_v5::mqttbytes::v5::{Packet, Publish};
use rumqttc_v5::{AckMode, AsyncClient, Event, MqttOptions, NetworkOptions, PublishOptions};
use tokio::sync::mpsc;

use crate::{Failure, MANY, PAYLOAD, SINGLY, Side, WINDOW};

const TOPIC: &str = "bench/bare";

/// A client that receives what it sends, and its task.
pub(crate) struct Bare {
    client: AsyncClient,
    incoming: mpsc::Receiver<Publish>,
}

impl Bare {
    pub(crate) async fn start(port: u16) -> Result<Self, Failure> {
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        let mut options = MqttOptions::new("bare", ("127.0.0.1", port));
        options
            .set_clean_start(true)
            .set_receive_maximum(Some(WINDOW))
            .set_outgoing_inflight_upper_limit(WINDOW)
            .set_ack_mode(AckMode::Manual)
            .set_max_request_batch(128)
            .set_read_batch_size(128)
            .set_network_options(network);
        let (client, mut events) = AsyncClient::builder(options).capacity(usize::from(WINDOW)).try_build()?;
        client.subscribe(TOPIC, QoS::AtLeastOnce).await?;
        let (arrived, incoming) = mpsc::channel(usize::from(WINDOW));
        let (subscribed, mut ready) = mpsc::channel(1);
        tokio::spawn(async move {
            loop {
                match events.poll().await {
                    Ok(Event::Incoming(Packet::Publish(publish))) => {
                        if arrived.send(publish).await.is_err() {
                            return;
                        }
                    }
                    Ok(Event::Incoming(Packet::SubAck(_))) => {
                        if subscribed.send(()).await.is_err() {
                            return;
                        }
                    }
                    Ok(_) => {}
                    Err(_) => return,
                }
            }
        });
        ready.recv().await.ok_or("no connection")?;
        Ok(Self { client, incoming })
    }

    fn payload() -> Bytes {
        Bytes::from_static(&[b'x'; PAYLOAD])
    }

    async fn take(&mut self, count: u32) -> Result<(), Failure> {
        for _ in 0..count {
            let publish = self.incoming.recv().await.ok_or("the connection is closed")?;
            self.client.ack(&publish).await?;
        }
        Ok(())
    }
}

impl Side for Bare {
    async fn singly(&mut self) -> Result<Duration, Failure> {
        let start = Instant::now();
        for _ in 0..SINGLY {
            self.client.publish(TOPIC, Self::payload(), PublishOptions::at_least_once()).await?;
            self.take(1).await?;
        }
        Ok(start.elapsed())
    }

    async fn many(&mut self) -> Result<Duration, Failure> {
        let start = Instant::now();
        let client = self.client.clone();
        let sender = tokio::spawn(async move {
            for _ in 0..MANY {
                client.publish(TOPIC, Self::payload(), PublishOptions::at_least_once()).await?;
            }
            Ok::<(), rumqttc_v5::ClientError>(())
        });
        self.take(MANY).await?;
        sender.await??;
        Ok(start.elapsed())
    }
}
