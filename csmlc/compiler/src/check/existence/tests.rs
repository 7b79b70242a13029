//! Variables that come and go, on short descriptions.

use crate::tests::descriptions;

/// Members of one machine `m` with these states; `n` is there to be used.
fn machine(states: &str) -> String {
    format!(
        r#""stateMachines": [{{"name": "m", "localData": [{{"name": "n", "value": "0"}}], "states": [{states}]}}]"#
    )
}

/// A state.
fn state(name: &str, members: &str) -> String {
    let comma = if members.is_empty() { "" } else { ", " };
    format!(r#"{{"name": "{name}"{comma}{members}}}"#)
}

/// The first state of a machine.
fn initial(members: &str) -> String {
    format!(r#"{{"name": "a", "initial": true, {members}}}"#)
}

fn on(event: &str, actions: &str, to: &str) -> String {
    let target = if to.is_empty() { String::new() } else { format!(r#", "target": "{to}""#) };
    format!(r#"{{"event": "{event}", "channel": "peripheral", "actions": [{actions}]{target}}}"#)
}

const MAKE: &str = r#"{"type": "create", "variable": {"name": "x", "value": "1"}}"#;
const KEEP: &str = r#"{"type": "create", "variable": {"name": "x", "value": "1"}, "persistent": true}"#;
const DROP: &str = r#"{"type": "delete", "variable": "x"}"#;
const SET: &str = r#"{"type": "assign", "variable": "x", "value": "2"}"#;
const READ: &str = r#"{"type": "assign", "variable": "n", "value": "n + x"}"#;

/// What is reported, except for unused variables.
fn said(body: &str) -> Vec<String> {
    descriptions::said(body).into_iter().filter(|line| !line.starts_with("0311")).collect()
}

#[track_caller]
fn expect(body: &str, expected: &[&str]) {
    let said = said(body);
    let found: Vec<&str> = said.iter().filter_map(|line| line.get(..4)).collect();
    assert_eq!(found, expected, "{said:#?}");
}

#[test]
fn what_is_created_on_the_way_exists() {
    let states = [
        initial(&format!(r#""on": [{}]"#, on("go", MAKE, "b"))),
        state(
            "b",
            &format!(
                r#""entry": [{READ}], "exit": [{READ}], "on": [{}]"#,
                on("go", &format!("{SET}, {DROP}"), "c")
            ),
        ),
        state("c", ""),
    ];
    expect(&machine(&states.join(",")), &[]);
}

#[test]
fn what_is_deleted_is_gone() {
    let states = [
        initial(&format!(r#""on": [{}]"#, on("go", &format!("{MAKE}, {DROP}"), "b"))),
        state("b", &format!(r#""entry": [{READ}]"#)),
    ];
    let said = said(&machine(&states.join(",")));
    assert_eq!(
        said,
        [
            "0315 at x: variable `x` does not exist here: used here; \"x\": deleted here | create it first, or declare it in the data of machine `m`"
        ]
    );
}

#[test]
fn ways_are_joined() {
    let branches = |second: &str| {
        let states = [
            initial(&format!(r#""on": [{}, {}]"#, on("go", MAKE, "b"), on("other", second, "b"))),
            state("b", &format!(r#""on": [{}]"#, on("use", READ, ""))),
        ];
        machine(&states.join(","))
    };
    expect(&branches(MAKE), &[]);
    expect(&branches(""), &["0316"]);
    let said = said(&branches(""));
    assert!(said[0].contains("does not exist until it is created"), "{said:?}");
}

#[test]
fn creating_twice() {
    let twice = machine(&initial(&format!(r#""entry": [{MAKE}, {READ}, {MAKE}]"#)));
    let found = said(&twice);
    assert_eq!(
        found,
        [
            "0313 at \"x\": variable `x` cannot be created: it exists already: exists already; \"x\": created here | to change its value, use `\"type\": \"assign\"`"
        ]
    );
    // Each time the event comes.
    let again = machine(&initial(&format!(r#""on": [{}]"#, on("go", MAKE, ""))));
    let found = said(&again);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("0314") && found[0].contains("created here before"), "{found:?}");
    let declared = machine(&initial(&format!(
        r#""entry": [{MAKE}, {READ}], "localData": [{{"name": "x", "value": "0"}}]"#
    )));
    let found = said(&declared);
    assert!(found[0].starts_with("0313") && found[0].contains("declared here, so it exists"), "{found:?}");
}

#[test]
fn deleting() {
    let never = machine(&initial(&format!(r#""entry": [{DROP}, {MAKE}, {READ}]"#)));
    expect(&never, &["0317"]);
    let twice = machine(&initial(&format!(
        r#""localData": [{{"name": "x", "value": "0"}}], "entry": [{READ}, {DROP}], "on": [{}]"#,
        on("go", DROP, "")
    )));
    expect(&twice, &["0317"]);
    let perhaps = machine(&initial(&format!(
        r#""localData": [{{"name": "x", "value": "0"}}], "entry": [{READ}], "on": [{}]"#,
        on("go", DROP, "")
    )));
    expect(&perhaps, &["0318"]);
}

#[test]
fn data_of_states_are_reborn() {
    // Created at each entry, after it has gone with the state; deleted declared ones come back.
    let states = [
        initial(&format!(
            r#""entry": [{MAKE}, {READ}], "on": [{}, {}]"#,
            on("go", "", "b"),
            on("self", "", "a")
        )),
        state(
            "b",
            &format!(
                r#""localData": [{{"name": "x", "value": "0"}}], "entry": [{READ}, {DROP}], "on": [{}]"#,
                on("go", "", "a")
            ),
        ),
    ];
    expect(&machine(&states.join(",")), &["0303"]);
    // Static data are not.
    let states = [
        initial(&format!(r#""on": [{}]"#, on("go", "", "b"))),
        state(
            "b",
            &format!(
                r#""staticData": [{{"name": "x", "value": "0"}}], "entry": [{READ}, {DROP}], "on": [{}]"#,
                on("go", "", "b")
            ),
        ),
    ];
    expect(&machine(&states.join(",")), &["0316"]);
}

#[test]
fn else_runs_no_actions() {
    let states = [
        initial(&format!(
            r#""on": [{{"event": "go", "channel": "peripheral", "guards": ["n > 0"], "actions": [{MAKE}], "target": "b", "else": "c"}}]"#
        )),
        state("b", &format!(r#""entry": [{READ}]"#)),
        state("c", &format!(r#""entry": [{READ}]"#)),
    ];
    expect(&machine(&states.join(",")), &["0315"]);
}

#[test]
fn always_comes_after_entry_and_may_not_be_taken() {
    let always = |guards: &str| {
        let states = [
            initial(&format!(r#""on": [{}]"#, on("go", "", "b"))),
            state(
                "b",
                &format!(
                    r#""always": [{{{guards}"actions": [{MAKE}], "target": "c"}}], "on": [{}]"#,
                    on("use", READ, "c")
                ),
            ),
            state("c", &format!(r#""entry": [{READ}]"#)),
        ];
        machine(&states.join(","))
    };
    // Certain: nothing ever happens in `b`.
    expect(&always(""), &[]);
    // Not certain: in `b` it certainly does not exist, and a failing step leads nowhere.
    expect(&always(r#""guards": ["n > 0"], "#), &["0315"]);
}

#[test]
fn a_failed_use_is_reported_once_in_a_step() {
    let body = machine(&initial(&format!(
        r#""on": [{}, {}, {}]"#,
        on("make", MAKE, ""),
        on("use", &format!("{READ}, {READ}, {SET}"), ""),
        on("drop", DROP, "")
    )));
    expect(&body, &["0314", "0316", "0318"]);
}

#[test]
fn guards_are_evaluated_before() {
    let body = |guards: &str| {
        machine(&initial(&format!(
            r#""on": [{{"event": "use", "channel": "peripheral", "guards": [{guards}], "actions": [{READ}]}}, {}]"#,
            on("make", MAKE, "")
        )))
    };
    // What has been read in a guard exists in the actions.
    expect(&body(r#""x > 0""#), &["0316", "0314"]);
    expect(&body(r#""n > 0", "x > 0""#), &["0316", "0314"]);
    // Not so if it need not have been read.
    expect(&body(r#""n > 0 || x > 0""#), &["0316", "0316", "0314"]);
}

#[test]
fn scripts_read_and_write() {
    let with = |script: &str| {
        machine(&initial(&format!(
            r#""entry": [{DROP2}, {{"type": "assign", "variable": "n", "value": "{script}"}}, {MAKE}, {READ}]"#,
            DROP2 = r#"{"type": "assign", "variable": "n", "value": "1"}"#
        )))
    };
    for script in
        ["x", "x = 1", "x += 1", "n > 0 ? x : 1", "var f = () -> x; f()", "if (n > 0) { x } else { 1 }"]
    {
        expect(&with(script), &["0315"]);
    }
    expect(&with("var x = 1; x"), &[]);
}

#[test]
fn persistent_data_outlive_a_run() {
    let body = machine(&initial(&format!(r#""entry": [{KEEP}, {READ}]"#)));
    let found = said(&body);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("0314") && found[0].contains("an earlier run may have created"),
        "{found:?}"
    );
    // Deleted in another machine.
    let other = format!(
        r#""persistentData": [{{"name": "x", "value": "1"}}], "stateMachines": [
            {{"name": "m", "localData": [{{"name": "n", "value": "0"}}], "states": [{}]}},
            {{"name": "k", "states": [{}]}}]"#,
        initial(&format!(r#""entry": [{READ}]"#)),
        initial(&format!(r#""entry": [{DROP}]"#)),
    );
    let found = said(&other);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("0316") && found[0].contains("machine `k` may have deleted it here"),
        "{found:?}"
    );
}

/// A machine `m` that has these data and states, with a nested one `k`.
fn nested(outer: &str, inner: &str) -> String {
    format!(
        r#""stateMachines": [{{"name": "m", "localData": [{{"name": "n", "value": "0"}}, {{"name": "y", "value": "n"}}], {outer},
            "stateMachines": [{{"name": "k", "states": [{inner}]}}]}}]"#
    )
}

#[test]
fn nested_machines_see_what_the_outer_one_leaves() {
    let always = format!(
        r#""always": [{{"actions": [{MAKE}, {{"type": "assign", "variable": "y", "value": "y"}}], "target": "b"}}]"#
    );
    let states = format!(r#""states": [{}, {}]"#, initial(&always), state("b", ""));
    expect(&nested(&states, &initial(&format!(r#""entry": [{READ}]"#))), &[]);
    // Made at any time.
    let states = format!(
        r#""states": [{}, {}]"#,
        initial(&format!(
            r#""on": [{}]"#,
            on("go", &format!(r#"{MAKE}, {{"type": "assign", "variable": "y", "value": "y"}}"#), "b")
        )),
        state("b", "")
    );
    expect(&nested(&states, &initial(&format!(r#""entry": [{READ}]"#))), &["0316"]);
}

#[test]
fn nested_machines_delete_what_the_outer_one_has() {
    let drop_y = r#"{"type": "delete", "variable": "y"}"#;
    let set_y = r#"{"type": "assign", "variable": "y", "value": "y + 1"}"#;
    // Before the nested machine has started it is there.
    let states = format!(
        r#""states": [{}]"#,
        initial(&format!(r#""entry": [{set_y}], "on": [{}]"#, on("go", set_y, "")))
    );
    let found = said(&nested(&states, &initial(&format!(r#""entry": [{drop_y}]"#))));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("0316") && found[0].contains("machine `k` may have deleted it here"),
        "{found:?}"
    );
}

#[test]
fn completions_come_after_the_invocation() {
    let invoke = r#"{"type": "invoke", "serviceType": "s", "done": [{"name": "e", "channel": "internal", "data": [{"name": "d", "value": "x"}]}]}"#;
    let states = |first: &str, second: &str| {
        let states = [
            initial(&format!(r#""on": [{}]"#, on("go", &format!("{first}, {invoke}"), "b"))),
            state(
                "b",
                &format!(r#""on": [{{"event": "e", "guards": ["$d > 0"]}}, {}]"#, on("go", second, "c")),
            ),
            state("c", ""),
        ];
        machine(&states.join(","))
    };
    expect(&states(MAKE, SET), &[]);
    expect(&states(MAKE, DROP), &["0316"]);
    // A `while` invocation ends with its state.
    let states = [
        initial(&format!(r#""on": [{}]"#, on("go", MAKE, "b"))),
        state(
            "b",
            &format!(
                r#""while": [{invoke}], "on": [{{"event": "e", "guards": ["$d > 0"]}}, {}]"#,
                on("go", DROP, "c")
            ),
        ),
        state("c", ""),
    ];
    expect(&machine(&states.join(",")), &[]);
}

#[test]
fn timers_and_resets_use_what_is_there() {
    let states = |actions: &str| {
        let timer = r#"{"name": "t", "delay": "x", "actions": [{"type": "raiseEvent", "event": {"name": "due", "channel": "internal", "data": [{"name": "d", "value": "x"}]}}]}"#;
        let states = [
            initial(&format!(r#""on": [{}]"#, on("go", MAKE, "b"))),
            state(
                "b",
                &format!(
                    r#""after": [{timer}], "on": [{{"event": "due", "guards": ["$d > 0"]}}, {}]"#,
                    on("go", actions, "")
                ),
            ),
        ];
        machine(&states.join(","))
    };
    let reset = r#"{"type": "timeoutReset", "action": "t"}"#;
    expect(&states(reset), &[]);
    // The raise of the timer comes after any event; the delay at the reset would certainly fail.
    expect(&states(DROP), &["0316", "0318"]);
    expect(&states(&format!("{DROP}, {reset}")), &["0315"]);
}

#[test]
fn what_is_never_entered_counts_for_nothing() {
    let states = [
        initial(&format!(r#""entry": [{MAKE}, {READ}]"#)),
        state("b", &format!(r#""entry": [{DROP2}]"#, DROP2 = DROP)),
    ];
    // `x` of `a` cannot be seen in `b`.
    let found = said(&machine(&states.join(",")));
    assert!(found.iter().all(|line| !line.starts_with("031")), "{found:?}");
    let body = format!(
        r#""stateMachines": [{{"name": "m", "localData": [{{"name": "x", "value": "0"}}, {{"name": "n", "value": "0"}}], "states": [{}, {}]}}]"#,
        initial(&format!(r#""on": [{}]"#, on("go", READ, ""))),
        state("b", &format!(r#""entry": [{DROP}]"#))
    );
    expect(&body, &["0302"]);
}

/// A `match` over `n` in the entry actions, after which `x` is read.
fn matching(cases: &[(&str, &str)], default: &str) -> String {
    let cases: Vec<String> = cases
        .iter()
        .map(|(case, actions)| format!(r#"{{"case": "{case}", "actions": [{actions}]}}"#))
        .collect();
    machine(&initial(&format!(
        r#""entry": [{{"type": "match", "value": "n", "cases": [{}], "default": [{default}]}}, {READ}]"#,
        cases.join(", ")
    )))
}

#[test]
fn cases_may_or_may_not_run() {
    // Whatever runs makes it, and different constants run one case at most.
    expect(&matching(&[("1", MAKE), ("2", MAKE)], MAKE), &[]);
    expect(&matching(&[("1", MAKE), ("2", MAKE)], ""), &["0316"]);
    expect(&matching(&[("1", MAKE), ("2", "")], MAKE), &["0316"]);
    // Two of them may run.
    expect(&matching(&[("n", MAKE), ("n + 0", MAKE)], MAKE), &["0314"]);
    // What a case makes is there in it, and gone in none.
    expect(&matching(&[("1", &format!("{MAKE}, {SET}, {DROP}, {MAKE}"))], MAKE), &[]);
    expect(&matching(&[("1", DROP)], MAKE), &["0317"]);
    // Nested.
    let inner = format!(
        r#"{{"type": "match", "value": "n > 5", "cases": [{{"case": "true", "actions": [{MAKE}]}}], "default": [{MAKE}]}}"#
    );
    expect(&matching(&[("1", &inner)], MAKE), &[]);
    // A case is compared whether one has run before or not, and what certainly fails without one ends there.
    expect(&matching(&[("1", MAKE), ("x", "")], ""), &["0316"]);
    expect(&matching(&[("x", ""), ("1", MAKE)], MAKE), &["0315"]);
}
