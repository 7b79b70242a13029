//! Options of the store in etcd.

use std::fmt;
use std::path::Path;

use super::super::store_trait::StoreError;

/// Addresses of etcd and credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct EtcdOptions {
    pub(super) endpoints: Vec<String>,
    pub(super) tls: bool,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    pub(super) authority: Option<Vec<u8>>,
    pub(super) certificate: Option<Vec<u8>>,
    pub(super) key: Option<Vec<u8>>,
}

const DEFAULT_PORT: u16 = 2379;

impl EtcdOptions {
    /// Parses an address `etcd://[user@]host:port[,host:port…]`; `etcds://` for TLS. Without a port it is 2379.
    ///
    /// # Errors
    /// The address is malformed, contains a password, or needs a feature that is not enabled.
    pub fn parse(address: &str) -> Result<Self, StoreError> {
        let wrong = |what: &str| {
            Err(StoreError::Unusable(format!(
                "the address of etcd {what}: `etcd://[user@]host:port[,host:port…]`"
            )))
        };
        let (tls, rest) = match (address.strip_prefix("etcd://"), address.strip_prefix("etcds://")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => return wrong("begins with `etcd://` or `etcds://`"),
        };
        if tls && !cfg!(feature = "tls") {
            return Err(StoreError::Unusable(
                "this program was built without TLS: enable the feature `tls` of csml-rt".into(),
            ));
        }
        let (user, hosts) = match rest.rsplit_once('@') {
            Some((user, _)) if user.contains(':') => {
                return wrong(
                    "must not have a password in it; put it into the environment or a file \
                     (`CSML_ETCD_PASSWORD`, `CSML_ETCD_PASSWORD_FILE`)",
                );
            }
            Some(("", _)) => return wrong("has an empty user name"),
            Some((user, hosts)) => (Some(user.to_owned()), hosts),
            None => (None, rest),
        };
        let mut endpoints = Vec::new();
        for host in hosts.split(',') {
            match endpoint(host) {
                Some(endpoint) => endpoints.push(endpoint),
                None => return wrong(&format!("has `{host}` where a host and a port belong")),
            }
        }
        let (password, authority, certificate, key) = (None, None, None, None);
        Ok(Self { endpoints, tls, user, password, authority, certificate, key })
    }

    /// Adds options from the environment: the password from `CSML_ETCD_PASSWORD` or the file that
    /// `CSML_ETCD_PASSWORD_FILE` names, and the files `CSML_ETCD_CA`, `CSML_ETCD_CERT` and `CSML_ETCD_KEY`
    /// (PEM).
    ///
    /// # Errors
    /// A file cannot be read, or a certificate has no key.
    pub fn with_environment(mut self) -> Result<Self, StoreError> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        if let Some(file) = variable("CSML_ETCD_PASSWORD_FILE") {
            self = self.with_password_file(file)?;
        }
        if let Some(password) = variable("CSML_ETCD_PASSWORD") {
            self = self.with_password(password);
        }
        if let Some(file) = variable("CSML_ETCD_CA") {
            self = self.with_ca_file(file)?;
        }
        match (variable("CSML_ETCD_CERT"), variable("CSML_ETCD_KEY")) {
            (Some(certificate), Some(key)) => self.with_certificate_files(certificate, key),
            (None, None) => Ok(self),
            _ => Err(StoreError::Unusable(
                "`CSML_ETCD_CERT` and `CSML_ETCD_KEY` belong together: give both or none".into(),
            )),
        }
    }

    /// Sets the password of the user.
    #[must_use]
    pub fn with_password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Sets the password of the user from a file; a final line break is not part of it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn with_password_file(self, path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let text = String::from_utf8(read(path, "the password of etcd")?).map_err(|_| {
            StoreError::Unusable(format!("the password of etcd in `{}` is not UTF-8", path.display()))
        })?;
        Ok(self.with_password(text.trim_end_matches(['\r', '\n'])))
    }

    /// Sets the CA certificates (PEM) for verifying the server. Required for `etcds://`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn with_ca_file(mut self, path: impl AsRef<Path>) -> Result<Self, StoreError> {
        self.authority = Some(read(path.as_ref(), "the CA of etcd")?);
        Ok(self)
    }

    /// Sets the client certificate and its key (PEM).
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn with_certificate_files(
        mut self,
        certificate: impl AsRef<Path>,
        key: impl AsRef<Path>,
    ) -> Result<Self, StoreError> {
        self.certificate = Some(read(certificate.as_ref(), "the certificate for etcd")?);
        self.key = Some(read(key.as_ref(), "the key for etcd")?);
        Ok(self)
    }

    /// The servers, for messages.
    pub(super) fn shown(&self) -> String {
        self.endpoints.join(",")
    }
}

// Implemented by hand, so that secrets stay out of logs.
impl fmt::Debug for EtcdOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EtcdOptions")
            .field("endpoints", &self.endpoints)
            .field("tls", &self.tls)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// `host:port` of a host with or without a port; IPv6 addresses are in brackets.
fn endpoint(host: &str) -> Option<String> {
    let bracket = host.rfind(']').map_or(0, |at| at + 1);
    let (name, port) = match host.get(bracket..)?.rsplit_once(':') {
        Some((before, port)) => (host.get(..bracket + before.len())?, port.parse().ok()?),
        None => (host, DEFAULT_PORT),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let inner = match name.strip_prefix('[') {
        Some(inner) => inner.strip_suffix(']').filter(|inner| inner.parse::<std::net::Ipv6Addr>().is_ok())?,
        None if name.chars().all(plain) => name,
        None => return None,
    };
    (!inner.is_empty() && port != 0).then(|| format!("{name}:{port}"))
}

fn read(path: &Path, what: &str) -> Result<Vec<u8>, StoreError> {
    std::fs::read(path).map_err(|error| {
        StoreError::Unusable(format!("{what} cannot be read from `{}`: {error}", path.display()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoints(address: &str) -> Vec<String> {
        EtcdOptions::parse(address).unwrap().endpoints
    }

    fn error(address: &str) -> String {
        EtcdOptions::parse(address).unwrap_err().to_string()
    }

    #[test]
    fn addresses() {
        assert_eq!(endpoints("etcd://a:1,b.example"), ["a:1", "b.example:2379"]);
        assert_eq!(endpoints("etcd://[::1]:5,[::2]"), ["[::1]:5", "[::2]:2379"]);
        assert_eq!(EtcdOptions::parse("etcd://me@a:1").unwrap().user.as_deref(), Some("me"));
        assert_eq!(EtcdOptions::parse("etcds://a").is_ok(), cfg!(feature = "tls"));
    }

    #[test]
    fn wrong_addresses_say_why() {
        for hosts in ["", "a:", "a:x", "a:70000", "a:0", "a,,b", "a/b", "::1", "[::1", "[x]:1", ":1", "a b"] {
            let error = error(&format!("etcd://{hosts}"));
            assert!(error.contains("where a host and a port belong"), "{hosts}: {error}");
        }
        assert!(error("etcd://me:secret@a").contains("CSML_ETCD_PASSWORD"));
        assert!(!error("etcd://me:secret@a").contains("secret"));
        assert!(error("etcd://@a").contains("empty user"));
        assert!(error("http://a").contains("begins with"));
    }

    #[test]
    fn secrets_are_not_shown() {
        let options = EtcdOptions::parse("etcd://me@a").unwrap().with_password("secret");
        assert!(!format!("{options:?}").contains("secret"));
        let error = options.with_ca_file("no/such/file").unwrap_err().to_string();
        assert!(error.contains("`no/such/file`"), "{error}");
    }
}
