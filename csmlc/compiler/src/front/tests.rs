//! Whole descriptions, good and bad, through the passes from text to canonical tree.

mod forms;
mod match_forms;

use std::{fs, path::Path};

use super::*;
use crate::{
    canonical::{ActionKind, Machine, PropertyValue, State},
    vocabulary::{Channel, MemoryMode, Storage},
};

fn run(text: &str) -> (Option<Description>, Vec<String>) {
    let mut sources = Sources::new();
    let id = sources.add("t.csml", text);
    let mut diagnostics = Diagnostics::new();
    let description = canonicalise(&sources, id, &mut diagnostics);
    diagnostics.sort();
    let found =
        diagnostics.iter().map(|d| format!("{} {}", d.rule.code, sources.position(d.primary.span))).collect();
    (description, found)
}

/// The only diagnostic's message with its help.
fn message(text: &str) -> String {
    let mut sources = Sources::new();
    let id = sources.add("t.csml", text);
    let mut diagnostics = Diagnostics::new();
    canonicalise(&sources, id, &mut diagnostics);
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    let diagnostic = diagnostics.iter().next().unwrap();
    std::iter::once(diagnostic.message.as_str())
        .chain(diagnostic.help.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("; ")
}

fn good(text: &str) -> Description {
    let (description, found) = run(text);
    assert_eq!(found, Vec::<String>::new(), "{text}");
    description.unwrap()
}

#[track_caller]
fn bad(text: &str, expected: &[&str]) {
    assert_eq!(run(text).1, expected, "{text}");
}

/// A description of one machine whose members are `machine`; they begin on line 2.
fn with_machine(machine: &str) -> String {
    format!("{{\"name\":\"d\",\"version\":\"2.0\",\"stateMachines\":[{{\"name\":\"m\",\n{machine}}}]}}")
}

/// A description of one state whose members are `state`; they begin on line 2.
fn with_state(state: &str) -> String {
    with_machine(&format!("\"states\":[{{\"name\":\"s\",\n{state}}}]")).replacen(
        ",\n\"states",
        ",\"states",
        1,
    )
}

fn machine(text: &str) -> Machine {
    good(&with_machine(text)).machines.remove(0)
}

fn state(text: &str) -> State {
    good(&with_state(text)).machines.remove(0).states.remove(0)
}

fn entry(action: &str) -> ActionKind {
    state(&format!("\"entry\":[{action}]")).entry.remove(0).kind
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the material may lie beside the checkout")]
fn the_corpus_is_fine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for corpus in ["../../../shared/corpus", "../../../../shared/corpus"] {
        for name in ["railway.csml", "surveillance-system.csml"] {
            if let Ok(text) = fs::read_to_string(root.join(corpus).join(name)) {
                let description = good(&text);
                let nested: usize = description.machines.iter().map(|m| m.machines.len()).sum();
                let expected = if name == "railway.csml" { (1, 2) } else { (2, 0) };
                assert_eq!((description.machines.len(), nested), expected);
            }
        }
    }
}

#[test]
fn a_whole_description() {
    let description = good(
        r#"{ // comments and trailing commas are fine
        "$schema": "https://example.org/csml.json",
        "name": "d", "version": "2.0", "memoryMode": "shared",
        "localData": {"variables": [{"name": "a", "value": "1"}]},
        "persistentContext": [{"name": "b", "value": {"expression": "a + 1"}}],
        "stateMachines": [
            {"name": "m", "states": [
                {"name": "s", "initial": true, "terminal": false, "staticData": [{"name": "c", "value": "0"}]},
                {"name": "inner", "states": [{"name": "t", "terminal": true,}]},
            ], "stateMachines": [{"name": "second", "states": []}]},
        ],
    }"#,
    );
    assert_eq!(description.memory_mode.map(|(mode, _)| mode), Some(MemoryMode::Shared));
    let data: Vec<_> =
        description.data.iter().map(|v| (v.name.as_str(), v.value.as_str(), v.storage)).collect();
    assert_eq!(data, [("a", "1", Storage::Local), ("b", "a + 1", Storage::Persistent)]);
    let machine = &description.machines[0];
    let nested: Vec<_> = machine.machines.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(nested, ["inner", "second"]);
    assert_eq!(machine.states.len(), 1);
    assert!(machine.states[0].initial.is_some());
    assert!(machine.states[0].terminal.is_none());
    assert_eq!(machine.states[0].data[0].storage, Storage::Static);
    assert!(machine.machines[0].states[0].terminal.is_some());
}

#[test]
fn data_keeps_the_order_of_the_text() {
    let machine = machine(
        r#""persistentData":[{"name":"a","value":"1"}],"states":[],"localData":[{"name":"b","value":"2"}]"#,
    );
    let names: Vec<_> = machine.data.iter().map(|v| v.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn invoke_with_everything() {
    let ActionKind::Invoke(invoke) = entry(
        r#"{"type":"invoke","serviceType":"svc","isLocal":true,"input":[{"name":"i","value":"1"}],
            "output":["o",{"reference":"p"}],
            "done":[{"name":"e","channel":"external","data":{"variables":[{"name":"x","value":"2"}]}}],
            "properties":[{"name":"timeoutMs","value":500},{"name":"q","value":0.5},{"name":"r","value":"'t'"},
                          {"name":"b","value":false}]}"#,
    ) else {
        panic!("no invoke");
    };
    assert!(invoke.local);
    assert_eq!(invoke.service.value, "svc");
    assert_eq!(invoke.input[0].name.value, "i");
    let output: Vec<_> = invoke.output.iter().map(|text| text.as_str()).collect();
    assert_eq!(output, ["o", "p"]);
    assert_eq!(invoke.done[0].channel, Channel::External);
    assert_eq!(invoke.done[0].data[0].value.value, "2");
    let properties: Vec<_> = invoke.properties.iter().map(|p| p.value.clone()).collect();
    assert_eq!(
        properties,
        [
            PropertyValue::Int(500),
            PropertyValue::Float(0.5),
            PropertyValue::Text("t".into()),
            PropertyValue::Bool(false)
        ]
    );
    let ActionKind::Invoke(invoke) =
        entry(r#"{"type":"invoke","serviceType":"svc","properties":{"retries":3}}"#)
    else {
        panic!("no invoke");
    };
    assert!(!invoke.local);
    assert_eq!(invoke.properties[0].value, PropertyValue::Int(3));
}

#[test]
fn data_actions_in_all_forms() {
    for action in [
        r#"{"type":"assign","variable":"v","value":"1"}"#,
        r#"{"type":"assign","variable":{"reference":"v"},"value":{"expression":"1"}}"#,
        r#"{"type":"assign","variable":{"name":"v","value":"1"}}"#,
        r#"{"type":"assign","variable":{"name":"v"},"value":"1"}"#,
    ] {
        assert!(
            matches!(entry(action), ActionKind::Assign { variable, value } if variable.value == "v" && value.value == "1"),
            "{action}"
        );
    }
    for (action, expected) in [
        (r#"{"type":"create","variable":{"name":"v","value":"1"}}"#, false),
        (r#"{"type":"create","variable":{"name":"v","value":"1"},"persistent":true}"#, true),
        (r#"{"type":"create","variable":{"name":"v","value":"1"},"isPersistent":true}"#, true),
    ] {
        assert!(
            matches!(entry(action), ActionKind::Create { name, persistent, .. } if name.value == "v" && persistent == expected),
            "{action}"
        );
    }
    for action in [r#"{"type":"delete","variable":"v"}"#, r#"{"type":"delete","variable":{"reference":"v"}}"#]
    {
        assert!(matches!(entry(action), ActionKind::Delete { variable } if variable.value == "v"));
    }
    for action in
        [r#"{"type":"timeoutReset","action":"t"}"#, r#"{"type":"resetTimeout","action":{"reference":"t"}}"#]
    {
        assert!(matches!(entry(action), ActionKind::TimeoutReset { timer } if timer.value == "t"));
    }
    for action in ["raise", "raiseEvent"] {
        let action = format!(r#"{{"type":"{action}","event":{{"name":"e","channel":"peripheral"}}}}"#);
        assert!(matches!(entry(&action), ActionKind::Raise(event) if event.channel == Channel::Peripheral));
    }
}

#[test]
fn transitions() {
    let state = state(
        r#""on":[{"event":"e","channel":"peripheral","target":"t","else":"u","guards":["a",{"expression":"b"}]},
                 {"event":"f","channel":"global","actions":[{"type":"delete","variable":"v"}]}],
           "always":[{"target":"t"}]"#,
    );
    assert!(state.on[0].peripheral);
    assert!(!state.on[1].peripheral);
    let transition = &state.on[0].transition;
    assert_eq!(transition.target.as_ref().map(|t| t.as_str()), Some("t"));
    assert_eq!(transition.else_target.as_ref().map(|t| t.as_str()), Some("u"));
    let guards: Vec<_> = transition.guards.iter().map(|t| t.as_str()).collect();
    assert_eq!(guards, ["a", "b"]);
    assert!(state.on[1].transition.target.is_none());
    assert_eq!(state.on[1].transition.actions.len(), 1);
    assert_eq!(state.always.len(), 1);
}

const RAISE_E: &str = r#""type":"raise","event":{"name":"e","channel":"internal"}"#;

#[test]
fn timers() {
    let machine = machine(&format!(
        r#""states":[{{"name":"s","after":[
              {{"type":"timeout","name":"a","delay":"500","action":{{{RAISE_E}}}}},
              {{"delay":"n","actions":["raiseE",{{{RAISE_E}}}]}},
              {{"delay":"n","action":"raiseE"}},
              {{"reference":"named"}}, "named"]}}],
           "actions":[{{"name":"raiseE",{RAISE_E}}},
              {{"name":"named","type":"timeout","delay":"7","action":{{"reference":"raiseE"}}}}]"#
    ));
    let timers: Vec<_> = machine.states[0]
        .after
        .iter()
        .map(|t| {
            let name = t.name.as_ref().map(|name| name.as_str());
            (name, t.delay.as_str(), t.raises.len())
        })
        .collect();
    assert_eq!(
        timers,
        [
            (Some("a"), "500", 1),
            (None, "n", 2),
            (None, "n", 1),
            (Some("named"), "7", 1),
            (Some("named"), "7", 1)
        ]
    );
}

#[test]
fn names_are_looked_up_outwards_and_where_they_are_defined() {
    let machine = machine(&format!(
        r#""states":[{{"name":"s","entry":["x",{{"reference":"alias"}}]}},
             {{"name":"inner",
               "states":[{{"name":"t","entry":["x","alias","y"],"after":["timer"]}}],
               "actions":[{{"name":"x","type":"delete","variable":"inner"}}]}}],
           "actions":[{{"name":"x","type":"delete","variable":"outer"}},
              {{"name":"alias","reference":"x"}},
              {{"name":"y",{RAISE_E}}},
              {{"name":"timer","type":"timeout","delay":"1","actions":["y"]}}]"#
    ));
    let deleted = |state: &State| -> Vec<String> {
        let names = state.entry.iter().map(|action| match &action.kind {
            ActionKind::Delete { variable } => variable.value.clone(),
            other => format!("{other:?}").chars().take(5).collect(),
        });
        names.collect()
    };
    assert_eq!(deleted(&machine.states[0]), ["outer", "outer"]);
    let inner = &machine.machines[0].states[0];
    assert_eq!(deleted(inner), ["inner", "outer", "Raise"]);
    assert_eq!(inner.after[0].raises.len(), 1);
    assert!(inner.entry[0].used_at.is_some());
}

#[test]
fn a_guard_is_a_name_before_it_is_an_expression() {
    let machine = machine(
        r#""states":[{"name":"s","on":[{"event":"e","target":"s",
              "guards":["open","closed",{"reference":"alias"},{"expression":"open"},{"name":"n","expression":"1 < 2"}]}]}],
           "guards":[{"name":"open","expression":"level > 3"},{"name":"alias","reference":"open"}]"#,
    );
    let guards: Vec<_> = machine.states[0].on[0].transition.guards.iter().map(|text| text.as_str()).collect();
    assert_eq!(guards, ["level > 3", "closed", "level > 3", "open", "1 < 2"]);
}

#[test]
fn bad_descriptions() {
    bad("[]", &["CSML0103 1:1"]);
    bad("{}", &["CSML0102 1:1", "CSML0102 1:1", "CSML0102 1:1"]);
    let with =
        |members: &str| format!("{{\"name\":\"d\",\"version\":\"2.0\",\"stateMachines\":[],\n{members}}}");
    good(&with(""));
    bad(&with("\"memoryMode\":\"sharde\""), &["CSML0110 2:14"]);
    bad(&with("\"localdata\":[]"), &["CSML0101 2:1"]);
    bad(&with("\"localData\":[],\"localContext\":[]"), &["CSML0106 2:16"]);
    bad(&with("\"localData\":{}"), &["CSML0102 2:13"]);
    bad(&with("\"localData\":[{\"name\":\"a\"}]"), &["CSML0102 2:14"]);
    bad(&with("\"localData\":[{\"name\":5,\"value\":[]}]"), &["CSML0103 2:22", "CSML0103 2:32"]);
    bad(&with("\"staticData\":[]"), &["CSML0101 2:1"]);
    bad("{\"name\":\"d\",\"stateMachines\":[],\n\"version\":\"3.0\"}", &["CSML0105 2:11"]);
    bad("{\"name\":\"d\",\"stateMachines\":[],\n\"version\":2.0}", &["CSML0103 2:11"]);
    bad("{\"name\":\"d\",\"version\":\"0.1\",\n\"stateMachines\":{}}", &["CSML0103 2:17"]);
    bad("{\"name\":\"d\",\"version\":\"1.0\",\n\"stateMachines\":[5]}", &["CSML0103 2:18"]);
}

#[test]
fn bad_machines_and_states() {
    bad(&with_machine(""), &["CSML0102 1:46"]);
    bad(&with_machine("\"states\":[{}]"), &["CSML0102 2:11"]);
    bad(&with_machine("\"extends\":\"x\",\"virtual\":true"), &["CSML0131 2:11", "CSML0101 2:15"]);
    bad(&with_machine("\"extends\":5"), &["CSML0103 2:11"]);
    bad(&with_state("\"abstract\":\"true\""), &["CSML0103 2:12", "CSML0135 2:12"]);
    bad(&with_state("\"initial\":\"true\""), &["CSML0103 2:11"]);
    bad(&with_state("\"entry\":{}"), &["CSML0103 2:9"]);
    bad(&with_state("\"on\":[{\"target\":\"s\"}]"), &["CSML0102 2:7"]);
    bad(&with_state("\"on\":[{\"event\":\"e\",\"target\":null}]"), &["CSML0103 2:29"]);
    bad(&with_state("\"on\":[{\"event\":\"e\",\"channel\":\"gobal\"}]"), &["CSML0111 2:30"]);
    bad(&with_state("\"always\":[{\"event\":\"e\"}]"), &["CSML0101 2:12"]);
    bad(
        &with_state("\"always\":[{\"guards\":[true,1,null,[],{}]}]"),
        &["CSML0103 2:29", "CSML0103 2:34", "CSML0102 2:37"],
    );
    bad(&with_state("\"onn\":[],\"exti\":[]"), &["CSML0101 2:1", "CSML0101 2:10"]);
}

#[test]
fn bad_actions() {
    let entry = |action: &str| with_state(&format!("\"entry\":[\n{action}]"));
    bad(&entry("{}"), &["CSML0102 3:1"]);
    bad(&entry("5"), &["CSML0103 3:1"]);
    // What is misspelt counts as what was meant: this one lacks its service, too.
    bad(&entry("{\"type\":\"invok\"}"), &["CSML0102 3:1", "CSML0104 3:9"]);
    bad(&entry("{\"type\":\"invoke\"}"), &["CSML0102 3:1"]);
    bad(&entry("{\"type\":\"match\",\"value\":\"1\"}"), &["CSML0102 3:1"]);
    bad(&entry("{\"type\":\"lock\"},{\"type\":\"unlock\"}"), &["CSML0107 3:9", "CSML0107 3:25"]);
    bad(
        &entry("{\"type\":\"assign\",\"variable\":{\"name\":\"v\",\"value\":\"1\"},\"value\":\"2\"}"),
        &["CSML0106 3:62"],
    );
    bad(&entry("{\"type\":\"assign\",\"variable\":\"v\"}"), &["CSML0102 3:1"]);
    bad(&entry("{\"type\":\"assign\",\"variable\":\"v\",\"value\":null}"), &["CSML0103 3:41"]);
    bad(&entry("{\"type\":\"create\",\"variable\":\"v\"}"), &["CSML0103 3:29"]);
    bad(&entry("{\"type\":\"raise\",\"event\":{\"name\":\"e\"}}"), &["CSML0102 3:25"]);
    bad(&entry("{\"type\":\"raise\",\"event\":\"e\"}"), &["CSML0103 3:25"]);
    bad(&entry("{\"type\":\"timeout\",\"delay\":\"1\",\"actions\":[]}"), &["CSML0126 3:1"]);
    bad(
        &entry(
            "{\"type\":\"invoke\",\"serviceType\":\"s\",\"properties\":[{\"name\":\"p\",\"value\":1e999}]}",
        ),
        &["CSML0104 3:70"],
    );
    bad(
        &entry("{\"type\":\"invoke\",\"serviceType\":\"s\",\"local\":true,\"isLocal\":true}"),
        &["CSML0106 3:49"],
    );
    bad(
        &with_state("\"after\":[{\"delay\":500,\"action\":{\"type\":\"delete\",\"variable\":\"v\"}}]"),
        &["CSML0125 2:32"],
    );
    bad(
        &with_state("\"after\":[{\"delay\":\"5\",\"action\":{\"type\":\"delete\",\"variable\":\"v\"}}]"),
        &["CSML0125 2:32"],
    );
    bad(&with_state("\"after\":[{\"delay\":\"5\",\"action\":[],\"actions\":[]}]"), &["CSML0106 2:35"]);
    bad(&with_state("\"after\":[{\"type\":\"delete\",\"variable\":\"v\"}]"), &["CSML0126 2:10"]);
}

#[test]
fn bad_names() {
    bad(&with_state("\"entry\":[\"nothing\"]"), &["CSML0121 2:10"]);
    bad(&with_state("\"always\":[{\"guards\":[{\"reference\":\"nothing\"}]}]"), &["CSML0122 2:35"]);
    let actions = |actions: &str, entry: &str| {
        with_machine(&format!(
            "\"states\":[{{\"name\":\"s\",\"entry\":[{entry}]}}],\"actions\":[\n{actions}]"
        ))
    };
    bad(&actions("{\"name\":\"a\",\"reference\":\"a\"}", "\"a\",\"a\""), &["CSML0123 3:25"]);
    bad(
        &actions(
            "{\"name\":\"a\",\"reference\":\"b\"},\n{\"name\":\"b\",\"reference\":\"a\"},\n{\"name\":\"c\",\"reference\":\"b\"}",
            "\"c\"",
        ),
        &["CSML0123 4:25"],
    );
    bad(&actions("{\"name\":\"a\",\"reference\":\"b\"}", "\"a\",\"a\""), &["CSML0121 3:25"]);
    bad(
        &actions(
            "{\"name\":\"a\",\"type\":\"delete\",\"variable\":\"v\"},\n{\"name\":\"a\",\"reference\":\"a\"}",
            "\"a\"",
        ),
        &["CSML0124 4:9"],
    );
    bad(&actions("{\"type\":\"delete\",\"variable\":\"v\"}", ""), &["CSML0102 3:1"]);
    bad(&actions("\"x\"", ""), &["CSML0102 3:1"]);
    // What is wrong is said at the definition, not again at its uses.
    bad(
        &actions("{\"name\":\"a\",\"type\":\"delte\",\"variable\":\"v\"}", "\"a\",\"a\""),
        &["CSML0104 3:20"],
    );
    bad(
        &with_machine("\"states\":[{\"name\":\"s\",\"entry\":[\"a\"]}],\n\"actoins\":[{\"name\":\"a\"}]"),
        &["CSML0101 3:1", "CSML0102 3:12"],
    );
    // A named timeout is looked at even if it is never used, and once if it is used often.
    bad(
        &with_machine(
            "\"states\":[{\"name\":\"s\",\"after\":[\"t\",\"t\"]}],\"actions\":[{\"name\":\"t\",\"type\":\"timeout\",\"delay\":\"1\",\n\"action\":\"u\"}]",
        ),
        &["CSML0121 3:10"],
    );
}

#[test]
fn messages_help() {
    assert_eq!(
        message(&with_state("\"terminl\":true")),
        "a state has no keyword `terminl`; did you mean `terminal`?"
    );
    assert_eq!(
        message(&with_state("\"entry\":[{\"type\":\"asign\",\"variable\":\"v\",\"value\":\"1\"}]")),
        "`asign` is not a value of `type`; did you mean `assign`?"
    );
    assert_eq!(
        message(&with_state("\"localData\":[{\"name\":\"a\",\"value\":null}]")),
        "expected an expression for `value`; found null; an expression is a string: write \"null\""
    );
    assert_eq!(
        message("{\"name\":\"d\",\"stateMachines\":[],\"version\":\"2\"}"),
        "there is no version `2` of CSML; use one of `2.0`, `1.0`, `0.1`"
    );
    assert_eq!(
        message(&with_machine(
            "\"states\":[{\"name\":\"s\",\"entry\":[\"raisGateUp\"]}],\"actions\":[{\"name\":\"raiseGateUp\",\"type\":\"delete\",\"variable\":\"v\"}]"
        )),
        "there is no action named `raisGateUp` here; did you mean `raiseGateUp`?"
    );
    assert_eq!(
        message("{\"name\":\"d\",\"version\":\"2.0\"}"),
        "a description needs the keyword `stateMachines`"
    );
}

#[test]
fn errors_of_reading_and_of_meaning_together() {
    bad(
        "{\"name\":\"d\",\"name\":\"e\",\n\"version\":\"9\",'stateMachines':[\n{\"name\":\"m\",\"states\":[],\"x\":1}]}",
        &["CSML0012 1:13", "CSML0105 2:11", "CSML0019 2:15", "CSML0101 3:25"],
    );
}

#[test]
fn expansion_is_limited() {
    let uses = "\"a\",".repeat(60_000);
    let done = r#"{"name":"e","channel":"global"},"#.repeat(10);
    let text = with_machine(&format!(
        "\"states\":[{{\"name\":\"s\",\"entry\":[{uses}]}}],\"actions\":[{{\"name\":\"a\",\"type\":\"invoke\",\"serviceType\":\"s\",\"done\":[{done}]}}]"
    ));
    let (description, found) = run(&text);
    assert!(description.is_none());
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("CSML0127 "), "{found:?}");

    let text = with_machine(&format!(
        "\"states\":[{{\"name\":\"s\",\"on\":[{{\"event\":\"e\",\"guards\":[{}]}}]}}],\"guards\":[{{\"name\":\"a\",\"expression\":\"{}\"}}]",
        "\"a\",".repeat(2000),
        "1 == 1 && ".repeat(10_000)
    ));
    let (description, found) = run(&text);
    assert!(description.is_none());
    assert!(found[0].starts_with("CSML0127 "), "{found:?}");
}

#[test]
fn long_chains_of_names_are_quick() {
    let chain: String =
        (0..20_000).map(|i| format!("{{\"name\":\"n{i}\",\"reference\":\"n{}\"}},", i + 1)).collect();
    let text = with_machine(&format!(
        "\"states\":[{{\"name\":\"s\",\"entry\":[\"n0\",\"n1\"]}}],\"actions\":[{chain}{{\"name\":\"n20000\",\"type\":\"delete\",\"variable\":\"v\"}}]"
    ));
    let description = good(&text);
    assert_eq!(description.machines[0].states[0].entry.len(), 2);
}

#[test]
fn hostile_names_are_only_names() {
    for name in ["", "self", "*/", "a\\\"b", "\\u0000", "../", "{}", "\\u202e", "r#x", "é", "a-b", "\\n"] {
        let text = format!(
            "{{\"name\":\"{name}\",\"version\":\"2.0\",\"stateMachines\":[{{\"name\":\"{name}\",\"states\":[{{\"name\":\"{name}\"}}]}}]}}"
        );
        good(&text);
        let unknown = with_state(&format!("\"entry\":[\"{name}\"],\"k{name}\":1"));
        assert_eq!(run(&unknown).1.len(), 2, "{name}");
    }
}

#[test]
fn many_errors_are_capped() {
    let unknown: String = (0..5000).map(|i| format!("\"x{i}\":1,")).collect();
    let (_, found) = run(&with_state(&unknown));
    assert_eq!(found.len(), 500);
}

/// A description with every construct, to be broken.
const SAMPLE: &str = r#"{
  "name": "d\u00e9", "version": "2.0", /* all */ "memoryMode": "shared",
  "localData": {"variables": [{"name": "a", "value": "1"}]},
  "stateMachines": [{
    "name": "m",
    "states": [
      {"name": "s", "initial": true, "entry": ["x", {"reference": "x"}], // names
       "after": [{"delay": "5", "action": {"type": "raise", "event": {"name": "e", "channel": "global"}}}],
       "on": [{"event": "e", "guards": ["g", {"expression": "a > 1"}], "target": "t", "else": "s"}]},
      {"name": "t", "terminal": true, "exit": [{"type": "invoke", "serviceType": "v", "output": ["a"],
       "properties": [{"name": "retries", "value": 3}], "done": [{"name": "f", "channel": "internal"}]}]},
      {"name": "n", "states": [{"name": "u"}]},
    ],
    "actions": [{"name": "x", "type": "assign", "variable": {"name": "a", "value": "a + 1"}}],
    "guards": [{"name": "g", "expression": "a == 2"}]
  }]
}"#;

/// Whatever is broken, there is a located message, and it can be drawn.
#[test]
fn broken_descriptions_are_told_of_and_drawn() {
    good(SAMPLE);
    let pieces = [
        "", "\"", "{", "}", "[", "]", ",", ":", "null", "5", "x", "\u{1b}", "\u{202e}", "\n", "\\", "é漢",
        "/*", "//",
    ];
    // Any sequence without repetition will do, the same on every run.
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |limit: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % limit as u64) as usize
    };
    for _ in 0..3000 {
        let mut text: Vec<char> = SAMPLE.chars().collect();
        for _ in 0..=next(3) {
            let from = next(text.len());
            let to = (from + next(12)).min(text.len());
            text.splice(from..to, pieces[next(pieces.len())].chars());
        }
        let text: String = text.into_iter().collect();
        let mut sources = Sources::new();
        let id = sources.add("t.csml", text.as_str());
        let mut diagnostics = Diagnostics::new();
        let description = canonicalise(&sources, id, &mut diagnostics);
        assert!(description.is_some() || diagnostics.has_errors(), "{text}");
        assert!(diagnostics.len() <= 30, "{text}");
        for diagnostic in diagnostics.iter() {
            for style in [crate::diagnostics::render::Style::Plain, crate::diagnostics::render::Style::Color]
            {
                assert!(crate::diagnostics::render::render(&sources, diagnostic, style).contains("t.csml"));
            }
        }
    }
}
