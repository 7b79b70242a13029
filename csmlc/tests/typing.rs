//! Type annotations through the command line and the builder.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    fs,
    process::{Command, Output, Stdio},
};

use common::{Folder, text};
use csmlc::Builder;

const SENSOR: &str = r#"{
  "name": "app",
  "version": "2.0",
  "stateMachines": [{
    "name": "m",
    "localData": [{ "name": "level", "value": "1" }, { "name": "odd", "value": "1" }],
    "states": [{
      "name": "a",
      "initial": true,
      "on": [{ "event": "sensor", "channel": "peripheral", "guards": ["$value > level"], "actions": [
        { "type": "assign", "variable": "level", "value": "$value" },
        { "type": "assign", "variable": "odd", "value": "[level, odd]" }
      ] }]
    }]
  }]
}
"#;

fn csmlc(folder: &Folder, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csmlc"));
    command.current_dir(&folder.path).args(args).env_remove("NO_COLOR").stdin(Stdio::null()).output().unwrap()
}

fn folder(name: &str, files: &[(&str, &str)]) -> Folder {
    let folder = Folder::new(name);
    fs::write(folder.path.join("app.csml"), SENSOR).unwrap();
    for (file, text) in files {
        fs::write(folder.path.join(file), text).unwrap();
    }
    folder
}

#[test]
fn check_prints_types() {
    let folder = folder("types", &[("csml.toml", "[types]\n'm/level' = 'f64'\n")]);
    let output = csmlc(&folder, &["check", "--types", "app.csml"]);
    let types = text(&output.stdout);
    let lines: Vec<&str> = types.lines().collect();
    assert!(lines[0].starts_with("m/level") && lines[0].contains("  float "), "{types}");
    assert!(lines[1].starts_with("m/odd") && lines[1].contains("dynamic: int at app.csml:"), "{types}");
    assert_eq!(lines[2].split_whitespace().collect::<Vec<_>>(), ["sensor.$value", "float", "event", "datum"]);

    let output = csmlc(&folder, &["check", "--no-config", "--types", "--format", "json", "app.csml"]);
    let lines = text(&output.stdout);
    let types: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let level = types.iter().find(|object| object["subject"] == "m/level").unwrap();
    assert_eq!((&level["kind"], &level["type"]), (&"variable".into(), &"int".into()));
    let odd = types.iter().find(|object| object["subject"] == "m/odd").unwrap();
    assert_eq!(odd["dynamic"], true);
    assert_eq!(odd["why"].as_array().unwrap().len(), 2);
}

#[test]
fn another_project_file_can_be_named() {
    let folder = folder("config", &[("other.toml", "[types]\n'm/level' = 'String'\n")]);
    let output = csmlc(&folder, &["check", "--config", "other.toml", "app.csml"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("CSML0612") && said.contains("other.toml:2:13"), "{said}");
    let output = csmlc(&folder, &["check", "--config", "gone.toml", "app.csml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("cannot read `gone.toml`"));
}

#[test]
fn mistakes_in_the_project_file_are_shown_in_it() {
    let folder = folder("mistakes", &[("csml.toml", "[types]\n'm/levl' = 'f64'\n\n[schema]\n")]);
    let output = csmlc(&folder, &["check", "app.csml"]);
    let said = text(&output.stderr);
    assert!(said.contains("csml.toml:2:1") && said.contains("did you mean `m/level`?"), "{said}");
    assert!(said.contains("csml.toml:4:2") && said.contains("did you mean `schemas`?"), "{said}");
}

#[test]
fn run_refuses_what_no_crate_of_its_own_can_have() {
    let folder = folder("run", &[("csml.toml", "[types]\n'm/odd' = 'crate::Odd'\n")]);
    let output = csmlc(&folder, &["run", "app.csml"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("`crate::Odd`") && said.contains("csmlc build"), "{said}");
    let emitted = csmlc(&folder, &["emit", "app.csml"]);
    assert!(text(&emitted.stdout).contains("pub odd: crate::Odd"));
}

#[test]
fn the_limit_of_loops_reaches_the_code() {
    let looping = SENSOR.replace("\"[level, odd]\"", "\"var i = 0; while (i < level) { i += 1 }; i\"");
    let folder = folder("limit", &[("csml.toml", "loop-limit = 4321\n"), ("app.csml", &looping)]);
    let emit = |args: &[&str]| text(&csmlc(&folder, &[&["emit", "app.csml"], args].concat()).stdout);
    assert!(emit(&[]).contains("4321"));
    assert!(emit(&["--loop-limit", "77"]).contains("77"));
    assert!(emit(&["--no-config"]).contains("10000000"));
    assert_eq!(csmlc(&folder, &["emit", "app.csml", "--loop-limit", "0"]).status.code(), Some(2));
}

#[test]
fn the_builder_takes_all_of_them() {
    let schema = r#"{ "properties": { "value": { "type": "number" } }, "required": ["value"] }"#;
    let folder = folder("builder", &[("sensor.json", schema)]);
    let file = |name: &str| folder.path.join(name);
    let builder = Builder::new().out_dir(&folder.path).type_of("m/odd", "crate::Odd");
    let with_schema = builder.clone().schema("sensor", file("sensor.json").to_str().unwrap());
    with_schema.function("f:g(int) -> int", "crate::g").loop_limit(5).compile(file("app.csml")).unwrap();
    let module = fs::read_to_string(file("app.rs")).unwrap();
    assert!(module.contains("pub odd: crate::Odd") && module.contains("pub value: f64"), "{module}");

    let error = builder.clone().type_of("m/lvel", "f32").compile(file("app.csml")).unwrap_err().to_string();
    assert!(error.contains("Builder::type_of:1:1") && error.contains("did you mean `m/level`?"), "{error}");
    assert!(error.contains("`f64`"), "{error}");
    let error = builder.schema("sensor", "gone.json").compile(file("app.csml")).unwrap_err().to_string();
    assert!(error.contains("cannot read `gone.json`: there is no such file"), "{error}");
}
