//! The commands of the documentation: `csmlc` takes the options that they give, and events that they publish are those of
//! the example.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Commands in blocks of shell, continued lines as one, each with its page.
fn commands() -> Vec<(String, String)> {
    let mut pages = vec![root().join("README.md"), root().join("examples/distributed/README.md")];
    pages.extend(fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path()));
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    let mut found = Vec::new();
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let name = page.file_name().unwrap().to_string_lossy().into_owned();
        let mut shell = false;
        let mut command = String::new();
        for line in text.lines().map(str::trim) {
            if line.starts_with("```") {
                shell = matches!(line, "```sh" | "```console" | "```bash");
                continue;
            }
            if !shell {
                continue;
            }
            match line.strip_suffix('\\') {
                Some(part) => command += part,
                None => {
                    command += line;
                    found.push((name.clone(), std::mem::take(&mut command)));
                }
            }
        }
    }
    found
}

#[test]
fn csmlc_takes_the_options_of_the_documentation() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("commands");
    let csmlc = Path::new(env!("CARGO_BIN_EXE_csmlc"));
    let mut paths = vec![csmlc.parent().unwrap().to_owned()];
    paths.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let mut checked = 0;
    for (page, command) in commands() {
        if !command.starts_with("csmlc ") {
            continue;
        }
        // Nothing is there: what a command is about is missing, but not before it has been understood.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let output = Command::new("sh")
            .args(["-c", &command])
            .current_dir(&folder)
            .env("PATH", env::join_paths(&paths).unwrap())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let refused =
            ["unexpected argument", "unrecognized subcommand", "invalid value", "required arguments"];
        assert!(!refused.iter().any(|text| said.contains(text)), "{page}: {command}\n{said}");
        let (secure, parts) =
            (command.contains("mqtts:") || command.contains("etcds:"), command.split_once("--with "));
        if let Some((_, parts)) = parts.filter(|_| secure) {
            assert!(parts.starts_with("tls") || parts.contains(",tls"), "{page}: {command} needs tls");
        }
        checked += 1;
    }
    assert!(checked > 30, "only {checked} commands");
}

#[test]
fn published_events_are_those_of_the_example() {
    let example = fs::read_to_string(root().join("examples/distributed/railway.csml")).unwrap();
    let mut checked = 0;
    for (page, command) in commands().into_iter().filter(|(_, command)| command.contains("mosquitto_pub")) {
        let Some((_, topic)) = command.split_once("csml/railway/") else { continue };
        let topic = topic.split_whitespace().next().unwrap_or_default();
        let event = match topic.split('/').collect::<Vec<_>>().as_slice() {
            ["in", event] | ["env", _, event] => (*event).to_owned(),
            _ => continue,
        };
        assert!(example.contains(&format!("\"event\": \"{event}\"")), "{page}: {command}");
        checked += 1;
    }
    assert!(checked >= 4, "only {checked} commands");
}
