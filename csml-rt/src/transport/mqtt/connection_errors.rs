//! Messages about failed connections, the same for both versions of MQTT.

use std::error::Error;
use std::io;

use super::client_event::ConnectionLost;
use super::error_chain::find;

pub(super) const NO_ANSWER: &str = "no answer in time";
pub(super) const CLOSED: &str = "the broker closed the connection";
pub(super) const PING_TIMEOUT: &str = "the broker does not answer pings";
pub(super) const BAD_PASSWORD: &str =
    "the broker rejects the user name or the password: check both, and where the password is read from";
pub(super) const NOT_AUTHORISED: &str = "the broker does not authorise this client: check user name, password or certificate, and the broker's access control";
pub(super) const BAD_CLIENT: &str =
    "the broker rejects the client id: give the process a name of letters and digits";
pub(super) const TAKEN_OVER: &str =
    "another client has connected with the same client id: give every process a name of its own";

/// The cause of a lost connection, if the error is one of the network or of TLS.
pub(super) fn of(error: &(dyn Error + 'static)) -> Option<ConnectionLost> {
    #[cfg(feature = "tls")]
    if let Some(lost) = super::tls::failure(error) {
        return Some(lost);
    }
    let error = find::<io::Error>(error)?;
    let text = error.to_string();
    Some(ConnectionLost::transient(match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            "connection refused: no server listens at this address".to_owned()
        }
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            CLOSED.to_owned()
        }
        // The message of tokio for a stream that ends within a packet.
        _ if text == "bytes remaining on stream" => CLOSED.to_owned(),
        // The kind of this error has no name in the standard library.
        _ if text.contains("lookup address") => format!("unknown host ({text})"),
        _ => text,
    }))
}

/// A host as in an address.
pub(super) fn bracketed(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

/// The media types of the wire format; any other is ignored.
pub(super) fn known_content_type(name: &str) -> Option<&'static str> {
    ["application/json", "application/cbor"].into_iter().find(|known| *known == name)
}
