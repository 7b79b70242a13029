//! A server process.

use std::io;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to start; generous, for machines with much else to do.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// The path of a program, looked for where programs and servers are.
#[must_use]
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/usr/local/sbin", "/usr/local/bin"].map(PathBuf::from))
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Waits for a condition, at most `limit`. True once it holds.
pub fn wait_until(limit: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    loop {
        if condition() {
            return true;
        }
        if start.elapsed() > limit {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A server: a program, its arguments and the port that it listens on. Killed when dropped.
#[derive(Debug)]
pub struct Server {
    program: PathBuf,
    arguments: Vec<String>,
    port: u16,
    log: PathBuf,
    child: Option<Child>,
}

impl Server {
    /// Starts a program and waits until it accepts connections at 127.0.0.1 and `port`. Its output goes to
    /// the end of the file `log`.
    ///
    /// # Errors
    /// If it cannot be started, ends at once, or does not listen in time; with the end of its output.
    pub fn start(program: &Path, arguments: Vec<String>, port: u16, log: &Path) -> io::Result<Self> {
        let mut server =
            Self { program: program.to_owned(), arguments, port, log: log.to_owned(), child: None };
        server.run()?;
        Ok(server)
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The process id, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Kills it with signal 9 and waits until it is gone.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn kill(&mut self) -> io::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Asks it to end with signal 15 and waits until it has.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn stop(&mut self) -> io::Result<()> {
        if let Some(mut child) = self.child.take() {
            Command::new("kill").args(["-TERM", &child.id().to_string()]).status()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Holds it up, or lets it go on: it neither answers nor ends meanwhile.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn hold(&self, held: bool) -> io::Result<()> {
        let Some(id) = self.id() else { return Ok(()) };
        let signal = if held { "-STOP" } else { "-CONT" };
        Command::new("kill").args([signal, &id.to_string()]).status().map(drop)
    }

    /// Starts it again, on the same port and folder, and waits until it accepts connections.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn restart(&mut self) -> io::Result<()> {
        self.kill()?;
        self.run()
    }

    fn run(&mut self) -> io::Result<()> {
        let output = std::fs::OpenOptions::new().create(true).append(true).open(&self.log)?;
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()?;
        let mut ended = None;
        let listens = wait_until(READY_WITHIN, || {
            ended = child.try_wait().ok().flatten();
            ended.is_some() || TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok()
        });
        // Set before anything can fail: dropping kills it.
        self.child = Some(child);
        match ended {
            Some(status) => Err(self.failure(&format!("ended with {status}"))),
            None if listens => Ok(()),
            None => Err(self.failure("does not listen")),
        }
    }

    fn failure(&self, what: &str) -> io::Error {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(5).collect();
        let end = lines.into_iter().rev().collect::<Vec<_>>().join("\n");
        io::Error::other(format!("{} {what} (port {}):\n{end}", self.program.display(), self.port))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone, or nothing that could be done here.
        let _ = self.kill();
    }
}
