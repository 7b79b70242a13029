//! The value of a `match` and what it is compared with.

use super::*;

/// The tests of the cases of a `match` of `value`, or what is said against it. `i` int, `f` float, `t` string,
/// `b` bool, `o` option of int, `d` dynamic.
fn tests(value: &str, cases: &[&str]) -> Vec<String> {
    let cases: Vec<String> = cases.iter().map(|case| format!("[{}, []]", quoted(case))).collect();
    let action = format!(r#"{{"match": {{"value": {}, "cases": [{}]}}}}"#, quoted(value), cases.join(", "));
    let data = r#"["local", "i", "1"], ["local", "f", "1.5"], ["local", "t", "'t'"], ["local", "b", "true"],
        ["local", "o", "null"], ["local", "d", "null"], ["local", "m", "{'k': 1}"]"#;
    let entry = format!(
        r#"{{"assign": ["o", "1"]}}, {{"assign": ["d", "1"]}}, {{"assign": ["d", "'x'"]}}, {action}"#
    );
    let (program, mut said) = compile(&with(data, &entry, ""));
    said.retain(|line| !line.starts_with("CSML0501"));
    let Some(program) = program else { return said };
    let text = print(&program);
    let typed = text.lines().filter_map(|line| {
        let line = line.trim();
        line.strip_prefix("case ").or(line.strip_prefix("match "))
    });
    typed.map(str::to_owned).chain(said).collect()
}

#[test]
fn cases_are_compared_as_by_the_operator() {
    assert_eq!(tests("i + 1", &["1", "i"]), ["(i + 1): int", "(@matched == 1)", "(@matched == i)"]);
    assert_eq!(
        tests("i", &["f", "o", "d"])[1..],
        ["(float(@matched) == f)", "(some(@matched) == o)", "(dynamic(@matched) ~== d)",]
    );
    assert_eq!(tests("t", &["'a'", "t + 'b'"])[1..], ["(@matched == 'a')", "(@matched == concat(t, 'b'))"]);
    assert_eq!(tests("o", &["1", "null"])[1..], ["(@matched == some(1))", "is_null(@matched)"]);
    assert_eq!(tests("true", &["i > 1", "b"]), ["true: bool", "(@matched == (i > 1))", "(@matched == b)"]);
    assert_eq!(tests("null", &["d"]), ["null: dynamic", "(@matched ~== d)"]);
}

#[test]
fn a_case_that_can_never_equal_is_odd() {
    let said = tests("i", &["'1'", "1"]);
    assert_eq!(said[1..3], ["(dynamic(@matched) ~== dynamic('1'))", "(@matched == 1)"]);
    assert_eq!(said[3], "CSML0507 at '1': comparing an `int` with a `string`");
}

#[test]
fn a_return_ends_the_case_and_not_the_comparison() {
    let typed = tests("i", &["if (b) { return 1; } 2"]);
    assert_eq!(typed[0], "i: int");
    assert!(typed[1].contains("(@matched == "), "{typed:?}");
}

#[test]
fn what_is_matched_takes_its_type_from_the_cases() {
    let on = r#", "on": [{"event": "e", "actions": [
        {"match": {"value": "$v", "cases": [["'a'", []], ["'b'", []]]}}]}]"#;
    assert_eq!(lines(&with("", "", on), "event e"), ["event e {v: string} open"]);
    assert_eq!(lines(&with("", "", on), "match $"), ["match $v: string"]);
}

#[test]
fn what_a_case_is_compared_with_takes_its_type_from_the_value() {
    let on = r#", "on": [{"event": "e", "actions": [
        {"match": {"value": "n", "cases": [["$v", []]]}}]}]"#;
    assert_eq!(lines(&with(r#"["local", "n", "1"]"#, "", on), "event e"), ["event e {v: float} open"]);
}

#[test]
fn names_in_cases_are_checked() {
    assert_eq!(tests("gone", &["i"]), ["CSML0410 at gone: unknown variable `gone`"]);
    assert_eq!(tests("i", &["gone", "1 +"]).len(), 2);
    // What is in error is compared with nothing.
    assert_eq!(tests("gone", &["1", "'a'"]).len(), 1);
}
