//! Transitions with `else`, of `always`, with several guards, in nested machines; messages; what is stored.

use serde_json::{Value, json};

use super::{Expected, answer, covers, decided, description, guarded, of};
use crate::model::StateId;

fn always(declarations: &str, transitions: &[Value]) -> Value {
    let mut description = description(declarations, &[]);
    description["machines"][0]["states"][0]["always"] = Value::from(transitions);
    description
}

fn codes(description: &Value) -> Vec<&'static str> {
    decided(description).1.iter().map(|diagnostic| diagnostic.rule.code).collect()
}

#[test]
fn without_guards_two_always_overlap() {
    let said = of(&description("", &[json!({"target": "b"}), json!({})]));
    assert_eq!(said, (Expected::Overlapping, "this one has no guard".to_owned()));
    let (answer, label) = of(&description("x = 0", &[json!({"target": "b"}), guarded("x > 3")]));
    assert_eq!(answer, Expected::Overlapping);
    assert_eq!(label, "both are enabled, for example, with `x = 4`");
    let never = of(&description("x = 0", &[json!({"target": "b"}), guarded("x > 3 && x < 2")]));
    assert_eq!(never.0, Expected::Exclusive);
}

#[test]
fn with_else_a_transition_is_always_enabled() {
    let with_else = json!({"target": "b", "else": "c", "guards": ["x > 3"]});
    let said = of(&description("x = 0", &[with_else.clone(), guarded("x <= 3")]));
    assert_eq!(said.0, Expected::Overlapping);
    assert_eq!(said.1, "both are enabled, for example, with `x = 3`");
    assert_eq!(of(&description("x = 0", &[with_else.clone(), with_else.clone()])).0, Expected::Overlapping);
    assert_eq!(of(&description("x = 0", &[with_else.clone(), guarded("false")])).0, Expected::Exclusive);
    assert_eq!(of(&description("x = 0", &[with_else])).0, Expected::Exclusive);
    // The one with `else` fails for every value that the other one asks for.
    let fails = json!({"target": "b", "else": "c", "guards": ["[1][x] > 3"]});
    assert_eq!(of(&description("x = 0", &[fails, guarded("x > 3")])).0, Expected::Undecided);
}

#[test]
fn internal_transitions_count_as_others_do() {
    let internal = json!({"guards": ["x > 3"], "actions": [{"assign": ["x", "1"]}]});
    assert_eq!(of(&description("x = 0", &[internal.clone(), guarded("x > 2")])).0, Expected::Overlapping);
    assert_eq!(of(&description("x = 0", &[internal, guarded("x < 2")])).0, Expected::Exclusive);
}

#[test]
fn all_guards_of_a_transition_count() {
    let both = json!({"target": "b", "guards": ["x > 3", "x < 9"]});
    assert_eq!(of(&description("x = 0", &[both.clone(), guarded("x == 9")])).0, Expected::Exclusive);
    assert_eq!(of(&description("x = 0", &[both, guarded("x == 8")])).0, Expected::Overlapping);
}

#[test]
fn always_is_decided_too() {
    assert_eq!(of(&always("x = 0", &[guarded("x > 0"), guarded("x < 0")])).0, Expected::Exclusive);
    assert_eq!(of(&always("x = 0", &[guarded("x > 0"), guarded("x > 1")])).0, Expected::Overlapping);
}

#[test]
fn an_example_is_brought_by_one_event() {
    let with = |raises: Value| {
        let mut two = always("x = 0", &[guarded("$v > 0"), guarded("$w > 0")]);
        let states = &mut two["machines"][0]["states"];
        states[1]["entry"] = raises;
        states[1]["on"] = json!([{"event": "go", "target": "a"}, {"event": "run", "target": "a"}]);
        of(&two).0
    };
    let raise =
        |name: &str, data: Value| json!({"raise": {"name": name, "channel": "internal", "data": data}});
    let apart = json!([raise("go", json!({"v": "x"})), raise("run", json!({"w": "x"}))]);
    assert_eq!(with(apart), Expected::Undecided);
    let together = json!([raise("go", json!({"v": "x", "w": "x"})), raise("run", json!({"w": "x"}))]);
    assert_eq!(with(together), Expected::Overlapping);
}

#[test]
fn of_three_one_pair_overlaps() {
    let three = description("x = 0", &[guarded("x < 0"), guarded("x > 0"), guarded("x > 5")]);
    let ((program, choices), said, sources) = decided(&three);
    let said: Vec<_> = said.iter().map(|it| (sources.text(it.primary.span), it.rule.code)).collect();
    assert_eq!(said, [("x > 5", "CSML0350")]);
    let (state, event) = place(&program);
    let checked: Vec<_> = (0..3).map(|index| choices.is_checked(state, event, index)).collect();
    assert_eq!(checked, [false, true, true]);
}

/// The first state and its last event.
fn place(program: &crate::ir::Typed) -> (StateId, Option<crate::model::EventId>) {
    let (id, state) = program.app.states.iter().next().unwrap();
    (id, state.on.last().map(|on| on.event))
}

#[test]
fn a_choice_that_nobody_looked_at_is_checked() {
    let choices = crate::ir::Choices::default();
    let ((program, _), ..) = decided(&description("", &[]));
    let (state, event) = place(&program);
    assert!(choices.is_checked(state, event, 0));
    assert!(choices.has_check(state, event, 2));
    assert!(!choices.has_check(state, event, 1));
}

#[test]
fn every_pair_that_overlaps_is_named_once_per_transition() {
    let all = description("x = 0", &[guarded("x > 0"), guarded("x > 1"), guarded("x > 2"), guarded("x > 3")]);
    assert_eq!(codes(&all), ["CSML0350"; 3]);
    let unknown: Vec<_> = ["a", "b", "c", "d"].map(|s| guarded(&format!("s.matches('{s}.*')"))).to_vec();
    assert_eq!(codes(&description("s = 'a'", &unknown)), ["CSML0351"]);
}

#[test]
fn guards_that_never_hold() {
    for (guard, expected) in [
        ("x > 5 && x < 3", true),
        ("x > 5 && !(x > 5)", true),
        ("x == 1 && x == 2", true),
        ("x > 5 || x < 3", false),
        ("x > 5 ? x < 3 : false", true),
        // This is meant.
        ("false", false),
        ("t < 3 && !(t < 3)", true),
        ("t != t", false),
    ] {
        let said = codes(&description("x = 0; t = 0.5", &[guarded(guard)]));
        assert_eq!(said.contains(&"CSML0352"), expected, "{guard}");
    }
    let two = json!({"target": "b", "guards": ["x > 5", "x < 3"]});
    assert_eq!(codes(&description("x = 0", &[two])), ["CSML0352"]);
}

#[test]
fn guards_that_never_hold_with_the_values_of_their_variables() {
    for (declarations, guard, expected) in [
        ("const n = 0", "n > 3", true),
        ("const n = 0", "n >= 0", false),
        ("const n = 0", "n + 1 == 2", true),
        ("const ready = false", "ready", true),
        ("const ready = false", "!ready", false),
        ("const ready = false; x = 0", "ready && x > 3", true),
        ("const ready = false; x = 0", "ready || x > 3", false),
        ("const limit = 10; const n = 3", "n > limit", true),
        ("const limit = 10; n = 3", "n > limit", false),
        ("const mode = 'off'", "mode == 'on'", true),
        ("mode = 'off' = 'on'", "mode == 'on'", false),
        ("mode = 'off' = 'on'", "mode == 'up'", true),
        ("mode = 'off' = 'on' = 'up'", "mode == 'up'", false),
        ("const n = 0; const m = 5", "n > 3 || m > 3", false),
        // Stored by another version of the description, or written by another process.
        ("persistent n = 0", "n > 3", false),
        ("const t = 0.0", "t > 3.5", true),
        ("const t = -0.0", "t > 3.5", false),
        ("const m = 5; n = 1 = m", "n > 5", true),
        ("const m = 5; n = 1 = m", "n > 4", false),
        ("m = 5; n = 1 = m", "n > 5", false),
        ("const n = 0", "$v > n", false),
        ("const n = 0", "$v > 3", false),
    ] {
        let said = codes(&description(declarations, &[guarded(guard)]));
        assert_eq!(said.contains(&"CSML0352"), expected, "[{declarations}] {guard}: {said:?}");
    }
}

#[test]
fn whatever_writes_a_variable_counts() {
    let with = |state: Value| {
        let states =
            [state, json!({"name": "b", "on": [{"event": "e", "guards": ["n > 3"], "target": "a"}]})];
        json!({"machines": [{"name": "m", "data": [["local", "n", "0"]], "states": states}]})
    };
    for (key, value, expected) in [
        ("exit", json!([]), true),
        ("entry", json!([{"assign": ["n", "2"]}]), true),
        ("entry", json!([{"assign": ["n", "4"]}]), false),
        ("entry", json!([{"assign": ["n", "n + 1"]}]), false),
        ("exit", json!([{"invoke": {"service": "s", "output": ["n"]}}]), false),
        ("on", json!([{"event": "x", "guards": ["n = 9; true"], "target": "b"}]), false),
        (
            "on",
            json!([{"event": "x", "guards": ["for (var i : 1..3) { n += i }; true"], "target": "b"}]),
            false,
        ),
    ] {
        let mut state = json!({"name": "a", "initial": true, "on": [{"event": "go", "target": "b"}]});
        state[key] = value;
        let said = codes(&with(state.clone()));
        assert_eq!(said.contains(&"CSML0352"), expected, "{state}: {said:?}");
    }
}

#[test]
fn data_of_events_raised_here_only() {
    let with_raises = |values: &[&str], event: &str| {
        let raises: Vec<_> = values
            .iter()
            .map(|value| json!({"raise": {"name": "e", "channel": "internal", "data": {"v": value}}}))
            .collect();
        let mut description = description("", &[guarded("$v != 'a'"), guarded("$v != 'b'")]);
        description["machines"][0]["states"][0]["entry"] = Value::from(raises);
        description["machines"][0]["states"][0]["on"][1]["event"] = json!(event);
        description["machines"][0]["states"][0]["on"][2]["event"] = json!(event);
        description
    };
    // The embedding program can still send another one, so it is checked.
    assert_eq!(of(&with_raises(&["'a'", "'b'"], "e")).0, Expected::Undecided);
    assert_eq!(of(&with_raises(&["'a'", "'c'"], "e")).0, Expected::Overlapping);
}

#[test]
fn variables_of_machines_around_count_too() {
    let json = json!({"machines": [{"name": "m", "data": [["local", "x", "0"]],
        "states": [{"name": "a", "initial": true, "on": [{"event": "set", "actions": [{"assign": ["x", "$x"]}]}]}],
        "machines": [{"name": "n", "states": [
            {"name": "b", "initial": true, "data": [["local", "x", "'inner'"], ["static", "y", "0"]], "on": [
                {"event": "e", "guards": ["x == 'inner'"]}, {"event": "e", "guards": ["x == 'outer'"]},
                {"event": "f", "guards": ["y == 0"]}, {"event": "f", "guards": ["y == 1"]}]},
            {"name": "c", "on": [
                {"event": "e", "guards": ["x > 3"]}, {"event": "e", "guards": ["x > 4"]}]}]}]}]});
    assert_eq!(codes(&json), ["CSML0352", "CSML0352", "CSML0350"]);
}

#[test]
fn whether_transitions_cover_everything() {
    for (guards, expected) in [
        (vec!["x > 3", "x <= 3"], true),
        (vec!["x > 3", "x < 3"], false),
        (vec!["x > 3", "x < 3", "x == 3"], true),
        (vec!["b", "!b"], true),
        (vec!["b", "!b && x > 3"], false),
        (vec!["t > 3", "t <= 3"], false),
        (vec!["s.matches('a')", "!s.matches('a')"], true),
        (vec!["math:random() > 0.5", "math:random() <= 0.5"], false),
        (vec!["true"], true),
        (vec![], false),
    ] {
        let all: Vec<_> = guards.iter().map(|guard| guarded(guard)).collect();
        let ((program, _), ..) = decided(&always("x = 0; b = true; t = 0.5; s = 'a'", &all));
        let state = program.app.states.values().next().unwrap();
        let transitions: Vec<_> = state.always.iter().collect();
        assert_eq!(covers(&transitions), expected, "{guards:?}");
    }
}

#[test]
fn many_candidates_take_little_time() {
    let many: Vec<_> = (0..300).map(|n| guarded(&format!("x == {n}"))).collect();
    assert_eq!(codes(&description("x = 0", &many)), [""; 0]);
    let unknown: Vec<_> = (0..120).map(|n| guarded(&format!("s.matches('{n}')"))).collect();
    assert_eq!(codes(&description("s = 'a'", &unknown)), ["CSML0351"]);
    let any = |from: usize| {
        (from..from + 20).map(|n| format!("x == {n} && y != {n}")).collect::<Vec<_>>().join(" || ")
    };
    let hard: Vec<_> = (0..10).map(|n| guarded(&any(n * 20))).collect();
    assert_eq!(of(&description("x = 0; y = 0", &hard)).0, Expected::Exclusive);
    let hard = |n: usize| {
        (0..14).map(|k| format!("(x + {k} * y > z || y * {k} != x + {n})")).collect::<Vec<_>>().join(" && ")
    };
    let (_, _) = answer("x = 0; y = 0; z = 0", &hard(1), &hard(2));
    let equal = (0..40).fold("b".to_owned(), |all, n| format!("({all}) == (x == {n})"));
    let _ = answer("x = 0; b = true", &equal, "x > 3");
}
