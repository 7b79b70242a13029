//! Locals, assignments, statements, functions and calls: what they become.

use super::value;

fn become_(cases: &[(&str, &str)]) {
    for (expr, expected) in cases {
        assert_eq!(value(expr), *expected, "{expr}");
    }
}

#[test]
fn locals_have_the_type_of_all_that_flows_into_them() {
    become_(&[
        ("var a = 1; a + 1", "int = script { { let a: int = 1; (a + 1) } }"),
        ("var a = 1; a += 1.5; a", "float = script { { let a: float = 1.0; a = (a + 1.5); a } }"),
        (
            "var a; a = 5; a + 1",
            "int = script { { let a: option<int> = null; a = some(5); (unwrap(a) + 1) } }",
        ),
        ("var a = 1; var a = 2; a", "int = script { { let a: int = 1; a = 2; a } }"),
        ("var a = [...]; a.add(1); a.add(2.5); a", {
            "list<float> = script { { let a: list<float> = []; a.add(1.0); a.add(2.5); a } }"
        }),
        ("var a = [...]; a += 1; a", "list<int> = script { { let a: list<int> = []; a = (a ++ [1]); a } }"),
        ("var a = {:}; a.k = 1; a.j = 2; a", {
            "map<string, int> = script { { let a: map<string, int> = {:}; a['k'] = 1; a['j'] = 2; a } }"
        }),
        ("var a = {:}; a.k = [1]; a.k[0] = 2.5; a", {
            "map<string, list<float>> = script { { let a: map<string, list<float>> = {:}; a['k'] = [1.0]; a['k'][0] = 2.5; a } }"
        }),
        ("var a = {}; a.add(5); a", "set<int> = script { { let a: set<int> = {}; a.add(5); a } }"),
        ("var a = {:}; a.keySet()", {
            "set<string> = script { { let a: map<string, dynamic> = {:}; map:keySet(a) } }"
        }),
    ]);
}

#[test]
fn assignments_have_values() {
    become_(&[
        ("i = 5", "int = script { { i = 5; 5 } }"),
        ("i += 1", "int = script { { let %0: int = (i + 1); i = %0; %0 } }"),
        ("++i", "int = script { { let %0: int = (i + 1); i = %0; %0 } }"),
        ("i--", "int = script { { let %0: int = i; i = (%0 - 1); %0 } }"),
        ("o++", "int = script { { let %0: int = unwrap(o); o = some((%0 + 1)); %0 } }"),
        ("d++; d", "dynamic = script { { d = ~++(d); d } }"),
        ("f++; f", "float = script { { f = (f + 1.0); f } }"),
        ("i <<= 1; i", "int = script { { i = (i << 1); i } }"),
        ("t += 1; t", "string = script { { t = concat(t, text(1)); t } }"),
        ("var a = i++ + 1; a", {
            "int = script { { let a: int = ({ let %1: int = i; i = (%1 + 1); %1 } + 1); a } }"
        }),
        ("f = i = 3", "int = script { { let %0: int = { i = 3; 3 }; f = float(%0); %0 } }"),
        ("l[0] = l[1] = 3", "int = script { { let %0: int = { l[1] = 3; 3 }; l[0] = %0; %0 } }"),
        ("l[i] += 2; l", "list<int> = script { { l[i] = (l[i] + 2); l } }"),
        ("l[i + 1] += 2; l", "list<int> = script { { let %0: int = (i + 1); l[%0] = (l[%0] + 2); l } }"),
        ("l[i] += i++; l", {
            "list<int> = script { { let %1: int = { let %0: int = i; i = (%0 + 1); %0 }; l[i] = (l[i] + %1); l } }"
        }),
        ("m.k += 1; m", "map<string, int> = script { { m['k'] = (unwrap(m['k']) + 1); m } }"),
        ("d.foo[0] = 3", { "int = script { { d~[dynamic('foo')]~[dynamic(0)] = dynamic(3); 3 } }" }),
    ]);
}

#[test]
fn only_some_parts_are_evaluated() {
    become_(&[
        ("o ?: 5", "int = (holds(o) ? unwrap(o) : 5)"),
        ("0.0 ?: 5", "int = 5"),
        ("l ?: 5", "list<int> = l"),
        ("o ?? 5", "int = (is_null(o) ? 5 : unwrap(o))"),
        ("i ?? 5", "int = i"),
        ("null ?? i", "int = i"),
        ("d ?? 5", "dynamic = ((d ~== null) ? dynamic(5) : d)"),
        ("(i + 1) ?: 5", "int = script { { let %0: int = (i + 1); (holds(%0) ? %0 : 5) } }"),
        ("m.k ?? 0", "int = protected(unwrap(m['k']), 0)"),
        ("var n = {'a': {'b': 1}}; n.a?.b", {
            "option<int> = script { { let n: map<string, map<string, int>> = {'a': {'b': 1}}; protected(unwrap(n['a'])['b'], null) } }"
        }),
        ("o?.k", "dynamic = script { { unwrap(o); null } }"),
        ("d.a?.b", "dynamic = ~SafeIndex(d~[dynamic('a')], dynamic('b'))"),
        ("d?.a", "dynamic = d~[dynamic('a')]"),
        ("if (i > 1) { 5 } else { 6 }", "int = ((i > 1) ? 5 : 6)"),
        ("if (i > 1) 5", "option<int> = ((i > 1) ? some(5) : null)"),
    ]);
}

#[test]
fn statements_leave() {
    become_(&[
        ("return 5", "int = 5"),
        ("if (i > 1) { return 5 } 6", "int = script { { if (i > 1) { return 5; } 6 } }"),
        ("if (i > 1) { return 5 } else { return 6.5 }", "float = ((i > 1) ? 5.0 : 6.5)"),
        ("if (i > 1) { return } 6", "option<int> = script { { if (i > 1) { return null; } some(6) } }"),
        ("var a = i > 1 ? 'x' : 'y'; return a", {
            "string = script { { let a: string = ((i > 1) ? 'x' : 'y'); a } }"
        }),
    ]);
}

#[test]
fn loops_have_values_where_they_are_used() {
    become_(&[
        ("var n = 0; while (n < 10) { n += 3 } n", {
            "int = script { { let n: int = 0; loop while (n < 10) { n = (n + 3); } n } }"
        }),
        ("var n = 0; while (n < 10) { n += 3 }", {
            "option<int> = script { { let n: int = 0; let %1: option<int> = null; loop while (n < 10) { let %2: int = (n + 3); n = %2; %1 = some(%2); } %1 } }"
        }),
        ("do { i++ } while (i < 5); i", "int = script { { loop { i = (i + 1); } while (i < 5) i } }"),
        ("for (var j = 0; j < 3; j++) { i += j } i", {
            "int = script { { let j: int = 0; loop while (j < 3) { i = (i + j); } step { j = (j + 1); } i } }"
        }),
        ("while (true) { if (b) break; if (i > 3) continue; i++ } i", {
            "int = script { { loop while true { if b { break; } if (i > 3) { continue; } i = (i + 1); } i } }"
        }),
        ("var s = 0; for (var a : l) { s += a } s", {
            "int = script { { let s: int = 0; for a: int in l { s = (s + a); } s } }"
        }),
        ("var s = 0; for (var a : 1..i) { s += a } s", {
            "int = script { { let s: int = 0; for a: int in 1 .. i { s = (s + a); } s } }"
        }),
        ("var s = ''; for (var a : m) { s += a } s", {
            "string = script { { let s: string = ''; for a: int in m { s = concat(s, text(a)); } s } }"
        }),
        ("var s = ''; for (var a : d) { s += a } s", {
            "string = script { { let s: string = ''; for a: dynamic in ~d { s = concat(s, text(a)); } s } }"
        }),
        ("var s = 0; for (i : l) { s += i } s", {
            "int = script { { let s: int = 0; for %1: int in l { i = %1; s = (s + i); } s } }"
        }),
        ("var s = 0.5; for (var a : l) { a = a / 2.0; s += a } s", {
            "float = script { { let s: float = 0.5; for %2: int in l { let a: float = float(%2); a = (a / 2.0); s = (s + a); } s } }"
        }),
    ]);
}

#[test]
fn what_is_used_outside_of_its_block_is_declared_first() {
    become_(&[
        ("{ var y = 1; } y + 1", {
            "int = script { { let y: option<int> = null; y = some(1); (unwrap(y) + 1) } }"
        }),
        ("if (b) { var y = 1 } y", {
            "option<int> = script { { let y: option<int> = null; if b { y = some(1); } y } }"
        }),
    ]);
}

#[test]
fn functions_copy_what_they_use() {
    become_(&[
        ("var g = (a, c) -> a * c; g(3, 4)", {
            "int = script { fn g(a: int, c: int) -> int { (a * c) } g(3, 4) }"
        }),
        ("var g = a -> a + i; g(3)", "int = script { fn g(a: int) -> int { (a + i) } g(3) }"),
        ("var k = 2; var g = a -> a + k; k = 3; g(1)", {
            "int = script { fn g(a: int)[k#3: int] -> int { (a + k#3) } { let k#0: int = 2; let k#3: int = k#0; k#0 = 3; g(1) } }"
        }),
        ("var h = function (n) { if (n < 2) { return 1 } n * h(n - 1) }; h(5)", {
            "int = script { fn h(n: int) -> int { { if (n < 2) { return 1; } (n * h((n - 1))) } } h(5) }"
        }),
        ("(function (a) { a + 1 })(41)", "int = script { fn fn0(a: int) -> int { (a + 1) } fn0(41) }"),
        ("var k = 1; var g = a -> a + k; var h = c -> g(c) + k; h(1)", {
            "int = script { fn g(a: int)[k#5: int] -> int { (a + k#5) } fn h(c: int)[k#5: int, k#6: int] -> int { (g(c) + k#6) } { let k#0: int = 1; let k#5: int = k#0; let k#6: int = k#0; h(1) } }"
        }),
        ("var k = 1; var g = function (n) { n > 3 ? k : g(n + 1) }; g(0)", {
            "int = script { fn g(n: int)[k#3: int] -> int { ((n > 3) ? k#3 : g((n + 1))) } { let k#0: int = 1; let k#3: int = k#0; g(0) } }"
        }),
        ("var g = a -> a; g(1) + g(2.5)", {
            "float = script { fn g(a: float) -> float { a } (g(1.0) + g(2.5)) }"
        }),
    ]);
}

#[test]
fn functions_within_functions_pass_on_what_they_need() {
    // What is checked is that every local can be seen where it is used.
    for expr in [
        "var k = 1; var g = function (n) { var h = c -> c + k + n; h(2) }; g(3)",
        "var k = 1; var g = function (n) { var h = c -> c > 5 ? k : g(c + 1); h(n) }; g(3)",
        "var k = 1; var s = 0; for (var a : l) { var g = c -> c + a + k; s += g(1) } s",
        "var k = 1; var g = a -> a + k; ((c) -> g(c) + ((e) -> g(e) + k)(c))(1)",
        "var k = 1; if (b) { var g = a -> a + k; i = g(1) } i",
        "var k = [1]; var g = a -> { k.add(a); k.size() }; g(1) + g(2) + k.size()",
        "var g = a -> { var z = 0; for (var q : 1..a) { if (q > 3) return q; z += q } z }; g(2)",
        "var g = a -> { if (a > 1) { var w = 1 } w ?? a }; g(1)",
        "var k = 1; var g = () -> { k = k + 1; k }; var h = () -> g() + g(); h() + g()",
    ] {
        assert!(value(expr).starts_with("int = script"), "{expr}: {}", value(expr));
    }
}

#[test]
fn the_library_is_typed() {
    become_(&[
        ("l.add(3)", "bool = l.add(3)"),
        ("l.clear()", "dynamic = script { { l.clear(); null } }"),
        ("l.remove(0)", "int = l.remove(0)"),
        ("[1].add(2)", "bool = temporary [1].add(2)"),
        ("[1].add('x')", "dynamic = temporary dynamic([1])~.add(dynamic('x'))"),
        ("{'x'}.remove(1)", "dynamic = temporary dynamic({'x'})~.remove(dynamic(1))"),
        ("m.put('z', 3)", "option<int> = m.put('z', 3)"),
        ("m.get('k')", "option<int> = map:get(m, 'k')"),
        ("m.getOrDefault('k', 7)", "int = map:getOrDefault(m, 'k', 7)"),
        ("m.keySet()", "set<string> = map:keySet(m)"),
        ("t.toUpperCase().length()", "int = size(string:toUpperCase(t))"),
        ("math:sqrt(i)", "float = math:sqrt(float(i))"),
        ("math:abs(i)", "int = math:abs(i)"),
        ("math:max(i, f)", "float = math:max(float(i), f)"),
        ("math:max(i, d)", "dynamic = ~math:max(dynamic(i), d)"),
        ("std:takeRandom([1, 2])", "int = std:takeRandom([1, 2])"),
        ("std:repeat('x', 3)", "list<string> = std:repeat('x', 3)"),
        ("std:seed(3)", "dynamic = script { { std:seed(3); null } }"),
        ("d.add(1)", "dynamic = d~.add(dynamic(1))"),
        ("d.toUpperCase()", "dynamic = d~.toUpperCase()"),
        ("l.contains(2.5)", "dynamic = dynamic(l)~.contains(dynamic(2.5))"),
        ("m.k?.toString()", { "option<string> = protected(some(int:toString(unwrap(m['k']))), null)" }),
    ]);
}

#[test]
fn operators_on_concrete_types() {
    become_(&[
        ("t =~ 'a.*'", "bool = string:matches(t, 'a.*')"),
        ("t !^ 'a'", "bool = !(string:startsWith(t, 'a'))"),
        ("t =$ 'a'", "bool = string:endsWith(t, 'a')"),
        ("d =~ 'a'", "bool = (d ~=~ dynamic('a'))"),
        ("i =~ l", "bool = list:contains(l, i)"),
        ("i =~ 1..5", "bool = ((1 <= i) && (i <= 5))"),
        ("i =~ 5..1", "bool = ((1 <= i) && (i <= 5))"),
        ("i !~ {1, 2}", "bool = !(set:contains({1, 2}, i))"),
        ("t =~ m", "bool = map:containsKey(m, t)"),
        ("i === 1", "bool = (i == 1)"),
        ("o === null", "bool = is_null(o)"),
        ("d !== 1", "bool = !((d ~=== dynamic(1)))"),
        ("i & 3 | 4", "int = ((i & 3) | 4)"),
        ("~i << 2", "int = (~(i) << 2)"),
        ("b ^ i", "int = (int(b) ^ i)"),
        ("f & 1", "dynamic = (dynamic(f) ~& dynamic(1))"),
        ("1..i", "list<int> = (1 .. i)"),
        ("`a${i}b${t}`", "string = concat('a', text(i), 'b', t)"),
        ("{1, 2} + 3", "set<int> = ({1, 2} |+ 3)"),
        ("{1, 2} + {3}", "set<int> = ({1, 2} |+| {3})"),
        ("{1, 2} + 'a'", "dynamic = (dynamic({1, 2}) ~+ dynamic('a'))"),
        ("{1, 'a'} + d", "dynamic = (dynamic({dynamic(1), dynamic('a')}) ~+ d)"),
        ("{1, 'a'}", "set<dynamic> = {dynamic(1), dynamic('a')}"),
        ("{1, 2} - [2]", "set<int> = ({1, 2} |-| [2])"),
        ("l - [1]", "list<int> = (l |-| [1])"),
        ("m - ['k']", "map<string, int> = (m |-| ['k'])"),
        ("m + {'z': 5}", "map<string, int> = (m |+| {'z': 5})"),
        ("m + {'z': 5.5}", "map<string, float> = (map<string, float>(m) |+| {'z': 5.5})"),
    ]);
}
