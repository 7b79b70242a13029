//! The broker Aedes, of MQTT 3.1.1, on Node.js. It leaves Nagle's algorithm on.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Folder, Server, find_program, free_port};

/// The package, with the version that is tested.
const PACKAGE: &str = "aedes@0.51.3";

/// A broker that listens on the port of its first argument.
const PROGRAM: &str = "\
const broker = require('aedes')();
require('net').createServer(broker.handle).listen(Number(process.argv[2]), '127.0.0.1');
";

/// A running broker.
#[derive(Debug)]
pub struct Aedes {
    server: Server,
    // Behind the server: it goes when the server is gone.
    _folder: Folder,
}

impl Aedes {
    /// Starts a broker; none with a printed reason if it cannot be had. `cache` keeps the package between runs.
    ///
    /// # Errors
    /// What kept it from starting.
    pub fn start(cache: &Path) -> io::Result<Option<Self>> {
        let Some(node) = find_program("node") else {
            eprintln!("skipped: the broker Aedes needs Node.js (Debian: apt-get install nodejs npm)");
            return Ok(None);
        };
        let Some(package) = install(cache)? else {
            eprintln!("skipped: npm is missing or cannot install the broker Aedes ({PACKAGE})");
            return Ok(None);
        };
        let folder = Folder::new("csml-aedes")?;
        // Node.js looks for packages beside the program.
        let program = package.join("broker.js");
        std::fs::write(&program, PROGRAM)?;
        let mut attempts = 0;
        loop {
            let port = free_port()?;
            let arguments = vec![program.display().to_string(), port.to_string()];
            match Server::start(&node, arguments, port, &folder.file("output")) {
                Ok(server) => return Ok(Some(Self { server, _folder: folder })),
                // Somebody else may have taken the port meanwhile.
                Err(_) if attempts < 3 => attempts += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// The URL of a client.
    #[must_use]
    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}?version=3.1.1", self.server.port())
    }
}

/// The folder with the installed package, if it can be had.
fn install(cache: &Path) -> io::Result<Option<PathBuf>> {
    let folder = cache.join(PACKAGE);
    let complete = folder.join("complete");
    if complete.exists() {
        return Ok(Some(folder));
    }
    let Some(npm) = find_program("npm") else {
        return Ok(None);
    };
    std::fs::create_dir_all(&folder)?;
    let status = Command::new(npm)
        .args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"])
        .arg(&folder)
        .arg(PACKAGE)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if !status.success() {
        return Ok(None);
    }
    std::fs::write(complete, "")?;
    Ok(Some(folder))
}
