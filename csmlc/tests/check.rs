//! `csmlc check` over several files, in every format, with levels from every place.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    fs,
    process::{Command, Output, Stdio},
};

use common::{Folder, GOOD, text};
use serde_json::Value;

fn check(folder: &Folder, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csmlc"));
    command
        .current_dir(&folder.path)
        .arg("check")
        .args(args)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE");
    command.stdin(Stdio::null()).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn said(output: &Output) -> String {
    text(&output.stderr)
}

/// With an unreachable state, which is a warning.
fn odd() -> String {
    GOOD.replace("{ \"name\": \"broken\"", "{ \"name\": \"attic\" },\n        { \"name\": \"broken\"")
}

/// With a target that does not exist, which is an error.
fn bad() -> String {
    GOOD.replace("\"target\": \"on\"", "\"target\": \"onn\"")
}

#[test]
fn one_summary_for_all_files() {
    let folder = Folder::new("summary");
    folder.write("good.csml", GOOD);
    folder.write("odd.csml", odd());
    folder.write("bad.csml", bad());
    let output = check(&folder, &["good.csml", "odd.csml"]);
    assert_eq!(code(&output), 0);
    let all = said(&output);
    assert!(all.ends_with("\n2 files: 1 warning\n"), "{all}");
    assert!(all.starts_with("warning[CSML0302]"), "{all}");
    let hint = "csmlc: run `csmlc explain CSML0302` for details; `--allow unreachable-state` turns the warning off\n";
    assert_eq!(all.matches(hint).count(), 1, "{all}");

    let output = check(&folder, &["odd.csml", "bad.csml", "gone.csml"]);
    assert_eq!(code(&output), 2);
    assert!(
        said(&output).ends_with("\n3 files: 1 error, 1 warning, 1 could not be read\n"),
        "{}",
        said(&output)
    );
    // In the order of the arguments.
    let at = |what: &str| said(&output).find(what).unwrap();
    assert!(at("odd.csml:") < at("bad.csml:") && at("bad.csml:") < at("`gone.csml`"));

    let output = check(&folder, &["good.csml", "good.csml", "./good.csml"]);
    assert_eq!(said(&output), "good.csml: ok\n");
    let output = check(&folder, &["bad.csml"]);
    assert!(said(&output).ends_with("\nbad.csml: 1 error\n"), "{}", said(&output));
}

#[test]
fn quiet_leaves_only_what_is_wrong() {
    let folder = Folder::new("quiet");
    folder.write("good.csml", GOOD);
    folder.write("odd.csml", odd());
    assert_eq!(said(&check(&folder, &["-q", "good.csml"])), "");
    let all = said(&check(&folder, &["--quiet", "good.csml", "odd.csml"]));
    assert!(all.starts_with("warning[CSML0302]"), "{all}");
    assert!(!all.contains("files:") && !all.contains("--allow"), "{all}");
}

#[test]
fn a_folder_stands_for_what_is_in_it() {
    let folder = Folder::new("folders");
    for file in ["b.csml", "a/z.csml", "a/.hidden.csml", ".git/c.csml", "target/c.csml", "a/notes.json"] {
        folder.write(file, GOOD);
    }
    folder.write("target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
    folder.write("a/b/bad.csml", bad());
    let files = |output: &Output| -> Vec<String> {
        let log: Value = serde_json::from_slice(&output.stdout).unwrap();
        let artifacts = log["runs"][0]["artifacts"].as_array().unwrap();
        artifacts.iter().map(|artifact| artifact["location"]["uri"].as_str().unwrap().to_owned()).collect()
    };
    for here in [".", "./"] {
        let output = check(&folder, &["--format", "sarif", here]);
        assert_eq!(code(&output), 1, "{}", said(&output));
        assert_eq!(files(&output), ["a/b/bad.csml", "a/z.csml", "b.csml"]);
    }
    let output = check(&folder, &["--format", "sarif", "b.csml", "a", "."]);
    assert_eq!(files(&output), ["b.csml", "a/b/bad.csml", "a/z.csml"]);
    // A file that is named is checked whatever it is called.
    assert_eq!(said(&check(&folder, &["a/notes.json"])), "a/notes.json: ok\n");
    fs::create_dir(folder.path.join("empty")).unwrap();
    let output = check(&folder, &["b.csml", "empty"]);
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("no file `*.csml` in the folder `empty`"), "{}", said(&output));
}

#[test]
fn the_standard_input_is_read_once() {
    let folder = Folder::new("stdin");
    let output = check(&folder, &["-", "-"]);
    assert_eq!(code(&output), 2);
    assert_eq!(said(&output), "error: `-`, the standard input, can be read only once\n");
}

#[test]
fn levels_of_the_project_file_count() {
    let folder = Folder::new("levels");
    folder.write("odd.csml", odd());
    let with = |lints: &str, args: &[&str]| {
        folder.write("csml.toml", format!("[lints]\n{lints}\n"));
        let all = [args, &["odd.csml"]].concat();
        let output = check(&folder, &all);
        (code(&output), said(&output).contains("[CSML0302]"))
    };
    assert_eq!(with("", &[]), (0, true));
    assert_eq!(with("unreachable-state = 'deny'", &[]), (1, true));
    assert_eq!(with("CSML0302 = 'allow'", &[]), (0, false));
    assert_eq!(with("strict = true", &[]), (1, true));
    assert_eq!(with("all = 'deny'", &["--no-config"]), (0, true));
    // The command line wins.
    assert_eq!(with("unreachable-state = 'deny'", &["--warn", "unreachable_state"]), (0, true));
    assert_eq!(with("all = 'deny'", &["--allow", "event-data-shape,CSML0302"]), (0, false));
    assert_eq!(with("CSML0302 = 'allow'", &["--strict"]), (1, true));

    folder.write("csml.toml", "[lints]\nunreachable-sate = 'deny'\n");
    let output = check(&folder, &["odd.csml"]);
    assert_eq!(code(&output), 1);
    let all = said(&output);
    assert!(all.contains("error[CSML0617]: there is no rule `unreachable-sate`"), "{all}");
    assert!(
        all.contains("--> csml.toml:2:1")
            && all.contains("2 | unreachable-state = 'deny'\n  |              +"),
        "{all}"
    );
}

#[test]
fn a_mistake_in_a_shared_file_is_told_once() {
    let folder = Folder::new("shared");
    folder.write("a.csml", GOOD);
    folder.write("b.csml", GOOD);
    folder.write("csml.toml", "loop-limt = 5\n");
    let output = check(&folder, &["."]);
    assert_eq!(code(&output), 1);
    assert_eq!(said(&output).matches("CSML0602").count(), 1 + 1, "{}", said(&output));
    assert!(said(&output).ends_with("\n2 files: 1 error\n"), "{}", said(&output));
}

#[test]
fn json_tells_files_that_cannot_be_read() {
    let folder = Folder::new("json");
    folder.write("bad.csml", bad());
    let output = check(&folder, &["--format", "json", "bad.csml", "gone.csml"]);
    assert_eq!(code(&output), 2);
    let lines: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let records: Vec<_> = lines.iter().map(|line| line["record"].as_str().unwrap()).collect();
    assert_eq!(records, ["diagnostic", "failure", "summary"]);
    let edit = &lines[0]["fixes"][0]["edits"][0];
    assert_eq!(edit["replacement"], "\"on\"");
    assert_eq!((&edit["line"], &edit["column"]), (&lines[0]["line"], &lines[0]["column"]));
    assert_eq!(lines[1]["file"], "gone.csml");
    assert_eq!(lines[2]["failures"], 1);
}

#[test]
fn sarif_is_one_log() {
    let folder = Folder::new("sarif");
    folder.write("bad.csml", bad());
    folder.write("odd.csml", odd());
    let args = ["--format", "sarif", "bad.csml", "odd.csml", "gone.csml"];
    let output = check(&folder, &args);
    assert_eq!(code(&output), 2);
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    let ids: Vec<_> = results.iter().map(|result| result["ruleId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    assert_eq!(ids[1], "CSML0302");
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(notification["message"]["text"], "cannot read `gone.csml`: there is no such file");
    assert_eq!(check(&folder, &args).stdout, output.stdout);
    let output = check(&folder, &["--format", "sarif", "--types", "odd.csml"]);
    assert_eq!(code(&output), 2);
}

#[test]
fn the_first_of_several_transitions_may_win() {
    let folder = Folder::new("choice");
    let two = r#""on": [
        { "event": "lux", "channel": "peripheral", "guards": ["$v > 3"], "target": "b" },
        { "event": "lux", "channel": "peripheral", "guards": ["$v > 1"], "target": "c" }]"#;
    folder.write(
        "two.csml",
        format!(
            r#"{{ "name": "two", "version": "2.0", "stateMachines": [{{ "name": "m", "states": [
                {{ "name": "a", "initial": true, {two} }}, {{ "name": "b" }}, {{ "name": "c" }}] }}] }}"#
        ),
    );
    let found = |args: &[&str]| {
        let output = check(&folder, &[args, &["two.csml"]].concat());
        (code(&output), said(&output).lines().next().unwrap_or_default().to_owned())
    };
    let starts = |(code, line): (i32, String), expected: (i32, &str)| {
        assert_eq!(code, expected.0, "{line}");
        assert!(line.starts_with(expected.1), "{line}");
    };
    starts(found(&[]), (1, "error[CSML0350]"));
    starts(found(&["--choice", "first"]), (0, "warning[CSML0353]"));
    starts(found(&["--choice", "last"]), (2, "error: invalid value 'last' for '--choice <POLICY>'"));
    starts(found(&["--warn", "overlapping-transitions"]), (0, "warning[CSML0350]"));
    starts(found(&["--allow", "CSML0350"]), (0, "two.csml: ok"));
    starts(found(&["--allow", "all"]), (1, "error[CSML0350]"));
    folder.write("csml.toml", "choice = \"first\"\n");
    starts(found(&["--allow", "first-transition-wins"]), (0, "two.csml: ok"));
    starts(found(&["--choice", "exclusive"]), (1, "error[CSML0350]"));
}
