//! Inference on short applications.

mod dialogue;
mod match_values;
mod reports;
mod scripts;
mod vectors;

mod validate;

use crate::{
    diagnostics::Diagnostics,
    expr::resolve_expressions,
    ir::{Choices, Program, print},
    placement::Placement,
    tests::{
        descriptions::{application, shared},
        typed,
    },
    types::Type,
};
use validate::validate;

/// Types an application; what it says as `code at text: message`. A program is checked against its promises.
fn compile(json: &str) -> (Option<Program>, Vec<String>) {
    let (sources, app) = application(json);
    let mut diagnostics = Diagnostics::new();
    let app = resolve_expressions(app, &mut diagnostics);
    let program = typed(app, &sources, &mut diagnostics);
    let said = diagnostics
        .iter()
        .map(|d| format!("{} at {}: {}", d.rule.code, sources.text(d.primary.span), d.message))
        .collect();
    let program = program.complete(Choices::default(), Placement::default());
    // With errors it is only there for what else there is to say.
    let program = Some(program).filter(|_| !diagnostics.has_errors());
    if let Some(program) = &program {
        let faults = validate(program);
        assert!(faults.is_empty(), "{faults:#?}\n{}", print(program));
    }
    (program, said)
}

/// The printed lines of a program that contain `part`.
fn lines(json: &str, part: &str) -> Vec<String> {
    let (program, said) = compile(json);
    let text = print(&program.unwrap_or_else(|| panic!("{said:?}")));
    text.lines().filter(|line| line.contains(part)).map(|line| line.trim().to_owned()).collect()
}

/// No diagnostics.
const NOTHING: [&str; 0] = [];

/// JSON text of a string.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A machine whose root data and initial entry are given.
fn with(data: &str, entry: &str, more: &str) -> String {
    format!(
        r#"{{"data": [{data}], "machines": [{{"name": "m", "states": [
            {{"name": "s", "initial": true, "entry": [{entry}]{more}}}]}}]}}"#
    )
}

/// How one variable `x` with this initial value is printed, or what is said against it. Other variables: `i`
/// int, `f` float, `t` string, `b` bool, `l` list of int, `m` map to int, `o` option of int, `d` dynamic.
fn value(expr: &str) -> String {
    let data = [
        r#"["local", "i", "1"], ["local", "f", "1.5"], ["local", "t", "'t'"], ["local", "b", "true"]"#,
        r#"["local", "l", "[1]"], ["local", "m", "{'k': 1}"], ["local", "o", "null"], ["local", "d", "1"]"#,
    ]
    .join(", ");
    let data = format!(r#"{data}, ["local", "x", {}]"#, quoted(expr));
    let (program, mut said) =
        compile(&with(&data, r#"{"assign": ["o", "1"]}, {"assign": ["d", "'x'"]}"#, ""));
    said.retain(|line| !line.starts_with("CSML0501"));
    let Some(program) = program else { return said.join("; ") };
    let text = print(&program);
    let line = text.lines().find_map(|line| line.strip_prefix("local x: ")).unwrap();
    if said.is_empty() { line.to_owned() } else { format!("{line} ({})", said.join("; ")) }
}

#[test]
fn concrete_types_need_no_coercion() {
    for (expr, expected) in [
        ("i + 1", "int = (i + 1)"),
        ("i / 2 - -i % 3", "int = ((i / 2) - (-(i) % 3))"),
        ("i + 1.5", "float = (float(i) + 1.5)"),
        ("f * 2", "float = (f * 2.0)"),
        ("b + i", "int = (int(b) + i)"),
        ("b * f", "float = (float(int(b)) * f)"),
        ("'a' + i + t + b", "string = concat('a', text(i), t, text(b))"),
        ("i < 2 && !b || f >= i", "bool = (((i < 2) && !(b)) || (f >= float(i)))"),
        ("t == 'a' ? i : f", "float = ((t == 'a') ? float(i) : f)"),
        ("b < true", "bool = (b < true)"),
        ("-b", "bool = !(b)"),
        ("+i", "int = i"),
        ("l[0] + l.0", "int = (l[0] + l[0])"),
        ("m.k + m['k']", "int = (unwrap(m['k']) + unwrap(m['k']))"),
        ("m.k == 1", "bool = (m['k'] == some(1))"),
        ("m.k == null", "bool = is_null(m['k'])"),
        ("size l + t.length()", "int = (size(l) + size(t))"),
        ("empty m", "bool = empty(m)"),
        ("l + [2] + 3", "list<int> = ((l ++ [2]) ++ [3])"),
        ("[i, f, null]", "list<option<float>> = [some(float(i)), some(f), null]"),
        ("{'a': [], 'b': [i]}", "map<string, list<int>> = {'a': [], 'b': [i]}"),
        ("{:}", "map<string, dynamic> = {:}"),
        ("[]", "list<dynamic> = []"),
        ("utility:genRandPayload([1, 2])", "bytes = utility:genRandPayload([1, 2])"),
        ("std:randomPayload(l)", "bytes = std:randomPayload(l)"),
        ("o + 1", "int = (unwrap(o) + 1)"),
        ("o == null", "bool = is_null(o)"),
        ("null != o", "bool = !(is_null(o))"),
        ("o == 1", "bool = (o == some(1))"),
        ("o == f", "bool = (option<float>(o) == some(f))"),
        ("b ? o : null", "option<int> = (b ? o : null)"),
        ("null", "dynamic = null"),
        ("null == null", "bool = (null ~== null)"),
        ("o ? 1 : 2", "int = (holds(o) ? 1 : 2)"),
        ("i ? 1 : 2", "int = (holds(i) ? 1 : 2)"),
        ("'x' + o", "string = concat('x', text(unwrap(o)))"),
        ("'x' + l", "string = concat('x', text(dynamic(l)))"),
    ] {
        assert_eq!(value(expr), expected, "{expr}");
    }
}

#[test]
fn what_is_odd_is_dynamic() {
    for (expr, expected) in [
        ("d + 1", "dynamic = (d ~+ dynamic(1))"),
        ("'x' + d", "string = concat('x', text(d))"),
        ("d < 3", "bool = (d ~< dynamic(3))"),
        ("d && i", "bool = (truth(d) && holds(i))"),
        ("!t", "bool = !(holds(t))"),
        ("d ? 1 : 2", "int = (holds(d) ? 1 : 2)"),
        ("d[0].k", "dynamic = d~[dynamic(0)]~[dynamic('k')]"),
        ("-d", "dynamic = ~-(d)"),
        ("i == b", "bool = (dynamic(i) ~== dynamic(b))"),
        ("i == null", "bool = (dynamic(i) ~== null) (CSML0510 at i == null: an `int` never equals `null`)"),
        ("size i", "int = size(dynamic(i))"),
        ("[1, 'a']", "list<dynamic> = [dynamic(1), dynamic('a')]"),
        ("{1: i, 'a': i}", "map<dynamic, int> = {dynamic(1): i, dynamic('a'): i}"),
        ("l - [1.5]", "dynamic = (dynamic(l) ~- dynamic([1.5]))"),
        (
            "'5' > i",
            "bool = (dynamic('5') ~> dynamic(i)) (CSML0507 at '5' > i: comparing a `string` with an `int`)",
        ),
        (
            "t - 1",
            "dynamic = (dynamic(t) ~- dynamic(1)) (CSML0507 at t - 1: subtracting with a string only works if it holds a number)",
        ),
    ] {
        assert_eq!(value(expr), expected, "{expr}");
    }
}

#[test]
fn what_is_certainly_refused_is_an_error() {
    for (expr, expected) in [
        (
            "'abc' - 1",
            "CSML0502 at 'abc': this string is not a number, so subtracting with it cannot succeed",
        ),
        ("i < 'abc'", "CSML0502 at 'abc': this string is not a number, so it cannot be ordered with one"),
        ("null + 1", "CSML0502 at null + 1: `+` cannot take `null` and an `int`"),
        ("-l", "CSML0502 at -l: a `list<int>` cannot be negated"),
        ("-t", "CSML0502 at -t: a `string` cannot be negated"),
        ("+'5'", "CSML0502 at +'5': a `string` cannot be used with a sign"),
        ("l * 2", "CSML0502 at l * 2: `*` cannot take a `list<int>` and an `int`"),
        ("l < l", "CSML0502 at l < l: a `list<int>` and a `list<int>` cannot be ordered"),
        ("null < 1", "CSML0502 at null < 1: `null` and an `int` cannot be ordered"),
        ("!null", "CSML0502 at null: `null` is neither true nor false"),
        ("i[0]", "CSML0502 at i[0]: an `int` has no items or fields"),
        ("t.k", "CSML0502 at t.k: a `string` has no items or fields"),
        ("l.k", "CSML0502 at l.k: a list has no field `k`"),
        ("i / 0", "CSML0506 at 0: division by zero"),
        ("f % 0.0", "CSML0506 at 0.0: division by zero"),
        ("i.size()", "CSML0508 at size: an `int` has no method `size`"),
        (
            "std:randomPayload('x')",
            "CSML0508 at std:randomPayload('x'): no function `std:randomPayload` takes a `string`",
        ),
    ] {
        assert_eq!(value(expr), expected, "{expr}");
    }
}

#[test]
fn variables_join_what_flows_into_them() {
    let json = with(
        r#"["local", "a", "0"], ["local", "b", "a"], ["local", "c", "null"], ["local", "e", "[]"]"#,
        r#"{"assign": ["a", "0.5"]}, {"assign": ["c", "b"]}, {"assign": ["e", "e + a"]}"#,
        "",
    );
    assert_eq!(
        lines(&json, "local"),
        [
            "local a: float = 0.0",
            "local b: float = a",
            "local c: option<float> = null",
            "local e: list<float> = []",
        ]
    );
    assert_eq!(lines(&json, "assign c"), ["assign c = some(b)"]);
}

#[test]
fn places_that_disagree_are_named_once() {
    let json = with(
        r#"["local", "a", "0"], ["local", "b", "a"]"#,
        r#"{"assign": ["a", "'x'"]}, {"assign": ["a", "true"]}, {"assign": ["b", "a"]}"#,
        "",
    );
    let (program, said) = compile(&json);
    assert_eq!(said, ["CSML0501 at 'x': variable `a` is given both `int` and `string`"]);
    let program = program.unwrap();
    assert!(program.variables.values().all(|ty| *ty == Type::Dynamic));
}

#[test]
fn environment_data_are_typed_by_use() {
    let on = |guard: &str| {
        let more = format!(r#", "on": [{{"event": "e", "guards": [{}]}}]"#, quoted(guard));
        lines(&with(r#"["local", "i", "1"], ["local", "t", "''"]"#, "", &more), "event e").remove(0)
    };
    assert_eq!(on("$v"), "event e {v: bool} open");
    assert_eq!(on("$v == false"), "event e {v: bool} open");
    assert_eq!(on("$v > 3"), "event e {v: float} open");
    assert_eq!(on("$v + i > 3"), "event e {v: float} open");
    assert_eq!(on("$v > 3 || $v < 2.5"), "event e {v: float} open");
    assert_eq!(on("$v == t"), "event e {v: string} open");
    assert_eq!(on("$v == $w && $w == 'x'"), "event e {v: string, w: string} open");
    assert_eq!(on("$v * $w > $u"), "event e {v: dynamic, w: dynamic, u: dynamic} open");
    assert_eq!(on("$v * $w > 1"), "event e {v: float, w: float} open");
    assert_eq!(on("'a' + $v == 'a1'"), "event e {v: dynamic} open");
    assert_eq!(on("$v.a[0] == 1"), "event e {v: dynamic} open");
    assert_eq!(on("($v ? $w : 1) > i"), "event e {v?: bool, w: float} open");
    assert_eq!(on("[1, 2][$v] == 1"), "event e {v: int} open");
    // What meets an integer may be any number; what goes into an integer may not.
    assert_eq!(on("$v > i"), "event e {v: float} open");
    assert_eq!(on("($v ?? 0) > 21"), "event e {v?: float} open");
    assert_eq!(on("-$v * 2 + 1 >= 0"), "event e {v: float} open");
    assert_eq!(on("$v =~ [1, 2]"), "event e {v: float} open");
    assert_eq!(on("($v << 1) > 2 && $v > 3"), "event e {v: int} open");
    assert_eq!(on("i = i + $v; i > 2"), "event e {v: int} open");
}

#[test]
fn types_go_through_services_events_and_variables() {
    let json = r#"{"machines": [
        {"name": "a", "data": [["local", "threat", "false"], ["local", "n", "0"]], "states": [{"name": "s", "initial": true,
          "entry": [{"invoke": {"service": "detect", "input": {"size": "n"}, "output": ["threat"],
                     "done": [{"name": "found", "channel": "external"}]}},
                    {"invoke": {"service": "detect", "input": {"size": "n / 2.0", "hint": "'x'"}}}]}]},
        {"name": "b", "states": [{"name": "s", "initial": true, "on": [
          {"event": "found", "guards": ["$threat && $count > 1"]}]}]}]}"#;
    let (program, said) = compile(json);
    assert_eq!(said, NOTHING);
    let text = print(&program.unwrap());
    assert!(text.contains("event found {threat: bool, count: float} raised open"), "{text}");
    assert!(
        text.contains("service detect {size: float, hint?: string} -> {threat: bool, count: float}"),
        "{text}"
    );
    assert!(text.contains("done external found {threat: @threat, count: @count}"), "{text}");
    assert!(text.contains("invoke detect {size: float(n)}"), "{text}");
}

#[test]
fn event_data_of_several_events_meet_in_one_type() {
    let json = r#"{"machines": [{"name": "m", "data": [["local", "x", "0.5"]], "states": [
        {"name": "a", "initial": true, "entry": [{"raise": {"name": "e", "data": {"v": "1"}}},
                                                  {"raise": {"name": "f", "data": {"v": "1.5"}}}],
         "on": [{"event": "e", "target": "b"}, {"event": "f", "target": "b"}]},
        {"name": "b", "entry": [{"assign": ["x", "$v"]}]}]}]}"#;
    assert_eq!(lines(json, "assign"), ["assign m/x = $v<0:IntToFloat>"]);
}

#[test]
fn guards_and_delays() {
    let guard = |expr: &str| {
        let more = format!(r#", "always": [{{"guards": [{}]}}]"#, quoted(expr));
        compile(&with(
            r#"["local", "i", "1"], ["local", "o", "null"]"#,
            r#"{"assign": ["o", "true"]}"#,
            &more,
        ))
        .1
    };
    assert_eq!(guard("i"), ["CSML0503 at i: a guard must be boolean, but this is an `int`"]);
    assert_eq!(guard("null"), ["CSML0503 at null: a guard must be boolean, but this is `null`"]);
    assert_eq!(guard("o && i > 0"), NOTHING);
    let delay = |expr: &str| {
        let more = format!(r#", "after": [{{"name": "t", "delay": {}, "raises": []}}]"#, quoted(expr));
        compile(&with(r#"["local", "i", "1"], ["local", "t", "'5'"]"#, "", &more)).1
    };
    assert_eq!(delay("i * 1.5"), NOTHING);
    assert_eq!(delay("-1"), ["CSML0505 at -1: a delay cannot be negative"]);
    assert_eq!(
        delay("t"),
        ["CSML0504 at t: a delay must be a number of milliseconds, but this is a `string`"]
    );
    assert_eq!(
        delay("null"),
        ["CSML0504 at null: a delay must be a number of milliseconds, but this is `null`"]
    );
}

#[test]
fn growing_types_end() {
    let json = with(
        r#"["local", "a", "[]"], ["local", "b", "{:}"]"#,
        r#"{"assign": ["a", "[a]"]}, {"assign": ["b", "{'k': [b, a]}"]}"#,
        "",
    );
    let (program, _) = compile(&json);
    assert!(program.is_some());
}

/// A chain of variables, each assigned the next one, in either direction.
fn chain(length: usize, last: &str, first_use: &str) -> (Option<Program>, Vec<String>) {
    let data: Vec<_> = (0..length).map(|n| format!(r#"["local", "v{n}", "null"]"#)).collect();
    let value = |n: usize| if n + 1 == length { last.to_owned() } else { format!("v{}", n + 1) };
    let assign: Vec<_> = (0..length).map(|n| format!(r#"{{"assign": ["v{n}", "{}"]}}"#, value(n))).collect();
    let more = format!(
        r#", "on": [{{"event": "e", "actions": [{}]}}], "always": [{{"guards": ["{first_use}"]}}]"#,
        assign.join(",")
    );
    compile(&with(&data.join(","), "", &more))
}

#[test]
fn long_chains_of_variables_settle() {
    let option = |ty: Type| Type::Option(Box::new(ty));
    let (program, said) = chain(2_000, "1", "true");
    assert_eq!(said, NOTHING);
    assert!(program.unwrap().variables.values().all(|ty| *ty == option(Type::Int)));
    let (program, said) = chain(2_000, "$v", "v0");
    assert_eq!(said, NOTHING);
    let program = program.unwrap();
    assert!(program.variables.values().all(|ty| *ty == option(Type::Bool)));
    assert!(program.data.values().all(|ty| *ty == Type::Bool));
}

#[test]
fn the_deepest_expressions_fit_the_stack() {
    let deepest = crate::expr::MAX_DEPTH as usize;
    for expr in [
        format!("1{}", " + 1".repeat(deepest - 1)),
        format!("'a'{}", " + d".repeat(deepest - 1)),
        format!("{}true", "!".repeat(deepest - 1)),
        format!("{}d", "- ".repeat(deepest - 1)),
        format!("{}1{}", "[".repeat(deepest - 1), "]".repeat(deepest - 1)),
        format!("{}1{}", "{'k': ".repeat(deepest - 1), "}".repeat(deepest - 1)),
        format!("{}1", "d ? 1 : ".repeat(deepest - 1)),
        format!("d{}", "[0]".repeat(deepest - 1)),
        format!("1{}", " - (2 + d".repeat(deepest / 2 - 2) + &")".repeat(deepest / 2 - 2)),
        format!("{}1", "d ?: ".repeat(deepest - 1)),
        format!("{}1", "d ?? ".repeat(deepest - 1)),
        format!("d{}", "?.k".repeat(deepest - 1)),
        format!("t{}", ".trim()".repeat(deepest - 1)),
        format!("{}1", "d = ".repeat(deepest - 2)),
        format!("{}1{}", "{ var a = 1; ".repeat(deepest / 2), "}".repeat(deepest / 2)),
        format!("{}i", "if (b) ".repeat(deepest - 2)),
        format!("{}i", "while (b) ".repeat(deepest - 2)),
        format!("{}1{}", "(a -> a + ".repeat(deepest / 4), ")(1)".repeat(deepest / 4)),
    ] {
        let printed = value(&expr);
        let wrong = ["CSML04", "CSML0502", "CSML0508"].iter().any(|code| printed.contains(code));
        assert!(!wrong, "{expr}: {printed}");
    }
}

#[test]
fn real_descriptions_are_typed() {
    for (file, expected) in [
        ("corpus/railway.csml", &["event sensor {value: bool}"][..]),
        ("corpus/surveillance-system.csml", &["hasThreat: bool", "hasDetectedPersons: bool"]),
    ] {
        let Some(text) = shared(file) else { return };
        let mut sources = crate::source::Sources::new();
        let id = sources.add(file, text);
        let (output, _) = crate::compile(&sources, id, &crate::Options::default());
        let program = output.unwrap().program;
        assert_eq!(validate(&program), Vec::<String>::new(), "{file}");
        let text = print(&program);
        for part in expected {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }
}
