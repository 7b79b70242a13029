//! The action `match`.

use super::*;
use crate::canonical::{Action, Match};

fn matching(action: &str) -> Match {
    match entry(action) {
        ActionKind::Match(it) => it,
        other => panic!("{other:?}"),
    }
}

/// What actions delete, those in cases in brackets.
fn deleted(actions: &[Action]) -> String {
    let names = actions.iter().map(|action| match &action.kind {
        ActionKind::Delete { variable } => variable.value.clone(),
        ActionKind::Match(it) => shape(it),
        other => panic!("{other:?}"),
    });
    names.collect::<Vec<_>>().join(" ")
}

fn shape(it: &Match) -> String {
    let cases = it.cases.iter().map(|case| format!("{}: {}", case.value.value, deleted(&case.actions)));
    let cases = cases.collect::<Vec<_>>().join(", ");
    format!("{}[{cases}; {}]", it.value.value, deleted(&it.default))
}

const A: &str = r#"{"type":"delete","variable":"a"}"#;
const B: &str = r#"{"type":"delete","variable":"b"}"#;

#[test]
fn forms_of_cases() {
    for cases in [
        format!(r#""cases":[{{"case":"1","action":{A}}},{{"case":"2","actions":[{A},{B}]}}]"#),
        format!(
            r#""case":[{{"case":{{"expression":"1"}},"actions":{A}}},{{"name":"n","case":"2","action":[{A},{B}]}}]"#
        ),
    ] {
        let it = matching(&format!(r#"{{"type":"match","value":"x",{cases}}}"#));
        assert_eq!(shape(&it), "x[1: a, 2: a b; ]");
    }
    let one = matching(&format!(r#"{{"type":"match","value":"x","case":{{"case":"1","action":{A}}}}}"#));
    assert_eq!(shape(&one), "x[1: a; ]");
    let none = matching(r#"{"type":"match","value":{"expression":"x"},"cases":[]}"#);
    assert_eq!(shape(&none), "x[; ]");
}

#[test]
fn forms_of_the_default() {
    for (default, expected) in [
        (A.to_owned(), "a"),
        (format!("[{A},{B}]"), "a b"),
        ("[]".to_owned(), ""),
        (format!(r#"{{"action":{A}}}"#), "a"),
        (format!(r#"{{"actions":[{A},{B}]}}"#), "a b"),
        (format!(r#"{{"type":"match","value":"y","cases":[{{"case":"2","action":{B}}}]}}"#), "y[2: b; ]"),
    ] {
        let it = matching(&format!(r#"{{"type":"match","value":"x","cases":[],"default":{default}}}"#));
        assert_eq!(shape(&it), format!("x[; {expected}]"));
    }
    // It has an `action` of its own.
    let it =
        matching(r#"{"type":"match","value":"x","cases":[],"default":{"type":"timeoutReset","action":"t"}}"#);
    assert!(matches!(&it.default[0].kind, ActionKind::TimeoutReset { timer } if timer.value == "t"));
}

#[test]
fn named_actions_in_cases_are_looked_up_where_the_match_is_defined() {
    let machine = machine(&format!(
        r#""states":[{{"name":"inner","actions":[{{"name":"x",{}}}],
               "states":[{{"name":"t","entry":["choose",{{"type":"match","value":"v","cases":[{{"case":"1","action":"x"}}]}}]}}]}}],
           "actions":[{{"name":"x",{}}},
              {{"name":"choose","type":"match","value":"v",
                "cases":[{{"case":"1","action":"x"}},{{"case":"2","action":{{"reference":"x"}}}}],"default":"x"}}]"#,
        B.trim_start_matches('{').trim_end_matches('}'),
        A.trim_start_matches('{').trim_end_matches('}'),
    ));
    let entry = &machine.machines[0].states[0].entry;
    assert_eq!(deleted(entry), "v[1: a, 2: a; a] v[1: b; ]");
    assert!(entry[0].used_at.is_some());
}

#[test]
fn what_is_wrong_in_a_match_is_found_where_it_stands() {
    let bad_entry = |action: &str, expected: &[&str]| {
        bad(&with_state(&format!("\"entry\":[\n{action}]")), expected);
    };
    bad_entry(r#"{"type":"match"}"#, &["CSML0102 3:1", "CSML0102 3:1"]);
    bad_entry(r#"{"type":"match","value":[],"cases":5}"#, &["CSML0103 3:25", "CSML0103 3:36"]);
    bad_entry(r#"{"type":"match","value":"x","cases":[{}]}"#, &["CSML0102 3:38", "CSML0102 3:38"]);
    bad_entry(
        &format!(r#"{{"type":"match","value":"x","cases":[{{"cases":"1","action":{A}}}]}}"#),
        &["CSML0101 3:39"],
    );
    bad_entry(
        &format!(r#"{{"type":"match","value":"x","cases":[],"case":[],"default":{{"action":{A},"if":1}}}}"#),
        &["CSML0106 3:40", "CSML0101 3:103"],
    );
    bad_entry(
        r#"{"type":"match","value":"x","cases":[{"case":"1","action":"gone"}],"default":{"type":"lock"}}"#,
        &["CSML0121 3:59", "CSML0107 3:86"],
    );
    bad_entry(
        r#"{"type":"match","value":"x","cases":[{"case":"1","action":{"type":"timeout","delay":"1","actions":[]}}]}"#,
        &["CSML0126 3:59"],
    );
}

#[test]
fn a_timer_runs_no_match() {
    bad(
        &with_state(
            r#""after":[{"delay":"1","action":{"type":"match","value":"1","cases":[{"case":"1","action":[]}]}}]"#,
        ),
        &["CSML0125 2:32"],
    );
}

/// A machine with these actions; each begins on a line of its own, the first one on line 4.
fn with_actions(entry: &str, actions: &[String]) -> String {
    with_machine(&format!(
        "\"states\":[{{\"name\":\"s\",\"entry\":[{entry}]}}],\n\"actions\":[\n{}]",
        actions.join(",\n")
    ))
}

fn named_match(name: &str, action: &str) -> String {
    format!(r#"{{"name":"{name}","type":"match","value":"1","cases":[{{"case":"1","action":"{action}"}}]}}"#)
}

#[test]
fn a_named_match_that_leads_to_itself_is_a_cycle() {
    let actions = [named_match("a", "b"), named_match("b", "c"), named_match("c", "a")];
    // Used or not, it is said once.
    for entry in ["", "\"a\"", "\"a\",\"b\",\"c\",\"c\""] {
        bad(&with_actions(entry, &actions), &["CSML0123 6:70"]);
    }
    bad(&with_actions("\"a\"", &[named_match("a", "a")]), &["CSML0123 4:70"]);
    bad(&with_actions("", &[named_match("a", "gone")]), &["CSML0121 4:70"]);
    let through = [named_match("a", "b"), r#"{"name":"b","reference":"a"}"#.to_owned()];
    bad(&with_actions("\"a\"", &through), &["CSML0123 4:70"]);
}

#[test]
fn matches_nest_to_a_limit() {
    let chain = |length: usize| {
        let mut actions: Vec<String> =
            (1..length).map(|index| named_match(&format!("a{index}"), &format!("a{}", index + 1))).collect();
        actions.push(named_match(&format!("a{length}"), "end"));
        actions.push(r#"{"name":"end","type":"delete","variable":"a"}"#.to_owned());
        actions
    };
    good(&with_actions("\"a1\"", &chain(16)));
    bad(&with_actions("\"a1\"", &chain(17)), &["CSML0128 19:72"]);
    // Never used, it costs nothing, and a long one does not go deep.
    good(&with_actions("", &chain(20_000)));
    bad(&with_actions("\"a1\"", &chain(20_000)), &["CSML0128 19:72"]);
}

#[test]
fn named_matches_that_multiply_end() {
    let twice = |name: &str, action: &str| {
        format!(
            r#"{{"name":"{name}","type":"match","value":"1","cases":[{}]}}"#,
            format!(r#"{{"case":"1","actions":["{action}","{action}"]}},"#).repeat(8)
        )
    };
    let mut actions: Vec<String> =
        (0..10).map(|index| twice(&format!("a{index}"), &format!("a{}", index + 1))).collect();
    actions.push(r#"{"name":"a10","type":"delete","variable":"a"}"#.to_owned());
    let (description, found) = run(&with_actions("\"a0\"", &actions));
    assert!(description.is_none());
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("CSML0127"), "{found:?}");
}
