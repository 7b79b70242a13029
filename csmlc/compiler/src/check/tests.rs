//! The rules about structure, on short descriptions.

use super::structure;
use crate::{
    diagnostics::Diagnostics,
    tests::descriptions::{application, said},
};

/// What the rules about structure say: code, place, message; then related places.
fn reported(json: &str) -> Vec<String> {
    let (sources, app) = application(json);
    let mut diagnostics = Diagnostics::new();
    structure(&app, &mut diagnostics);
    // What guards say together is for `determinism` to find out.
    super::always_cycle::check(&app, |_| false, &mut diagnostics);
    let said = diagnostics.iter().map(|d| {
        let mut line = format!("{} at {}: {}", &d.rule.code[4..], sources.text(d.primary.span), d.message);
        for related in &d.related {
            line.push_str(&format!("; {}: {}", sources.text(related.span), related.text));
        }
        d.notes.iter().for_each(|note| line.push_str(&format!(" | {note}")));
        line
    });
    said.collect()
}

/// One machine `m`.
fn machine(states: &str) -> String {
    format!(r#"{{"machines": [{{"name": "m", "states": [{states}]}}]}}"#)
}

#[track_caller]
fn expect(json: &str, expected: &[&str]) {
    assert_eq!(reported(json), expected);
}

#[test]
fn every_edge_makes_reachable() {
    expect(
        &machine(
            r#"{"name": "a", "initial": true, "on": [{"event": "e", "peripheral": true, "guards": ["x"], "target": "b", "else": "c"}]},
               {"name": "b", "always": [{"guards": ["x"], "target": "d", "else": "f"}]},
               {"name": "c"}, {"name": "d"}, {"name": "f"}"#,
        ),
        &[],
    );
}

#[test]
fn only_the_first_of_a_chain_is_reported() {
    let on = |to: &str| format!(r#""on": [{{"event": "e", "peripheral": true, "target": "{to}"}}]"#);
    let states = [
        r#"{"name": "a", "initial": true}"#.to_owned(),
        format!(r#"{{"name": "d", {}}}"#, on("d")),
        format!(r#"{{"name": "c", {}}}"#, on("d")),
        format!(r#"{{"name": "b", {}}}"#, on("c")),
        // A cycle that nothing leads to, and what it leads to.
        format!(r#"{{"name": "f", {}}}"#, on("g")),
        format!(r#"{{"name": "g", "always": [{{"guards": ["x"], "target": "h"}}], {}}}"#, on("f")),
        r#"{"name": "h"}"#.to_owned(),
    ];
    expect(
        &machine(&states.join(",")),
        &[
            "0302 at b: state `b` of machine `m` is never reached; a: the machine starts here | also unreachable through it: `d`, `c`",
            "0302 at f: state `f` of machine `m` is never reached; a: the machine starts here | also unreachable through it: `g`, `h`",
        ],
    );
}

#[test]
fn unknown_targets_silence_only_their_machine() {
    let found = said(
        r#""stateMachines": [
            {"name": "m", "states": [{"name": "a", "initial": true, "always": [{"target": "bb"}]}, {"name": "b"}]},
            {"name": "k", "states": [{"name": "a", "initial": true}, {"name": "c"}]}]"#,
    );
    let codes: Vec<&str> = found.iter().map(|line| &line[..4]).collect();
    assert_eq!(codes, ["0205", "0302"], "{found:?}");
    assert!(found[1].contains("`c` of machine `k`"), "{found:?}");
}

#[test]
fn cycles_that_never_settle() {
    let cycle = |b: &str| {
        machine(&format!(
            r#"{{"name": "a", "initial": true, "on": [{{"event": "e", "peripheral": true, "target": "b"}}]}},
               {{"name": "b", "always": [{b}]}}, {{"name": "c", "always": [{{"target": "b"}}]}}, {{"name": "d"}}"#
        ))
    };
    let codes = |json: &str| -> Vec<String> {
        reported(json).iter().map(|line| line[..4].to_owned()).filter(|code| code != "0302").collect()
    };
    assert_eq!(codes(&cycle(r#"{"target": "c"}"#)), ["0304"]);
    assert_eq!(codes(&cycle(r#"{"target": "b"}"#)), ["0304"]);
    assert_eq!(codes(&cycle(r#"{"target": "c", "guards": ["x"]}"#)), ["0305"]);
    // Both ways lead back; one way leads out.
    assert_eq!(codes(&cycle(r#"{"target": "c", "guards": ["x"], "else": "b"}"#)), ["0304"]);
    assert_eq!(codes(&cycle(r#"{"target": "c", "guards": ["x"], "else": "d"}"#)), ["0305"]);
    // An internal one ends the search if it is always enabled, and may end it otherwise.
    assert_eq!(codes(&cycle(r#"{}, {"target": "c", "guards": ["x"]}"#)), Vec::<String>::new());
    assert_eq!(codes(&cycle(r#"{"guards": ["x"], "else": "c"}"#)), ["0305"]);
}

#[test]
fn a_cycle_that_nothing_leads_to_is_silent() {
    let found = reported(&machine(
        r#"{"name": "a", "initial": true}, {"name": "b", "always": [{"target": "c"}]}, {"name": "c", "always": [{"target": "b"}]}"#,
    ));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("0302"));
}

#[test]
fn cycles_are_reported_each_with_all_its_transitions() {
    let found = reported(&machine(
        r#"{"name": "a", "initial": true, "on": [{"event": "e", "peripheral": true, "target": "b"}, {"event": "f", "peripheral": true, "target": "d"}]},
           {"name": "b", "always": [{"target": "c"}]}, {"name": "c", "always": [{"target": "b"}]},
           {"name": "d", "always": [{"target": "g", "guards": ["x"], "else": "h"}]},
           {"name": "g", "always": [{"target": "d"}]}, {"name": "h", "always": [{"target": "d"}]}"#,
    ));
    assert_eq!(
        found,
        [
            "0304 at c: `always` transitions of machine `m` never settle; b: and continues here | b → c → b",
            "0304 at x: `always` transitions of machine `m` never settle; d: and continues here; d: and continues here | between states `d`, `g`, `h`",
        ]
    );
}

#[test]
fn ways_into_the_initial_state() {
    let found = reported(&machine(
        r#"{"name": "a", "initial": true, "on": [{"event": "e", "peripheral": true, "target": "b"}]},
           {"name": "b", "on": [{"event": "e", "peripheral": true, "target": "a"}, {"event": "f", "peripheral": true, "guards": ["x"], "target": "b", "else": "a"}]}"#,
    ));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("this state is initial") && found[0].contains("this one too"), "{found:?}");
}

/// A handler of `e`.
const HEARS: &str = r#"{"name": "a", "initial": true, "on": [{"event": "e"}]}"#;

/// A raiser of `e`.
fn raises(channel: &str) -> String {
    format!(
        r#"{{"name": "a", "initial": true, "entry": [{{"raise": {{"name": "e", "channel": "{channel}"}}}}]}}"#
    )
}

/// Two machines side by side.
fn two(first: &str, second: &str) -> String {
    format!(
        r#"{{"machines": [{{"name": "m", "states": [{first}]}}, {{"name": "k", "states": [{second}]}}]}}"#
    )
}

#[test]
fn internal_events_stay_in_their_hierarchy() {
    expect(
        &two(&raises("internal"), HEARS),
        &[
            "0320 at e: event `e` is raised within machine `m`, where no machine handles it; e: handled here, in machine `k`",
        ],
    );
    for channel in ["external", "global", "peripheral"] {
        expect(&two(&raises(channel), HEARS), &[]);
    }
    // Another one reaches it.
    let both =
        r#"{"name": "a", "initial": true, "on": [{"event": "e"}], "entry": [{"raise": {"name": "e"}}]}"#;
    expect(
        &two(both, HEARS),
        &[
            "0320 at e: event `e` is handled in machine `k`, which never receives it; e: raised on the channel `internal`, which reaches machine `m` only",
        ],
    );
    expect(&two(both, &raises("global")), &[]);
    expect(
        &two(both, &raises("internal")),
        &[
            "0320 at e: event `e` is raised within machine `k`, where no machine handles it; e: handled here, in machine `m`",
        ],
    );
    // Known to come from outside.
    let told = r#"{"name": "a", "initial": true, "on": [{"event": "e", "peripheral": true}]}"#;
    expect(&two(&raises("internal"), told), &[]);
    // Nested machines are of the same hierarchy.
    expect(
        &format!(
            r#"{{"machines": [{{"name": "m", "states": [{}], "machines": [{{"name": "n", "states": [{HEARS}]}}]}}]}}"#,
            raises("internal")
        ),
        &[],
    );
}

#[test]
fn events_that_dangle_altogether() {
    expect(&machine(HEARS), &["0306 at e: event `e` is never raised"]);
    expect(&machine(&raises("internal")), &["0307 at e: event `e` is raised but never handled"]);
    expect(&machine(&raises("peripheral")), &[]);
}

#[test]
fn failures_are_those_of_services_that_are_invoked() {
    let hears = |name: &str| {
        format!(
            r#"{{"name": "a", "initial": true, "entry": [{{"invoke": {{"service": "camera"}}}}], "on": [{{"event": "error.invoke.{name}"}}]}}"#
        )
    };
    expect(&machine(&hears("camera")), &[]);
    expect(&machine(&hears("camra")), &["0321 at error.invoke.camra: service `camra` is never invoked"]);
    let other = r#"{"name": "a", "initial": true, "on": [{"event": "error.invoke.camera"}]}"#;
    let found = reported(&two(&hears("camera"), other));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("0320") && found[0].contains("machine `k`, which never receives it"),
        "{found:?}"
    );
}

#[test]
fn terminal_states_do_nothing() {
    let end = |members: &str| {
        machine(&format!(
            r#"{{"name": "a", "initial": true, "on": [{{"event": "e", "peripheral": true, "target": "z"}}]}},
               {{"name": "z", "terminal": true, {members}}}"#
        ))
    };
    let first = |members: &str| reported(&end(members)).first().cloned().unwrap_or_default();
    assert!(first(r#""after": [{"name": "t", "delay": "1", "raises": []}]"#).starts_with("0319 at t"));
    assert!(first(r#""exit": [{"assign": ["x", "1"]}], "data": [["local", "x", "1"]]"#).starts_with("0319"));
    assert!(first(r#""on": [{"event": "e", "peripheral": true}]"#).starts_with("0319"));
    assert!(
        first(r#""entry": [{"invoke": {"service": "s", "done": [{"name": "d", "channel": "peripheral"}]}}]"#)
            .starts_with("0319")
    );
    // Entry actions run, but the machine does not wait for this answer.
    assert_eq!(first(r#""entry": [{"raise": {"name": "e"}}], "while": [{"invoke": {"service": "s"}}]"#), "");
}

#[test]
fn resets_of_running_timers_only() {
    let with = |members: &str| {
        let states = format!(
            r#"{{"name": "a", "initial": true, "after": [{{"name": "t", "delay": "1", "raises": [{{"name": "e"}}]}}], {members}}}, {{"name": "b", "on": [{{"event": "e"}}]}}"#
        );
        reported(&machine(&states)).iter().filter(|line| line.starts_with("0312")).count()
    };
    let reset = r#""actions": [{"reset": "t"}]"#;
    assert_eq!(with(&format!(r#""on": [{{"event": "e", {reset}}}]"#)), 0);
    assert_eq!(with(&format!(r#""always": [{{"guards": ["x"], {reset}}}]"#)), 0);
    assert_eq!(with(&format!(r#""on": [{{"event": "e", "target": "a", {reset}}}]"#)), 1);
    assert_eq!(with(&format!(r#""always": [{{"guards": ["x"], "target": "b", {reset}}}]"#)), 1);
    assert_eq!(with(r#""entry": [{"reset": "t"}], "exit": [{"reset": "t"}], "while": [{"reset": "t"}]"#), 3);
}

#[test]
fn delays_that_are_always_negative() {
    let with = |data: &str, delay: &str, entry: &str| {
        let body = format!(
            r#""stateMachines": [{{"name": "m", "localData": [{data}], "states": [{{"name": "a", "initial": true, "entry": [{entry}],
                "after": [{{"name": "t", "delay": "{delay}", "actions": [{{"type": "raiseEvent", "event": {{"name": "e", "channel": "internal"}}}}]}}],
                "on": [{{"event": "e"}}]}}]}}]"#
        );
        said(&body).into_iter().filter(|line| !line.starts_with("0311")).collect::<Vec<_>>()
    };
    let data = r#"{"name": "base", "value": "3"}, {"name": "d", "value": "base - 5"}"#;
    for negative in ["-1", "2 - 5", "-(3)", "d", "2 * d", "-base", "1.0 - base"] {
        let found = with(data, negative, "");
        assert_eq!(found.len(), 1, "{negative}: {found:?}");
        assert!(
            found[0].starts_with(&format!("0505 at {negative}: a delay cannot be negative")),
            "{found:?}"
        );
    }
    for fine in ["base", "d + 5", "-d", "0", "d > 0 ? d : 1"] {
        assert_eq!(with(data, fine, ""), Vec::<String>::new(), "{fine}");
    }
    let assign = r#"{"type": "assign", "variable": "base", "value": "9"}"#;
    assert_eq!(with(data, "-base", assign), Vec::<String>::new());
    assert_eq!(
        with(data, "d", r#"{"type": "assign", "variable": "base", "value": "d = 9"}"#),
        Vec::<String>::new()
    );
}

#[test]
fn each_kind_of_name_has_its_code() {
    let found = said(
        r#""localData": [{"name": "v", "value": "1"}, {"name": "v", "value": "2"}], "stateMachines": [
            {"name": "m", "states": [{"name": "a", "initial": true, "entry": [
                {"type": "raiseEvent", "event": {"name": "e", "channel": "internal", "data": [{"name": "d", "value": "1"}, {"name": "d", "value": "v"}]}},
                {"type": "invoke", "serviceType": "s", "input": [{"name": "i", "value": "1"}, {"name": "i", "value": "2"}], "output": ["w"]},
                {"type": "delete", "variable": "w"}, {"type": "assign", "variable": "w", "value": "1"}],
                "after": [{"name": "t", "delay": "1", "actions": []}, {"name": "t", "delay": "1", "actions": []}],
                "on": [{"event": "e", "guards": ["$d > 0"], "target": "x", "else": "y"}]}, {"name": "a"}]},
            {"name": "m", "states": [{"name": "a", "initial": true}]}]"#,
    );
    let codes: Vec<&str> = found.iter().map(|line| &line[..4]).collect();
    let expected = ["0211", "0213", "0214", "0217", "0216", "0206", "0212", "0205", "0215", "0204", "0210"];
    assert_eq!(codes, expected, "{found:#?}");
}
