//! The command `csmlc`, run as a user runs it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use common::{Folder, GOOD, text};

fn csmlc(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csmlc"));
    command.current_dir(folder).args(args).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

fn run(folder: &Path, args: &[&str]) -> Output {
    csmlc(folder, args).stdin(Stdio::null()).output().unwrap()
}

fn run_with_input(folder: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut child = csmlc(folder, args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

#[test]
fn help_of_every_command_has_examples() {
    let folder = Folder::new("help");
    let help = run(&folder.path, &["--help"]);
    assert_eq!(code(&help), 0);
    let all = text(&help.stdout);
    let commands = [
        "check",
        "fmt",
        "convert",
        "emit",
        "build",
        "run",
        "eval",
        "explain",
        "schema",
        "new",
        "acl",
        "completions",
    ];
    for command in commands {
        assert!(all.contains(&format!("\n  {command} ")), "{command} is not in\n{all}");
        let help = run(&folder.path, &[command, "--help"]);
        assert_eq!(code(&help), 0);
        let help = text(&help.stdout);
        assert!(help.contains(&format!("csmlc {command} ")), "no example in\n{help}");
    }
    // What does not exist yet is not promised.
    assert!(!all.contains("simulate"));
}

#[test]
fn the_schema_is_printed_or_written() {
    let folder = Folder::new("schema");
    let printed = run(&folder.path, &["schema"]);
    assert_eq!((code(&printed), text(&printed.stderr).as_str()), (0, ""));
    let schema: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(schema["title"], "CSML");
    let written = run(&folder.path, &["schema", "-o", "csml.schema.json"]);
    assert_eq!((code(&written), written.stdout.len()), (0, 0));
    assert_eq!(fs::read(folder.path.join("csml.schema.json")).unwrap(), printed.stdout);
    let onto_a_folder = run(&folder.path, &["schema", "-o", "."]);
    assert_eq!(code(&onto_a_folder), 2);
    assert!(text(&onto_a_folder.stderr).contains("cannot write `.`"));
}

#[test]
fn version_is_that_of_the_package() {
    let folder = Folder::new("version");
    let output = run(&folder.path, &["--version"]);
    assert_eq!(text(&output.stdout).trim(), concat!("csmlc ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_is_2() {
    let folder = Folder::new("usage");
    for args in [
        &[] as &[&str],
        &["check"],
        &["chek", "a.csml"],
        &["emit", "a.csml", "b.csml"],
        &["emit", "a.csml", "--mod", "a b"],
        &["build", "a.csml"],
        &["check", "--format", "xml", "a.csml"],
    ] {
        let output = run(&folder.path, args);
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert!(!output.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn what_cannot_be_read_is_2_and_named() {
    let folder = Folder::new("unreadable");
    fs::create_dir(folder.path.join("folder.csml")).unwrap();
    for command in ["check", "emit", "run"] {
        let output = run(&folder.path, &[command, "missing.csml"]);
        assert_eq!(code(&output), 2);
        assert_eq!(text(&output.stderr), "error: cannot read `missing.csml`: there is no such file\n");
        let output = run(&folder.path, &[command, "folder.csml"]);
        assert_eq!(code(&output), 2);
        let expected = match command {
            "check" => "error: there is no file `*.csml` in the folder `folder.csml` or below it\n",
            _ => "error: cannot read `folder.csml`: it is a folder, not a file\n",
        };
        assert_eq!(text(&output.stderr), expected);
    }
}

#[test]
fn one_unreadable_file_hides_no_other() {
    let folder = Folder::new("several");
    folder.write("bad.csml", "{");
    let output = run(&folder.path, &["check", "missing.csml", "bad.csml"]);
    assert_eq!(code(&output), 2);
    let said = text(&output.stderr);
    assert!(said.contains("missing.csml"), "{said}");
    assert!(said.contains("bad.csml:1:"), "{said}");
}

#[test]
fn bad_descriptions_are_1_with_a_place() {
    let folder = Folder::new("bad");
    let deep = "[".repeat(1_000_000);
    for (name, content) in [
        ("empty", b"".as_slice()),
        ("blank", b" \n\t"),
        ("truncated", &GOOD.as_bytes()[..GOOD.len() / 2]),
        ("text", b"hello"),
        ("list", b"[]"),
        ("number", b"1"),
        ("latin", b"{\"name\": \"\xe9\"}"),
        ("nul", b"\0\0\0"),
        ("deep", deep.as_bytes()),
    ] {
        let file = format!("{name}.csml");
        folder.write(&file, content);
        let output = run(&folder.path, &["check", &file]);
        let said = text(&output.stderr);
        assert_eq!(code(&output), 1, "{name}: {said}");
        assert!(said.contains(&format!("--> {file}:")), "{name}: {said}");
        assert!(said.lines().last().unwrap().starts_with(&format!("{file}: ")), "{name}: {said}");
        assert!(output.stdout.is_empty(), "{name}");
    }
}

#[test]
fn good_descriptions_are_0() {
    let folder = Folder::new("good");
    folder.write("lamp.csml", GOOD);
    let output = run(&folder.path, &["check", "lamp.csml"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "lamp.csml: ok\n");
    assert!(output.stdout.is_empty());
}

#[test]
fn the_standard_input_is_a_file_too() {
    let folder = Folder::new("stdin");
    let output = run_with_input(&folder.path, &["check", "-"], GOOD.as_bytes());
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let output = run_with_input(&folder.path, &["check", "-"], b"{");
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).contains("<stdin>:1:"));
}

#[test]
fn json_is_one_object_per_line_on_the_standard_output() {
    let folder = Folder::new("json");
    folder.write("bad.csml", "{\"name\": 1, \"name\": 2}");
    let output = run(&folder.path, &["check", "--format", "json", "bad.csml"]);
    assert_eq!(code(&output), 1);
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    let lines: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (last, diagnostics) = lines.split_last().unwrap();
    assert!(!diagnostics.is_empty());
    for line in diagnostics {
        assert_eq!(line["record"], "diagnostic");
        assert!(line["code"].as_str().unwrap().starts_with("CSML"), "{line}");
    }
    let errors = diagnostics.iter().filter(|line| line["severity"] == "error").count();
    let expected = serde_json::json!({
        "record": "summary", "format": 1, "files": 1, "failures": 0, "errors": errors,
        "warnings": diagnostics.len() - errors,
    });
    assert_eq!(*last, expected);
}

#[test]
fn levels_name_rules_that_exist() {
    let folder = Folder::new("levels");
    folder.write("lamp.csml", GOOD);
    let output = run(&folder.path, &["check", "--allow", "CSML9999", "lamp.csml"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).starts_with("error: --allow: there is no rule `CSML9999`"));
    for (level, name) in
        [("--allow", "303"), ("--warn", "0303"), ("--deny", "csml303"), ("--allow", "303,CSML306")]
    {
        let output = run(&folder.path, &["check", level, name, "lamp.csml"]);
        assert_eq!(code(&output), 0, "{level} {name}: {}", text(&output.stderr));
    }
    let output = run(&folder.path, &["check", "--allow", "duplicate-key", "lamp.csml"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("is an error of the language"));
    let output = run(&folder.path, &["check", "--deny", "warnings", "--allow", "all", "lamp.csml"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
}

#[test]
fn colours_can_be_asked_for() {
    let folder = Folder::new("colours");
    folder.write("bad.csml", "{");
    let plain = run(&folder.path, &["check", "bad.csml"]);
    assert!(!plain.stderr.contains(&b'\x1b'));
    let coloured = run(&folder.path, &["--color", "always", "check", "bad.csml"]);
    assert!(coloured.stderr.contains(&b'\x1b'));
    let unwanted = csmlc(&folder.path, &["check", "bad.csml"])
        .env("NO_COLOR", "1")
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    assert!(!unwanted.stderr.contains(&b'\x1b'));
}

#[test]
fn emit_writes_the_module() {
    let folder = Folder::new("emit");
    folder.write("lamp.csml", GOOD);
    let output = run(&folder.path, &["emit", "lamp.csml"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let module = text(&output.stdout);
    assert!(module.starts_with("// Generated by csmlc"), "{module}");
    assert!(module.contains("pub mod lamp {"));
    assert!(!module.contains(&folder.path.display().to_string()));

    let output = run(&folder.path, &["emit", "lamp.csml", "-o", "out/lamp.rs"]);
    assert_eq!(code(&output), 0);
    assert!(output.stdout.is_empty());
    let file = folder.path.join("out/lamp.rs");
    assert_eq!(fs::read_to_string(&file).unwrap(), module);
    let before = fs::metadata(&file).unwrap().modified().unwrap();
    run(&folder.path, &["emit", "lamp.csml", "-o", "out/lamp.rs"]);
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), before);

    let output = run(&folder.path, &["emit", "lamp.csml", "--mod", "other"]);
    assert!(text(&output.stdout).contains("pub mod other {"));
}

#[test]
#[cfg(unix)]
fn a_reader_that_has_gone_is_no_error() {
    let folder = Folder::new("pipe");
    folder.write("lamp.csml", GOOD);
    let mut child = csmlc(&folder.path, &["emit", "lamp.csml"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0);
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
}

#[test]
fn build_keeps_what_is_the_users() {
    let folder = Folder::new("build");
    folder.write("lamp.csml", GOOD);
    let build = |args: &[&str]| {
        let mut all = vec!["build", "lamp.csml", "-o", "app"];
        all.extend(args);
        run(&folder.path, &all)
    };
    let output = build(&[]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let app = folder.path.join("app");
    for file in ["Cargo.toml", "README.md", ".gitignore", "src/main.rs", "src/lamp.rs", "src/services.rs"] {
        assert!(app.join(file).is_file(), "{file}");
    }
    let manifest = fs::read_to_string(app.join("Cargo.toml")).unwrap();
    folder.write("app/Cargo.toml", format!("{manifest}\n# mine\n"));
    folder.write("app/src/services.rs", "// mine\n");
    folder.write("app/src/lamp.rs", "// broken\n");
    assert_eq!(code(&build(&[])), 0);
    assert!(fs::read_to_string(app.join("Cargo.toml")).unwrap().ends_with("# mine\n"));
    assert_eq!(fs::read_to_string(app.join("src/services.rs")).unwrap(), "// mine\n");
    assert!(fs::read_to_string(app.join("src/lamp.rs")).unwrap().contains("pub mod lamp"));
}

#[test]
fn build_leaves_other_folders_alone() {
    let folder = Folder::new("occupied");
    folder.write("lamp.csml", GOOD);
    folder.write("app/notes.txt", "important");
    let output = run(&folder.path, &["build", "lamp.csml", "-o", "app"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("--force"));
    assert!(!folder.path.join("app/Cargo.toml").exists());
    let output = run(&folder.path, &["build", "lamp.csml", "-o", "app", "--force"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    assert!(folder.path.join("app/Cargo.toml").exists());
    assert!(folder.path.join("app/notes.txt").exists());
}

#[test]
fn a_runtime_must_be_a_crate() {
    let folder = Folder::new("runtime");
    folder.write("lamp.csml", GOOD);
    let output = run(&folder.path, &["build", "lamp.csml", "-o", "app", "--runtime", "nowhere"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("--runtime"));
}

#[test]
fn build_adds_parts_of_the_runtime_and_keeps_them() {
    let folder = Folder::new("build-with");
    folder.write("lamp.csml", GOOD);
    let manifest = |with: &[&str]| {
        let mut all = vec!["build", "lamp.csml", "-o", "app"];
        all.extend(with);
        assert_eq!(code(&run(&folder.path, &all)), 0);
        fs::read_to_string(folder.path.join("app/Cargo.toml")).unwrap()
    };
    assert!(manifest(&[]).contains(r#"features = ["node", "runner"] }"#));
    let with = r#"features = ["node", "runner", "mqtt", "store-etcd", "log"] }"#;
    assert!(manifest(&["--with", "store-etcd,mqtt"]).contains(with));
    assert!(manifest(&[]).contains(with));
    assert!(manifest(&["--with", "cbor"]).contains(r#"features = ["node", "runner", "cbor"] }"#));

    let output = run(&folder.path, &["build", "lamp.csml", "-o", "app", "--with", "mqqt"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("mqtt"), "{}", text(&output.stderr));
}

#[test]
fn acl_is_printed_or_written() {
    let folder = Folder::new("acl");
    folder.write("lamp.csml", GOOD);
    let printed = run(&folder.path, &["acl", "lamp.csml", "--device", "wall=press"]);
    assert_eq!(code(&printed), 0, "{}", text(&printed.stderr));
    let printed = text(&printed.stdout);
    assert!(printed.contains("\nuser wall\ntopic write csml/"), "{printed}");
    let written = run(&folder.path, &["acl", "lamp.csml", "--device", "wall=press", "-o", "acl"]);
    assert_eq!(code(&written), 0);
    assert_eq!(fs::read_to_string(folder.path.join("acl")).unwrap(), printed);

    for (wrong, expected) in [
        (["--device", "wall=pres"], "did you mean `press`?"),
        (["--device", "wall"], "NAME=A,B"),
        (["--process", "a=lamb"], "did you mean `lamp`?"),
    ] {
        let output = run(&folder.path, &["acl", "lamp.csml", wrong[0], wrong[1]]);
        assert_eq!(code(&output), 2);
        assert!(text(&output.stderr).contains(expected), "{}", text(&output.stderr));
    }
}

#[test]
fn completions_know_the_commands() {
    let folder = Folder::new("completions");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(&folder.path, &["completions", shell]);
        assert_eq!(code(&output), 0);
        assert!(text(&output.stdout).contains("completions"), "{shell}");
    }
}
