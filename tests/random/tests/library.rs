//! The examples of the library's table, and calls on types that need care, give the same compiled and evaluated.

use std::path::Path;

use csml_expr::library;
use csml_tests_random::expressions::{
    compiled::{Outcome, evaluate},
    evaluated::evaluated,
};

/// Collections whose elements and keys are kept in another type than they have, arguments that read what is
/// changed, and literals that nothing around them gives a type.
const MORE: &[&str] = &[
    "{0.5, 1.5}.containsAll([0.5])",
    "{0.5, 1.5}.contains(1.5)",
    "[0.5, 1.5].containsAll({0.5})",
    "[0.5, 1.5] - {0.5}",
    "{0.5, 1.5} - [0.5]",
    "{0.5} + 2.5 + {3.5}",
    "{1.5: 'a', 2.5: 'b'} - [1.5]",
    "{1.5: 'a', 2.5: 'b'} - {1.5}",
    "{1.5: 'a'}.keySet()",
    "{1.5: 'a'}.get(1.5)",
    "{1.5: 'a'}[2.5] == null",
    "var s = {0.5}; s.add(1.5); s.remove(0.5); s.addAll([2.5]); s",
    "var m = {0.5: 1}; m.put(1.5, 2); m[2.5] = 3; m.remove(0.5); m",
    "var m = {0.5: 1}; m.put(m.get(0.5) + 0.5, m.size()); m",
    "var t = 0.0; for (var x : {0.5, 1.5}) t += x; t",
    "{'a', 'b'}.contains('a') && !{'a'}.contains('b')",
    "var s = {'a', 'b'}; s.remove('a'); s.add('c'); s",
    "var s = {'a', 'b'}; var k = 'a'; s.remove(k); s.contains(k)",
    "['a', 'b'].contains('a') && 'b' =~ ['a', 'b']",
    "var l = ['a', 'b']; l.remove(l[0]); l",
    "var l = ['a', 'b']; l.add(l[1]); l.addAll(l); l.indexOf(l[2])",
    "var l = [[1], [2]]; l[0].add(l[1][0]); l[l.size() - 1] = l[0]; l",
    "var m = {'a': 'b', 'b': 'c'}; m[m['a']] = m.a + m.b; m.put(m.a, m.b); m",
    "var m = {'a': 1}; m.containsKey('a') ? m.a : 0",
    "var m = {'a': {'b': [1, 2]}}; m.a.b[1] += m.a.b[0]; m.a.c = m.a.b; m",
    "var l = [1]; l += 2; l = l + l; l = l + [3, 4] + 5; l += l; l",
    "var l = [1]; l += (l = [2]).size(); l",
    "[1, 2] + [3] == [1, 2, 3] && [9007199254740993] != [1]",
    "(1 > 0 ? 9007199254740993 : 2) == 9007199254740993",
    "~9007199254740993 == (9007199254740993 ^ -1)",
    "size({9007199254740993: 1, 2: 3}) + size([9007199254740993])",
    "[[1, 2], [3]].get(0).get(1)",
    "[1, 2, 3].subList(0, 2).size() + {'a': 1}.values().size()",
    "std:repeat(9007199254740993, 2)",
    "std:repeat([1.5], 2)",
    "math:max(1, 2) + math:max(1.5, 2)",
    "var d = [1, 'a']; d.add(d.size()); d.add(d[2]); d[0] = d[3]; d",
    "var d = true ? [1] : 'a'; d.add(2); d.contains(2) && d.size() == 2",
    "var x = 'a'; x.concat(x = 'b').concat(x)",
    "var l = [1]; [l.size(), l.add(2), l.size()]",
    "var l = ['a']; l.contains((l = ['b']).get(0))",
    "var o = {'k': 1}.k; o == null ? 0 : o + 1",
    "var o = {'k': 'v'}; (o.q ?: 'none') + (o.k ?? 'some')",
    "empty {'k': 'v'}.k || empty {'k': 'v'}.q",
    "var t = 0; for (var v : {'a': [1], 'b': [2]}) { v.add(3); t += v[0] + v.size() } t",
    "var l = [1, 2]; for (var x : l) { if (l.size() < 6) l.add(x) } l",
    "var f = (a, b) -> a.size() + b; var l = [1]; f(l, l.add(2) ? l.size() : 0)",
    "var n = 0; while (true) { n++; if (n > 4) return n * 2 }",
    "var n = 0; do { n++; if (n == 2) continue; if (n > 5) break } while (n < 9); n",
    "for (var i = 0; ; i++) { if (i > 3) { return i } }",
    "if (1 > 2) { 3 } else if (2 > 1) { var q = 4; q } else { 5 }",
    "var f = n -> { while (true) { if (n > 3) return n; n += 1 } }; f(0)",
];

#[test]
fn calls_give_the_same_compiled_and_evaluated() {
    let mut sources: Vec<String> = library::entries().map(|entry| entry.example.0.to_owned()).collect();
    sources.extend(MORE.iter().map(|source| (*source).to_owned()));
    let outcomes = evaluate(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("library"), &sources);
    let mut wrong = Vec::new();
    for (source, outcome) in sources.iter().zip(&outcomes) {
        let expected = evaluated(source);
        let agrees = match (&expected, outcome) {
            (Ok(expected), Outcome::Value(found)) => expected == found,
            (Err(_), Outcome::Failed(_) | Outcome::Refused(_)) => true,
            _ => false,
        };
        if !agrees {
            wrong.push(format!("{source}\n    evaluated {expected:?}\n    compiled  {outcome:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), sources.len(), wrong.join("\n"));
}
