//! Starts processes of an application as a user would, and reads how they ended.

mod cable;

pub use cable::Cable;

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// A process at work.
#[derive(Debug)]
pub struct Part {
    name: String,
    child: Child,
    told: Arc<Mutex<String>>,
    listening: Option<JoinHandle<()>>,
    peak_memory: u64,
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
    /// Most memory that it had used when that was last asked ([`Part::runs`]), in bytes; 0 where the system does
    /// not tell.
    pub peak_memory: u64,
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
        Self::start_by(Command::new(program), application, name, options, events)
    }

    /// The same with a command that starts the program, for instance in another network; options are added to it.
    ///
    /// # Errors
    /// It does not start.
    pub fn start_by(
        mut command: Command,
        application: &str,
        name: &str,
        options: &[&str],
        events: &str,
    ) -> io::Result<Self> {
        let mut child = command
            .env("CSML_PART_APPLICATION", application)
            .args(["--run", name, "--events", "-"])
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let told = Arc::<Mutex<String>>::default();
        let listening = child.stderr.take().map(|output| {
            let told = Arc::clone(&told);
            thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    *told.lock().unwrap_or_else(PoisonError::into_inner) += &(line + "\n");
                }
            })
        });
        if let Some(mut input) = child.stdin.take() {
            input.write_all(events.as_bytes())?;
        }
        Ok(Self { name: name.to_owned(), child, told, listening, peak_memory: 0 })
    }

    /// Number of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has said something so far.
    #[must_use]
    pub fn has_told(&self, what: &str) -> bool {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).contains(what)
    }

    /// Whether it still runs. Notes its memory.
    pub fn runs(&mut self) -> bool {
        self.peak_memory = peak_memory(self.id()).unwrap_or(0).max(self.peak_memory);
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Holds it up, or lets it go on.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn hold(&self, held: bool) -> io::Result<()> {
        let signal = if held { "-STOP" } else { "-CONT" };
        Command::new("kill").args([signal, &self.id().to_string()]).status().map(drop)
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// It cannot be waited for.
    pub fn end(mut self) -> io::Result<Ended> {
        let status = self.child.wait()?;
        // It ends with the output; a panic in it would show as a missing text.
        let _ = self.listening.take().map(JoinHandle::join);
        let told = std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner));
        let name = std::mem::take(&mut self.name);
        Ok(Ended { name, success: status.success(), told, peak_memory: self.peak_memory })
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // A test that fails leaves nothing behind. One that has ended cannot be killed any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    /// The lines about instances and counters.
    #[must_use]
    pub fn summary(&self) -> String {
        self.told.lines().filter(|line| line.starts_with("  ")).collect::<Vec<_>>().join("\n")
    }
}

/// Most memory that a process has used so far, in bytes, where the system tells.
fn peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

/// A number that a test takes from the environment, to run longer than usual.
#[must_use]
pub fn number(variable: &str, default: u64, all: u64) -> u64 {
    let default = if std::env::var_os("CSML_ALL").is_some() { all } else { default };
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
