use std::collections::BTreeMap;

use csml_rt_core::{Rng, StepErrorKind, Value};

use super::{EvalError, Program};
use crate::parse;

type Variables = BTreeMap<String, Value>;

fn run(source: &str, variables: &mut Variables, limit: u64) -> Result<Value, EvalError<(usize, usize)>> {
    let script = parse(source, &|start, end| (start, end))
        .unwrap_or_else(|fault| panic!("{source}: {} {}", fault.message(), fault.label_text()));
    Program::new(&script).evaluate(variables, &mut Rng::new(1), limit)
}

fn eval(source: &str) -> Result<Value, EvalError<(usize, usize)>> {
    run(source, &mut Variables::new(), 100_000)
}

/// Sources and the JSON text of their values; `!` stands before part of an error's message.
fn check(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        match (eval(source), expected.strip_prefix('!')) {
            (Ok(value), None) => assert_eq!(value.to_json(), *expected, "{source}"),
            (Err(error), Some(part)) => {
                assert!(error.message.contains(part), "{source}: {}", error.message);
            }
            (found, _) => panic!("{source}: {found:?}, not {expected}"),
        }
    }
}

#[test]
fn literals() {
    check(&[
        ("null", "null"),
        ("[1, 2.5, 'a', true]", r#"[1,2.5,"a",true]"#),
        ("{3, 1, 3}", r#"{"$set":[1,3]}"#),
        ("{'a': 1, 'b': [2]}", r#"{"a":1,"b":[2]}"#),
        ("{:}", "{}"),
        ("x = 2; `a${x + 1}b${'c'}`", r#""a3bc""#),
        ("1..3", "[1,2,3]"),
        ("3..1", "[3,2,1]"),
        ("NaN", r#"{"$float":"NaN"}"#),
    ]);
}

#[test]
fn operators_that_may_skip_their_right_side() {
    check(&[
        ("n = 0; true || (n = 1); n", "0"),
        ("n = 0; false && (n = 1); n", "0"),
        ("n = 0; 1 ?: (n = 1); n", "0"),
        ("n = 0; 0 ?? (n = 1); n", "0"),
        ("n = 0; false || (n = 1)", "true"),
        ("1 && 'a'", "true"),
        ("0 || 0.0", "false"),
        ("null ?: 5", "5"),
        ("'' ?: 5", "5"),
        ("null ?? null ?? 5", "5"),
        ("null || true", "!null is neither true nor false"),
        ("true && null", "!null is neither true nor false"),
        ("null ? 1 : 2", "2"),
        ("if (null) 1 else 2", "!null is neither true nor false"),
        ("while (null) 1", "!null is neither true nor false"),
        ("do { 1 } while (null)", "!null is neither true nor false"),
        ("for (; null;) 1", "!null is neither true nor false"),
        ("!null", "!null is neither true nor false"),
    ]);
}

/// The kinds of what real use found: each fails where nothing protects it.
#[test]
fn missing_data_counts_as_null_where_it_is_protected() {
    const DATA: &str = "m = {'a': 1, 'n': null, 'o': {'p': 5}}; xs = [1]; s = 'text'; nul = null; ";
    for (source, expected) in [
        ("m.z.y ?: 'd'", r#""d""#),
        ("m['n']['y'] ?? 'd'", r#""d""#),
        ("xs[9] ?? 'd'", r#""d""#),
        ("xs[9].y ?? 'd'", r#""d""#),
        ("nothere.x ?? 'd'", r#""d""#),
        ("$nothere ?? 'd'", r#""d""#),
        ("s.y ?? 'd'", r#""d""#),
        ("m.z.y.x ? 1 : 2", "2"),
        ("m.n > 1 ? 1 : 2", "2"),
        ("!m.n ? 1 : 2", "2"),
        ("(m.n || true) ? 1 : 2", "2"),
        ("xs[9] == null ? 1 : 2", "1"),
        ("m.n * 2 ?? 0", "0"),
        ("-m.n ?? 42", "42"),
        ("xs[m.n + 1] ?? 0", "0"),
        ("m.n.size() ?? 7", "7"),
        ("'abc'.indexOf(m.n) ?? 7", "7"),
        ("math:abs(m.n) ?? 7", "7"),
        ("f = x -> m.n + x; f(1) ?? 7", "7"),
        ("(x -> m.n + x)(1) ?? 7", "7"),
        ("empty m.z.y", "true"),
        ("empty nothere", "true"),
        ("size m.z.y", "0"),
        ("m.a?.y", "null"),
        ("xs?[9]", "null"),
        ("m?['z']?['b']", "null"),
        ("xs.add(2) ?? 0; xs", "[1,2]"),
        // Other errors are not about missing data, nor are those of a method.
        ("(1 / 0) ?? 5", "!zero"),
        ("empty (1 / 0)", "!zero"),
        ("xs.get(9) ?? 5", "!no item 9"),
        ("m.a.foo() ?? 5", "!no method"),
        ("nope:abs(1) ?? 5", "!namespace"),
        // Nothing protects these.
        ("m.z.y", "!null"),
        ("xs[9]", "!no item 9"),
        ("m.n + 1", "!null"),
        ("(m.n ?? 1) + m.n", "!null"),
        ("1 > 0 ? m.n + 1 : 2", "!null"),
        ("f = x -> m.z.y; f(1) == null", "!null"),
        ("m.z.y == null", "!null"),
    ] {
        check(&[(&format!("{DATA}{source}"), expected)]);
    }
}

#[test]
fn template_strings() {
    check(&[
        (r"`a\tb\n\u0041\q`", r#""a\tb\nA\\q""#),
        (r"`\${1} \#{1} \` $ # {1}`", r#""${1} #{1} ` $ # {1}""#),
        ("`#{1 + 1} km, ${2 + 2} m`", r#""2 km, 4 m""#),
        ("`#{ {'a': '}'}.a }`", r#""}""#),
        ("x = null; `room ${x}.`", r#""room .""#),
        ("`${null}#{null}`", r#""""#),
        ("x = {'a': 1}; `${x.z.y}`", "!null"),
        ("x = null; `${x + 1}`", "!null"),
    ]);
}

#[test]
fn regular_expressions() {
    check(&[
        ("'abc' =~ ~/a.c/", "true"),
        ("'xabcx' =~ ~/abc/", "false"),
        (r"'a/b' =~ ~/a\/b/ && '12' =~ ~/\d+/ && '1' =~ ~/\\d/", "true"),
        ("'x' !~ ~/[^a-w]/", "false"),
        ("p = ~/(?i)ABC/; 'abc' =~ p && 'abc'.matches(p.pattern())", "true"),
        ("8 / 2 / 2", "2"),
        ("~8", "-9"),
        ("'a' =~ ~/(/", "!without `)`"),
    ]);
}

#[test]
fn access() {
    check(&[
        ("x = [[1, 2], [3, 4]]; x[1][0]", "3"),
        ("x = [1]; x[1]", "!no item 1"),
        ("x = [1]; x.0", "1"),
        ("x = {'a': {'b': 5}}; x.a['b']", "5"),
        ("x = {'a': 1}; x.q", "null"),
        ("x = {'a': 1}; x.q.r", "!null"),
        ("x = {'a': 1}; x.q?.r", "null"),
        ("x = {'a': 1}; x.q?.r?.s", "null"),
        ("x = {'a': 1}; x.q?.[0]", "null"),
        ("x = null; x?.foo", "!null"),
        ("x = null; x?.foo()", "null"),
        ("x = null; n = 0; x?.foo(n = 1); n", "0"),
        ("x = null; n = 0; x?.add(n = 1); n", "0"),
        ("x = null; x.size()", "!"),
        ("x = 5; x.y", "!"),
        ("nope", "!unknown variable `nope`"),
        ("$nope", "!unknown event data `$nope`"),
        ("nope(1)", "!unknown function `nope`"),
    ]);
}

#[test]
fn assignments() {
    check(&[
        ("a = b = 3; a + b", "6"),
        ("x = [1, 2, 3]; x[1] = 9; x", "[1,9,3]"),
        ("x = [1, 2, 3]; x[1] = x[2] = true; x", "[1,true,true]"),
        ("x = [1]; x[1] = 2", "!"),
        ("x = {:}; x.a = 1; x['b'] = 2; x", r#"{"a":1,"b":2}"#),
        ("x = {'a': {'b': [1]}}; x.a.b[0] += 5; x", r#"{"a":{"b":[6]}}"#),
        ("x = {:}; x.a.b = 1", "!"),
        ("x = 7; x -= 2; x *= 3; x /= 5; x %= 2", "1"),
        ("x = 6; x &= 3; x |= 8; x ^= 1; x", "11"),
        ("x = 1; x <<= 4; x >>= 1; x", "8"),
        ("x = {:}; x.n += 1", "!"),
        ("q += 1", "!unknown variable `q`"),
        ("q.a = 1", "!unknown variable `q`"),
        // The right side comes before the keys of the target, as in JEXL.
        ("i = 0; l = [0, 0, 0]; l[i] = i += 1; l", "[0,1,0]"),
        // Base and index are evaluated once.
        ("i = 0; l = [5, 6]; l[i++] += 10; [i, l]", "[1,[15,6]]"),
        ("i = 0; l = [5, 6]; l[i++]++; [i, l]", "[1,[6,6]]"),
        ("x = 5; x++ + x", "11"),
        ("x = 5; ++x + x", "12"),
        ("x = 5; x-- - --x", "2"),
        ("x = 'a'; x++", "!"),
        ("x = {'n': 1}; [x.n++, ++x.n, x.n--, --x.n]", "[1,3,3,1]"),
        ("$x = 1", "!event data"),
        ("x = 9223372036854775807; x += 1", "!overflow"),
    ]);
}

#[test]
fn collections_are_values() {
    check(&[
        ("a = [1]; b = a; b.add(2); [a, b]", "[[1],[1,2]]"),
        ("a = {'l': [1]}; b = a; b.l[0] = 5; [a.l, b.l]", "[[1],[5]]"),
        ("a = [1]; b = [a, a]; b[0].add(2); [a, b]", "[[1],[[1,2],[1]]]"),
        ("a = [[1]]; a[0].add(2); a", "[[1,2]]"),
        ("a = {'l': [1]}; a.l.add(2); a.l.remove(0); a", r#"{"l":[2]}"#),
        ("[1].add(2)", "true"),
        ("l = [1, 2]; for (var x : l) { l.add(x) } l", "[1,2,1,2]"),
    ]);
}

#[test]
fn statements_have_values() {
    check(&[
        ("1; 2; 3", "3"),
        ("x = 5", "5"),
        ("var x = 5", "5"),
        ("var x", "null"),
        ("var x; x", "null"),
        ("if (false) 1", "null"),
        ("if (true) { 1; 2 }", "2"),
        ("if (0) 1 else if (1) 2 else 3", "2"),
        ("while (false) 1", "null"),
        ("x = 0; while (x < 10) { x += 3 }", "12"),
        ("x = 0; while (x < 10) { x += 3 } x", "12"),
        ("x = 0; do { x++ } while (x < 5); x", "5"),
        ("x = 0; do x += 1 while (false)", "1"),
        ("s = 0; for (var x : [1, 2, 3]) s += x", "6"),
        ("s = ''; for (var x : {'a': 1, 'b': 2}) s += x; s", r#""12""#),
        ("s = 0; for (var x : {1, 2}) { s += x } s", "3"),
        ("s = 0; for (var x : 1..4) { s += x } s", "10"),
        ("s = []; for (var x : 3..1) { s.add(x) } s", "[3,2,1]"),
        ("s = 0; for (y : [1, 2]) { s += y } y", "2"),
        ("s = 0; for (var i = 0; i < 4; i++) { s += i } s", "6"),
        ("for (var x : []) 1", "null"),
        ("return 1; 2", "1"),
        ("if (true) { return 1 } 2", "1"),
        ("return", "null"),
        ("{ }", "null"),
    ]);
}

#[test]
fn loops_are_left() {
    check(&[
        ("x = 0; while (true) { x++; if (x > 5) break } x", "6"),
        ("s = 0; for (var x : 1..10) { if (x % 2 == 0) continue; s += x } s", "25"),
        ("s = 0; for (var i = 0; i < 10; i++) { if (i == 3) continue; if (i == 6) break; s += i } s", "12"),
        ("x = 0; do { x++; if (x < 5) continue; break } while (true); x", "5"),
        ("s = 0; for (var a : 1..3) { for (var b : 1..3) { if (b == 2) break; s += 10 * a + b } } s", "63"),
        ("for (var x : 1..3) { if (x == 2) return x }", "2"),
        ("for (var x : 1..3) { for (var y : 1..3) { if (y == 2) return [x, y] } }", "[1,2]"),
        // The value is that of the last body that came to its end.
        ("for (var x : 1..3) { if (x == 3) continue; x }", "2"),
    ]);
}

#[test]
fn functions() {
    check(&[
        ("f = function (a, b) { a * b }; f(3, 4)", "12"),
        ("f = a -> a + 1; f(3)", "4"),
        ("var f = (a, b) -> a - b; f(5, 3)", "2"),
        ("(function (a) { a + 1 })(41)", "42"),
        ("(x -> x * 2)(4)", "8"),
        ("var f = n -> n <= 1 ? 1 : n * f(n - 1); f(20)", "2432902008176640000"),
        ("var f = n -> n < 2 ? n : f(n - 1) + f(n - 2); f(15)", "610"),
        ("var f = function (x) { if (x > 0) { return 'p' } 'n' }; f(1) + f(-1)", r#""pn""#),
        // Locals around it are captured by value when it is created.
        ("var n = 1; var f = x -> x + n; n = 100; f(1)", "2"),
        ("var n = 1; var f = x -> { n = n + x; n }; [f(1), f(1), n]", "[2,2,1]"),
        // Variables of the context are seen live.
        ("n = 1; var f = x -> x + n; n = 100; f(1)", "101"),
        ("n = 0; var f = x -> { n = n + x }; f(1); f(2); n", "3"),
        // Functions capture each other.
        ("var n = 1; var f = x -> x + n; n = 50; var g = x -> f(x) * 10; g(1)", "20"),
        ("var k = 3; var f = x -> { var g = y -> y * k; g(x) + 1 }; f(2)", "7"),
        ("var s = 0; for (var i : 1..3) { var f = x -> x * i; s += f(10) } s", "60"),
        // Loops of a caller go on.
        (
            "var f = x -> { for (var i : 1..5) { if (i == x) return i * 10 } }; var s = 0; for (var j : 1..3) { s += f(j) } s",
            "60",
        ),
        ("var f = n -> f(n + 1); f(0)", "!calls"),
    ]);
}

#[test]
fn deep_recursion_uses_no_stack() {
    let deep = format!("var f = n -> n == 0 ? 0 : {}f(n - 1){}; f(199)", "(1 + ".repeat(60), ")".repeat(60));
    let thread = std::thread::Builder::new().stack_size(512 << 10);
    let value = thread.spawn(move || eval(&deep).map(|value| value.to_json())).unwrap().join().unwrap();
    assert_eq!(value, Ok((199 * 60).to_string()));
}

#[test]
fn loops_and_calls_end() {
    for source in [
        "while (true) {}",
        "while (true) continue",
        "do { } while (true)",
        "for (;;) { }",
        "for (var x : 0..9223372036854775807) { }",
        "var f = n -> n; while (f(true)) {}",
    ] {
        let error = run(source, &mut Variables::new(), 1_000).unwrap_err();
        assert_eq!(error.kind, StepErrorKind::LoopLimit, "{source}");
        assert!(error.message.contains("1000") && error.message.contains("loop_limit"), "{}", error.message);
    }
    assert_eq!(run("for (var x : 1..1000) x", &mut Variables::new(), 1_000), Ok(1000.into()));
    assert!(run("for (var x : 1..1001) x", &mut Variables::new(), 1_000).is_err());
}

#[test]
fn ranges_reach_the_ends_of_integers() {
    check(&[
        ("var n = 0; for (var x : 9223372036854775806..9223372036854775807) { n++ } n", "2"),
        ("var n = 0; for (var x : -9223372036854775807..(-9223372036854775807 - 1)) { n++ } n", "2"),
        ("1..1", "[1]"),
    ]);
}

#[test]
fn errors_point_at_what_failed() {
    for (source, part) in [
        ("1 + (2 / 0)", "(2 / 0)"),
        ("x = 1; x + yy", "yy"),
        ("x = [1]; 5 + x[3]", "x[3]"),
        ("f = a -> a - 'x'; 1 + f(2)", "a - 'x'"),
        ("x = 1; x.foo(2)", "x.foo(2)"),
        ("if (1 > 'a') 1", "1 > 'a'"),
    ] {
        let error = eval(source).unwrap_err();
        let (start, end) = error.span;
        assert_eq!(source.get(start..end), Some(part), "{source}: {}", error.message);
    }
}

#[test]
fn the_context_keeps_variables() {
    let mut variables = Variables::from([("x".into(), 1.into()), ("$d".into(), 5.into())]);
    assert_eq!(run("y = x + $d; x = 2; var z = 3; y", &mut variables, 10), Ok(6.into()));
    let expected = [("x".into(), 2.into()), ("y".into(), 6.into()), ("$d".into(), 5.into())];
    assert_eq!(variables, Variables::from(expected));
}

#[test]
fn a_program_runs_again_from_the_start() {
    let script = parse("var n; n = (n ?? 0) + 1; total = total + n", &|_, _| ()).unwrap();
    let program = Program::new(&script);
    let mut variables = Variables::from([("total".into(), 0.into())]);
    for _ in 0..3 {
        program.evaluate(&mut variables, &mut Rng::new(1), 10).unwrap();
    }
    assert_eq!(variables["total"], 3.into());
}

#[test]
fn a_seed_repeats() {
    let draw = |seed| {
        let script = parse("[std:takeRandom(1..1000), std:takeRandom(1..1000)]", &|_, _| ()).unwrap();
        Program::new(&script).evaluate(&mut Variables::new(), &mut Rng::new(seed), 10).unwrap()
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}

#[test]
fn the_deepest_scripts_need_little_stack() {
    let patterns: &[(&str, &str)] = &[
        ("(1 + ", ")"),
        ("-(", ")"),
        ("[", "]"),
        ("(true ? ", " : 0)"),
        ("(x -> ", ")(1)"),
        ("if (true) { ", " }"),
        ("while (n++ == 0) { ", " }"),
        ("(null ?? ", ")"),
        ("math:abs(", ")"),
        ("l[", " * 0]"),
        ("'a'.equals(", ")"),
        ("`${", "}`"),
    ];
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for (open, close) in patterns {
            let mut evaluated = 0;
            for levels in (1..200).step_by(6) {
                let source = format!("l = [0]; n = 0; {}1{}", open.repeat(levels), close.repeat(levels));
                let Ok(script) = parse(&source, &|start, end| (start, end)) else { break };
                evaluated = levels;
                let _ = Program::new(&script).evaluate(&mut Variables::new(), &mut Rng::new(1), 1_000);
            }
            assert!(evaluated > 15, "{open}: only {evaluated} levels");
        }
    });
    thread.unwrap().join().unwrap();
}
