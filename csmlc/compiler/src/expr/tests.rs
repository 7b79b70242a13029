//! Names in expressions, on short applications.

use super::{Referent, Resolved, ast::Kind, resolve_expressions};
use crate::{
    diagnostics::Diagnostics, model::Application, source::Sources, tests::descriptions::application,
};

/// Resolves; what it says as `code at text: message`.
fn resolve(json: &str) -> (Sources, Option<Application<Resolved>>, Vec<String>) {
    let (sources, app) = application(json);
    let mut diagnostics = Diagnostics::new();
    let app = Some(resolve_expressions(app, &mut diagnostics)).filter(|_| !diagnostics.has_errors());
    let said = diagnostics.iter().map(|d| {
        let mut line = format!("{} at {}: {}", d.rule.code, sources.text(d.primary.span), d.message);
        for text in [d.primary.text.clone()].iter().chain(&d.help).filter(|text| !text.is_empty()) {
            line.push_str(&format!(" | {text}"));
        }
        d.related.iter().for_each(|related| line.push_str(&format!(" | {}", related.text)));
        line
    });
    let said = said.collect();
    (sources, app, said)
}

/// No diagnostics.
const NOTHING: [&str; 0] = [];

fn reported(json: &str) -> Vec<String> {
    resolve(json).2
}

/// One machine `m` with one state `s` that has these further members.
fn machine(data: &str, state: &str) -> String {
    format!(
        r#"{{"data": [["local", "root", "1"], ["persistent", "kept", "root"]],
            "machines": [{{"name": "m", "data": [{data}], "states": [{{"name": "s", "initial": true{state}}}]}}]}}"#
    )
}

#[test]
fn inner_names_hide_outer_ones_and_persistent_ones_come_last() {
    let (_, app, said) = resolve(
        r#"{"data": [["local", "a", "0"], ["persistent", "p", "0"]],
            "machines": [{"name": "m", "data": [["persistent", "a", "1"], ["local", "p", "2"]],
              "states": [{"name": "s", "initial": true, "entry": [{"assign": ["a", "a + p"]}]}]}]}"#,
    );
    assert_eq!(said, NOTHING);
    let app = app.unwrap();
    let action = &app.states.values().next().unwrap().entry[0];
    let crate::model::ActionKind::Assign(_, value) = &action.kind else { panic!() };
    let mut paths = Vec::new();
    value.root.visit(&mut |part| {
        if let Kind::Ref(Referent::Variable(id)) = part.kind {
            paths.push((app.variables[id].path.as_str(), app.variables[id].storage));
        }
    });
    use crate::vocabulary::Storage::Local;
    // The root's local `a` comes before the machine's persistent one.
    assert_eq!(paths.len(), 2);
    assert_eq!(paths[0].1, Local);
    assert!(!paths[0].0.starts_with("m/"), "{paths:?}");
    assert_eq!(paths[1], ("m/p", Local));
}

#[test]
fn unknown_names_get_the_nearest_visible_one() {
    let json =
        machine(r#"["local", "counter", "0"]"#, r#", "entry": [{"assign": ["counter", "conter + 1"]}]"#);
    assert_eq!(reported(&json), ["CSML0410 at conter: unknown variable `conter` | did you mean `counter`?"]);
}

#[test]
fn data_of_siblings_cannot_be_seen() {
    let said = reported(
        r#"{"machines": [
            {"name": "a", "states": [{"name": "s", "initial": true, "always": [{"guards": ["x > 1"]}]}]},
            {"name": "b", "data": [["local", "x", "0"]], "states": [{"name": "s", "initial": true}]}]}"#,
    );
    assert_eq!(
        said,
        [
            "CSML0410 at x: unknown variable `x` | not visible from here | `x` belongs to machine `b`, which is not visible from here"
        ]
    );
}

#[test]
fn initial_values_use_only_what_is_there() {
    for (data, state, expected) in [
        (r#"["local", "a", "root + kept"], ["local", "b", "a"]"#, "", ""),
        (
            r#"["local", "a", "b"], ["local", "b", "1"]"#,
            "",
            "CSML0411 at b: `b` has no value yet when `a` is initialised",
        ),
        (r#"["local", "a", "a"]"#, "", "CSML0411 at a: `a` has no value yet when `a` is initialised"),
        (
            r#"["local", "a", "1"], ["persistent", "p", "a"]"#,
            "",
            "CSML0411 at a: `a` has no value yet when `p` is initialised",
        ),
        (r#"["local", "a", "1"], ["persistent", "p", "root"]"#, "", ""),
        (
            r#"["local", "a", "1"]"#,
            r#", "data": [["static", "t", "a"], ["local", "l", "t + a"], ["local", "k", "l"]]"#,
            "",
        ),
        (
            "",
            r#", "data": [["local", "l", "1"], ["static", "t", "l"]]"#,
            "CSML0411 at l: `l` has no value yet when `t` is initialised",
        ),
        (
            "",
            r#", "data": [["local", "l", "k"], ["local", "k", "1"]]"#,
            "CSML0411 at k: `k` has no value yet when `l` is initialised",
        ),
        (
            "",
            r#", "data": [["local", "l", "made"]], "entry": [{"create": ["made", "1"]}]"#,
            "CSML0411 at made: `made` has no value yet when `l` is initialised",
        ),
    ] {
        let said = reported(&machine(data, state));
        if expected.is_empty() {
            assert_eq!(said, NOTHING, "{data} {state}");
        } else {
            assert_eq!(said.len(), 1, "{said:?}");
            assert!(said[0].starts_with(expected), "{said:?}");
        }
    }
}

#[test]
fn calls_are_checked() {
    let on = |expr: &str| reported(&machine("", &format!(r#", "always": [{{"guards": ["{expr}"]}}]"#)));
    assert_eq!(on("root.size()"), NOTHING);
    for (foreign, here) in
        [("int(root)", "`x.intValue()`"), ("str(root)", "templates"), ("len(root)", "`size(x)`")]
    {
        let said = on(&format!("{foreign} == 1"));
        assert!(said.len() == 1 && said[0].contains(here), "{said:?}");
    }
    assert_eq!(
        on("std:randomPaylod([1]) == root"),
        ["CSML0414 at std:randomPaylod: unknown function `std:randomPaylod` | did you mean `std:randomPayload`?"]
            .map(|text| text.replace("at std:randomPaylod", "at randomPaylod"))
    );
    assert_eq!(
        on("std:randomPayload() == 1"),
        ["CSML0414 at randomPayload: function `std:randomPayload` takes 1 argument, not 0"]
    );
    for (expr, said) in [
        ("math:abs(1, 2) > 0", "abs: function `math:abs` takes 1 argument, not 2"),
        ("'a'.substring() == ''", "substring: method `substring` takes 1 or 2 arguments, not 0"),
        ("abs(root) > 0", "abs: unknown function `abs` | did you mean `math:abs`?"),
        ("trim(root) == ''", "trim: unknown function `trim` | `trim` is a method: write `x.trim(…)`"),
        (
            "twice(root) > 0",
            "twice: unknown function `twice` | define a function of your own first: `twice = (x) -> …`",
        ),
        (
            "maths:abs(root) > 0",
            "abs: unknown function `maths:abs` | there is no namespace `maths` | did you mean `math:abs`?",
        ),
        ("std:abs(root) > 0", "abs: unknown function `std:abs` | did you mean `math:abs`?"),
        ("root.abs() > 0", "abs: unknown method `abs` | there is the function `math:abs`"),
    ] {
        assert_eq!(on(expr), [format!("CSML0414 at {said}")], "{expr}");
    }
    assert_eq!(
        on("Math.abs(root) > 0"),
        [
            "CSML0402 at Math: the class `Math` is not part of this language | functions on numbers are in the namespace `math`: `math:abs(x)`"
        ]
    );
    assert_eq!(on("math:abs(root) > 0"), NOTHING);
    assert_eq!(on("twice = x -> x * 2; twice(root) > 0"), NOTHING);
    assert_eq!(
        on("root.lenth() == 0"),
        ["CSML0414 at lenth: unknown method `lenth` | did you mean `length`?"]
    );
}

#[test]
fn functions_of_the_host_are_known() {
    let hosts = super::HostArities::from([("geo:far".to_owned(), 2)]);
    let on = |expr: &str| {
        let (_, app) = application(&machine("", &format!(r#", "always": [{{"guards": ["{expr}"]}}]"#)));
        let mut diagnostics = Diagnostics::new();
        let _ = super::resolve_with(app, &hosts, &mut diagnostics);
        let fine = !diagnostics.has_errors();
        let said = diagnostics.iter().map(|fault| format!("{} {}", fault.message, fault.help.join(" ")));
        (fine, said.collect::<Vec<_>>().join("; "))
    };
    assert_eq!(on("geo:far(root, 1)"), (true, String::new()));
    assert_eq!(on("root > 0 ? geo:far(1, 2) : geo:far(root, 1)"), (true, String::new()));
    assert_eq!(on("geo:far(1)"), (false, "function `geo:far` takes 2 arguments, not 1 ".to_owned()));
    assert_eq!(on("geo:fra(1, 2)"), (false, "unknown function `geo:fra` did you mean `geo:far`?".to_owned()));
    assert_eq!(on("far(1, 2)"), (false, "unknown function `far` did you mean `geo:far`?".to_owned()));
}

#[test]
fn what_is_assigned_must_be_there() {
    let on = |expr: &str| {
        let entry = format!(r#", "entry": [{{"assign": ["kept", "{expr}"]}}]"#);
        reported(&machine(r#"["local", "list", "[1]"]"#, &entry))
    };
    for fine in [
        "root = 1",
        "list[root] = root += 2",
        "for (root : list) kept++; root",
        "var x = 1; x = root; x",
        // A local hides a variable.
        "var root = 1; root = 2",
        "`${kept = 1}`",
        "f = x -> { kept = x; }; f(2)",
    ] {
        assert_eq!(on(fine), NOTHING, "{fine}");
    }
    let unknown = |name: &str, near: &str| {
        [format!(
            "CSML0410 at {name}: unknown variable `{name}`{near} | declare it with `var {name}`, or as data of the description"
        )]
    };
    assert_eq!(on("total = 1"), unknown("total", ""));
    assert_eq!(on("lists[0].a++"), unknown("lists", " | did you mean `list`?"));
    assert_eq!(on("for (item : list) 1"), unknown("item", ""));
    let written = "CSML0415 at $x: event data cannot be changed: `$x` | assigned here | use a variable of the script: `var x = $x`";
    for expr in ["$x = 1", "$x.y[0] += 1", "for ($x : list) 1"] {
        assert_eq!(on(expr), [written], "{expr}");
    }
    assert_eq!(
        on("const c = 1; c = 2"),
        ["CSML0406 at c: `c` is a constant | assigned here | declare it with `var c` or `let c`"]
    );
}

#[test]
fn initial_values_see_through_scripts() {
    for expr in ["late = 1", "(() -> late)()", "`${late}`", "f = () -> { late }; f()", "for (late : [1]) 2"] {
        let said = reported(&machine(&format!(r#"["local", "a", "{expr}"], ["local", "late", "1"]"#), ""));
        assert_eq!(said.len(), 1, "{expr}: {said:?}");
        assert!(said[0].starts_with("CSML0411 at late"), "{said:?}");
    }
}

/// A machine that handles `e`, which the machine itself raises with the given data, with this guard and entry.
fn handling(raised: &str, on: &str, target_entry: &str) -> String {
    format!(
        r#"{{"machines": [{{"name": "m", "states": [
            {{"name": "a", "initial": true, "entry": [{raised}], "on": [{on}]}},
            {{"name": "b", "entry": [{target_entry}]}}]}}]}}"#
    )
}

#[test]
fn data_of_events_from_outside_are_declared_by_reading() {
    let (_, app, said) = resolve(&handling(
        "",
        r#"{"event": "e", "target": "b", "guards": ["$value > 1"]}"#,
        r#"{"raise": {"name": "f", "data": {"x": "$level"}}}"#,
    ));
    assert_eq!(said, NOTHING);
    let app = app.unwrap();
    let data: Vec<_> = app.data.values().map(|d| (d.name.text.as_str(), d.optional)).collect();
    assert!(data.contains(&("value", false)) && data.contains(&("level", false)), "{data:?}");
}

#[test]
fn data_read_on_one_path_of_several_are_optional() {
    let (_, app, said) = resolve(&handling(
        "",
        r#"{"event": "e", "target": "b"}, {"event": "f", "target": "b"}"#,
        r#"{"raise": {"name": "g", "data": {"x": "$level"}}}"#,
    ));
    assert_eq!(said, NOTHING);
    let app = app.unwrap();
    let levels: Vec<_> = app.data.values().filter(|d| d.name.text == "level").map(|d| d.optional).collect();
    assert_eq!(levels, [true, true]);
}

#[test]
fn data_of_raised_events_must_be_carried() {
    let said = reported(&handling(
        r#"{"raise": {"name": "e", "data": {"count": "1"}}}"#,
        r#"{"event": "e", "target": "b", "guards": ["$cuont > 0"]}"#,
        "",
    ));
    assert_eq!(
        said,
        [
            "CSML0412 at $cuont: no event that leads here carries `cuont` | events that lead here: `e` | did you mean `$count`?"
        ]
    );
    let said = reported(&handling(
        r#"{"raise": {"name": "e", "data": {"count": "1"}}}, {"raise": {"name": "f"}}"#,
        r#"{"event": "e", "target": "b"}, {"event": "f", "target": "b"}"#,
        r#"{"raise": {"name": "g", "data": {"x": "$count"}}}"#,
    ));
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with(
        "CSML0413 at $count: not every event that leads here carries `count` | not carried by: `f`"
    ));
    let said = reported(&machine("", r#", "entry": [{"raise": {"name": "g", "data": {"x": "$kept"}}}]"#));
    assert_eq!(
        said,
        [
            "CSML0412 at $kept: no event that leads here carries `kept` | no event leads here, only the start of the instance | a variable is written without `$`: `kept`"
        ]
    );
}

#[test]
fn done_events_carry_the_output() {
    let (_, app, said) = resolve(&handling(
        r#"{"invoke": {"service": "detect", "output": ["persons"], "done": [{"name": "e", "data": {"own": "$persons + 1"}}]}},
           {"create": ["persons", "0"]}"#,
        r#"{"event": "e", "target": "b", "guards": ["$found"]}"#,
        "",
    ));
    assert_eq!(said, NOTHING);
    let app = app.unwrap();
    let outputs: Vec<_> = app.outputs.values().map(|o| (o.name.text.as_str(), o.optional)).collect();
    assert_eq!(outputs, [("persons", false), ("found", false)]);
    let invoke = app.invokes.values().next().unwrap();
    let carried: Vec<_> =
        invoke.done[0].data.iter().map(|(datum, _)| app.data[*datum].name.text.as_str()).collect();
    assert_eq!(carried, ["own", "persons", "found"]);
    assert!(app.data.values().all(|datum| !datum.optional));
}

#[test]
fn an_output_that_others_carry_too_is_optional() {
    let (_, app, said) = resolve(&handling(
        r#"{"invoke": {"service": "detect", "done": [{"name": "e"}]}}, {"raise": {"name": "e", "data": {"found": "true"}}},
           {"raise": {"name": "e"}}"#,
        r#"{"event": "e", "target": "b", "guards": ["$found"]}"#,
        "",
    ));
    assert_eq!(said, NOTHING);
    let app = app.unwrap();
    assert!(app.outputs.values().all(|output| output.optional));
    assert!(app.data.values().all(|datum| datum.optional));
}
