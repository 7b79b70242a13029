//! The store etcd.

use std::io;
use std::path::PathBuf;

use crate::{Certificates, Folder, Server, find_program, free_port};

/// A running etcd of one member.
#[derive(Debug)]
pub struct Etcd {
    /// The process.
    pub server: Server,
    tls: Option<Certificates>,
    // Behind the server: it goes when the server is gone.
    folder: Folder,
}

/// The program, or a printed reason why a test does nothing.
#[must_use]
pub fn find() -> Option<PathBuf> {
    let program = find_program("etcd");
    if program.is_none() {
        eprintln!("skipped: etcd is not installed (Debian: apt-get install etcd-server)");
    }
    program
}

impl Etcd {
    /// Starts etcd, with TLS and client certificates if there are any; none with a printed reason if it is not
    /// installed. `further` are arguments.
    ///
    /// # Errors
    /// What kept it from starting.
    pub fn start(tls: Option<Certificates>, further: &[&str]) -> io::Result<Option<Self>> {
        let Some(program) = find() else {
            return Ok(None);
        };
        let folder = Folder::new("csml-etcd")?;
        let mut attempts = 0;
        loop {
            let (port, peers) = (free_port()?, free_port()?);
            let scheme = if tls.is_some() { "https" } else { "http" };
            let client = format!("{scheme}://127.0.0.1:{port}");
            let peer = format!("http://127.0.0.1:{peers}");
            let mut arguments: Vec<String> = [
                ("--name", "one"),
                ("--data-dir", &folder.file(&format!("data-{attempts}")).display().to_string()),
                ("--listen-client-urls", &client),
                ("--advertise-client-urls", &client),
                ("--listen-peer-urls", &peer),
                ("--initial-advertise-peer-urls", &peer),
                ("--initial-cluster", &format!("one={peer}")),
                ("--log-level", "error"),
            ]
            .map(|(name, value)| format!("{name}={value}"))
            .into();
            if let Some(tls) = &tls {
                let (certificate, key) = tls.server();
                arguments.push(format!("--cert-file={}", certificate.display()));
                arguments.push(format!("--key-file={}", key.display()));
                arguments.push(format!("--trusted-ca-file={}", tls.authority().display()));
                arguments.push("--client-cert-auth".into());
            }
            arguments.extend(further.iter().map(|&argument| argument.to_owned()));
            match Server::start(&program, arguments, port, &folder.file("output")) {
                Ok(server) => return Ok(Some(Self { server, tls, folder })),
                // Somebody else may have taken a port meanwhile.
                Err(_) if attempts < 3 => attempts += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// The address as a store takes it.
    #[must_use]
    pub fn address(&self) -> String {
        let scheme = if self.tls.is_some() { "etcds" } else { "etcd" };
        format!("{scheme}://127.0.0.1:{}", self.server.port())
    }

    /// Holds it up, or lets it go on: it neither answers nor ends meanwhile.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn hold(&self, held: bool) -> io::Result<()> {
        self.server.hold(held)
    }

    /// What it has logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.file("output")).unwrap_or_default()
    }
}
