//! The broker mosquitto.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use crate::{Certificates, Folder, Server, find_program, free_port};

/// What a broker is started with. The defaults are those that the documentation recommends, without a password
/// and in memory only.
#[derive(Debug, Clone)]
pub struct Config {
    /// Whether messages and sessions outlive a restart that was announced by signal 15.
    pub persistence: bool,
    /// Whether messages and sessions are written at every change. Slow.
    pub save_every_change: bool,
    /// Messages that wait for one client that is away or slow.
    pub max_queued: u32,
    /// Messages on their way to one client.
    pub max_inflight: u32,
    /// Bytes of the largest packet.
    pub max_packet_size: u32,
    /// Names and passwords; without any, everyone may come.
    pub users: Vec<(String, String)>,
    /// Access control in mosquitto's own format.
    pub acl: Option<String>,
    /// TLS with these certificates.
    pub tls: Option<Certificates>,
    /// With TLS: whether clients need a certificate.
    pub client_certificates: bool,
    /// Further lines of the configuration.
    pub further: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            persistence: false,
            save_every_change: false,
            max_queued: 100_000,
            max_inflight: 1_000,
            max_packet_size: 512 << 10,
            users: Vec::new(),
            acl: None,
            tls: None,
            client_certificates: false,
            further: String::new(),
        }
    }
}

/// The program, or a printed reason why a test does nothing.
#[must_use]
pub fn find() -> Option<PathBuf> {
    let program = find_program("mosquitto");
    if program.is_none() {
        eprintln!("skipped: the broker mosquitto is not installed (Debian: apt-get install mosquitto)");
    }
    program
}

/// A running broker.
#[derive(Debug)]
pub struct Mosquitto {
    /// The process.
    pub server: Server,
    // Behind the server: it goes when the server is gone.
    folder: Folder,
}

impl Mosquitto {
    /// Starts a broker; none with a printed reason if mosquitto is not installed.
    ///
    /// # Errors
    /// What kept it from starting.
    pub fn start(config: &Config) -> io::Result<Option<Self>> {
        let Some(program) = find() else {
            return Ok(None);
        };
        let folder = Folder::new("csml-mosquitto")?;
        let mut attempts = 0;
        loop {
            let port = free_port()?;
            let file = folder.write("mosquitto.conf", text(config, &folder, port)?)?;
            let arguments = vec!["-c".to_owned(), file.display().to_string()];
            match Server::start(&program, arguments, port, &folder.file("output")) {
                Ok(server) => return Ok(Some(Self { server, folder })),
                // Somebody else may have taken the port meanwhile.
                Err(_) if attempts < 3 => attempts += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The URL of a client.
    #[must_use]
    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port())
    }

    /// What it has logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.file("output")).unwrap_or_default()
    }
}

/// The configuration file.
fn text(config: &Config, folder: &Folder, port: u16) -> io::Result<String> {
    let mut text = format!(
        "user root\nlog_dest stdout\nlog_type all\nset_tcp_nodelay true\nlistener {port} 127.0.0.1\n\
         max_queued_messages {}\nmax_inflight_messages {}\nmax_packet_size {}\nallow_anonymous {}\n\
         persistence {}\n",
        config.max_queued,
        config.max_inflight,
        config.max_packet_size,
        config.users.is_empty(),
        config.persistence,
    );
    if config.persistence {
        text += &format!("persistence_location {}/\n", folder.path().display());
        if config.save_every_change {
            text += "autosave_on_changes true\nautosave_interval 1\n";
        }
    }
    if !config.users.is_empty() {
        let mut lines = String::new();
        for (name, password) in &config.users {
            writeln!(lines, "{name}:{password}").map_err(io::Error::other)?;
        }
        let file = folder.write("passwords", lines)?;
        // Hashes the passwords of the file.
        let status = std::process::Command::new("mosquitto_passwd").arg("-U").arg(&file).status()?;
        if !status.success() {
            return Err(io::Error::other(format!("mosquitto_passwd ended with {status}")));
        }
        text += &format!("password_file {}\n", file.display());
    }
    if let Some(acl) = &config.acl {
        text += &format!("acl_file {}\n", folder.write("acl", acl)?.display());
    }
    if let Some(certificates) = &config.tls {
        text += &format!(
            "cafile {}\ncertfile {}\nkeyfile {}\nrequire_certificate {}\n",
            certificates.authority().display(),
            certificates.server().0.display(),
            certificates.server().1.display(),
            config.client_certificates,
        );
    }
    text += &config.further;
    Ok(text)
}
