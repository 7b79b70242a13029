//! Certificates for tests: an authority, a server for `localhost` and 127.0.0.1, a client.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};

use crate::Folder;

/// Files of certificates and keys, in a folder that goes with the last clone.
#[derive(Debug, Clone)]
pub struct Certificates(Arc<Folder>);

impl Certificates {
    /// Makes an authority and what it signs: `client` is the common name of the client's certificate.
    ///
    /// # Errors
    /// What kept it from being made.
    pub fn new(client: &str) -> io::Result<Self> {
        let folder = Folder::new("csml-certificates")?;
        let mut params = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "authority of a test");
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let authority = CertifiedIssuer::self_signed(params, key).map_err(io::Error::other)?;
        folder.write("ca.pem", authority.pem())?;

        let signed = |name: &str, hosts: Vec<String>, usage, file: &str| -> io::Result<()> {
            let mut params = CertificateParams::new(hosts).map_err(io::Error::other)?;
            params.distinguished_name.push(DnType::CommonName, name);
            params.extended_key_usages.push(usage);
            let key = KeyPair::generate().map_err(io::Error::other)?;
            let certificate = params.signed_by(&key, &authority).map_err(io::Error::other)?;
            folder.write(&format!("{file}.pem"), certificate.pem())?;
            let key_file = folder.write(&format!("{file}.key"), key.serialize_pem())?;
            private(&key_file)
        };
        let hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        signed("server of a test", hosts, ExtendedKeyUsagePurpose::ServerAuth, "server")?;
        signed(client, Vec::new(), ExtendedKeyUsagePurpose::ClientAuth, "client")?;
        Ok(Self(Arc::new(folder)))
    }

    /// The authority's certificate.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.0.file("ca.pem")
    }

    /// The server's certificate and key.
    #[must_use]
    pub fn server(&self) -> (PathBuf, PathBuf) {
        (self.0.file("server.pem"), self.0.file("server.key"))
    }

    /// The client's certificate and key.
    #[must_use]
    pub fn client(&self) -> (PathBuf, PathBuf) {
        (self.0.file("client.pem"), self.0.file("client.key"))
    }
}

#[cfg(unix)]
fn private(file: &std::path::Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn private(_: &std::path::Path) -> io::Result<()> {
    Ok(())
}
