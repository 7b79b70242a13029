//! Every form of either dialect (docs/dialects.md) beside the canonical one: both make the same tree.

use super::super::*;

fn tree(text: &str) -> String {
    let mut sources = Sources::new();
    let id = sources.add("t.csml", text);
    let mut diagnostics = Diagnostics::new();
    let tree = canonicalise(&sources, id, &mut diagnostics);
    let said: Vec<_> = diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert!(said.is_empty(), "{said:?}\n{text}");
    without_places(&format!("{:?}", tree.unwrap()))
}

/// A tree in words, without the places of what is in it.
fn without_places(tree: &str) -> String {
    let mut out = String::new();
    let mut rest = tree;
    loop {
        let next = ["Span {", "anchors: ["].iter().filter_map(|start| rest.find(start)).min();
        let Some(at) = next else {
            return out + rest;
        };
        let (before, place) = rest.split_at(at);
        let end = if place.starts_with('S') { "}" } else { "]" };
        out += before;
        rest = place.split_once(end).unwrap().1;
    }
}

#[track_caller]
fn same(one: &str, other: &str) {
    let (one, other) = (tree(one), tree(other));
    // An action used by name says where.
    let used = |tree: &str| tree.replace("used_at: Some()", "used_at: None");
    assert_eq!(used(&one), used(&other));
}

/// A description of one machine; `machine` are its members.
fn machine(machine: &str) -> String {
    format!(r#"{{"name":"d","version":"2.0","stateMachines":[{{"name":"m",{machine}}}]}}"#)
}

/// A description of one state; `state` are its members, `machine` those of its machine.
fn state(state: &str, rest: &str) -> String {
    machine(&format!(r#""states":[{{"name":"s",{state}}}]{rest}"#))
}

/// A description with an entry action.
fn entry(action: &str) -> String {
    state(&format!(r#""entry":[{action}]"#), "")
}

const RAISE: &str = r#"{"type":"raiseEvent","event":{"name":"e","channel":"internal"}}"#;

#[test]
fn versions_mean_the_same() {
    for version in ["0.1", "1.0"] {
        same(&entry(RAISE), &entry(RAISE).replace("2.0", version));
    }
}

#[test]
fn comments_trailing_commas_and_a_schema_mean_nothing() {
    same(
        r#"{"name":"d","version":"2.0","stateMachines":[{"name":"m","states":[{"name":"s","entry":[]}]}]}"#,
        "// first\n{/**/\"$schema\"/* a */:/* b */\"x\"// c\n,\"name\":\"d\",/* * / */\"version\":\"2.0\",\"stateMachines\":[// d\n\
         {\"name\":\"m\",\"states\":[/* [ */{\"name\":\"s\",\"entry\":[/* none */],},],},/* last */],\n}// after\n/* all */",
    );
}

#[test]
fn data_in_all_forms_at_every_component() {
    for (canonical, legacy) in [("localData", "localContext"), ("persistentData", "persistentContext")] {
        let full = format!(r#""{canonical}":{{"variables":[{{"name":"v","value":{{"expression":"1"}}}}]}}"#);
        let short = format!(r#""{legacy}":[{{"name":"v","value":"1"}}]"#);
        let mixed = format!(r#""{legacy}":{{"variables":[{{"name":"v","value":"1"}}]}}"#);
        for other in [&short, &mixed] {
            same(
                &format!(r#"{{"name":"d","version":"2.0",{full},"stateMachines":[]}}"#),
                &format!(r#"{{"name":"d","version":"2.0",{other},"stateMachines":[]}}"#),
            );
            same(&machine(&format!("{full},\"states\":[]")), &machine(&format!("{other},\"states\":[]")));
            same(&state(&full, ""), &state(other, ""));
        }
    }
    same(
        &state(r#""staticData":{"variables":[{"name":"v","value":"1"}]}"#, ""),
        &state(r#""staticContext":[{"name":"v","value":{"expression":"1"}}]"#, ""),
    );
}

#[test]
fn nested_machines_stand_in_either_list() {
    let nested = r#"{"name":"n","states":[{"name":"t"}]}"#;
    let canonical = machine(&format!(r#""states":[{{"name":"s"}}],"stateMachines":[{nested}]"#));
    same(&canonical, &machine(&format!(r#""states":[{{"name":"s"}},{nested}]"#)));
    same(&canonical, &machine(&format!(r#""states":[{nested},{{"name":"s"}}]"#)));
}

#[test]
fn raises_and_resets() {
    let raise = entry(RAISE);
    same(&raise, &entry(&RAISE.replace("raiseEvent", "raise")));
    let reset = entry(r#"{"type":"timeoutReset","action":"t"}"#);
    same(&reset, &entry(r#"{"type":"resetTimeout","action":"t"}"#));
    same(&reset, &entry(r#"{"type":"timeoutReset","action":{"reference":"t"}}"#));
    let data = r#"{"type":"raise","event":{"name":"e","channel":"global","data":"#;
    same(
        &entry(&format!(r#"{data}[{{"name":"x","value":"1"}}]}}}}"#)),
        &entry(&format!(r#"{data}{{"variables":[{{"name":"x","value":{{"expression":"1"}}}}]}}}}}}"#)),
    );
}

#[test]
fn variables_are_created_assigned_and_deleted() {
    let assign = entry(r#"{"type":"assign","variable":"v","value":"1"}"#);
    for other in [
        r#"{"type":"assign","variable":{"reference":"v"},"value":{"expression":"1"}}"#,
        r#"{"type":"assign","variable":{"name":"v","value":"1"}}"#,
        r#"{"type":"assign","variable":{"name":"v","value":{"expression":"1"}}}"#,
        r#"{"type":"assign","variable":{"name":"v"},"value":"1"}"#,
    ] {
        same(&assign, &entry(other));
    }
    same(
        &entry(r#"{"type":"create","variable":{"name":"v","value":"1"},"persistent":true}"#),
        &entry(r#"{"type":"create","variable":{"name":"v","value":{"expression":"1"}},"isPersistent":true}"#),
    );
    same(
        &entry(r#"{"type":"create","variable":{"name":"v","value":"1"}}"#),
        &entry(r#"{"type":"create","variable":{"name":"v","value":"1"},"isPersistent":false}"#),
    );
    same(
        &entry(r#"{"type":"delete","variable":"v"}"#),
        &entry(r#"{"type":"delete","variable":{"reference":"v"}}"#),
    );
}

#[test]
fn invocations() {
    let invoke = |rest: &str| entry(&format!(r#"{{"type":"invoke","serviceType":"x",{rest}}}"#));
    same(&invoke(r#""local":true"#), &invoke(r#""isLocal":true"#));
    same(&invoke(r#""local":false"#), &invoke(r#""input":[]"#));
    same(
        &invoke(r#""input":{"variables":[{"name":"i","value":"1"}]},"output":[{"reference":"o"}]"#),
        &invoke(r#""input":[{"name":"i","value":{"expression":"1"}}],"output":["o"]"#),
    );
    same(&invoke(r#""properties":[{"name":"retries","value":3}]"#), &invoke(r#""properties":{"retries":3}"#));
}

#[test]
fn timers() {
    let after = |timer: &str| state(&format!(r#""after":[{timer}]"#), "");
    let canonical = after(&format!(r#"{{"type":"timeout","name":"t","delay":"5","actions":[{RAISE}]}}"#));
    for other in [
        format!(r#"{{"name":"t","delay":"5","actions":[{RAISE}]}}"#),
        format!(r#"{{"type":"timeout","name":"t","delay":{{"expression":"5"}},"action":{RAISE}}}"#),
        format!(r#"{{"name":"t","delay":"5","action":[{RAISE}]}}"#),
        format!(r#"{{"name":"t","delay":"5","actions":{RAISE}}}"#),
    ] {
        same(&canonical, &after(&other));
    }
    let names = format!(
        r#","actions":[{{"name":"r","type":"raise",{}}},
            {{"name":"t","type":"timeout","delay":"5","action":"r"}}]"#,
        RAISE.trim_start_matches(r#"{"type":"raiseEvent","#).trim_end_matches('}').to_owned() + "}"
    );
    for timer in [r#""t""#, r#"{"reference":"t"}"#, r#"{"name":"t","delay":"5","action":{"reference":"r"}}"#]
    {
        same(&canonical, &state(&format!(r#""after":[{timer}]"#), &names));
    }
}

#[test]
fn actions_and_guards_by_name() {
    let lists = |action: &str, guard: &str| {
        format!(
            r#""entry":[{action}],"exit":[{action}],"while":[{action}],
               "on":[{{"event":"e","target":"s","guards":[{guard}],"actions":[{action}]}}],
               "always":[{{"target":"s","else":"s","guards":[{guard}],"actions":[{action}]}}]"#
        )
    };
    let named = r#","actions":[{"name":"a","type":"delete","variable":"v"},{"name":"b","reference":"a"}],
                   "guards":[{"name":"g","expression":"v > 1"},{"name":"h","reference":"g"}]"#;
    let canonical = state(&lists(r#"{"type":"delete","variable":"v"}"#, r#"{"expression":"v > 1"}"#), "");
    for (action, guard) in [
        (r#""a""#, r#""g""#),
        (r#"{"reference":"a"}"#, r#"{"reference":"g"}"#),
        (r#""b""#, r#""h""#),
        (r#""a""#, r#""v > 1""#),
    ] {
        same(&canonical, &state(&lists(action, guard), named));
    }
    // One that has a name where it is used, too, before or after its other uses.
    let by_name = lists(r#""x""#, r#""y""#);
    let action = r#"{"name":"x","type":"delete","variable":"v"}"#;
    let guard = r#"{"name":"y","expression":"v > 1"}"#;
    let inline = by_name.replacen(r#""exit":["x"]"#, &format!(r#""exit":[{action}]"#), 1);
    same(&canonical, &state(&inline, &format!(r#","guards":[{guard}]"#)));
    let inline = by_name.replacen(r#""guards":["y"]"#, &format!(r#""guards":[{guard}]"#), 1);
    same(&canonical, &state(&inline, &format!(r#","actions":[{action}]"#)));
}

#[test]
fn flags_of_inheritance_have_two_spellings() {
    let text = |machine: &str, open: &str| {
        format!(
            r#"{{"name":"d","version":"1.0","stateMachines":[
                {{"name":"b","{machine}":true,"states":[{{"name":"s","{machine}":true}},{{"name":"t","{open}":true}}]}},
                {{"name":"m","extends":"b","{machine}":false,"states":[{{"name":"s"}},{{"name":"t"}}]}}]}}"#
        )
    };
    same(&text("abstract", "virtual"), &text("isAbstract", "isVirtual"));
}

#[test]
fn what_is_refused_says_why() {
    let help = |text: &str| {
        let mut sources = Sources::new();
        let id = sources.add("t.csml", text);
        let mut diagnostics = Diagnostics::new();
        canonicalise(&sources, id, &mut diagnostics);
        assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
        let found = diagnostics.iter().next().unwrap();
        format!("{}; {}", found.message, found.help.join("; "))
    };
    for lock in ["lock", "unlock"] {
        assert_eq!(
            help(&entry(&format!(r#"{{"type":"{lock}"}}"#))),
            "there are no locks: a step is already atomic; remove this action"
        );
    }
    for (text, expected) in [
        (entry(RAISE).replace("2.0", "1.1"), "there is no version `1.1` of CSML; did you mean `1.0`?"),
        (
            entry(&RAISE.replace("internal", "perifheral")),
            "`perifheral` is not a value of `channel`; did you mean `peripheral`?",
        ),
        (
            state(r#""localcontext":[]"#, ""),
            "a state has no keyword `localcontext`; did you mean `localContext`?",
        ),
        (
            entry(&RAISE.replace(r#""type""#, r#""type":"raise","type""#)),
            "the key `type` occurs twice in this object; ",
        ),
    ] {
        assert_eq!(help(&text), expected, "{text}");
    }
}

#[test]
fn timers_with_transitions() {
    let raise =
        |event: &str| format!(r#"{{"type":"raiseEvent","event":{{"name":"{event}","channel":"internal"}}}}"#);
    let expanded = |event: &str, timer: &str, transition: &str| {
        let raise = raise(event);
        state(
            &format!(
                r#""after":[{{"type":"timeout",{timer},"actions":[{raise}]}}],"on":[{{"event":"{event}",{transition}}}]"#
            ),
            "",
        )
    };
    let short = |entry: &str| state(&format!(r#""after":[{{{entry}}}]"#), "");
    for (timer, event) in [
        (r#""delay":"5""#, "after:m/s/0"),
        (r#""name":"t","delay":"5""#, "after:m/s/t"),
        (r#""name":"a/b~","delay":"5""#, "after:m/s/a~1b~0"),
    ] {
        for transition in [
            r#""target":"s""#.to_owned(),
            r#""target":"s","guards":["n > 1"],"else":"s""#.to_owned(),
            format!(r#""guards":["n > 1"],"actions":[{RAISE}]"#),
            format!(r#""target":"s","actions":[{RAISE}]"#),
        ] {
            same(&expanded(event, timer, &transition), &short(&format!("{timer},{transition}")));
            same(
                &expanded(event, timer, &transition),
                &short(&format!(r#""type":"timeout",{timer},{transition}"#)),
            );
        }
    }
    // A user's event may have such a name, wherever it stands.
    let entry = raise("after:m/s/0");
    let other = |after: &str, on: &str| state(&format!(r#""entry":[{entry}],"after":[{after}]{on}"#), "");
    same(
        &other(
            &format!(r#"{{"delay":"5","actions":[{}]}}"#, raise("after::m/s/0")),
            r#","on":[{"event":"after::m/s/0","target":"s"}]"#,
        ),
        &other(r#"{"delay":"5","target":"s"}"#, ""),
    );
}
