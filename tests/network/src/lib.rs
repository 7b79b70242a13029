//! Starts processes of an application as a user would, and reads how they ended.

use std::io::{self, Write};
use std::process::{Child, Command, Stdio};

/// A process at work.
#[derive(Debug)]
pub struct Part {
    name: String,
    child: Child,
}

/// How a process ended.
#[derive(Debug)]
pub struct Ended {
    /// Its name.
    pub name: String,
    /// Whether it ended well.
    pub success: bool,
    /// What it said.
    pub told: String,
}

impl Part {
    /// Starts `program` with the application that it runs; `events` is its standard input.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(
        program: &str,
        application: &str,
        name: &str,
        options: &[&str],
        events: &str,
    ) -> io::Result<Self> {
        let mut child = Command::new(program)
            .env("CSML_PART_APPLICATION", application)
            .args(["--run", name, "--events", "-"])
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(events.as_bytes())?;
        }
        Ok(Self { name: name.to_owned(), child })
    }

    /// Number of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Most memory that it has used so far, in bytes, where the system tells.
    #[must_use]
    pub fn peak_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kib| kib * 1024)
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// It cannot be waited for.
    pub fn end(self) -> io::Result<Ended> {
        let output = self.child.wait_with_output()?;
        Ok(Ended {
            name: self.name,
            success: output.status.success(),
            told: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Kills it.
    ///
    /// # Errors
    /// It cannot be killed.
    pub fn kill(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }
}

/// A number that a test takes from the environment, to run longer than usual.
#[must_use]
pub fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}
