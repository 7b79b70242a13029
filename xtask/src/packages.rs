//! Programs from Debian packages that a command needs: installed where that is possible, and otherwise named.

use std::path::Path;
use std::process::{Command, Stdio};

/// Something that a package brings.
pub(crate) struct Need {
    /// The package.
    pub(crate) package: &'static str,
    /// How to tell that it is there.
    pub(crate) there: There,
}

/// How to tell that something is there.
pub(crate) enum There {
    /// This program exists. Programs for administrators may be outside the `PATH` of other users.
    Program(&'static str),
    /// This file exists below one of the usual folders for headers.
    Header(&'static str),
}

/// Folders of programs that `PATH` of a user may lack.
const SYSTEM: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/sbin"];
const HEADERS: [&str; 2] = ["/usr/local/include", "/usr/include"];

/// Tests start servers of their own: while the packages are installed, a policy of Debian's keeps theirs from being
/// started, unless there is one already. A list that could not be brought up to date may still do.
const INSTALL: &str = r#"
command -v apt-get >/dev/null || exit 1
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends "$@"
"#;

impl Need {
    fn is_there(&self) -> bool {
        match self.there {
            There::Program(name) => {
                let path = std::env::var_os("PATH").unwrap_or_default();
                let folders = std::env::split_paths(&path);
                folders.chain(SYSTEM.iter().map(Into::into)).any(|folder| folder.join(name).is_file())
            }
            There::Header(name) => HEADERS.iter().any(|folder| Path::new(folder).join(name).is_file()),
        }
    }
}

/// Installs what is missing; says nothing if that is nothing.
pub(crate) fn provide(needs: &[Need]) -> Result<(), String> {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    let command = format!("apt-get install {}", missing.join(" "));
    if let Some(become_root) = way_to_root() {
        eprintln!("missing: {}; trying `{command}`", missing.join(", "));
        install(become_root, &missing);
    }
    let missing = self::missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "missing, and could not be installed from here: {}. As root: {command}. On other systems, install what these \
         packages of Debian hold",
        missing.join(", ")
    ))
}

fn missing(needs: &[Need]) -> Vec<&'static str> {
    needs.iter().filter(|need| !need.is_there()).map(|need| need.package).collect()
}

/// What to put before a command that needs root; `None` if nothing helps without asking the user.
fn way_to_root() -> Option<&'static [&'static str]> {
    let output = |program: &str, arguments: &[&str]| {
        Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output()
    };
    let is_root = output("id", &["-u"]).is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if is_root {
        return Some(&[]);
    }
    let sudo = output("sudo", &["-n", "true"]).is_ok_and(|output| output.status.success());
    sudo.then_some(&["sudo", "-n"])
}

/// Whether it has worked shows by what is there afterwards.
fn install(become_root: &[&str], packages: &[&str]) {
    let mut words = become_root.iter().chain(&["sh", "-c", INSTALL, "sh"]).chain(packages);
    if let Some(program) = words.next() {
        let _ = Command::new(program).args(words).stdin(Stdio::null()).status();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_not_missing() {
        let shell = Need { package: "dash", there: There::Program("sh") };
        let nothing = Need { package: "nothing-at-all", there: There::Program("no-such-program-anywhere") };
        let header = Need { package: "no-headers", there: There::Header("no/such/header.h") };
        assert_eq!(missing(&[shell, nothing, header]), ["nothing-at-all", "no-headers"]);
    }
}
