//! The connection of a client to its broker.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::mqtt_options::MqttOptions;
use super::packet_filter::{FilterReport, PacketFilter};
use super::write_buffer::BufferedStream;

/// A connection.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

/// Connects to a broker.
#[derive(Clone)]
pub(super) struct Connector {
    host: String,
    port: u16,
    packet_limit: usize,
    report: FilterReport,
    #[cfg(feature = "tls")]
    tls: Option<super::tls::TlsConnection>,
}

impl Connector {
    /// # Errors
    /// The certificates, or the name of the server, cannot be used.
    pub(super) fn new(options: &MqttOptions, report: &FilterReport) -> Result<Self, String> {
        Ok(Self {
            host: options.host.clone(),
            port: options.port,
            packet_limit: usize::try_from(options.packet_limit).unwrap_or(usize::MAX),
            report: report.clone(),
            #[cfg(feature = "tls")]
            tls: match &options.tls {
                Some(tls) => Some(super::tls::TlsConnection::new(tls, &options.host)?),
                None => None,
            },
        })
    }

    /// # Errors
    /// The connection cannot be made.
    pub(super) async fn connect(self) -> io::Result<Box<dyn Stream>> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        stream.set_nodelay(true)?;
        let stream = BufferedStream::new(stream);
        #[cfg(feature = "tls")]
        if let Some(tls) = &self.tls {
            let stream = tls.connect(stream).await?;
            return Ok(Box::new(PacketFilter::new(stream, self.packet_limit, self.report)));
        }
        Ok(Box::new(PacketFilter::new(stream, self.packet_limit, self.report)))
    }
}
