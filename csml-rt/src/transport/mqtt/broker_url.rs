//! Addresses of brokers.

use super::mqtt_error::MqttError;
use super::mqtt_options::{MqttOptions, Tls, Version};

impl MqttOptions {
    /// Reads `mqtt://[user@]host[:1883]` or `mqtts://[user@]host[:8883]`, with `?version=3.1.1` if wanted.
    ///
    /// # Errors
    /// The address is malformed, contains a password, or requires TLS in a program built without it.
    pub fn parse(url: &str) -> Result<Self, MqttError> {
        parse(url)
    }
}

/// Parses an address. Error messages never repeat what may be a password.
fn parse(url: &str) -> Result<MqttOptions, MqttError> {
    let wrong = |what: &str| {
        MqttError::new(format!(
            "{what}; write it like `mqtt://host:1883` or `mqtts://user@host:8883?version=3.1.1`"
        ))
    };
    let (scheme, rest) =
        url.split_once("://").ok_or_else(|| wrong("the address of the broker has no `://`"))?;
    let tls = match scheme {
        "mqtt" => false,
        "mqtts" => true,
        _ => return Err(wrong("the address of the broker does not begin with `mqtt://` or `mqtts://`")),
    };
    if tls && !cfg!(feature = "tls") {
        return Err(MqttError::new(
            "this program was built without TLS: enable the feature `tls` of csml-rt",
        ));
    }
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if !path.is_empty() {
        return Err(wrong("the address of the broker has a path"));
    }
    let (user, place) = match authority.rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, authority),
    };
    if user.is_some_and(|user| user.contains(':')) {
        return Err(MqttError::new(
            "the address of the broker contains a password, which process lists and logs would show; \
             put it into an environment variable or a file",
        ));
    }
    let (host, port) = host_and_port(place).ok_or_else(|| wrong("the port of the broker is not a number"))?;
    if host.is_empty() {
        return Err(wrong("the address of the broker has no host"));
    }

    let mut options = MqttOptions::new(host, port.unwrap_or(if tls { 8883 } else { 1883 }));
    options.tls = tls.then(Tls::default);
    if let Some(user) = user.filter(|user| !user.is_empty()) {
        let name = decode(user)
            .ok_or_else(|| wrong("the user name contains a `%` that does not begin a code like `%40`"))?;
        options.username = Some(name);
    }
    for setting in query.split('&').filter(|setting| !setting.is_empty()) {
        options.version = match setting {
            "version=5" => Version::V5,
            "version=3.1.1" => Version::V3,
            _ => return Err(wrong("the only parameters of the address are `version=5` and `version=3.1.1`")),
        };
    }
    Ok(options)
}

/// Splits `host`, `host:port`, `[ipv6]` and `[ipv6]:port`.
fn host_and_port(place: &str) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = place.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port.parse().ok()?))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    match place.split_once(':') {
        Some((host, port)) => Some((host, Some(port.parse().ok()?))),
        None => Some((place, None)),
    }
}

/// Replaces codes like `%40`.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        rest = more;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (code, more) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()?);
        rest = more;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_ports() {
        for (url, host, port) in [
            ("mqtt://broker", "broker", 1883),
            ("mqtt://broker/", "broker", 1883),
            ("mqtt://127.0.0.1:1884", "127.0.0.1", 1884),
            ("mqtt://[::1]:1884", "::1", 1884),
            ("mqtt://[::1]", "::1", 1883),
        ] {
            let options = parse(url).unwrap();
            assert_eq!((options.host.as_str(), options.port), (host, port), "{url}");
            assert_eq!(options.version, Version::V5);
        }
    }

    #[test]
    fn user_and_version() {
        let options = parse("mqtt://a%40b@broker?version=3.1.1").unwrap();
        assert_eq!(options.username.as_deref(), Some("a@b"));
        assert_eq!(options.version, Version::V3);
    }

    #[cfg(feature = "tls")]
    #[test]
    fn tls_has_a_port_of_its_own() {
        let options = parse("mqtts://broker").unwrap();
        assert_eq!((options.port, options.tls.is_some()), (8883, true));
    }

    #[cfg(not(feature = "tls"))]
    #[test]
    fn tls_is_missing() {
        assert!(parse("mqtts://broker").unwrap_err().to_string().contains("feature `tls`"));
    }

    #[test]
    fn a_password_is_rejected_and_not_repeated() {
        let error = parse("mqtt://user:swordfish@broker").unwrap_err().to_string();
        assert!(error.contains("environment variable or a file") && !error.contains("swordfish"), "{error}");
    }

    #[test]
    fn wrong_addresses() {
        for url in [
            "broker",
            "http://broker",
            "mqtt://",
            "mqtt://broker:port",
            "mqtt://broker:70000",
            "mqtt://broker/path",
            "mqtt://[::1",
            "mqtt://[::1]x",
            "mqtt://%4@broker",
            "mqtt://%ff@broker",
            "mqtt://broker?version=4",
            "mqtt://broker?clean=true",
        ] {
            assert!(parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn certificates_need_tls() {
        let error = MqttOptions::new("broker", 1883).server_name("x").unwrap_err();
        assert!(error.to_string().contains("mqtts://"));
    }
}
