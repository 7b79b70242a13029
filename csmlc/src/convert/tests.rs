//! What is converted to what, and that it means the same.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::*;
use csml_compiler::{
    canonical::{Description, Machine, Variable},
    vocabulary::MemoryMode,
};

fn converted(text: &str, flatten: bool) -> Converted {
    let mut sources = Sources::new();
    let id = sources.add("t", text);
    let mut diagnostics = Diagnostics::new();
    let converted = convert(&sources, id, flatten, &mut diagnostics);
    let found: Vec<_> = diagnostics.iter().map(|found| &found.message).collect();
    converted.unwrap_or_else(|| panic!("{found:?}: {text}"))
}

/// The canonical tree of a text, if that has no errors.
fn canonical(text: &str) -> Option<Description> {
    let mut sources = Sources::new();
    let id = sources.add("t", text);
    let mut diagnostics = Diagnostics::new();
    let description = canonicalise(&sources, id, &mut diagnostics);
    description.filter(|_| !diagnostics.has_errors())
}

/// A canonical tree without places and without the memory mode, which is stated when it was not before.
fn meaning(description: Description) -> (Option<MemoryMode>, String) {
    let mode = description.memory_mode.map(|(mode, _)| mode);
    let tree = format!("{:#?}", Description { memory_mode: None, ..description });
    let mut out = String::new();
    // The indentation of the line that ends what is left out.
    let mut left_out: Option<usize> = None;
    for line in tree.lines() {
        let indent = line.len() - line.trim_start().len();
        match left_out {
            Some(end) if indent > end => continue,
            Some(_) => left_out = None,
            None => {
                let rest = line.trim_start();
                let place = rest.ends_with("Span {")
                    || rest.starts_with("anchors: [")
                    || rest.starts_with("used_at: ");
                if place && !line.ends_with(',') {
                    left_out = Some(indent);
                }
                if !place {
                    out.push_str(line);
                    out.push('\n');
                }
            }
        }
    }
    (mode, out)
}

/// A canonical tree in which the kinds of data of a component stand one after the other.
fn sorted(mut description: Description) -> Description {
    fn sort(data: &mut [Variable]) {
        data.sort_by_key(|variable| variable.storage);
    }
    fn machines(list: &mut [Machine]) {
        for machine in list {
            sort(&mut machine.data);
            machine.states.iter_mut().for_each(|state| sort(&mut state.data));
            machines(&mut machine.machines);
        }
    }
    sort(&mut description.data);
    machines(&mut description.machines);
    description
}

/// Checks that a description means the same formatted, converted and flattened.
fn same(name: &str, text: &str) -> bool {
    let Some(before) = canonical(text) else { return false };
    let mut sources = Sources::new();
    let id = sources.add("t", text);
    let formatted = layout::format(&sources, id, &mut Diagnostics::new()).unwrap();
    let (mode, meant) = meaning(before.clone());
    assert_eq!(meaning(canonical(&formatted).unwrap()), (mode, meant.clone()), "{name}");

    let plain = converted(text, false);
    let (stated, means) = meaning(canonical(&plain.text).unwrap());
    assert!(meant == means, "{name}:\n{}\n{meant}\n{means}", plain.text);
    assert!(stated.is_some() && mode.is_none_or(|mode| stated == Some(mode)), "{name}");
    assert_eq!(converted(&plain.text, false).text, plain.text, "{name}: not stable");
    for other in
        ["Context", "isLocal", "isPersistent", "isAbstract", "isVirtual", "\"raise\"", "resetTimeout"]
    {
        assert!(!plain.text.contains(&format!("{other}\":")), "{name}: {other}");
    }

    let flat = converted(text, true);
    let read = canonical(&flat.text).unwrap_or_else(|| panic!("{name}:\n{}", flat.text));
    assert!(meaning(sorted(before)).1 == meaning(sorted(read)).1, "{name}:\n{}", flat.text);
    assert_eq!(converted(&flat.text, true).text, flat.text, "{name}: not stable");
    assert!(flat.notes.iter().all(|note| !note.message.contains("--flatten")), "{name}");
    for (kind, text) in [("converted", &plain.text), ("flattened", &flat.text)] {
        let mut sources = Sources::new();
        let id = sources.add("t", text.as_str());
        let formatted = layout::format(&sources, id, &mut Diagnostics::new()).unwrap();
        assert!(formatted == *text, "{name}: {kind} is not formatted");
    }
    true
}

/// All descriptions below a folder.
fn descriptions(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(descriptions(&path));
        } else if path.extension().is_some_and(|ending| ending == "csml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Compares with a file beside this one. `cargo xtask bless` renews it.
fn expected(file: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/convert/tests").join(file);
    if std::env::var_os("CSML_BLESS").is_some_and(|value| !value.is_empty() && value != "0") {
        fs::write(&path, actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    assert!(expected == actual, "{file} differs:\n{actual}");
}

#[test]
fn every_description_means_the_same_afterwards() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        "../tests/cases",
        "../examples",
        "../benches/machines",
        "../../shared/corpus",
        "../../../shared/corpus",
    ];
    let mut same_afterwards = 0;
    for file in folders.iter().flat_map(|folder| descriptions(&here.join(folder))) {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        same_afterwards += usize::from(same(&file.display().to_string(), &text));
    }
    assert!(same_afterwards > 150, "only {same_afterwards}");
}

#[test]
fn the_legacy_dialect_becomes_canonical_with_its_comments() {
    let text = r#"// A lamp.
{
    "name": "lamp", // its name
    "version": "0.1",
    // What all share.
    "persistentContext": { // kept
        "variables": [
            // how often
            { "name": "count", "value": { "expression": "0" } }
        ]
    },
    "stateMachines": [{
        "name": "lamp",
        "states": [
            // Blinks beside.
            {
                "name": "blinker",
                "states": [{ "name": "idle", "initial": true }] // nothing yet
            },
            {
                "name": "off",
                "initial": true,
                "on": [{
                    "event": "press",
                    "guards": ["count < 10", { "reference": "allowed" }, "allowed"],
                    "actions": [{
                        "type": "assign",
                        // one more
                        "variable": { "name": "count", "value": "count + 1" /* plus */ }
                    }, { "reference": "ring" }],
                    "target": "on"
                }]
            },
            {
                "name": "on",
                "after": [{ "name": "t", "delay": "5", "action": { "type": "raise", "event": { "name": "late", "channel": "internal" } } }],
                "on": [
                    { "event": "late", "target": "off" },
                    { "event": "again", "channel": "peripheral", "actions": [{ "type": "resetTimeout", "action": "t" }] }
                ]
            }
        ],
        "guards": [{ "name": "allowed", "expression": "true" }],
        "actions": [
            // rings
            { "name": "ring", "type": "invoke", "serviceType": "bell", "isLocal": true,
              "output": [{ "reference": "count" }], "properties": { "retries": 3 } }
        ]
    }]
}
"#;
    assert!(same("lamp", text));
    let plain = converted(text, false);
    expected("lamp.csml", &plain.text);
    let notes: Vec<_> = plain.notes.iter().map(|note| format!("{} {}", note.place, note.message)).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].starts_with("39:52 the channel"), "{notes:?}");
    assert!(notes[1].starts_with("43:19 named actions"), "{notes:?}");
    let flat = converted(text, true);
    expected("lamp-flat.csml", &flat.text);
    assert_eq!(flat.notes.len(), 1);
}

#[test]
fn what_is_canonical_stays_as_it_is() {
    let text = include_str!("tests/lamp-flat.csml");
    assert_eq!(converted(text, false).text, text);
    assert_eq!(converted(text, true).text, text);
}

#[test]
fn a_match_stays_with_its_parts_in_canonical_form() {
    let text = r#"{ "name": "a", "version": "1.0", "stateMachines": [{ "name": "m", "states": [{ "name": "s", "initial": true,
        "entry": [{ "type": "match", "value": { "expression": "1" }, "case": [
            // one
            { "case": { "expression": "1" }, "action": { "reference": "x" } }
        ], "default": { "action": { "type": "match", "value": "2", "cases": { "case": "2", "actions": [] }, "default": "x" } } }] }],
        "actions": [{ "name": "x", "type": "raise", "event": { "name": "e", "channel": "global" } }] }] }"#;
    assert!(same("match", text));
    expected("match.csml", &converted(text, false).text);
    let flat = converted(text, true);
    expected("match-flat.csml", &flat.text);
    let notes: Vec<_> = flat.notes.iter().map(|note| format!("{} {}", note.place, note.message)).collect();
    assert_eq!(notes, ["2:29 the action `match` stays as it is: CSML 2.0 has no such action"]);
}

#[test]
fn inheritance_is_written_out() {
    let text = r#"{ "name": "a", "version": "1.0", "stateMachines": [
        // what doors share
        {
            "name": "door", "abstract": true,
            "localContext": [{ "name": "first", "value": "1" }],
            "persistentContext": [{ "name": "second", "value": "first + 1" }],
            "states": [
                // closed at first
                { "name": "closed", "initial": true, "isVirtual": true,
                  "on": [{ "event": "push", "guards": ["may"], "target": "open" }] },
                { "name": "open", "isAbstract": true }
            ]
        },
        // the one in front
        {
            "name": "front", "extends": "door",
            "localContext": [
                // counts
                { "name": "third", "value": "first" }
            ],
            "guards": [{ "name": "may", "expression": "third == 1" }],
            "states": [
                {
                    "name": "open", // to all
                    "entry": [{ "type": "assign", "variable": { "name": "third", "value": "second" } }]
                },
                { "name": "inner", "extends": "door", "states": [{ "name": "open" }],
                  "guards": [{ "name": "may", "expression": "second == 2" }] }
            ]
        }
    ] }"#;
    assert!(same("inheritance", text));
    let plain = converted(text, false);
    expected("doors.csml", &plain.text);
    assert!(plain.notes[0].message.starts_with("inheritance stays"), "{:?}", plain.notes);
    let flat = converted(text, true);
    expected("doors-flat.csml", &flat.text);
    assert_eq!(flat.notes, []);
}

#[test]
fn timers_with_transitions_become_timers_and_transitions() {
    let text = r#"{ "name": "a", "version": "2.0", "stateMachines": [{ "name": "lamp", "states": [
        { "name": "off", "initial": true, "after": [{ "delay": { "expression": "5" }, "target": "on" /* at once */ }] },
        {
            "name": "on",
            "after": [
                // first
                { "delay": "5", "guards": ["true"], "actions": [{ "type": "raise", "event": { "name": "e", "channel": "global" } }], "target": "off" },
                { "name": "tick", "delay": "7", "actions": [{ "type": "raise", "event": { "name": "e", "channel": "global" } }] },
                { "name": "tock", "delay": "7", "target": "off", "guards": [{ "reference": "may" }], "else": "off" }
            ],
            "on": [{ "event": "e", "target": "off" }]
        }
    ], "guards": [{ "name": "may", "expression": "1 > 0" }] }] }"#;
    assert!(same("timed", text));
    let plain = converted(text, false);
    expected("timed.csml", &plain.text);
    assert_eq!(plain.notes.len(), 1, "{:?}", plain.notes);
    expected("timed-flat.csml", &converted(text, true).text);

    // What several machines inherit, only they can write out.
    let text = r#"{ "name": "a", "version": "2.0", "stateMachines": [
        { "name": "base", "abstract": true, "states": [
            { "name": "off", "initial": true, "after": [{ "delay": "5", "target": "on", "guards": ["true"] }] }, { "name": "on" }] },
        { "name": "one", "extends": "base", "stateMachines": [{ "name": "two", "extends": "base" }] }] }"#;
    assert!(same("inherited", text));
    let plain = converted(text, false);
    assert!(plain.text.contains(r#""guards": [{ "expression": "true" }]"#), "{}", plain.text);
    assert!(plain.notes.iter().any(|note| note.message.contains("--flatten")), "{:?}", plain.notes);
    let flat = converted(text, true).text;
    for event in ["after:one/off/0", "after:one/two/off/0"] {
        assert_eq!(flat.matches(&format!("\"{event}\"")).count(), 2, "{flat}");
    }
}

#[test]
fn an_order_of_data_that_cannot_be_kept_is_noted() {
    let text = r#"{ "name": "a", "version": "1.0", "stateMachines": [
        { "name": "b", "abstract": true, "localData": [{ "name": "x", "value": "1" }],
          "persistentData": [{ "name": "y", "value": "x" }], "states": [{ "name": "s", "initial": true }] },
        { "name": "c", "extends": "b", "localData": [{ "name": "z", "value": "y" }] } ] }"#;
    assert!(same("data", text));
    let notes = converted(text, true).notes;
    assert_eq!(notes.len(), 1);
    assert!(notes[0].message.starts_with("the data of this component"), "{notes:?}");
    assert_eq!(notes[0].place.line, 4);
}

#[test]
fn names_need_not_be_known_unless_they_are_written_out() {
    let text = r#"{ "name": "a", "version": "1.0", "stateMachines": [{ "name": "m", "states":
        [{ "name": "s", "entry": [{ "reference": "nothing" }], "on": [{ "event": "e", "guards": [{ "reference": "no" }], "target": "nowhere" }] }],
        "actions": [] }] }"#;
    let plain = converted(text, false).text;
    assert!(plain.contains("\"entry\": [\"nothing\"]"), "{plain}");
    // As a plain string it would be an expression.
    assert!(plain.contains("\"guards\": [{ \"reference\": \"no\" }]"), "{plain}");
    let mut sources = Sources::new();
    let id = sources.add("t", text);
    let mut diagnostics = Diagnostics::new();
    assert!(convert(&sources, id, true, &mut diagnostics).is_none());
    let codes: Vec<_> = diagnostics.iter().map(|found| found.rule.code).collect();
    assert_eq!(codes, ["CSML0121", "CSML0122"]);
}

#[test]
fn unknown_constructs_are_not_converted() {
    for text in ["{", "[]", r#"{ "name": "a", "version": "3.0", "stateMachines": [] }"#] {
        let mut sources = Sources::new();
        let id = sources.add("t", text);
        let mut diagnostics = Diagnostics::new();
        assert!(convert(&sources, id, false, &mut diagnostics).is_none());
        assert!(diagnostics.has_errors(), "{text}");
    }
}

#[test]
fn what_would_be_nested_too_deep_is_refused() {
    let depth = 61;
    let text = format!(
        "{{ \"name\": \"a\", \"version\": \"1.0\", \"stateMachines\": [{}{}{}] }}",
        "{ \"name\": \"m\", \"states\": [".repeat(depth),
        "{ \"name\": \"s\", \"initial\": true, \"on\": [{ \"event\": \"e\", \"guards\": [\"true\"], \"target\": \"s\" }] }",
        "] }".repeat(depth)
    );
    let mut sources = Sources::new();
    let id = sources.add("t", text);
    let mut diagnostics = Diagnostics::new();
    assert!(canonicalise(&sources, id, &mut diagnostics).is_some());
    assert!(convert(&sources, id, false, &mut diagnostics).is_none());
    let messages: Vec<_> = diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(messages.len(), 1);
    assert!(
        messages[0].starts_with("the converted description could not be read: lists and objects"),
        "{messages:?}"
    );
}
