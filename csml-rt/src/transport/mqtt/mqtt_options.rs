//! How a broker is reached.

use std::path::Path;
use std::time::Duration;

use super::secret::{Secret, read};
use super::{MqttError, MqttTransport};

/// Version of MQTT to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// MQTT 5.
    #[default]
    V5,
    /// MQTT 3.1.1: no properties beside a message, no reasons of refusals, no limit on what the broker sends.
    V3,
}

/// TLS: the server's certificate is always checked.
#[derive(Debug, Clone, Default)]
pub(super) struct Tls {
    /// Certificates of authorities, PEM. Those of the system if there are none.
    pub(super) authorities: Option<Vec<u8>>,
    /// The client's certificate chain and key, PEM.
    pub(super) client: Option<(Vec<u8>, Secret)>,
    /// The name in the server's certificate, where it is not the host's.
    pub(super) server_name: Option<String>,
}

/// How a broker is reached, and with which limits.
///
/// | setting | default |
/// |---|---|
/// | version | 5 |
/// | [packet limit](Self::packet_limit) | 512 KiB in each direction |
/// | [keep-alive](Self::keep_alive) | 15 s |
/// | [ping timeout](Self::ping_timeout) | 3 s |
/// | [session expiry](Self::session_expiry) | 1 h (with 3.1.1 the broker decides) |
/// | [time to connect](Self::connect_timeout) | 4 s |
/// | [delays between attempts](Self::backoff) | 100 ms to 30 s |
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

    /// Reads `mqtt://[user@]host[:1883]` or `mqtts://[user@]host[:8883]`, with `?version=3.1.1` if wanted.
    ///
    /// # Errors
    /// If it is no such address, holds a password, or asks for TLS where the program has none.
    pub fn parse(url: &str) -> Result<Self, MqttError> {
        super::broker_url::parse(url)
    }

    /// Speaks another version of MQTT.
    #[must_use]
    pub fn version(self, version: Version) -> Self {
        Self { version, ..self }
    }

    /// Says who this is.
    #[must_use]
    pub fn username(self, name: impl Into<String>) -> Self {
        Self { username: Some(name.into()), ..self }
    }

    /// Proves it with a password.
    #[must_use]
    pub fn password(self, password: Secret) -> Self {
        Self { password: Some(password), ..self }
    }

    /// Proves it with a password in an environment variable.
    ///
    /// # Errors
    /// If the variable is not set.
    pub fn password_from_env(self, variable: &str) -> Result<Self, MqttError> {
        let value = std::env::var_os(variable).ok_or_else(|| {
            MqttError::new(format!("the environment variable `{variable}` for the password is not set"))
        })?;
        Ok(self.password(Secret::new(value.into_encoded_bytes())))
    }

    /// Proves it with a password in a file; a line end at its end is no part of it.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn password_from_file(self, path: impl AsRef<Path>) -> Result<Self, MqttError> {
        Ok(self.password(Secret::line_of(path.as_ref())?))
    }

    /// Trusts the authorities whose certificates a PEM file holds, and not those of the system.
    ///
    /// # Errors
    /// If the file cannot be read, or the address begins with `mqtt://`.
    pub fn ca_file(mut self, path: impl AsRef<Path>) -> Result<Self, MqttError> {
        let authorities = read(path.as_ref())?;
        self.with_tls()?.authorities = Some(authorities);
        Ok(self)
    }

    /// Shows the broker a client certificate. Both files are PEM.
    ///
    /// # Errors
    /// If a file cannot be read, or the address begins with `mqtt://`.
    pub fn client_certificate(
        mut self,
        chain: impl AsRef<Path>,
        key: impl AsRef<Path>,
    ) -> Result<Self, MqttError> {
        let client = (read(chain.as_ref())?, Secret::of(key.as_ref())?);
        self.with_tls()?.client = Some(client);
        Ok(self)
    }

    /// Expects another name in the server's certificate than that of the host.
    ///
    /// # Errors
    /// If the address begins with `mqtt://`.
    pub fn server_name(mut self, name: impl Into<String>) -> Result<Self, MqttError> {
        self.with_tls()?.server_name = Some(name.into());
        Ok(self)
    }

    /// The largest packet in bytes, in both directions.
    #[must_use]
    pub fn packet_limit(self, bytes: u32) -> Self {
        Self { packet_limit: bytes, ..self }
    }

    /// After one and a half times this long without a packet the broker takes this process for dead and
    /// sends its will. In whole seconds.
    #[must_use]
    pub fn keep_alive(self, time: Duration) -> Self {
        Self { keep_alive: time, ..self }
    }

    /// After this long without a packet the broker is asked for a sign of life, and after twice as long it
    /// counts as gone.
    #[must_use]
    pub fn ping_timeout(self, time: Duration) -> Self {
        Self { ping_timeout: time, ..self }
    }

    /// How long the broker keeps messages for a process that is away. In whole seconds; MQTT 5 only.
    #[must_use]
    pub fn session_expiry(self, time: Duration) -> Self {
        Self { session_expiry: time, ..self }
    }

    /// How long one attempt to connect may take. In whole seconds, one at least.
    #[must_use]
    pub fn connect_timeout(self, time: Duration) -> Self {
        Self { connect_timeout: time, ..self }
    }

    /// The shortest and the longest delay between two attempts to connect.
    #[must_use]
    pub fn backoff(self, first: Duration, last: Duration) -> Self {
        Self { backoff: (first, last), ..self }
    }

    /// Makes the random part of delays repeatable.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// The transport of these options.
    #[must_use]
    pub fn transport(self) -> MqttTransport {
        MqttTransport { options: self }
    }

    /// The broker, for people.
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
