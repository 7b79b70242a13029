//! Building a crate with cargo.

use std::{
    env,
    ffi::OsString,
    fs,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::failure::Failure;

/// What a build with these features of the runtime needs and this machine does not have: etcd's client is made from
/// protocol definitions when it is built, for which it starts `protoc`.
pub(super) fn missing_tool(features: &[String]) -> Option<&'static str> {
    lacks_protoc(features, env::var_os("PROTOC"), env::var_os("PATH")).then_some(
        "`store-etcd` needs the protocol compiler `protoc` to be built, and it is not on the PATH; install it with its \
         include files (Debian: `apt-get install protobuf-compiler libprotobuf-dev`; macOS: `brew install protobuf`), or \
         name it in the environment variable PROTOC",
    )
}

fn lacks_protoc(features: &[String], named: Option<OsString>, path: Option<OsString>) -> bool {
    let program = format!("protoc{}", env::consts::EXE_SUFFIX);
    features.iter().any(|feature| feature == "store-etcd")
        && named.is_none()
        && !path.is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(&program).is_file()))
}

/// What to build.
pub(super) struct Build<'a> {
    /// Folder of the crate.
    pub(super) folder: &'a Path,
    /// Its package, a name of its own within the target folder.
    pub(super) package: &'a str,
    /// Target folder, shared with other crates so that dependencies are built once.
    pub(super) target: &'a Path,
    /// Whether to optimise.
    pub(super) release: bool,
}

impl Build<'_> {
    /// Builds the crate and returns its executable. Cargo shows its own progress on a terminal; elsewhere its
    /// words are shown only if it fails.
    pub(super) fn run(&self) -> Result<PathBuf, Failure> {
        let terminal = io::stderr().is_terminal();
        let stderr = if terminal { Stdio::inherit() } else { Stdio::piped() };
        let output = self.command().stderr(stderr).output().map_err(|error| {
            Failure::message(if error.kind() == io::ErrorKind::NotFound {
                "cargo was not found; `csmlc run` needs Rust, see https://rustup.rs".to_owned()
            } else {
                format!("cannot start cargo: {error}")
            })
        })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.trim_end();
            let gap = if said.is_empty() { "" } else { "\n\n" };
            return Err(Failure::message(format!(
                "cargo could not build the generated crate in `{}` ({}){gap}{said}",
                self.folder.display(),
                output.status
            )));
        }
        executable(&output.stdout, self.package)
            .ok_or_else(|| Failure::message("cargo built the crate but names no executable"))
    }

    fn command(&self) -> Command {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(["build", "--message-format=json-render-diagnostics", "--target-dir"])
            .arg(self.target)
            // Settings of the folder in which the user happens to be do not concern this crate.
            .current_dir(self.folder)
            // The crate is built once: what would make the next build faster is lost.
            .env("CARGO_INCREMENTAL", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        if self.release {
            command.arg("--release");
        }
        command
    }

    /// Removes what cargo left of this crate in the target folder. Its name is its own, so that nothing else is
    /// removed, and its executable has been taken away.
    pub(super) fn tidy(&self) {
        let profile = self.target.join(if self.release { "release" } else { "debug" });
        let crate_name = self.package.replace('-', "_");
        for folder in ["", "deps", ".fingerprint"] {
            let Ok(entries) = fs::read_dir(profile.join(folder)) else { continue };
            for entry in entries.flatten() {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                if name.starts_with(self.package) || name.starts_with(&crate_name) {
                    let path = entry.path();
                    // What cannot be removed stays.
                    let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
                }
            }
        }
    }
}

/// The executable of a package, from cargo's messages, one JSON object per line.
fn executable(messages: &[u8], package: &str) -> Option<PathBuf> {
    messages
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok())
        .filter(|message| message.pointer("/target/name").and_then(|name| name.as_str()) == Some(package))
        .filter_map(|message| message.get("executable")?.as_str().map(PathBuf::from))
        .next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_without_protoc_is_told_before_it_begins() {
        let folder = env::temp_dir().join(format!("csmlc-protoc-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = Some(OsString::from(&folder));
        let features = |name: &str| vec!["mqtt".to_owned(), name.to_owned()];
        assert!(lacks_protoc(&features("store-etcd"), None, path.clone()));
        assert!(lacks_protoc(&features("store-etcd"), None, None));
        assert!(!lacks_protoc(&features("store-redb"), None, path.clone()));
        assert!(!lacks_protoc(&features("store-etcd"), Some("/opt/protoc".into()), path.clone()));
        fs::write(folder.join(format!("protoc{}", env::consts::EXE_SUFFIX)), "").unwrap();
        assert!(!lacks_protoc(&features("store-etcd"), None, path));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_executable_is_found_in_cargos_messages() {
        let messages = br#"{"reason":"compiler-artifact","target":{"name":"serde"},"executable":null}
not json
{"reason":"compiler-artifact","target":{"name":"railway-1"},"executable":"/t/debug/railway-1"}
{"reason":"build-finished","success":true}
"#;
        assert_eq!(executable(messages, "railway-1"), Some("/t/debug/railway-1".into()));
        assert_eq!(executable(messages, "serde"), None);
    }
}
