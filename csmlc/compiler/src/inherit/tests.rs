//! Inheritance, from text to canonical tree and to what the compiler says.

use crate::{
    Options,
    canonical::{Action, ActionKind, Description, Machine, State},
    canonicalise, compile,
    diagnostics::{Diagnostics, render},
    source::Sources,
    vocabulary::Storage,
};

/// A description of these machines; they begin on line 2.
fn description(machines: &str) -> String {
    format!("{{\"name\":\"d\",\"version\":\"1.0\",\"stateMachines\":[\n{machines}\n]}}")
}

fn tree(machines: &str) -> Description {
    let mut sources = Sources::new();
    let id = sources.add("t.csml", description(machines));
    let mut diagnostics = Diagnostics::new();
    let tree = canonicalise(&sources, id, &mut diagnostics);
    diagnostics.sort();
    let said: Vec<_> =
        diagnostics.iter().map(|found| render::render(&sources, found, render::Style::Plain)).collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
    tree.unwrap()
}

/// The last of these machines.
fn last(machines: &str) -> Machine {
    tree(machines).machines.pop().unwrap()
}

/// What the compiler says of these machines, but for some rules of no interest here: place, message, the places and
/// texts of labels, help.
fn said(machines: &str) -> Vec<String> {
    let mut sources = Sources::new();
    let id = sources.add("t.csml", description(machines));
    let (_, diagnostics) = compile(&sources, id, &Options { generate: false, ..Options::default() });
    let dull =
        ["unreachable-state", "initial-inward", "event-not-raised", "event-not-handled", "unread-variable"];
    let found = diagnostics.iter().filter(|found| !dull.contains(&found.rule.name));
    let described = found.map(|found| {
        let labels: String = found
            .related
            .iter()
            .map(|label| format!(" [{} {}]", sources.position(label.span), label.text))
            .collect();
        let help: String = found.help.iter().map(|help| format!(" = {help}")).collect();
        format!(
            "{} {}: {}{labels}{help}",
            found.rule.code,
            sources.position(found.primary.span),
            found.message
        )
    });
    described.collect()
}

#[track_caller]
fn says(machines: &str, expected: &[&str]) {
    assert_eq!(said(machines), expected);
}

fn names<'a>(states: impl IntoIterator<Item = &'a State>) -> Vec<&'a str> {
    states.into_iter().map(|state| state.name.as_str()).collect()
}

/// Variables that these actions delete: the shortest action there is.
fn deleted(actions: &[Action]) -> String {
    let names = actions.iter().map(|action| match &action.kind {
        ActionKind::Delete { variable } => variable.as_str(),
        _ => "?",
    });
    names.collect::<Vec<_>>().join(" ")
}

fn delete(name: &str) -> String {
    format!(r#"{{"type":"delete","variable":"{name}"}}"#)
}

#[test]
fn states_data_names_and_nested_machines_are_inherited() {
    let derived = last(
        r#"{"name":"b","abstract":true,
            "localContext":[{"name":"x","value":"1"},{"name":"y","value":"2"}],
            "persistentContext":[{"name":"p","value":"3"}],
            "states":[{"name":"s","initial":true,"entry":["act"],"on":[{"event":"e","guards":["ok"],"target":"t"}]},
                      {"name":"n","states":[{"name":"in","initial":true}]}],
            "actions":[{"name":"act","type":"delete","variable":"x"}],
            "guards":[{"name":"ok","expression":"y > 1"}]},
           {"name":"d","extends":"b","states":[{"name":"t","terminal":true}],
            "stateMachines":[{"name":"o","states":[{"name":"in","initial":true}]}]}"#,
    );
    assert_eq!(names(&derived.states), ["s", "t"]);
    assert!(derived.states[0].initial.is_some());
    assert_eq!(deleted(&derived.states[0].entry), "x");
    assert_eq!(derived.states[0].on[0].transition.guards[0].as_str(), "y > 1");
    let data: Vec<_> = derived.data.iter().map(|variable| variable.name.as_str()).collect();
    assert_eq!(data, ["x", "y", "p"]);
    let nested: Vec<_> = derived.machines.iter().map(|machine| machine.name.as_str()).collect();
    assert_eq!(nested, ["n", "o"]);
}

#[test]
fn abstract_machines_are_not_there_nested_ones_neither() {
    let tree = tree(
        r#"{"name":"b","isAbstract":true,"states":[{"name":"a","isAbstract":true}]},
           {"name":"m","states":[{"name":"s","initial":true},
              {"name":"n","abstract":true,"states":[{"name":"u","initial":true}]},
              {"name":"o","extends":"n"}]},
           {"name":"d","extends":"b","states":[{"name":"a","initial":true}]}"#,
    );
    let machines: Vec<_> = tree.machines.iter().map(|machine| machine.name.as_str()).collect();
    assert_eq!(machines, ["m", "d"]);
    let nested: Vec<_> = tree.machines[0].machines.iter().map(|machine| machine.name.as_str()).collect();
    assert_eq!(nested, ["o"]);
    assert_eq!(names(&tree.machines[0].machines[0].states), ["u"]);
}

#[test]
fn a_redefined_state_keeps_what_it_has() {
    let lists = |name: &str| {
        let delete = delete(name);
        format!(
            r#""entry":[{delete}],"exit":[{delete}],"while":[{delete}],"always":[{{"actions":[{delete}]}}],
               "after":[{{"name":"{name}","delay":"1","action":{{"type":"raise","event":{{"name":"{name}","channel":"internal"}}}}}}]"#
        )
    };
    let derived = last(&format!(
        r#"{{"name":"b","states":[{{"name":"first","initial":true}},
             {{"name":"s","virtual":true,"terminal":true,"staticContext":[{{"name":"n","value":"1"}}],{}}},
             {{"name":"last"}}]}},
           {{"name":"d","extends":"b","states":[{{"name":"new"}},
             {{"name":"s","localContext":[{{"name":"l","value":"2"}}],{}}}]}}"#,
        lists("one"),
        lists("two"),
    ));
    assert_eq!(names(&derived.states), ["first", "s", "last", "new"]);
    let state = &derived.states[1];
    for list in [&state.entry, &state.exit, &state.while_actions] {
        assert_eq!(deleted(list), "one two");
    }
    let always: Vec<_> = state.always.iter().map(|transition| deleted(&transition.actions)).collect();
    assert_eq!(always, ["one", "two"]);
    let timers: Vec<_> = state.after.iter().filter_map(|after| after.name.as_ref()).collect();
    assert_eq!(timers.iter().map(|name| name.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    let data: Vec<_> = state.data.iter().map(|variable| (variable.name.as_str(), variable.storage)).collect();
    assert_eq!(data, [("n", Storage::Static), ("l", Storage::Local)]);
    assert!(state.terminal.is_some());
}

#[test]
fn initial_and_terminal_may_be_said_anew() {
    let derived = last(
        r#"{"name":"b","states":[{"name":"s","virtual":true,"initial":true,"terminal":true},
             {"name":"t","virtual":true}]},
           {"name":"d","extends":"b","states":[{"name":"s","initial":false,"terminal":false},
             {"name":"t","initial":true,"terminal":true}]}"#,
    );
    let flags = |state: &State| (state.initial.is_some(), state.terminal.is_some());
    assert_eq!(flags(&derived.states[0]), (false, false));
    assert_eq!(flags(&derived.states[1]), (true, true));
}

#[test]
fn transitions_are_replaced_per_event_in_place() {
    let on = |event: &str, name: &str| format!(r#"{{"event":"{event}","actions":[{}]}}"#, delete(name));
    let derived = last(&format!(
        r#"{{"name":"b","states":[{{"name":"s","initial":true,"virtual":true,"on":[{},{},{},{}]}}]}},
           {{"name":"d","extends":"b","states":[{{"name":"s","on":[{},{},{},{}]}}]}}"#,
        on("e", "1"),
        on("f", "2"),
        on("e", "3"),
        on("g", "4"),
        on("h", "5"),
        on("e", "6"),
        on("e", "7"),
        on("g", "8"),
    ));
    let on = derived.states[0].on.iter().map(|on| (on.event.as_str(), deleted(&on.transition.actions)));
    let on: Vec<_> = on.map(|(event, deleted)| format!("{event}{deleted}")).collect();
    assert_eq!(on, ["e6", "e7", "f2", "g8", "h5"]);
}

#[test]
fn data_are_redefined_in_place_whatever_their_kind() {
    let derived = last(
        r#"{"name":"b","states":[{"name":"s","initial":true}],"localContext":[{"name":"x","value":"1"},
             {"name":"y","value":"x"},{"name":"z","value":"y"}]},
           {"name":"d","extends":"b","persistentContext":[{"name":"y","value":"5"},{"name":"w","value":"6"}]}"#,
    );
    let data: Vec<_> = derived
        .data
        .iter()
        .map(|variable| (variable.name.as_str(), variable.value.as_str(), variable.storage))
        .collect();
    assert_eq!(
        data,
        [
            ("x", "1", Storage::Local),
            ("y", "5", Storage::Persistent),
            ("z", "y", Storage::Local),
            ("w", "6", Storage::Persistent)
        ]
    );
}

#[test]
fn inherited_content_uses_the_redefined_actions_and_guards() {
    let derived = last(
        r#"{"name":"b","abstract":true,"states":[{"name":"s","initial":true,"entry":["a"],
                "on":[{"event":"e","guards":["g"],"actions":["c"]}]},
              {"name":"n","states":[{"name":"in","initial":true,"entry":["a"]}]}],
            "actions":[{"name":"a","type":"delete","variable":"base"},{"name":"c","reference":"a"}],
            "guards":[{"name":"g","expression":"1 < 2"}]},
           {"name":"d","extends":"b",
            "actions":[{"name":"a","type":"delete","variable":"derived"}],
            "guards":[{"name":"g","expression":"2 < 3"}]}"#,
    );
    assert_eq!(deleted(&derived.states[0].entry), "derived");
    assert_eq!(deleted(&derived.states[0].on[0].transition.actions), "derived");
    assert_eq!(derived.states[0].on[0].transition.guards[0].as_str(), "2 < 3");
    assert_eq!(deleted(&derived.machines[0].states[0].entry), "derived");
}

#[test]
fn chains_go_through_every_machine() {
    let entry = |name: &str| format!(r#"{{"name":"s","virtual":true,"entry":[{}]}}"#, delete(name));
    let derived = last(&format!(
        r#"{{"name":"a","states":[{{"name":"i","initial":true}},{}]}},
           {{"name":"b","extends":"a","states":[{},{{"name":"t"}}]}},
           {{"name":"c","extends":"b"}},
           {{"name":"d","extends":"c","states":[{}]}}"#,
        entry("1"),
        entry("2"),
        entry("3"),
    ));
    assert_eq!(names(&derived.states), ["i", "s", "t"]);
    assert_eq!(deleted(&derived.states[1].entry), "1 2 3");
}

#[test]
fn what_may_be_redefined_once_may_be_further_down() {
    tree(
        r#"{"name":"a","abstract":true,"states":[{"name":"v","virtual":true,"initial":true},
              {"name":"w","abstract":true}]},
           {"name":"b","extends":"a","states":[{"name":"v"},{"name":"w"}]},
           {"name":"c","extends":"b","states":[{"name":"v","virtual":false},{"name":"w"}]},
           {"name":"d","extends":"c","states":[{"name":"w"}]}"#,
    );
    let closed = said(
        r#"{"name":"a","states":[{"name":"v","virtual":true,"initial":true}]},
           {"name":"b","extends":"a","states":[{"name":"v","virtual":false}]},
           {"name":"c","extends":"b","states":[{"name":"v"}]}"#,
    );
    assert_eq!(closed.len(), 1, "{closed:?}");
    assert!(closed[0].starts_with("CSML0134 4:"), "{closed:?}");
}

#[test]
fn bases_are_looked_for_outwards() {
    let tree = tree(
        r#"{"name":"x","states":[{"name":"outer","initial":true}]},
           {"name":"m","states":[{"name":"s","initial":true},
              {"name":"one","extends":"x"},
              {"name":"x","states":[{"name":"inner","initial":true}]},
              {"name":"two","extends":"x"},
              {"name":"deep","states":[{"name":"s","initial":true},{"name":"three","extends":"x"}]}]},
           {"name":"n","extends":"m","states":[{"name":"four","extends":"x"},{"name":"five","extends":"two"},
              {"name":"six","extends":"m"}]}"#,
    );
    let first = |machine: &Machine| machine.states[0].name.value.clone();
    let nested = |machine: &Machine| -> Vec<String> {
        machine.machines.iter().map(|nested| format!("{}:{}", nested.name.as_str(), first(nested))).collect()
    };
    let m = &tree.machines[1];
    assert_eq!(nested(m), ["one:outer", "x:inner", "two:inner", "deep:s"]);
    assert_eq!(nested(&m.machines[3]), ["three:inner"]);
    let n = &tree.machines[2];
    assert_eq!(
        nested(n),
        ["one:outer", "x:inner", "two:inner", "deep:s", "four:inner", "five:inner", "six:s"]
    );
}

#[test]
fn bases_that_cannot_be_extended() {
    const S: &str = r#""states":[{"name":"s","initial":true}]"#;
    says(
        &format!(r#"{{"name":"base",{S}}},{}{{"name":"d","extends":"bsae","states":[]}}"#, "\n"),
        &["CSML0131 3:23: there is no machine `bsae` here to extend = did you mean `base`?"],
    );
    says(
        &format!(
            r#"{{"name":"m","states":[{{"name":"s","initial":true}},{{"name":"n",{S}}}]}},{}{{"name":"d","extends":"n"}}"#,
            "\n"
        ),
        &["CSML0131 3:23: there is no machine `n` here to extend \
           [2:59 `n` is nested in a machine that is not around this one] \
           = a machine can extend only machines beside it or beside a machine around it"],
    );
    says(
        &format!(r#"{{"name":"d","extends":"b"}},{}{{"name":"b",{S}}}"#, "\n"),
        &["CSML0132 2:23: `b` is declared later than `d` [3:9 `b` is declared here] = move `b` before `d`"],
    );
    says(
        r#"{"name":"d","extends":"d","states":[]}"#,
        &["CSML0133 2:23: `d` extends itself = remove one `extends` of the cycle"],
    );
    says(
        r#"{"name":"m","states":[{"name":"s","initial":true},{"name":"n","extends":"m"}]}"#,
        &["CSML0133 2:73: `n` extends `m`, in which it is nested [2:9 `n` is nested in `m`]"],
    );
    says(
        "{\"name\":\"a\",\"extends\":\"b\"},\n{\"name\":\"b\",\"extends\":\"c\"},\n{\"name\":\"c\",\"extends\":\"a\"}",
        &[
            "CSML0133 2:23: `a` extends itself through other machines [3:23 `b` extends `c`] [4:23 `c` extends `a`] \
           = remove one `extends` of the cycle",
        ],
    );
    says(
        "{\"name\":\"m\",\"states\":[{\"name\":\"s\",\"initial\":true},\n{\"name\":\"n\",\"extends\":\"q\"}]},\n{\"name\":\"q\",\"extends\":\"m\"}",
        &[
            "CSML0133 3:23: `n` extends, through other machines, a machine in which it is nested [4:23 `q` extends `m`] \
           [2:9 `n` is nested in `m`]",
        ],
    );
    // Both are said, and nothing that follows from them.
    says(
        "{\"name\":\"a\",\"extends\":\"x\",\"states\":[{\"name\":\"s\",\"on\":[{\"event\":\"e\",\"target\":\"t\",\"guards\":[\"g\"]}]}]},\n\
         {\"name\":\"b\",\"extends\":\"y\"}",
        &[
            "CSML0131 2:23: there is no machine `x` here to extend = declare a base earlier, beside this machine or beside a machine around it",
            "CSML0131 3:23: there is no machine `y` here to extend = declare a base earlier, beside this machine or beside a machine around it",
        ],
    );
    // The base may be the machine whose name is not understood.
    says(
        "{\"name\":5,\"states\":[{\"name\":\"s\",\"initial\":true}]},{\"name\":\"d\",\"extends\":\"b\"}",
        &["CSML0103 2:9: expected a string for `name`; found a number = write it as a string: \"5\""],
    );
}

#[test]
fn states_that_cannot_be_redefined_or_are_not_defined() {
    says(
        "{\"name\":\"b\",\"states\":[{\"name\":\"s\",\"initial\":true}]},\n{\"name\":\"d\",\"extends\":\"b\",\"states\":[{\"name\":\"s\"}]}",
        &["CSML0134 3:45: the state `s` is inherited and cannot be redefined \
           [2:31 neither `virtual` nor `abstract` in the base] [3:23 `d` inherits it through this `extends`] \
           = add \"virtual\": true to the state of the base, or give this one another name"],
    );
    says(
        r#"{"name":"b","states":[{"name":"s","initial":true,"abstract":true}]}"#,
        &["CSML0135 2:61: `b` is not abstract, but its state `s` is \
           = define the state, or make `b` abstract: \"abstract\": true"],
    );
    says(
        "{\"name\":\"b\",\"abstract\":true,\"states\":[{\"name\":\"s\",\"initial\":true,\"abstract\":true},\n\
         {\"name\":\"t\",\"abstract\":true},\n{\"name\":\"u\",\"abstract\":true}]},\n\
         {\"name\":\"c\",\"abstract\":true,\"extends\":\"b\",\"states\":[{\"name\":\"t\"}]},\n{\"name\":\"d\",\"extends\":\"c\"}",
        &["CSML0136 6:9: `d` does not define the abstract states `s` and `u` [2:77 `s` is abstract here] \
           [4:24 `u` is abstract here] [5:39 `c` inherits it through this `extends`] \
           [6:23 `d` inherits it through this `extends`] \
           = define them, or make `d` abstract: \"abstract\": true"],
    );
}

#[test]
fn nested_machines_cannot_be_redefined() {
    says(
        "{\"name\":\"b\",\"states\":[{\"name\":\"s\",\"initial\":true},\n{\"name\":\"n\",\"states\":[{\"name\":\"s\",\"initial\":true}]}]},\n\
         {\"name\":\"d\",\"extends\":\"b\",\"states\":[\n{\"name\":\"n\",\"states\":[{\"name\":\"x\",\"initial\":true}]}]}",
        &["CSML0137 5:9: a nested machine `n` is inherited already [3:9 the inherited one is here] \
           [4:23 `d` inherits it through this `extends`] \
           = give it another name; it may extend the inherited one"],
    );
}

#[test]
fn abstract_machines_are_there_to_be_extended() {
    says(
        r#"{"name":"b","abstract":true},{"name":"m","states":[{"name":"s","initial":true}]}"#,
        &["CSML0140 2:9: the abstract machine `b` is never extended = extend it, or remove it"],
    );
    says(
        r#"{"name":"b","abstract":true}"#,
        &["CSML0139 2:24: the only machine, `b`, is abstract: there is nothing to run \
           = add a machine that extends one of them, or remove `abstract`"],
    );
    says(
        "{\"name\":\"b\",\"abstract\":true},\n{\"name\":\"c\",\"abstract\":true,\"extends\":\"b\"}",
        &["CSML0139 2:24: every machine is abstract: there is nothing to run [3:24 also abstract] \
           = add a machine that extends one of them, or remove `abstract`"],
    );
    says(
        "{\"name\":\"b\",\"abstract\":true},{\"name\":\"m\",\"extends\":\"b\",\"states\":[{\"name\":\"s\",\"initial\":true}]},\n{\"name\":\"b\",\"states\":[]}",
        &[
            "CSML0202 3:9: machine `b` has no states",
            "CSML0210 3:9: machine `b` is declared twice [2:9 first declared here]",
        ],
    );
    // It is read all the same.
    says(
        r#"{"name":"b","abstract":true,"states":[{"name":"s","entri":[]}]},{"name":"m","extends":"b","states":[{"name":"s","initial":true}]}"#,
        &[
            "CSML0101 2:51: a state has no keyword `entri` = did you mean `entry`?",
            "CSML0134 2:109: the state `s` is inherited and cannot be redefined \
           [2:47 neither `virtual` nor `abstract` in the base] [2:87 `m` inherits it through this `extends`] \
           = add \"virtual\": true to the state of the base, or give this one another name",
        ],
    );
}

#[test]
fn later_passes_point_at_the_text_and_name_the_way() {
    // An error of the base is said there, not again for what inherits it.
    says(
        "{\"name\":\"b\",\"states\":[{\"name\":\"s\",\"initial\":true,\"on\":[{\"event\":\"e\",\"channel\":\"peripheral\",\"target\":\"x\"}]}]},\n\
         {\"name\":\"d\",\"extends\":\"b\"}",
        &["CSML0205 2:101: machine `b` has no state `x`"],
    );
    // One that only a derived machine has is said at the base's text, once.
    says(
        "{\"name\":\"b\",\"abstract\":true,\"states\":[{\"name\":\"s\",\"initial\":true,\"on\":[\n{\"event\":\"e\",\"channel\":\"peripheral\",\"target\":\"x\"}]}]},\n\
         {\"name\":\"c\",\"abstract\":true,\"extends\":\"b\"},\n{\"name\":\"d\",\"extends\":\"c\"},\n{\"name\":\"f\",\"extends\":\"b\"}",
        &["CSML0205 3:46: machine `d` has no state `x` [4:39 `c` inherits it through this `extends`] \
           [5:23 `d` inherits it through this `extends`]"],
    );
    // Types: what is fine in the base may not be with the redefined variable.
    says(
        "{\"name\":\"b\",\"localContext\":[{\"name\":\"n\",\"value\":\"1\"}],\"states\":[{\"name\":\"s\",\"initial\":true,\"on\":[\n\
         {\"event\":\"e\",\"channel\":\"peripheral\",\"guards\":[\"n > 1\"]}]}]},\n\
         {\"name\":\"d\",\"extends\":\"b\",\"localContext\":[{\"name\":\"n\",\"value\":\"[1]\"}]}",
        &[
            "CSML0502 3:48: a `list<int>` and an `int` cannot be ordered [4:23 `d` inherits it through this `extends`]",
        ],
    );
}

#[test]
fn errors_of_named_actions_show_the_use() {
    says(
        "{\"name\":\"m\",\"actions\":[{\"name\":\"a\",\"type\":\"assign\",\"variable\":\"x\",\"value\":\"x + 1\"}],\"states\":[\n\
         {\"name\":\"s\",\"initial\":true,\"localContext\":[{\"name\":\"x\",\"value\":\"1\"}],\"entry\":[\"a\"]},\n\
         {\"name\":\"t\",\"entry\":[\"a\"]}]}",
        &[
            "CSML0206 2:63: variable `x` cannot be assigned: there is no such variable here [3:52 `x` belongs to state `s`, which is not visible from here] [4:22 used here]",
        ],
    );
}

#[test]
fn machines_are_told_from_states_by_their_keywords() {
    let machine = last(
        r#"{"name":"m","states":[
             {"name":"base","abstract":true,"actions":[{"name":"a","type":"delete","variable":"x"}]},
             {"name":"state"},
             {"name":"derived","extends":"base","states":[{"name":"s","initial":true,"entry":["a"]}]},
             {"name":"again","extends":"derived"},
             {"name":"only","stateMachines":[],"states":[{"name":"s","initial":true}]}]}"#,
    );
    assert_eq!(names(&machine.states), ["state"]);
    let nested: Vec<_> = machine.machines.iter().map(|machine| machine.name.as_str()).collect();
    assert_eq!(nested, ["derived", "again", "only"]);
    says(
        r#"{"name":"m","states":[{"name":"s","initial":true,"actions":[]}],"virtual":true}"#,
        &[
            "CSML0101 2:50: a state has no keyword `actions` = it may have `name`, `initial`, `terminal`, `abstract`, \
           `virtual`, `entry`, `exit`, `while`, `after`, `on`, `always`, `localData`, `persistentData`, `staticData`",
            "CSML0101 2:65: a state machine has no keyword `virtual` = only a state can be virtual; any machine can be extended",
        ],
    );
}

#[test]
fn copies_are_limited() {
    // Each machine holds two copies of the one before.
    let mut machines = String::from(r#"{"name":"m0","states":[{"name":"s","initial":true}]}"#);
    for i in 1..60 {
        machines += &format!(
            r#",{{"name":"m{i}","extends":"m{0}","stateMachines":[{{"name":"n{i}","extends":"m{0}"}}]}}"#,
            i - 1
        );
    }
    let found = said(&machines);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("CSML0138 "), "{found:?}");

    // Each machine nests the one before.
    let mut machines = String::from(r#"{"name":"m0","states":[{"name":"s","initial":true}]}"#);
    for i in 1..100 {
        machines += &format!(
            r#",{{"name":"m{i}","states":[{{"name":"s","initial":true}}],"stateMachines":[{{"name":"n","extends":"m{}"}}]}}"#,
            i - 1
        );
    }
    let found = said(&machines);
    assert!(found.iter().any(|found| found.contains("nested too deep")), "{found:?}");
}

#[test]
fn long_chains_and_cycles_are_quick() {
    let chain = |length: usize, base: &dyn Fn(usize) -> String| -> String {
        let machines =
            (0..length).map(|i| format!(r#"{{"name":"m{i}","extends":"{}","states":[]}}"#, base(i)));
        machines.collect::<Vec<_>>().join(",")
    };
    let forward = said(&chain(3_000, &|i| format!("m{}", i + 1)));
    assert!(forward.len() <= super::MAX_ERRORS);
    let cycle = said(&chain(90, &|i| format!("m{}", (i + 1) % 90)));
    assert_eq!(cycle.len(), 1, "{cycle:?}");
    let backward = chain(3_000, &|i| if i == 0 { "b".to_owned() } else { format!("m{}", i - 1) });
    let tree = tree(&format!(r#"{{"name":"b","states":[{{"name":"s","initial":true}}]}},{backward}"#));
    assert_eq!(tree.machines.len(), 3_001);
}
