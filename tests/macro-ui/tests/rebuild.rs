//! A description that changes is compiled again by cargo, through the macro and through the build script; one
//! that does not change is left alone.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const BUILD: &str = r#"fn main() -> Result<(), csmlc::BuildError> {
    csmlc::Builder::new().app(false).module("by_script").compile("lamp.csml")
}
"#;

const MAIN: &str = r#"
csml_rt::csml!("lamp.csml", mod = by_macro, app = false);
csml_rt::include_csml!("lamp");

fn main() {
    let _ = by_macro::lamp::State::On;
    let _ = by_script::lamp::State::On;
}
"#;

/// A package of its own, in a target folder that is kept between runs of the tests.
struct Package {
    folder: PathBuf,
    target: PathBuf,
}

impl Package {
    fn new() -> Self {
        let temporary = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rebuild");
        let package = Self { folder: temporary.join("package"), target: temporary.join("target") };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
        let path = |name| root.join(name).display().to_string();
        package.write(
            "Cargo.toml",
            &format!(
                r#"[package]
name = "rebuild"
version = "0.0.0"
edition = "2024"

[dependencies]
csml-rt = {{ path = {:?}, default-features = false, features = ["macros"] }}

[build-dependencies]
csmlc = {{ path = {:?}, default-features = false, features = ["text"] }}

[workspace]
"#,
                path("csml-rt"),
                path("csmlc"),
            ),
        );
        // The versions that are here already.
        package.write("Cargo.lock", &fs::read_to_string(root.join("Cargo.lock")).unwrap());
        package.write("build.rs", BUILD);
        package.write("src/main.rs", MAIN);
        package
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn describe(&self, state: &str) {
        self.write(
            "lamp.csml",
            &format!(
                r#"{{ "name": "lamp", "version": "2.0", "stateMachines": [{{ "name": "lamp", "states": [
                    {{ "name": "off", "initial": true, "always": [{{ "target": "{state}" }}] }},
                    {{ "name": "{state}", "terminal": true }}
                ] }}] }}"#
            ),
        );
    }

    fn check(&self) -> Output {
        Command::new(env!("CARGO"))
            .args(["check", "--offline", "--message-format=json", "--target-dir"])
            .arg(&self.target)
            .current_dir(&self.folder)
            .output()
            .unwrap()
    }
}

fn succeeded(output: &Output) -> String {
    let messages = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{}\n{messages}", String::from_utf8_lossy(&output.stderr));
    messages
}

/// The one of cargo's messages that is about the package and has this reason.
fn message<'a>(messages: &'a str, reason: &str) -> &'a str {
    let reason = format!("\"reason\":\"{reason}\"");
    let mut lines =
        messages.lines().filter(|line| line.contains(&reason) && line.contains("rebuild/package"));
    lines.next_back().unwrap()
}

fn is_fresh(messages: &str) -> bool {
    message(messages, "compiler-artifact").contains("\"fresh\":true")
}

/// The module that the build script has written.
fn module(messages: &str) -> PathBuf {
    let (_, rest) = message(messages, "build-script-executed").split_once("\"out_dir\":\"").unwrap();
    Path::new(rest.split_once('"').unwrap().0).join("lamp.rs")
}

// One test: its steps follow each other.
#[test]
fn a_changed_description_is_compiled_again() {
    let package = Package::new();
    package.describe("on");
    let module = module(&succeeded(&package.check()));
    let written = fs::metadata(&module).unwrap().modified().unwrap();
    assert!(is_fresh(&succeeded(&package.check())));

    // Both modules change.
    package.describe("lit");
    let output = package.check();
    assert!(!output.status.success());
    let messages = String::from_utf8(output.stdout).unwrap();
    let errors = messages.matches("no variant or associated item named `On`").count();
    assert!(errors >= 2 && messages.contains("src/main.rs"), "{messages}");
    let changed = fs::metadata(&module).unwrap().modified().unwrap();
    assert!(changed > written);

    // A description that is written again, but says the same: nothing new for what includes it.
    package.describe("lit");
    assert!(!package.check().status.success());
    assert_eq!(fs::metadata(&module).unwrap().modified().unwrap(), changed);

    package.describe("on");
    assert!(!is_fresh(&succeeded(&package.check())));
    assert!(is_fresh(&succeeded(&package.check())));
}
