use std::{fs, path::PathBuf};

use super::{files::Files, module};

const LAMP: &str = r#"{
    "name": "lamp",
    "version": "2.0",
    "stateMachines": [{ "name": "lamp", "states": [{ "name": "off", "initial": true, "terminal": true }] }]
}"#;

/// A folder of a test's own for description files.
fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("csml-macros-{}-{name}", std::process::id()));
    fs::create_dir_all(&path).unwrap();
    path
}

fn expanded(call: &str, folder: PathBuf) -> String {
    module(call.parse().unwrap(), &Files { folder }).to_string()
}

#[test]
fn a_file_is_tracked_before_its_module() {
    let folder = folder("file");
    fs::write(folder.join("lamp.csml"), LAMP).unwrap();
    fs::write(folder.join("csml.toml"), "[schemas]\npress = 'no.json'\n").unwrap();
    let tokens = expanded("\"lamp.csml\", allow = all", folder.clone());
    fs::remove_file(folder.join("csml.toml")).unwrap();
    let without = expanded("\"lamp.csml\"", folder.clone());
    fs::remove_dir_all(&folder).unwrap();
    let path = |file: &str| format!("{:?}", folder.join(file).to_str().unwrap());
    let tracked: Vec<_> = tokens.split("include_bytes ! (").skip(1).collect();
    assert_eq!(tracked.len(), 2, "{tokens}");
    assert!(tracked[0].starts_with(&path("lamp.csml")), "{tokens}");
    assert!(tracked[1].starts_with(&path("csml.toml")), "{tokens}");

    let (tracking, module) = without.split_once(';').unwrap();
    assert!(tracking.contains(&path("lamp.csml")), "{tracking}");
    assert!(!module.contains(folder.to_str().unwrap()));
    assert!(module.contains("pub mod lamp {"), "{module}");
}

#[test]
fn a_missing_file_is_named_without_its_folder() {
    let tokens = expanded("\"no.csml\", mod = lamp", "/nowhere".into());
    assert!(tokens.contains("cannot read `no.csml`: there is no such file"), "{tokens}");
    assert!(tokens.contains("pub mod lamp {"), "{tokens}");
    assert!(!tokens.contains("/nowhere"), "{tokens}");
}
