//! Options of a connection to a broker.

use std::path::Path;
use std::time::Duration;

use super::mqtt_error::MqttError;
use super::secret::{Secret, read};

/// A version of MQTT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// MQTT 5.
    #[default]
    V5,
    /// MQTT 3.1.1: messages have no properties, rejections no reasons, and the broker no limit on what it sends.
    V3,
}

/// Options of TLS. The server's certificate is always verified.
#[derive(Debug, Clone, Default)]
pub(super) struct Tls {
    /// CA certificates, PEM. The certificates of the system if absent.
    pub(super) authorities: Option<Vec<u8>>,
    /// The client's certificate chain and key, PEM.
    pub(super) client: Option<(Vec<u8>, Secret)>,
    /// The name in the server's certificate, if it differs from the host.
    pub(super) server_name: Option<String>,
}

/// Address of a broker, credentials and limits.
///
/// | setting | default |
/// |---|---|
/// | version | 5 |
/// | [packet limit](Self::packet_limit) | 512 KiB in each direction |
/// | [keep-alive](Self::keep_alive) | 15 s |
/// | [ping timeout](Self::ping_timeout) | 3 s |
/// | [session expiry](Self::session_expiry) | 1 h (with 3.1.1 the broker decides) |
/// | [connect timeout](Self::connect_timeout) | 4 s |
/// | [reconnect delay](Self::backoff) | 100 ms to 30 s |
#[derive(Debug, Clone)]
pub struct MqttOptions {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) version: Version,
    pub(super) username: Option<String>,
    pub(super) password: Option<Secret>,
    pub(super) tls: Option<Tls>,
    pub(super) packet_limit: u32,
    pub(super) keep_alive: Duration,
    pub(super) ping_timeout: Duration,
    pub(super) session_expiry: Duration,
    pub(super) connect_timeout: Duration,
    pub(super) backoff: (Duration, Duration),
    pub(super) seed: Option<u64>,
}

impl MqttOptions {
    /// A broker without TLS.
    #[must_use]
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
            version: Version::V5,
            username: None,
            password: None,
            tls: None,
            packet_limit: 512 * 1024,
            keep_alive: Duration::from_secs(15),
            ping_timeout: Duration::from_secs(3),
            session_expiry: Duration::from_secs(3_600),
            connect_timeout: Duration::from_secs(4),
            backoff: (Duration::from_millis(100), Duration::from_secs(30)),
            seed: None,
        }
    }

    /// Sets the version of MQTT.
    #[must_use]
    pub fn version(self, version: Version) -> Self {
        Self { version, ..self }
    }

    /// Sets the user name.
    #[must_use]
    pub fn username(self, name: impl Into<String>) -> Self {
        Self { username: Some(name.into()), ..self }
    }

    /// Sets the password.
    #[must_use]
    pub fn password(self, password: Secret) -> Self {
        Self { password: Some(password), ..self }
    }

    /// Sets the password from an environment variable.
    ///
    /// # Errors
    /// The variable is not set.
    pub fn password_from_env(self, variable: &str) -> Result<Self, MqttError> {
        let value = std::env::var_os(variable).ok_or_else(|| {
            MqttError::new(format!("the environment variable `{variable}` for the password is not set"))
        })?;
        Ok(self.password(Secret::new(value.into_encoded_bytes())))
    }

    /// Sets the password from a file; a final line break is not part of it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn password_from_file(self, path: impl AsRef<Path>) -> Result<Self, MqttError> {
        Ok(self.password(Secret::line_of(path.as_ref())?))
    }

    /// Trusts the CA certificates in a PEM file instead of those of the system.
    ///
    /// # Errors
    /// The file cannot be read, or the address begins with `mqtt://`.
    pub fn ca_file(mut self, path: impl AsRef<Path>) -> Result<Self, MqttError> {
        let authorities = read(path.as_ref())?;
        self.with_tls()?.authorities = Some(authorities);
        Ok(self)
    }

    /// Sets the client certificate and its key. Both files are PEM.
    ///
    /// # Errors
    /// A file cannot be read, or the address begins with `mqtt://`.
    pub fn client_certificate(
        mut self,
        chain: impl AsRef<Path>,
        key: impl AsRef<Path>,
    ) -> Result<Self, MqttError> {
        let client = (read(chain.as_ref())?, Secret::of(key.as_ref())?);
        self.with_tls()?.client = Some(client);
        Ok(self)
    }

    /// Sets the name expected in the server's certificate, if it is not the host.
    ///
    /// # Errors
    /// The address begins with `mqtt://`.
    pub fn server_name(mut self, name: impl Into<String>) -> Result<Self, MqttError> {
        self.with_tls()?.server_name = Some(name.into());
        Ok(self)
    }

    /// Sets the largest packet in bytes, in both directions.
    #[must_use]
    pub fn packet_limit(self, bytes: u32) -> Self {
        Self { packet_limit: bytes, ..self }
    }

    /// Sets the keep-alive of MQTT: after one and a half times this long without a packet the broker publishes the
    /// last will of this process. In whole seconds.
    #[must_use]
    pub fn keep_alive(self, time: Duration) -> Self {
        Self { keep_alive: time, ..self }
    }

    /// Sets the ping timeout: after this long without a packet the transport pings the broker, and after twice as long
    /// it closes the connection and reconnects.
    #[must_use]
    pub fn ping_timeout(self, time: Duration) -> Self {
        Self { ping_timeout: time, ..self }
    }

    /// Sets how long the broker keeps the session of a disconnected process. In whole seconds; MQTT 5 only.
    #[must_use]
    pub fn session_expiry(self, time: Duration) -> Self {
        Self { session_expiry: time, ..self }
    }

    /// Sets how long an attempt to connect may take. In whole seconds, at least one.
    #[must_use]
    pub fn connect_timeout(self, time: Duration) -> Self {
        Self { connect_timeout: time, ..self }
    }

    /// Sets the shortest and the longest delay between two attempts to connect.
    #[must_use]
    pub fn backoff(self, first: Duration, last: Duration) -> Self {
        Self { backoff: (first, last), ..self }
    }

    /// Sets the seed of the random part of these delays.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// The address of the broker for messages.
    pub(super) fn address(&self) -> String {
        let scheme = if self.tls.is_some() { "mqtts" } else { "mqtt" };
        let host = &self.host;
        if host.contains(':') {
            format!("{scheme}://[{host}]:{}", self.port)
        } else {
            format!("{scheme}://{host}:{}", self.port)
        }
    }

    fn with_tls(&mut self) -> Result<&mut Tls, MqttError> {
        self.tls.as_mut().ok_or_else(|| {
            MqttError::new("certificates need TLS: begin the address of the broker with `mqtts://`")
        })
    }
}
