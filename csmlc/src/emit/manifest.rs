//! `Cargo.toml` of a standalone crate.

use std::path::PathBuf;

use super::module_text::{VERSION, plain};

/// Where a crate gets `csml-rt` from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runtime {
    /// The registry, in the version of this compiler.
    Registry,
    /// A folder.
    Path(PathBuf),
}

impl Runtime {
    /// The value of the dependency `package` (`csml-rt`, or a sibling of it) with default features left out.
    /// A path points at the runtime's folder; siblings stand beside it.
    #[must_use]
    pub fn dependency(&self, package: &str, features: &[&str]) -> String {
        let features: Vec<_> = features.iter().map(|name| format!("{name:?}")).collect();
        let features = features.join(", ");
        let from = match self {
            Self::Registry => format!("version = \"={VERSION}\""),
            Self::Path(folder) => {
                let folder = match folder.parent() {
                    Some(parent) if package != "csml-rt" => parent.join(package),
                    _ => folder.clone(),
                };
                format!("path = {}", toml_string(&folder.to_string_lossy()))
            }
        };
        format!("{{ {from}, default-features = false, features = [{features}] }}")
    }
}

/// The mark of a crate that `csmlc build` has written.
const MARK: &str = "[package.metadata.csmlc]";

/// Whether `manifest` is of a crate that `csmlc build` has written.
#[must_use]
pub fn is_ours(manifest: &str) -> bool {
    manifest.lines().any(|line| line.trim_end() == MARK)
}

/// The start of the line that says which runtime the generated code is for.
const DEPENDENCY: &str = "csml-rt = ";

/// Features of the runtime that every crate needs.
const FEATURES: [&str; 2] = ["node", "runner"];

/// The feature that a crate needs besides whose connections or stores have something to report.
const LOG: &str = "log";

fn dependency_line(runtime: &Runtime, features: &[String]) -> String {
    let mut features: Vec<&str> = FEATURES.into_iter().chain(features.iter().map(String::as_str)).collect();
    if features.iter().any(|name| *name == "mqtt" || name.starts_with("store-")) {
        features.push(LOG);
    }
    format!("{DEPENDENCY}{}", runtime.dependency("csml-rt", &features))
}

/// The features that a dependency on the runtime names besides those that every crate needs.
fn features(line: &str) -> Vec<String> {
    let list = line.split_once("features = [").map_or("", |(_, rest)| rest);
    let list = list.split_once(']').map_or("", |(list, _)| list);
    let names = list.split(',').map(|name| name.trim().trim_matches('"'));
    names
        .filter(|name| !name.is_empty() && !FEATURES.contains(name) && *name != LOG)
        .map(str::to_owned)
        .collect()
}

pub(super) fn manifest(
    package: &str,
    description: &str,
    source: &str,
    runtime: &Runtime,
    features: &[String],
) -> String {
    let about = toml_string(&format!("The CSML description {}", plain(description)));
    let source = toml_string(&plain(source));
    let dependency = dependency_line(runtime, features);
    format!(
        r#"[package]
name = "{package}"
description = {about}
version = "0.1.0"
edition = "2024"
publish = false

{MARK}
source = {source}

[dependencies]
# The generated code belongs to this version of the runtime; `csmlc build` keeps the line up to date.
{dependency}

[profile.release]
lto = "thin"
codegen-units = 4

# A crate of its own, also within the folder of another workspace.
[workspace]
"#
    )
}

/// An existing manifest with the dependency on the runtime renewed; all else is the user's. Without `wanted` the
/// features stay.
pub(super) fn renewed(existing: &str, runtime: &Runtime, wanted: Option<&[String]>) -> String {
    let mut text = String::with_capacity(existing.len());
    for line in existing.split_inclusive('\n') {
        if line.starts_with(DEPENDENCY) {
            let features = wanted.map_or_else(|| features(line), <[String]>::to_vec);
            text.push_str(&dependency_line(runtime, &features));
            text.push('\n');
        } else {
            text.push_str(line);
        }
    }
    text
}

/// A TOML string.
#[must_use]
pub fn toml_string(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 2);
    text.push('"');
    for next in value.chars() {
        match next {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            control if control.is_control() => {
                text.push_str(&format!("\\u{:04X}", u32::from(control)));
            }
            other => text.push(other),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped() {
        assert_eq!(toml_string("C:\\a \"b\"\n"), r#""C:\\a \"b\"\u000A""#);
    }

    #[test]
    fn a_manifest_is_recognised() {
        let text = manifest("railway", "railway \"x\"", "railway.csml", &Runtime::Registry, &[]);
        assert!(is_ours(&text));
        assert!(!is_ours("[package]\nname = \"[package.metadata.csmlc]\"\n"));
        assert!(text.contains(r#"description = "The CSML description railway \"x\"""#));
        assert!(text.contains(&format!(
            "csml-rt = {{ version = \"={VERSION}\", default-features = false, features = [\"node\", \"runner\"] }}"
        )));
    }

    #[test]
    fn renewing_touches_only_the_runtime() {
        let mine = "[package.metadata.csmlc]\n[dependencies]\ncsml-rt = \"=0.0.1\"\nureq = \"3\"\n";
        let runtime = Runtime::Path("/opt/csml-rt".into());
        assert_eq!(
            renewed(mine, &runtime, None),
            "[package.metadata.csmlc]\n[dependencies]\ncsml-rt = { path = \"/opt/csml-rt\", default-features = false, \
             features = [\"node\", \"runner\"] }\nureq = \"3\"\n"
        );
    }

    #[test]
    fn features_stay_until_others_are_wanted() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let first = manifest("a", "a", "a.csml", &Runtime::Registry, &list(&["mqtt", "tls"]));
        assert!(first.contains(r#"features = ["node", "runner", "mqtt", "tls", "log"]"#), "{first}");
        assert_eq!(renewed(&first, &Runtime::Registry, None), first);
        let other = renewed(&first, &Runtime::Registry, Some(&list(&["cbor"])));
        assert!(other.contains(r#"features = ["node", "runner", "cbor"]"#), "{other}");
    }

    #[test]
    fn siblings_stand_beside_the_runtime() {
        let runtime = Runtime::Path("/opt/csml-rt".into());
        assert_eq!(
            runtime.dependency("csmlc", &["text"]),
            "{ path = \"/opt/csmlc\", default-features = false, features = [\"text\"] }"
        );
    }
}
