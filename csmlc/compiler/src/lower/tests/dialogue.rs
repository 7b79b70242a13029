//! What is said about scripts: errors for what cannot succeed, warnings for what is hardly meant.

use super::{NOTHING, compile, quoted, value, with};

#[test]
fn what_cannot_succeed_is_an_error() {
    for (expr, expected) in [
        ("t++", "CSML0502 at t++: `++` takes a number, not a `string`"),
        ("b--", "CSML0502 at b--: `--` takes a number, not a `bool`"),
        ("'abc' & 1", "CSML0502 at 'abc': this string is not a number and has no bits"),
        ("l & 1", "CSML0502 at l & 1: `&` cannot take a `list<int>` and an `int`"),
        ("~l", "CSML0502 at ~l: `~` cannot take a `list<int>`"),
        ("null.foo", "CSML0502 at null.foo: `null` has no items or fields"),
        ("null.size()", "CSML0502 at null.size(): `null` has no methods"),
        ("[1, 2][2]", "CSML0502 at 2: this list has 2 items, and no index 2"),
        ("9223372036854775807 + 1", {
            "CSML0502 at 9223372036854775807 + 1: the result has more than 64 bits"
        }),
        ("l['x'] = 1; 1", "CSML0502 at 'x': the index of a list is an `int`, not a `string`"),
        ("t.k = 1", "CSML0502 at t.k: a `string` has no items or fields"),
        ("t.toUperCase()", "CSML0414 at toUperCase: unknown method `toUperCase`"),
        ("i.trim()", "CSML0508 at trim: an `int` has no method `trim`"),
        ("t.substring('a')", {
            "CSML0508 at t.substring('a'): a `string` has no method `substring` that takes a `string`"
        }),
        ("math:sqrt('x')", { "CSML0508 at math:sqrt('x'): no function `math:sqrt` takes a `string`" }),
        ("var g = a -> a", "CSML0502 at var g = a -> a: a function is not a value: it can only be called"),
    ] {
        let said = value(expr);
        let first = said.split("; ").find(|line| !line.contains("CSML0513")).unwrap_or_default();
        assert_eq!(first, expected, "{expr}");
    }
}

#[test]
fn what_is_hardly_meant_is_a_warning() {
    for (expr, expected) in [
        ("t ? 1 : 2", "CSML0509 at t: a `string` as a condition"),
        ("if (l) 1 else 2", "CSML0509 at l: a `list<int>` as a condition"),
        ("l == 1", "CSML0510 at l == 1: a `list<int>` never equals an `int`"),
        ("i + 1; 2", "CSML0512 at i + 1: this value is unused"),
        ("var a = 1; 2", "CSML0513 at a: local variable `a` is never read"),
        ("var a = 1; a = 2; 2", "CSML0513 at a: local variable `a` is never read"),
        ("var g = a -> a; 2", "CSML0513 at g: function `g` is never called"),
        ("return 1; 2", "CSML0514 at 2: this is never reached"),
        ("for (var a : i) { t = 'y' } 1", {
            "CSML0515 at i: this loop iterates over an `int`, which has no items"
        }),
        ("var a = 1; a = 'x'; a", "CSML0501"),
    ] {
        let json = with(
            &format!(
                r#"["local", "i", "1"], ["local", "t", "'t'"], ["local", "l", "[1]"], ["local", "x", {}]"#,
                quoted(expr)
            ),
            "",
            "",
        );
        let (program, said) = compile(&json);
        assert!(program.is_some(), "{expr}: {said:?}");
        assert!(said.iter().any(|line| line.starts_with(expected)), "{expr}: {said:?}");
    }
}

#[test]
fn locals_and_results_that_disagree_are_named() {
    let said = |expr: &str| compile(&with(&format!(r#"["local", "x", {}]"#, quoted(expr)), "", "")).1;
    assert_eq!(
        said("var a = 1; a = 'x'; size a"),
        ["CSML0501 at 'x': local variable `a` is given both `int` and `string`"]
    );
    assert_eq!(
        said("var g = function (n) { if (n > 1) { return 'x' } n }; size(g(1))"),
        ["CSML0501 at n: the result of function `g` is given both `string` and `int`"]
    );
    assert_eq!(
        said("var g = n -> n == 1; g(1) || g('x')"),
        ["CSML0501 at 'x': parameter `n` is given both `int` and `string`"]
    );
}

#[test]
fn guards_may_be_scripts() {
    let guard = |expr: &str| {
        let more = format!(r#", "on": [{{"event": "e", "guards": [{}]}}]"#, quoted(expr));
        compile(&with(r#"["local", "i", "1"], ["local", "b", "true"]"#, "", &more)).1
    };
    assert_eq!(guard("var a = i + 1; a > 2"), NOTHING);
    assert_eq!(guard("for (var a : 1..3) { if (a > i) return true } false"), NOTHING);
    assert_eq!(guard("i = 5; i > 3"), NOTHING);
    assert_eq!(guard("b = true"), ["CSML0511 at b = true: this guard assigns a variable"]);
    assert_eq!(
        guard("var a = i + 1; a"),
        ["CSML0503 at var a = i + 1; a: a guard must be boolean, but this is an `int`"]
    );
    assert_eq!(guard("$v.add(1)"), ["CSML0502 at $v: event data such as `$v` cannot be changed"]);
}

#[test]
fn assignments_in_guards_are_flows() {
    let more = r#", "on": [{"event": "e", "guards": ["(i = 2.5) > 1"]}]"#;
    assert_eq!(super::lines(&with(r#"["local", "i", "1"]"#, "", more), "local i"), ["local i: float = 1.0"]);
}
