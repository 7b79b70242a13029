//! The structure that the standard requires, written down here by its section: which properties an object may
//! have, and which (`!`) it must have.

use serde_json::Value;

use super::*;
use csml_compiler::diagnostics::Severity;

static RULE: Rule =
    Rule::error("CSML9902", "test-rule", "A rule of tests (2.0, Here). It has two sentences.");
static WARN: Rule = Rule::strict("CSML9901", "test-warning", "Another one.");

/// Properties by kind of object: name, and the kind of its value or of the values in its list.
fn shape(kind: &str) -> &'static [(&'static str, &'static str)] {
    match kind {
        // 3.13
        "log" => &[("$schema", "uri"), ("!version", "2.1.0"), ("!runs", "[run")],
        // 3.14
        "run" => &[
            ("!tool", "tool"),
            ("invocations", "[invocation"),
            ("columnKind", "columnKind"),
            ("artifacts", "[artifact"),
            ("results", "[result"),
        ],
        // 3.18, 3.19
        "tool" => &[("!driver", "driver")],
        "driver" => {
            &[("!name", "text"), ("version", "text"), ("semanticVersion", "text"), ("rules", "[descriptor")]
        }
        // 3.20, 3.58
        "invocation" => &[("!executionSuccessful", "bool"), ("toolExecutionNotifications", "[notification")],
        "notification" => &[("!message", "message"), ("level", "level"), ("locations", "[location")],
        // 3.24, 3.4
        "artifact" => &[("location", "artifactLocation"), ("roles", "[role")],
        "artifactLocation" => &[("uri", "uri"), ("uriBaseId", "text")],
        // 3.49, 3.50, 3.12
        "descriptor" => &[
            ("!id", "text"),
            ("name", "text"),
            ("shortDescription", "message"),
            ("fullDescription", "message"),
            ("help", "message"),
            ("defaultConfiguration", "configuration"),
        ],
        "configuration" => &[("level", "level")],
        "message" => &[("!text", "text")],
        // 3.27
        "result" => &[
            ("ruleId", "text"),
            ("ruleIndex", "number"),
            ("level", "level"),
            ("!message", "message"),
            ("locations", "[location"),
            ("relatedLocations", "[location"),
            ("fixes", "[fix"),
        ],
        // 3.28, 3.29, 3.30
        "location" => &[("physicalLocation", "physicalLocation"), ("message", "message")],
        "physicalLocation" => &[("!artifactLocation", "artifactLocation"), ("region", "region")],
        "region" => &[
            ("!startLine", "number"),
            ("startColumn", "number"),
            ("endLine", "number"),
            ("endColumn", "number"),
        ],
        // 3.55, 3.56, 3.57
        "fix" => &[("description", "message"), ("!artifactChanges", "[change")],
        "change" => &[("!artifactLocation", "artifactLocation"), ("!replacements", "[replacement")],
        "replacement" => &[("!deletedRegion", "region"), ("insertedContent", "message")],
        _ => panic!("no object: {kind}"),
    }
}

fn conforms(value: &Value, kind: &str) {
    if let Some(item) = kind.strip_prefix('[') {
        value.as_array().unwrap().iter().for_each(|value| conforms(value, item));
        return;
    }
    let text = value.as_str().unwrap_or_default();
    match kind {
        "text" => assert!(!text.is_empty()),
        "uri" => assert!(text.is_ascii() && !text.contains([' ', '\\', '"', '<', '>']), "{text}"),
        "bool" => assert!(value.is_boolean()),
        "number" => assert!(value.is_u64()),
        "level" => assert!(["error", "warning", "note", "none"].contains(&text), "{text}"),
        "role" => assert_eq!(text, "analysisTarget"),
        "columnKind" => assert!(["utf16CodeUnits", "unicodeCodePoints"].contains(&text), "{text}"),
        "2.1.0" => assert_eq!(text, "2.1.0"),
        _ => {
            let object = value.as_object().unwrap();
            let shape = shape(kind);
            for (name, value) in object {
                let known = shape.iter().find(|(known, _)| known.trim_start_matches('!') == name);
                let (_, kind) = known.unwrap_or_else(|| panic!("{kind} has no `{name}`"));
                conforms(value, kind);
            }
            let missing = |name: &&str| !object.contains_key(*name);
            let required = shape.iter().filter_map(|(name, _)| name.strip_prefix('!'));
            assert_eq!(required.filter(missing).collect::<Vec<_>>(), [""; 0], "{kind}");
        }
    }
}

fn log() -> String {
    let mut sources = Sources::new();
    let id = sources.add("./a b/\u{e9}.csml", "{\n  \"\u{6f22}\": \"x\",\n  \"nmae\": 1\n}\n");
    let other = sources.add("csml.toml", "[types]\n");
    let span = |source, start, end| Span::new(source, start, end);
    let mut sarif = Sarif::new();
    sarif.file("./a b/\u{e9}.csml");
    sarif.file("gone.csml");
    let at = sources.get(id).text.find("\"nmae\"").unwrap() as u32;
    let key = span(id, at, at + 6);
    let diagnostic = Diagnostic::new(&RULE, key, "unknown `nmae`")
        .label("not \"known\"")
        .related(span(other, 0, 7), "set here")
        .related(span(id, 4, 9), "")
        .did_you_mean(key, "nmae", Some("name"))
        .note("names matter");
    sarif.diagnostic(&sources, &diagnostic);
    let mut lenient = Diagnostic::new(&WARN, span(id, 0, 0), "odd");
    sarif.diagnostic(&sources, &lenient);
    lenient.severity = Severity::Error;
    sarif.diagnostic(&sources, &lenient);
    sarif.failure("gone.csml", "cannot read `gone.csml`: there is no such file");
    sarif.finish()
}

#[test]
fn it_has_the_structure_of_the_standard() {
    let value: Value = serde_json::from_str(&log()).unwrap();
    conforms(&value, "log");
    conforms(&serde_json::from_str(&Sarif::new().finish()).unwrap(), "log");
}

#[test]
fn the_same_calls_give_the_same_bytes() {
    assert_eq!(log(), log());
}

#[test]
fn results_have_rules_places_and_fixes() {
    let value: Value = serde_json::from_str(&log()).unwrap();
    let run = &value["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(
        rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect::<Vec<_>>(),
        ["CSML9901", "CSML9902"]
    );
    assert_eq!(rules[1]["shortDescription"]["text"], "A rule of tests (2.0, Here).");
    assert_eq!(rules[0]["defaultConfiguration"]["level"], "warning");
    let results = run["results"].as_array().unwrap();
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let levels: Vec<_> = results.iter().map(|result| result["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["error", "warning", "error"]);
    let first = &results[0];
    assert_eq!(
        first["message"]["text"],
        "unknown `nmae`: not \"known\"\nhelp: did you mean `name`?\nnote: names matter"
    );
    let place = &first["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/%C3%A9.csml");
    let region = serde_json::json!({ "startLine": 3, "startColumn": 3, "endLine": 3, "endColumn": 9 });
    assert_eq!(place["region"], region);
    // In characters, not in bytes.
    assert_eq!(first["relatedLocations"][1]["physicalLocation"]["region"]["endColumn"], 6);
    let replacement = &first["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["deletedRegion"], region);
    assert_eq!(replacement["insertedContent"]["text"], "\"name\"");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn paths_become_uris() {
    for (path, expected) in [
        ("lamp.csml", "lamp.csml"),
        ("./machines/lamp.csml", "machines/lamp.csml"),
        ("../lamp.csml", "../lamp.csml"),
        ("<stdin>", "%3Cstdin%3E"),
        ("a:b#c?d%e.csml", "a%3Ab%23c%3Fd%25e.csml"),
        ("/srv/lamp 1.csml", "file:///srv/lamp%201.csml"),
    ] {
        assert_eq!(uri(path), expected);
    }
    assert_eq!(uri("a\\b"), if cfg!(windows) { "a/b" } else { "a%5Cb" });
}
