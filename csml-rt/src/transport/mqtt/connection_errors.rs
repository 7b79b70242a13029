//! Words for what goes wrong with a connection, the same for both versions.

use std::error::Error;
use std::io;

use super::MqttOptions;
use super::mqtt_client::ConnectionLost;

pub(super) const NO_ANSWER: &str = "no answer in time";
pub(super) const CLOSED: &str = "the broker closed the connection";
pub(super) const SILENT: &str = "the broker gives no sign of life";
pub(super) const BAD_PASSWORD: &str =
    "the broker refuses the user name or the password: check both, and where the password is read from";
pub(super) const NOT_AUTHORISED: &str = "the broker does not let this client in: check user name, password or certificate, and its access control";
pub(super) const BAD_CLIENT: &str =
    "the broker refuses the name of this client: give the process another one, of letters and digits";
pub(super) const TAKEN_OVER: &str =
    "another client has connected under the name of this one: give every process a name of its own";

/// What an error of the network or of TLS means, if it is one.
pub(super) fn of(error: &(dyn Error + 'static)) -> Option<ConnectionLost> {
    #[cfg(feature = "tls")]
    if let Some(lost) = super::tls::failure(error) {
        return Some(lost);
    }
    let error = find::<io::Error>(error)?;
    let text = error.to_string();
    Some(ConnectionLost::transient(match error.kind() {
        io::ErrorKind::ConnectionRefused => "nobody listens there".to_owned(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            CLOSED.to_owned()
        }
        // What tokio says of a stream that ends within a packet.
        _ if text == "bytes remaining on stream" => CLOSED.to_owned(),
        // The kind of this error has no name in the standard library.
        _ if text.contains("lookup address") => format!("the host is unknown ({text})"),
        _ => text,
    }))
}

/// The first error of a type in a chain of causes.
pub(super) fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut current = Some(error);
    while let Some(error) = current {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        // An error of the system hides what it is made of from `source`.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        current = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

/// The name that the client knows the broker by, which TLS compares with the certificate.
pub(super) fn server_name(options: &MqttOptions) -> String {
    let host = options.host.as_str();
    match &options.tls {
        Some(tls) => tls.server_name.clone().unwrap_or_else(|| host.to_owned()),
        None if host.contains(':') => format!("[{host}]"),
        None => host.to_owned(),
    }
}

/// The media types of the wire format; any other is as good as none.
pub(super) fn known_content_type(name: &str) -> Option<&'static str> {
    ["application/json", "application/cbor"].into_iter().find(|known| *known == name)
}
