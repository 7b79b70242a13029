//! `csmlc fmt` and `csmlc convert`, run as a user runs them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use common::{Folder, GOOD, text};

fn run(folder: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_csmlc"))
        .current_dir(folder)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end without reading.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

const UGLY: &str = "{\"a\":1,\n\"b\":[\n1 // one\n,]}";
const NICE: &str = "{\n  \"a\": 1,\n  \"b\": [\n    1 // one\n  ]\n}\n";

#[test]
fn files_and_folders_are_formatted_in_place() {
    let folder = Folder::new("in-place");
    let nice = folder.write("nice.csml", NICE);
    let before = fs::metadata(&nice).unwrap().modified().unwrap();
    for file in ["ugly.csml", "sub/ugly.csml", "sub/deep/ugly.csml", "sub/ugly.json", ".hidden/ugly.csml"] {
        folder.write(file, UGLY);
    }
    let output = run(&folder.path, &["fmt", "nice.csml", "ugly.csml", "sub"], b"");
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
    for file in ["ugly.csml", "sub/ugly.csml", "sub/deep/ugly.csml"] {
        assert_eq!(fs::read_to_string(folder.path.join(file)).unwrap(), NICE, "{file}");
    }
    for file in ["sub/ugly.json", ".hidden/ugly.csml"] {
        assert_eq!(fs::read_to_string(folder.path.join(file)).unwrap(), UGLY, "{file}");
    }
    assert_eq!(fs::metadata(&nice).unwrap().modified().unwrap(), before);
    let left: Vec<_> = fs::read_dir(&folder.path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "{left:?}");
}

#[test]
fn check_lists_what_is_not_formatted() {
    let folder = Folder::new("check");
    folder.write("nice.csml", NICE);
    folder.write("ugly.csml", UGLY);
    let output = run(&folder.path, &["fmt", "--check", "nice.csml", "ugly.csml"], b"");
    assert_eq!((code(&output), text(&output.stdout).as_str()), (1, "ugly.csml\n"));
    assert_eq!(fs::read_to_string(folder.path.join("ugly.csml")).unwrap(), UGLY);
    let output = run(&folder.path, &["fmt", "--check", "nice.csml"], b"");
    assert_eq!((code(&output), text(&output.stdout).as_str()), (0, ""));
}

#[test]
fn the_standard_input_goes_to_the_standard_output() {
    let folder = Folder::new("stdin");
    let output = run(&folder.path, &["fmt", "-"], UGLY.as_bytes());
    assert_eq!((code(&output), text(&output.stdout).as_str()), (0, NICE));
    let output = run(&folder.path, &["fmt", "--check", "-"], UGLY.as_bytes());
    assert_eq!((code(&output), text(&output.stdout).as_str()), (1, "<stdin>\n"));
    let output = run(&folder.path, &["fmt", "--stdin-name", "a.csml", "-"], b"{");
    assert_eq!((code(&output), text(&output.stdout).as_str()), (1, ""));
    assert!(text(&output.stderr).contains("--> a.csml:1:"), "{}", text(&output.stderr));
}

#[test]
fn what_does_not_read_is_left_alone_and_others_are_not() {
    let folder = Folder::new("unread");
    folder.write("bad.csml", "{ \"a\": 1");
    folder.write("latin.csml", b"{ \"a\": \"\xe9\" }");
    folder.write("ugly.csml", UGLY);
    let output = run(&folder.path, &["fmt", "bad.csml", "latin.csml", "ugly.csml"], b"");
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).contains("--> bad.csml:1:9"), "{}", text(&output.stderr));
    assert_eq!(fs::read(folder.path.join("bad.csml")).unwrap(), b"{ \"a\": 1");
    assert_eq!(fs::read(folder.path.join("latin.csml")).unwrap(), b"{ \"a\": \"\xe9\" }");
    assert_eq!(fs::read_to_string(folder.path.join("ugly.csml")).unwrap(), NICE);
    let output = run(&folder.path, &["fmt", "missing.csml", "bad.csml"], b"");
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).starts_with("error: cannot read `missing.csml`: there is no such file\n"));
    fs::create_dir(folder.path.join("empty")).unwrap();
    let output = run(&folder.path, &["fmt", "empty"], b"");
    assert_eq!(code(&output), 2);
    assert_eq!(text(&output.stderr), "error: there is no file `*.csml` in the folder `empty` or below it\n");
}

#[test]
#[cfg(unix)]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let folder = Folder::new("links");
    let file = folder.write("real/lamp.csml", UGLY);
    let mode = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o640);
    symlink("real/lamp.csml", folder.path.join("link.csml")).unwrap();
    let output = run(&folder.path, &["fmt", "link.csml"], b"");
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(&file).unwrap(), NICE);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(folder.path.join("link.csml")).unwrap().is_symlink());

    fs::write(&file, UGLY).unwrap();
    mode(0o440);
    let output = run(&folder.path, &["fmt", "link.csml"], b"");
    assert_eq!(code(&output), 2);
    assert_eq!(text(&output.stderr), "error: cannot write `link.csml`: the file is read-only\n");
    assert_eq!(fs::read_to_string(&file).unwrap(), UGLY);
}

#[test]
fn convert_writes_canonical_text_and_notes() {
    let folder = Folder::new("convert");
    folder.write("lamp.csml", GOOD.replace("2.0", "0.1"));
    let output = run(&folder.path, &["convert", "lamp.csml"], b"");
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let expected = GOOD.replace("\"2.0\",", "\"2.0\",\n  \"memoryMode\": \"distributed\",");
    assert_eq!(text(&output.stdout), expected);
    let said = text(&output.stderr);
    assert!(said.starts_with("csmlc: lamp.csml:11:49: the channel `peripheral`"), "{said}");
    assert_eq!(said.lines().count(), 1);

    let output = run(&folder.path, &["convert", "lamp.csml", "-o", "out/lamp.csml"], b"");
    assert_eq!(code(&output), 0);
    assert!(output.stdout.is_empty());
    assert_eq!(fs::read_to_string(folder.path.join("out/lamp.csml")).unwrap(), expected);
    let output = run(&folder.path, &["convert", "--flatten", "-", "-o", "lamp.csml"], GOOD.as_bytes());
    assert_eq!(code(&output), 0);
    assert_eq!(fs::read_to_string(folder.path.join("lamp.csml")).unwrap(), expected);
}

#[test]
fn convert_refuses_what_it_does_not_know() {
    let folder = Folder::new("refused");
    folder.write("lamp.csml", GOOD.replace("target", "goal"));
    let output = run(&folder.path, &["convert", "lamp.csml", "-o", "out.csml"], b"");
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).contains("--> lamp.csml:11:"), "{}", text(&output.stderr));
    assert!(!folder.path.join("out.csml").exists());
    let output = run(&folder.path, &["convert", "missing.csml"], b"");
    assert_eq!(code(&output), 2);
}
