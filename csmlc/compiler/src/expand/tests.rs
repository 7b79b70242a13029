use super::*;
use crate::tests::descriptions::MemoryFiles;

fn expand_text(call: &str, files: &MemoryFiles) -> String {
    expand(call.parse().unwrap(), files).tokens.to_string()
}

fn none() -> MemoryFiles {
    MemoryFiles::default()
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
    let tokens = expand_text(LAMP, &none());
    assert!(tokens.contains("pub mod lamp {"), "{tokens}");
    assert!(!tokens.contains("compile_error"), "{tokens}");
    assert!(!tokens.contains("include_bytes"), "{tokens}");
}

#[test]
fn options_reach_the_module() {
    let call = format!("mod = other, crate = ::my::rt, app = false, {LAMP}");
    let tokens = expand_text(&call, &none());
    assert!(tokens.contains("pub mod other {"), "{tokens}");
    assert!(tokens.contains(":: my :: rt ::"), "{tokens}");
    assert!(!tokens.contains("csml_rt"), "{tokens}");
    assert!(!tokens.contains("struct App"), "{tokens}");
}

#[test]
fn a_file_is_named_and_gives_the_same_items() {
    let files = MemoryFiles::from([("a/lamp.csml", LAMP), ("a/csml.toml", "[schemas]\npress = 'no.json'\n")]);
    let Expansion { tokens, files, .. } = expand("\"a/lamp.csml\"".parse().unwrap(), &files);
    assert_eq!(files, ["a/lamp.csml", "a/csml.toml", "a/no.json"].map(Path::new));
    assert!(tokens.to_string().contains("pub mod lamp {"), "{tokens}");
}

#[test]
fn a_missing_file_is_named_and_leaves_a_module() {
    let tokens = expand_text("\"no.csml\", mod = lamp", &none());
    assert!(tokens.contains("cannot read `no.csml`: there is no such file"), "{tokens}");
    assert!(tokens.contains("pub mod lamp { type __CsmlBroken"), "{tokens}");
}

#[test]
fn whatever_is_wrong_leaves_a_module_of_the_same_names() {
    let cut = LAMP.find("\"target\"").unwrap();
    let files = MemoryFiles::from([
        ("lamp.csml", LAMP),
        ("cut.csml", &LAMP[..cut]),
        ("nameless.csml", &LAMP.replacen("\"name\": \"lamp\",", "", 1)),
        ("misspelt.csml", &LAMP.replace("\"event\": \"press\"", "\"evnt\": \"press\"")),
        ("yaml.csml", "name: lamp\nstates:\n  - name: off\n    on: press\n"),
    ]);
    for (call, module, has_names) in [
        ("\"cut.csml\"", "lamp", true),
        ("\"nameless.csml\"", "nameless", true),
        ("\"misspelt.csml\"", "lamp", true),
        ("\"yaml.csml\"", "lamp", true),
        ("\"gone.csml\"", "gone", false),
        ("\"gone.csml\", mod = lamp", "lamp", false),
        ("\"lamp.csml\", module = lamp", "lamp", true),
        ("\"lamp.csml\" mod = lamp", "lamp", true),
        (&format!("allow = [nothing], {LAMP}"), "lamp", true),
        (&LAMP.replace("\"states\"", "\"sates\""), "lamp", true),
    ] {
        let tokens = expand_text(call, &files);
        assert!(tokens.contains("compile_error"), "{call}");
        assert!(tokens.contains(&format!("pub mod {module} {{ type __CsmlBroken")), "{call}: {tokens}");
        assert_eq!(tokens.contains("pub type Press = super :: __CsmlBroken"), has_names, "{call}: {tokens}");
    }
}

#[test]
fn errors_in_a_file_have_their_place_and_lines() {
    let wrong = LAMP.replace("\"target\": \"on\"", "\"target\": \"no\"");
    let tokens = expand_text("\"lamp.csml\"", &MemoryFiles::from([("lamp.csml", wrong.as_str())]));
    assert!(tokens.contains("compile_error ! {"), "{tokens}");
    assert!(tokens.contains("lamp.csml:10:"), "{tokens}");
    // The source line, within a string literal of the output.
    assert!(tokens.contains(r#"\"target\": \"no\""#), "{tokens}");
    assert!(tokens.contains("pub mod lamp { type __CsmlBroken"), "{tokens}");
}

#[test]
fn every_error_is_reported() {
    let call = "{ \"name\": 1, \"name\": 2, \"version\": }";
    let tokens = expand_text(call, &none());
    assert!(tokens.matches("compile_error").count() >= 2, "{tokens}");
}

#[test]
fn a_place_within_a_string_is_told_in_the_text() {
    let call = LAMP.replace(
        "\"initial\": true,",
        "\"initial\": true, \"localData\": [{ \"name\": \"a\", \"value\": \"1 + nothing\" }],",
    );
    let tokens = expand_text(&call, &none());
    assert!(tokens.contains("`nothing`, column 5 of the string"), "{tokens}");
}

#[test]
fn a_warning_is_a_use_of_something_deprecated() {
    let call = LAMP.replace("\"terminal\": true }", "\"terminal\": true }, { \"name\": \"attic\" }");
    let tokens = expand_text(&call, &none());
    assert!(tokens.contains("# [deprecated (note ="), "{tokens}");
    assert!(tokens.contains("pub mod lamp {"), "{tokens}");
    let tokens = expand_text(&format!("strict = true, {call}"), &none());
    assert!(tokens.contains("compile_error"), "{tokens}");
}

#[test]
fn levels_of_the_call_and_of_the_project_file() {
    let odd = LAMP.replace("{ \"name\": \"on\"", "{ \"name\": \"attic\" }, { \"name\": \"on\"");
    let with = |project: &str, options: &str| {
        let mut files = MemoryFiles::from([("lamp.csml", odd.as_str())]);
        if !project.is_empty() {
            files.add("csml.toml", project);
        }
        expand_text(&format!("\"lamp.csml\"{options}"), &files)
    };
    let expand = |options: &str| with("", options);
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
    let expand = |options: &str| with("[lints]\nunreachable-state = 'deny'\n", options);
    assert_eq!(severity(&expand("")), "error");
    assert_eq!(severity(&expand(", config = false")), "warning");
    assert_eq!(severity(&expand(", warn = all")), "warning");
    let expand = |options: &str| with("[lints]\nstrict = true\n", options);
    assert_eq!(severity(&expand("")), "error");
    assert_eq!(severity(&expand(", strict = false")), "warning");
    let wrong = expand(", allow = [unreachable_sate]");
    assert!(wrong.contains("did you mean `unreachable-state`?"), "{wrong}");
}

#[test]
fn the_first_of_several_transitions_may_win() {
    let two = LAMP.replace(
        "\"on\": [",
        "\"on\": [{ \"event\": \"press\", \"channel\": \"peripheral\", \"guards\": [\"$v > 1\"], \"target\": \"on\" }, ",
    );
    assert!(expand_text(&two, &none()).contains("CSML0350"));
    let tokens = expand_text(&format!("choice = first, {two}"), &none());
    assert!(tokens.contains("CSML0353") && !tokens.contains("compile_error"), "{tokens}");
    let tokens = expand_text(&format!("warn = overlapping_transitions, {two}"), &none());
    assert!(tokens.contains("CSML0350") && !tokens.contains("compile_error"), "{tokens}");
}
