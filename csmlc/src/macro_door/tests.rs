use std::{fs, path::PathBuf};

use super::*;

/// A folder of a test's own for description files.
fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("csmlc-macro-door-{}-{name}", std::process::id()));
    fs::create_dir_all(&path).unwrap();
    path
}

fn expand_text(call: &str, folder: Option<&Path>) -> String {
    expand(call.parse().unwrap(), folder).to_string()
}

const LAMP: &str = r#"{
    "name": "lamp",
    "version": "2.0",
    "stateMachines": [{
        "name": "lamp",
        "states": [
            {
                "name": "off",
                "initial": true,
                "on": [{ "event": "press", "channel": "peripheral", "target": "on" }]
            },
            { "name": "on", "terminal": true }
        ]
    }]
}"#;

#[test]
fn an_inline_description_becomes_its_module() {
    let tokens = expand_text(LAMP, None);
    assert!(tokens.contains("pub mod lamp {"), "{tokens}");
    assert!(!tokens.contains("compile_error"), "{tokens}");
    assert!(!tokens.contains("include_bytes"), "{tokens}");
}

#[test]
fn options_reach_the_module() {
    let call = format!("mod = other, crate = ::my::rt, app = false, {LAMP}");
    let tokens = expand_text(&call, None);
    assert!(tokens.contains("pub mod other {"), "{tokens}");
    assert!(tokens.contains(":: my :: rt ::"), "{tokens}");
    assert!(!tokens.contains("csml_rt"), "{tokens}");
    assert!(!tokens.contains("struct App"), "{tokens}");
}

#[test]
fn a_file_is_tracked_and_gives_the_same_items() {
    let folder = folder("file");
    fs::write(folder.join("lamp.csml"), LAMP).unwrap();
    let tokens = expand_text("\"lamp.csml\"", Some(&folder));
    fs::remove_dir_all(&folder).unwrap();
    let (tracking, module) = tokens.split_once(';').unwrap();
    assert!(tracking.contains("include_bytes"), "{tracking}");
    assert!(tracking.contains(&format!("{:?}", folder.join("lamp.csml").to_str().unwrap())), "{tracking}");
    assert!(!module.contains(folder.to_str().unwrap()));
    assert!(module.contains("pub mod lamp {"));
}

#[test]
fn a_missing_file_is_named_and_leaves_a_module() {
    let tokens = expand_text("\"no.csml\", mod = lamp", Some(Path::new("/nowhere")));
    assert!(tokens.contains("cannot read `no.csml`: there is no such file"), "{tokens}");
    assert!(tokens.contains("pub mod lamp { }"), "{tokens}");
    assert!(!tokens.contains("/nowhere"), "{tokens}");
}

#[test]
fn errors_in_a_file_have_their_place_and_lines() {
    let folder = folder("errors");
    fs::write(folder.join("lamp.csml"), LAMP.replace("\"target\": \"on\"", "\"target\": \"no\"")).unwrap();
    let tokens = expand_text("\"lamp.csml\"", Some(&folder));
    fs::remove_dir_all(&folder).unwrap();
    assert!(tokens.contains("compile_error ! {"), "{tokens}");
    assert!(tokens.contains("lamp.csml:10:"), "{tokens}");
    // The source line, within a string literal of the output.
    assert!(tokens.contains(r#"\"target\": \"no\""#), "{tokens}");
    assert!(tokens.contains("pub mod lamp { }"), "{tokens}");
}

#[test]
fn every_error_is_reported() {
    let call = "{ \"name\": 1, \"name\": 2, \"version\": }";
    let tokens = expand_text(call, None);
    assert!(tokens.matches("compile_error").count() >= 2, "{tokens}");
}

#[test]
fn a_place_within_a_string_is_told_in_the_text() {
    let call = LAMP.replace(
        "\"initial\": true,",
        "\"initial\": true, \"localData\": [{ \"name\": \"a\", \"value\": \"1 + nothing\" }],",
    );
    let tokens = expand_text(&call, None);
    assert!(tokens.contains("`nothing`, column 5 of the string"), "{tokens}");
}

#[test]
fn a_warning_is_a_use_of_something_deprecated() {
    let call = LAMP.replace("\"terminal\": true }", "\"terminal\": true }, { \"name\": \"attic\" }");
    let tokens = expand_text(&call, None);
    assert!(tokens.contains("# [deprecated (note ="), "{tokens}");
    assert!(tokens.contains("pub mod lamp {"), "{tokens}");
    let tokens = expand_text(&format!("strict = true, {call}"), None);
    assert!(tokens.contains("compile_error"), "{tokens}");
}

#[test]
fn levels_of_the_call_and_of_the_project_file() {
    let odd = LAMP.replace("{ \"name\": \"on\"", "{ \"name\": \"attic\" }, { \"name\": \"on\"");
    let folder = folder("levels");
    fs::write(folder.join("lamp.csml"), odd).unwrap();
    let expand = |options: &str| expand_text(&format!("\"lamp.csml\"{options}"), Some(&folder));
    // How severe the warning is: a use of a deprecated constant, an error, or nothing.
    let severity = |tokens: &str| match (tokens.contains("deprecated"), tokens.contains("compile_error")) {
        (true, false) => "warning",
        (false, true) => "error",
        (false, false) => "nothing",
        both => panic!("{both:?} in {tokens}"),
    };
    assert_eq!(severity(&expand("")), "warning");
    assert_eq!(severity(&expand(", allow = unreachable_state")), "nothing");
    assert_eq!(severity(&expand(", deny = all")), "error");
    assert_eq!(severity(&expand(", deny = all, warn = [\"unreachable-state\"]")), "warning");
    fs::write(folder.join("csml.toml"), "[lints]\nunreachable-state = 'deny'\n").unwrap();
    assert_eq!(severity(&expand("")), "error");
    assert_eq!(severity(&expand(", config = false")), "warning");
    assert_eq!(severity(&expand(", warn = all")), "warning");
    fs::write(folder.join("csml.toml"), "[lints]\nstrict = true\n").unwrap();
    assert_eq!(severity(&expand("")), "error");
    assert_eq!(severity(&expand(", strict = false")), "warning");
    let wrong = expand(", allow = [unreachable_sate]");
    assert!(wrong.contains("did you mean `unreachable-state`?"), "{wrong}");
    fs::remove_dir_all(&folder).unwrap();
}
