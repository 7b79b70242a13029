//! The same through the command, which reads files and has a stack and an exit code of its own.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::common::{Folder, GOOD, text};

/// Far more than it takes, also on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the command, and fails if it does not come to an end.
fn csmlc(folder: &Path, args: &[&str]) -> Output {
    let child = Command::new(env!("CARGO_BIN_EXE_csmlc"))
        .current_dir(folder)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    ended(child, args)
}

fn ended(mut child: Child, args: &[&str]) -> Output {
    let end = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            child.kill().unwrap();
            panic!("{args:?} does not end");
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

/// One message with a place, no panic, exit code 1.
#[track_caller]
fn refused(folder: &Folder, name: &str, content: &[u8]) {
    let file = format!("{name}.csml");
    folder.write(&file, content);
    for args in [&["check", &file] as &[&str], &["build", &file, "-o", "app"]] {
        let output = csmlc(&folder.path, args);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert_eq!(said.matches(&format!("--> {file}:")).count(), 1, "{args:?}: {said}");
        assert!(!said.contains("panicked") && !said.contains("internal error"), "{args:?}: {said}");
        assert!(said.len() < 2_000, "{args:?}: a message of {} bytes", said.len());
        assert!(output.stdout.is_empty(), "{args:?}");
    }
    assert!(!folder.path.join("app").exists());
    fs::remove_file(folder.path.join(&file)).unwrap();
}

#[test]
fn texts_of_every_size() {
    let folder = Folder::new("sizes");
    let hundred = 100 << 20;
    refused(&folder, "empty", b"");
    refused(&folder, "large string", &[b"{\"name\": \"", vec![b'x'; hundred].as_slice(), b"\"}"].concat());
    refused(&folder, "large list", &[b"[", "1,".repeat(hundred / 2).as_bytes(), b"1]"].concat());
    refused(&folder, "blanks", &vec![b' '; hundred]);
    refused(&folder, "deep lists", &vec![b'['; 1_000_000]);
    refused(&folder, "deep objects", "{\"a\":".repeat(1_000_000).as_bytes());
    let deep = format!(
        "\"initial\": true, \"localData\": [{{ \"name\": \"n\", \"value\": \"{}\" }}]",
        "(".repeat(1_000_000)
    );
    refused(&folder, "deep expression", GOOD.replace("\"initial\": true", &deep).as_bytes());
}

#[test]
fn texts_in_other_encodings() {
    let folder = Folder::new("encodings");
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused(&folder, "utf-16", &utf16);
    refused(&folder, "latin1", b"{\n  \"name\": \"caf\xe9\"\n}");
    refused(&folder, "nul", &[0; 4096]);
    refused(&folder, "program", &fs::read(env!("CARGO_BIN_EXE_csmlc")).unwrap());
}

#[test]
#[cfg(unix)]
fn what_cannot_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new("unreadable");
    let file = folder.write("secret.csml", GOOD);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    let mut cases = vec![("no/such", "there is no such file"), ("secret.csml/x", "cannot read")];
    // An administrator may read everything.
    if fs::read(&file).is_err() {
        cases.push(("secret.csml", "permission denied"));
    }
    for (file, expected) in cases {
        let output = csmlc(&folder.path, &["check", file]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with("error: cannot read") && said.contains(expected), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn files_without_end() {
    let folder = Folder::new("endless");
    for file in ["/dev/zero", "/dev/full"] {
        let output = csmlc(&folder.path, &["check", file]);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    }
    let output = csmlc(&folder.path, &["check", "/dev/null"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
}

#[test]
fn a_reader_of_results_may_leave() {
    let folder = Folder::new("left");
    folder.write("lamp.csml", GOOD);
    let mut child = Command::new(env!("CARGO_BIN_EXE_csmlc"))
        .current_dir(&folder.path)
        .args(["check", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(&b"{\"a\": 1, \"a\": 2}\n".repeat(100)).unwrap();
    let output = ended(child, &["check", "-"]);
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
}
