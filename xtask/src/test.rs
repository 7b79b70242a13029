//! `cargo xtask test`: what a change has to pass, the quickest first.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::packages::{Need, There, provide};

/// A step: what it is, cargo's arguments, and flags for rustdoc.
struct Step {
    what: &'static str,
    arguments: &'static [&'static str],
    rustdocflags: Option<&'static str>,
}

const STEPS: [Step; 5] = [
    Step { what: "formatting", arguments: &["fmt", "--all", "--check"], rustdocflags: None },
    Step {
        what: "lints",
        arguments: &["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"],
        rustdocflags: None,
    },
    Step {
        what: "tests",
        arguments: &["test", "--workspace", "--all-features", "--all-targets"],
        rustdocflags: None,
    },
    Step {
        what: "tests in the documentation",
        arguments: &["test", "--workspace", "--all-features", "--doc"],
        rustdocflags: None,
    },
    Step {
        what: "documentation",
        arguments: &["doc", "--workspace", "--all-features", "--no-deps"],
        rustdocflags: Some("-D warnings"),
    },
];

/// The real servers that tests start, and what the client of etcd is built with.
const NEEDS: [Need; 4] = [
    Need { package: "mosquitto", there: There::Program("mosquitto") },
    Need { package: "etcd-server", there: There::Program("etcd") },
    Need { package: "protobuf-compiler", there: There::Program("protoc") },
    Need { package: "libprotobuf-dev", there: There::Header("google/protobuf/any.proto") },
];

/// Runs all steps, up to the first one that fails; `all` asks tests for their longer form.
pub(crate) fn run(all: bool) -> Result<(), String> {
    let (cargo, root) = (cargo(), root());
    for component in ["fmt", "clippy"] {
        let version = Command::new(&cargo).args([component, "--version"]).output();
        if !version.is_ok_and(|output| output.status.success()) {
            let package = if component == "fmt" { "rustfmt" } else { component };
            return Err(format!(
                "`cargo {component}` is missing; `rustup component add {package}` installs it"
            ));
        }
    }
    provide(&NEEDS)?;
    let start = Instant::now();
    for Step { what, arguments, rustdocflags } in STEPS {
        eprintln!("== {what} ({} s so far): cargo {}", start.elapsed().as_secs(), arguments.join(" "));
        let mut command = Command::new(&cargo);
        command.args(arguments).current_dir(&root).stdin(Stdio::null());
        if all {
            command.env("CSML_ALL", "1");
        }
        if let Some(flags) = rustdocflags {
            command.env("RUSTDOCFLAGS", flags);
        }
        let status = command.status().map_err(|error| format!("cargo does not start: {error}"))?;
        if !status.success() {
            return Err(format!("{what} failed: cargo {}", arguments.join(" ")));
        }
    }
    eprintln!("== all passed in {} s", start.elapsed().as_secs());
    Ok(())
}

/// The cargo that runs this command.
pub(crate) fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// Folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}
