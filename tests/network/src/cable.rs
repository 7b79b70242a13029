//! A network of its own for a process, behind a cable that can be pulled: what is sent meanwhile goes nowhere, and
//! no end is notified.

use std::ffi::OsStr;
use std::io;
use std::process::{Command, Stdio};

/// A network namespace of Linux, joined to the rest of the machine by a pair of interfaces. Removed when dropped.
#[derive(Debug)]
pub struct Cable {
    namespace: String,
    near: String,
    address: String,
}

impl Cable {
    /// Lays a cable; none with a printed reason where that is not possible or not allowed.
    #[must_use]
    pub fn lay() -> Option<Self> {
        let number = std::process::id();
        let (namespace, near, far) =
            (format!("csml{number}"), format!("csml{number}a"), format!("csml{number}b"));
        if let Err(error) = ip(&["netns", "add", &namespace]) {
            eprintln!(
                "skipped: no network namespace: {error} (Debian: apt-get install iproute2; needs root)"
            );
            return None;
        }
        // Addresses that are routed nowhere, in a block that another run at the same time hardly has.
        let block = format!("169.254.{}", 16 + number % 200);
        let cable = Self { namespace, near, address: format!("{block}.1") };
        let (near, namespace) = (cable.near.as_str(), cable.namespace.as_str());
        let laid = ip(&["link", "add", near, "type", "veth", "peer", "name", &far, "netns", namespace])
            .and_then(|()| ip(&["address", "add", &format!("{block}.1/30"), "dev", near]))
            .and_then(|()| ip(&["link", "set", near, "up"]))
            .and_then(|()| ip(&["-n", namespace, "address", "add", &format!("{block}.2/30"), "dev", &far]))
            .and_then(|()| ip(&["-n", namespace, "link", "set", &far, "up"]));
        if let Err(error) = laid {
            eprintln!("skipped: no pair of interfaces: {error}");
            return None;
        }
        Some(cable)
    }

    /// The address of this end.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A command that starts a program at the other end.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.namespace]).arg(program);
        command
    }

    /// Pulls the cable.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn pull(&self) -> io::Result<()> {
        ip(&["link", "set", &self.near, "down"])
    }

    /// Puts it in again.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn plug(&self) -> io::Result<()> {
        ip(&["link", "set", &self.near, "up"])
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        // The interfaces go with the namespace.
        let _ = ip(&["netns", "delete", &self.namespace]);
    }
}

fn ip(arguments: &[&str]) -> io::Result<()> {
    let output = Command::new("ip").args(arguments).stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("ip {}: {}", arguments.join(" "), said.trim())))
}
