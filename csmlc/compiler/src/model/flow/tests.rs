//! Which events may have led to where, by the names of event data that can be read there.

use crate::tests::descriptions::said;

/// Members of one machine `m` with these states; `e` carries `x`, `f` does not, and both come from inside.
fn machine(states: &str) -> String {
    let raise = |name: &str, data: &str| {
        format!(r#"{{"type": "raiseEvent", "event": {{"name": "{name}", "channel": "global"{data}}}}}"#)
    };
    let raises = [raise("e", r#", "data": [{"name": "x", "value": "1"}]"#), raise("f", "")].join(", ");
    format!(
        r#""stateMachines": [
            {{"name": "m", "localData": [{{"name": "n", "value": "0"}}], "states": [{states}]}},
            {{"name": "raiser", "states": [{{"name": "a", "initial": true, "entry": [{raises}]}}]}}]"#
    )
}

const READ: &str = r#"{"type": "assign", "variable": "n", "value": "n + $x"}"#;

/// What is said of `$x`: 0412 for nowhere, 0413 for somewhere.
#[track_caller]
fn expect(states: &[String], expected: &[&str]) {
    let all = said(&machine(&states.join(", ")));
    let data: Vec<&str> = all.iter().map(|line| &line[..4]).filter(|code| code.starts_with("041")).collect();
    assert_eq!(data, expected, "{all:#?}");
    assert!(!all.iter().any(|line| line.starts_with("00") || line.starts_with("01")), "{all:#?}");
}

fn initial(members: &str) -> String {
    format!(r#"{{"name": "a", "initial": true, {members}}}"#)
}

fn state(name: &str, members: &str) -> String {
    format!(r#"{{"name": "{name}", {members}}}"#)
}

fn on(event: &str, to: &str) -> String {
    format!(r#"{{"event": "{event}", "target": "{to}"}}"#)
}

fn entry() -> String {
    format!(r#""entry": [{READ}]"#)
}

#[test]
fn what_leads_in_decides() {
    expect(&[initial(&format!(r#""on": [{}]"#, on("e", "b"))), state("b", &entry())], &[]);
    expect(&[initial(&format!(r#""on": [{}]"#, on("f", "b"))), state("b", &entry())], &["0412"]);
    let both = initial(&format!(r#""on": [{}, {}]"#, on("e", "b"), on("f", "b")));
    expect(&[both, state("b", &entry())], &["0413"]);
    expect(&[initial(&entry())], &["0412"]);
    // The start, or an event.
    let back = initial(&format!(r#"{}, "on": [{}]"#, entry(), on("e", "a")));
    expect(&[back], &["0413"]);
}

#[test]
fn what_is_null_where_it_is_missing_needs_no_warning() {
    for (read, expected) in [
        ("$x ?? 0", [].as_slice()),
        ("$x ?: 0", &[]),
        ("$x + 1 ?? 0", &[]),
        ("$x > 1 ? 1 : 0", &[]),
        ("empty $x ? 1 : 0", &[]),
        ("size($x) + 1", &[]),
        ("n ?? $x", &["0413"]),
        ("$x == 1 ? $x : 0", &["0413"]),
        ("($x ?? 0) + $x", &["0413"]),
        ("$x == null ? 0 : 1", &[]),
        ("`${$x}`.length()", &["0413"]),
    ] {
        let both = initial(&format!(r#""on": [{}, {}]"#, on("e", "b"), on("f", "b")));
        let read = READ.replace("n + $x", read);
        expect(&[both, state("b", &format!(r#""entry": [{read}]"#))], expected);
    }
}

#[test]
fn else_leads_in_with_the_same_event() {
    let first = initial(r#""on": [{"event": "e", "guards": ["n > 0"], "target": "a", "else": "b"}]"#);
    expect(&[first, state("b", &entry())], &[]);
}

#[test]
fn always_passes_on_what_led_in() {
    let chain = [
        initial(&format!(r#""on": [{}]"#, on("e", "b"))),
        state("b", r#""always": [{"guards": ["$x > 0"], "target": "c", "else": "d"}]"#),
        state("c", r#""always": [{"guards": ["n > 0"], "target": "d"}]"#),
        state("d", &entry()),
    ];
    expect(&chain, &[]);
    // Another way into the chain lacks it.
    let mut other = chain;
    other[0] = initial(&format!(r#""on": [{}, {}]"#, on("e", "b"), on("f", "c")));
    expect(&other, &["0413"]);
    // In a cycle, too.
    expect(
        &[
            initial(&format!(r#""on": [{}]"#, on("f", "c"))),
            state("b", &format!(r#"{}, "always": [{{"guards": ["n > 0"], "target": "c"}}]"#, entry())),
            state("c", r#""always": [{"guards": ["n > 1"], "target": "b"}]"#),
        ],
        &["0412"],
    );
}

#[test]
fn what_never_happens_does_not_count() {
    // `c` is never reached, so `f` never leads from it into `b`.
    expect(
        &[
            initial(&format!(r#""on": [{}]"#, on("e", "b"))),
            state("b", &entry()),
            state("c", &format!(r#""on": [{}]"#, on("f", "b"))),
        ],
        &[],
    );
    // No event is ever handled in `c`, which is left at once.
    expect(
        &[
            initial(&format!(r#""on": [{}]"#, on("e", "c"))),
            state("b", &entry()),
            state("c", &format!(r#""always": [{{"target": "b"}}], "on": [{}]"#, on("f", "b"))),
        ],
        &[],
    );
    // It would, if the state were left only sometimes.
    expect(
        &[
            initial(&format!(r#""on": [{}]"#, on("e", "c"))),
            state("b", &entry()),
            state(
                "c",
                &format!(r#""always": [{{"guards": ["n > 0"], "target": "b"}}], "on": [{}]"#, on("f", "b")),
            ),
        ],
        &["0413"],
    );
    // In a state that is never reached only what would lead there is known.
    expect(&[initial(r#""on": []"#), state("b", &format!(r#"{}, "on": [{}]"#, entry(), on("e", "b")))], &[]);
}

#[test]
fn exits_see_what_leads_out() {
    let out = |events: &str| {
        [initial(&format!(r#""exit": [{READ}], "on": [{events}]"#)), state("b", r#""entry": []"#)]
    };
    expect(&out(&on("e", "b")), &[]);
    expect(&out(&format!("{}, {}", on("e", "b"), on("f", "b"))), &["0413"]);
    // An internal transition does not lead out.
    expect(&out(&format!(r#"{}, {{"event": "f"}}"#, on("e", "b"))), &[]);
    // By `always` out goes what came in.
    let through = |exit: &str| {
        [
            initial(&format!(r#""on": [{}]"#, on("e", "b"))),
            state("b", &format!(r#""exit": [{exit}], "always": [{{"guards": ["n > 0"], "target": "c"}}]"#)),
            state("c", r#""entry": []"#),
        ]
    };
    expect(&through(READ), &[]);
}

/// A timer with this delay that raises an event with this data.
fn after(delay: &str, data: &str) -> String {
    format!(
        r#""after": [{{"name": "t", "delay": "{delay}", "actions": [{{"type": "raiseEvent", "event": {{"name": "due", "channel": "global", "data": [{{"name": "d", "value": "{data}"}}]}}}}]}}]"#
    )
}

#[test]
fn timers_have_no_event_but_their_delays_have() {
    let with = |delay: &str, data: &str, more: &str| {
        [
            initial(&format!(r#""on": [{}, {{"event": "due"}}]"#, on("e", "b"))),
            state("b", &format!("{}{more}", after(delay, data))),
        ]
    };
    expect(&with("$x", "1", ""), &[]);
    expect(&with("1", "$x", ""), &["0412"]);
    // A reset evaluates the delay anew, in an internal transition of the state.
    let reset = |event: &str, to: &str| {
        format!(
            r#", "on": [{{"event": "{event}", "actions": [{{"type": "timeoutReset", "action": "t"}}]{to}}}]"#
        )
    };
    expect(&with("$x", "1", &reset("e", "")), &[]);
    expect(&with("$x", "1", &reset("f", "")), &["0413"]);
    expect(&with("$x", "1", &reset("f", r#", "target": "a""#)), &[]);
}

#[test]
fn completions_have_the_output() {
    let states = [
        initial(
            r#""entry": [{"type": "invoke", "serviceType": "s", "done": [{"name": "ready", "channel": "internal", "data": [{"name": "twice", "value": "$found * 2"}]}]}],
               "on": [{"event": "ready", "guards": ["$twice > 0 && $found > 0"], "target": "b"}]"#,
        ),
        state("b", r#""entry": [{"type": "assign", "variable": "n", "value": "n + $found"}]"#),
    ];
    expect(&states, &[]);
}

#[test]
fn long_chains_of_always_are_followed_quickly() {
    let many = 3_000;
    // Each state leads to the one before it, against the order of the text.
    let chain = (1..many).map(|index| {
        let last =
            if index == 1 { entry() } else { format!(r#""always": [{{"target": "s{}"}}]"#, index - 1) };
        state(&format!("s{index}"), &last)
    });
    let first = initial(&format!(r#""on": [{}]"#, on("e", &format!("s{}", many - 1))));
    expect(&[first].into_iter().chain(chain).collect::<Vec<_>>(), &[]);
}
