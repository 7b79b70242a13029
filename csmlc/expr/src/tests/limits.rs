//! Texts that are deep, long or both: faults, not crashes.

use super::{parsed, round_trip};
use crate::{FaultKind, MAX_LENGTH};

/// What can be nested: before, and after.
const SHAPES: &[(&str, &str)] = &[
    ("(", ")"),
    ("!", ""),
    ("- ", ""),
    ("size ", ""),
    ("[", "]"),
    ("{", "}"),
    ("{1:", "}"),
    ("{1:2, 3:", "}"),
    ("a ? ", " : b"),
    ("a ? b : ", ""),
    ("a ?: ", ""),
    ("a || (b && ", ")"),
    ("a || b && c == d < e + f * (", ")"),
    ("f(", ")"),
    ("math:f(1, ", ")"),
    ("a[", "]"),
    ("a?.[", "]"),
    ("a.b(", ")"),
    ("a = ", ""),
    ("a[b += ", "]"),
    ("`${", "}`"),
    ("{", ";}"),
    ("{{", ";};}"),
    ("if (a) ", ""),
    ("if (a) {", "}"),
    ("if (a) 1; else ", ""),
    ("if (a) 1; else if (b) {", "}"),
    ("while (a) ", ""),
    ("do ", " while (a)"),
    ("for (;;) ", ""),
    ("for (x : y) ", ""),
    ("for (var x : y) {", "}"),
    ("for (var x = 1; x < 3; x++) {", "}"),
    ("(x -> ", ")(1)"),
    ("(function (x) {", "})(1)"),
    ("f = () -> {", "}"),
    ("(() -> { return ", "})()"),
];

fn nested(opener: &str, closer: &str, times: usize) -> String {
    format!("{}1{}", opener.repeat(times), closer.repeat(times))
}

#[test]
fn depth_ends_in_a_fault() {
    for (opener, closer) in SHAPES {
        for (times, closer) in [(1_000, *closer), (3_000, "")] {
            let fault = parsed(&nested(opener, closer, times)).expect_err(opener);
            // Of what is never closed, that may be found first.
            assert!(fault.kind() == FaultKind::TooDeep || closer.is_empty(), "{opener}: {fault:?}");
        }
    }
    for source in [
        format!("1{}", " + 1".repeat(1_000)),
        format!("a{}", ".b".repeat(1_000)),
        format!("a{}", "[0]".repeat(1_000)),
        format!("a{}", ".b()".repeat(3_000)),
    ] {
        assert_eq!(parsed(&source).unwrap_err().kind(), FaultKind::TooDeep);
    }
}

#[test]
fn what_is_deep_but_not_too_deep_round_trips() {
    for (opener, closer) in SHAPES {
        let deep = [1, 10, 30, 48, 49, 60, 90, 98, 99, 100, 150, 197, 198, 199, 200];
        let accepted = deep.into_iter().filter(|times| {
            let script = parsed(&nested(opener, closer, *times));
            script.map(|script| round_trip(&script)).is_ok()
        });
        assert!(accepted.count() >= 3, "{opener}");
    }
    round_trip(&parsed(&format!("1{}", " + 1".repeat(199))).unwrap());
    round_trip(&parsed(&format!("{}1{}", "(".repeat(200), ")".repeat(200))).unwrap());
}

#[test]
fn the_deepest_texts_need_little_stack() {
    let mut sources: Vec<_> = SHAPES.iter().map(|(opener, closer)| nested(opener, closer, 1_000)).collect();
    // Parentheses are counted apart.
    sources.extend(
        SHAPES.iter().map(|(opener, closer)| nested(&format!("{opener}("), &format!("){closer}"), 1_000)),
    );
    let all = move || sources.iter().for_each(|source| drop(parsed(source)));
    std::thread::Builder::new().stack_size(1_500 << 10).spawn(all).unwrap().join().unwrap();
}

#[test]
fn long_texts_are_read_in_time_that_grows_with_their_length() {
    let fits = |unit: &str| {
        let source = unit.repeat(MAX_LENGTH / 16 / unit.len());
        parsed(&source).map(drop).map_err(|fault| fault.kind())
    };
    assert_eq!(fits("a = 1;"), Ok(()));
    assert_eq!(fits("{a;}"), Ok(()));
    assert_eq!(fits("{}"), Ok(()));
    assert_eq!(fits("if (a) b; else c;"), Ok(()));
    assert_eq!(fits("var a = 1; { var a = 2; } a;"), Ok(()));
    assert_eq!(fits("{ let a = 1; a; }"), Ok(()));
    assert_eq!(fits("for (var x : xs) x;"), Ok(()));
    assert_eq!(fits("(x -> x)(1);"), Err(FaultKind::TooLong));
    assert_eq!(fits("("), Err(FaultKind::TooDeep));
    assert_eq!(fits("(a, "), Err(FaultKind::Syntax));
    assert_eq!(fits("x -> "), Err(FaultKind::Unsupported));
    assert_eq!(fits("`${"), Err(FaultKind::Syntax));
    assert_eq!(parsed(&" ".repeat(MAX_LENGTH + 1)).unwrap_err().kind(), FaultKind::TooLong);
}
