//! The transport over MQTT against brokers that behave oddly, played by the test.
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::Duration;

use common::{Peer, in_runtime, message, session};
use csml_rt::transport::TransportEvent;
use csml_rt::transport::mqtt::MqttOptions;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const PUBLISH: u8 = 3;
const SUBSCRIBE: u8 = 8;
const UNSUBSCRIBE: u8 = 10;

/// A broker of MQTT 5 that does what a test says.
struct Odd {
    listener: TcpListener,
}

impl Odd {
    async fn new() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    fn options(&self) -> MqttOptions {
        let port = self.listener.local_addr().unwrap().port();
        MqttOptions::new("127.0.0.1", port).backoff(Duration::from_millis(1), Duration::from_millis(10))
    }

    /// Lets a client in that has the name of a session of ours or not.
    async fn accept(&self, session_present: bool) -> Client {
        let (stream, _) = self.listener.accept().await.unwrap();
        let mut client = Client { stream };
        client.read().await.unwrap();
        client.write(&[0x20, 3, u8::from(session_present), 0, 0]).await;
        client
    }
}

struct Client {
    stream: TcpStream,
}

impl Client {
    /// Kind and body of the next packet; none at the end.
    async fn read(&mut self) -> Option<(u8, Vec<u8>)> {
        let kind = self.stream.read_u8().await.ok()? >> 4;
        let mut length = 0;
        for place in 0..4 {
            let byte = self.stream.read_u8().await.ok()?;
            length |= usize::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.ok()?;
        Some((kind, body))
    }

    async fn write(&mut self, packet: &[u8]) {
        // A client that has gone meanwhile shows at the next read.
        let _ = self.stream.write_all(packet).await;
    }

    /// Grants the one subscription that the client asks for.
    async fn grant(&mut self) {
        loop {
            let (kind, body) = self.read().await.unwrap();
            if kind == SUBSCRIBE {
                return self.write(&[0x90, 4, body[0], body[1], 0, 1]).await;
            }
        }
    }
}

#[test]
fn a_server_that_speaks_something_else_is_told_apart() {
    // What a broker of 3.1.1 answers, what a web server answers, and what is no answer but can be read as one.
    let answers: [(&[u8], &str); 3] = [
        (&[0x20, 2, 0, 1], "add `?version=3.1.1`"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "check the port"),
        (&[0xd0, 0], "does not speak MQTT 5"),
    ];
    in_runtime(async {
        for (answer, words) in answers {
            let odd = Odd::new().await;
            let mut peer = Peer::open(odd.options(), session("peer", &["x"]));
            let (stream, _) = odd.listener.accept().await.unwrap();
            let mut client = Client { stream };
            client.read().await.unwrap();
            client.write(answer).await;
            drop(client);
            let reason = match peer.next().await {
                TransportEvent::Down { reason } | TransportEvent::Failed { reason } => reason,
                other => panic!("{other:?}"),
            };
            assert!(reason.contains(words), "{reason}");
            peer.die();
        }
    });
}

#[test]
fn a_broker_that_falls_silent_is_given_up() {
    in_runtime(async {
        let odd = Odd::new().await;
        let options = odd.options().ping_timeout(Duration::from_millis(40));
        let mut peer = Peer::open(options, session("peer", &["x"]));
        let mut first = odd.accept(false).await;
        first.grant().await;
        peer.up().await;
        // It is asked, and says nothing; the connection itself stands.
        let (kind, _) = first.read().await.unwrap();
        assert_eq!(kind, UNSUBSCRIBE);
        let reason = peer.down().await;
        assert!(reason.contains("does not answer pings"), "{reason}");

        // One that answers is left alone.
        let mut second = odd.accept(false).await;
        second.grant().await;
        peer.up().await;
        for _ in 0..5 {
            let (kind, body) = second.read().await.unwrap();
            assert_eq!(kind, UNSUBSCRIBE);
            second.write(&[0xb0, 4, body[0], body[1], 0, 0x11]).await;
        }
        assert!(peer.connection.incoming.try_recv().is_err());
        peer.die();
    });
}

#[test]
fn a_message_that_ends_every_connection_is_dropped_in_the_end() {
    in_runtime(async {
        let odd = Odd::new().await;
        let mut peer = Peer::open(odd.options(), session("peer", &["x"]));
        peer.send(message("x", "poison"));
        // The first broker does not know the session, the others do, so that the client sends again.
        for connection in 0..5 {
            let mut client = odd.accept(connection > 0).await;
            loop {
                match client.read().await.unwrap() {
                    (SUBSCRIBE, body) => client.write(&[0x90, 4, body[0], body[1], 0, 1]).await,
                    (kind, body) => {
                        assert!(kind == PUBLISH && body.ends_with(b"poison"));
                        break;
                    }
                }
            }
        }
        let mut client = odd.accept(true).await;
        client.grant().await;
        let reason = peer.rejected().await;
        assert!(reason.contains("the broker closes every connection"), "{reason}");
        peer.up().await;
        peer.send(message("x", "harmless"));
        let (kind, body) = client.read().await.unwrap();
        assert!(kind == PUBLISH && body.ends_with(b"harmless"));
        peer.die();
    });
}

#[test]
fn a_broker_that_changes_its_mind_is_waited_for() {
    in_runtime(async {
        let odd = Odd::new().await;
        let mut peer = Peer::open(odd.options(), session("peer", &["x"]));
        let mut client = odd.accept(false).await;
        client.grant().await;
        peer.up().await;
        drop(client);
        // "Not authorised" after it was: an access control that is not up yet, say.
        let (stream, _) = odd.listener.accept().await.unwrap();
        let mut client = Client { stream };
        client.read().await.unwrap();
        client.write(&[0x20, 3, 0, 0x87, 0]).await;
        peer.until(
            |incoming| matches!(incoming, TransportEvent::Down { reason } if reason.contains("does not authorise this client")),
        )
        .await;
        let mut client = odd.accept(true).await;
        client.grant().await;
        peer.up().await;
        peer.die();
    });
}

#[test]
fn waiting_messages_are_sent_before_the_disconnect() {
    in_runtime(async {
        let odd = Odd::new().await;
        let peer = Peer::open(odd.options(), session("peer", &[]));
        for number in 0..100 {
            peer.send(message("x", &number.to_string()));
        }
        let broker = async {
            let mut client = odd.accept(false).await;
            let mut kinds = Vec::new();
            while let Some((kind, body)) = client.read().await {
                kinds.push(kind);
                if kind == PUBLISH {
                    // A topic of one letter; its length comes before it, the identifier after it.
                    client.write(&[0x40, 2, body[3], body[4]]).await;
                }
            }
            assert_eq!(kinds.len(), 101);
            // DISCONNECT, and the reason that sends no will.
            assert_eq!(kinds.last(), Some(&14));
        };
        tokio::join!(peer.leave(), broker);
    });
}
