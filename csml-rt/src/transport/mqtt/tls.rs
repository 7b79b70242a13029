//! TLS by rustls with ring.

use std::error::Error;
use std::io;
use std::sync::Arc;

use rumqttc_v5::TlsConfiguration;
use rumqttc_v5::tokio_rustls::TlsConnector;
use rumqttc_v5::tokio_rustls::client::TlsStream;
use rumqttc_v5::tokio_rustls::rustls::crypto::ring::default_provider;
use rumqttc_v5::tokio_rustls::rustls::pki_types::pem::PemObject as _;
use rumqttc_v5::tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rumqttc_v5::tokio_rustls::rustls::{self, ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};

use super::client_event::ConnectionLost;
use super::error_chain::find;
use super::mqtt_options::Tls;

/// How to speak TLS with a server.
#[derive(Clone)]
pub(super) struct TlsConnection {
    connector: TlsConnector,
    server: ServerName<'static>,
}

impl TlsConnection {
    /// # Errors
    /// The certificates, or the name of the server, cannot be used.
    pub(super) fn new(tls: &Tls, host: &str) -> Result<Self, String> {
        let name = tls.server_name.as_deref().unwrap_or(host);
        let server = ServerName::try_from(name.to_owned()).map_err(|_| {
            format!("`{name}` is no name that a certificate can have: give the broker's name")
        })?;
        Ok(Self { connector: TlsConnector::from(Arc::new(configuration(tls)?)), server })
    }

    /// # Errors
    /// The server does not speak TLS, or one side rejects the certificate of the other.
    pub(super) async fn connect<S>(&self, stream: S) -> io::Result<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        self.connector.connect(self.server.clone(), stream).await
    }
}

/// The configuration of the client, or what is wrong with the certificates.
fn configuration(tls: &Tls) -> Result<ClientConfig, String> {
    let mut config = match &tls.authorities {
        Some(pem) => with_roots(authorities(pem)?)?,
        None => match TlsConfiguration::try_default_rustls() {
            Ok(TlsConfiguration::Rustls(config)) => Arc::unwrap_or_clone(config),
            Ok(_) => return Err("the system has no CA certificates".to_owned()),
            Err(error) => {
                return Err(format!("cannot read the system's CA certificates ({error}): name a CA file"));
            }
        },
    };
    if let Some((chain, key)) = &tls.client {
        let wrong = |what: &str, error: &dyn Error| format!("the client {what} cannot be used: {error}");
        let chain = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| wrong("certificate", &error))?;
        let key = PrivateKeyDer::from_pem_slice(key.reveal()).map_err(|error| wrong("key", &error))?;
        let with_client = builder()?
            .with_root_certificates(RootCertStore::empty())
            .with_client_auth_cert(chain, key)
            .map_err(|error| wrong("certificate and key", &error))?;
        config.client_auth_cert_resolver = with_client.client_auth_cert_resolver;
    }
    Ok(config)
}

fn authorities(pem: &[u8]) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let added = match certificate {
            Ok(certificate) => store.add(certificate).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        added.map_err(|error| format!("a CA certificate cannot be used: {error}"))?;
    }
    if store.is_empty() {
        return Err("the CA file holds no certificate in PEM".to_owned());
    }
    Ok(store)
}

fn with_roots(roots: RootCertStore) -> Result<ClientConfig, String> {
    Ok(builder()?.with_root_certificates(roots).with_no_client_auth())
}

type ConfigBuilder = rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>;

fn builder() -> Result<ConfigBuilder, String> {
    ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())
}

/// The cause of a lost connection, if the error is one of TLS.
pub(super) fn failure(error: &(dyn Error + 'static)) -> Option<ConnectionLost> {
    use rustls::Error as Tls;
    Some(match find::<Tls>(error)? {
        Tls::InvalidCertificate(why) => ConnectionLost::permanent(format!(
            "the broker's certificate is rejected ({why:?}): check the CA file and the broker's name"
        )),
        Tls::AlertReceived(why) => ConnectionLost::permanent(format!(
            "the broker rejects the TLS connection ({why:?}): check the client certificate, or whether the broker requires one"
        )),
        Tls::InvalidMessage(_) => ConnectionLost::permanent("the server does not speak TLS: check the port"),
        Tls::PeerIncompatible(why) => {
            ConnectionLost::permanent(format!("the broker supports no common version of TLS ({why:?})"))
        }
        other => ConnectionLost::transient(format!("TLS: {other}")),
    })
}
