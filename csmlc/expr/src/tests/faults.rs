//! What is said about texts that are not in the language.

use super::parsed;
use crate::FaultKind::{self, IntTooLarge, Syntax, Unsupported};

fn check(source: &str, kind: FaultKind, place: (usize, usize), message: &str) {
    let fault = parsed(source).expect_err(source);
    assert_eq!((fault.kind(), fault.place(), fault.message()), (kind, place, message), "{source}");
}

#[test]
fn errors_say_what_was_expected() {
    for (source, place, message) in [
        ("", (0, 0), "this expression is empty"),
        ("// nothing", (0, 10), "this expression is empty"),
        ("1 +", (3, 3), "expected a value, found the end of the expression"),
        ("a b", (2, 3), "expected an operator or `;`, found `b`"),
        ("a = 1 b = 2", (6, 7), "expected an operator or `;`, found `b`"),
        ("(1", (2, 2), "expected `)` to close the group, found the end of the expression"),
        (
            "a ? b",
            (5, 5),
            "expected `:` and the value for when the condition does not hold, found the end of the expression",
        ),
        ("[1 2]", (3, 4), "expected `]` or `,` in the list, found a number"),
        ("x = {1 2}", (7, 8), "expected `}` or `,` in the set, found a number"),
        ("x = {1: 2; 3}", (9, 10), "expected `}` or `,` in the map, found `;`"),
        ("x = {a; b}", (6, 7), "expected `}` or `,` in the set, found `;`"),
        ("a < b < c", (6, 7), "comparisons cannot be chained"),
        ("1 == 1 == true", (7, 9), "comparisons cannot be chained"),
        ("1..2..3", (4, 6), "ranges cannot be chained"),
        ("$", (0, 1), "expected a name after `$`"),
        ("a.", (2, 2), "expected a name after `.`, found the end of the expression"),
        ("a?.", (3, 3), "expected a name after `?.`, found the end of the expression"),
        ("f(1 2)", (4, 5), "expected `)` or `,` after the arguments, found a number"),
        ("and", (0, 3), "expected a value, found `and`"),
        ("--3", (2, 3), "`--` needs a variable"),
        ("++f(x)", (2, 6), "`++` needs a variable"),
        ("5++", (0, 1), "`++` needs a variable"),
        ("a + b = 1", (0, 5), "an assignment needs a variable"),
        ("f(x) = 1", (0, 4), "an assignment needs a variable"),
        ("f(x).a = 1", (0, 6), "an assignment needs a variable"),
        ("a?.b = 1", (0, 4), "an assignment cannot go through `?.`"),
        ("var", (3, 3), "expected the name of a variable, found the end of the expression"),
        ("var $x = 1", (4, 6), "expected the name of a variable, found `$x`"),
        ("let if = 1", (4, 6), "expected the name of a variable, found `if`"),
        ("const a;", (7, 8), "expected `=` and the value of the constant, found `;`"),
        ("if a", (3, 4), "expected `(` and the condition after `if`, found `a`"),
        ("while (a", (8, 8), "expected `)` after the condition, found the end of the expression"),
        ("do a", (4, 4), "expected `while` and the condition of the loop, found the end of the expression"),
        ("for (a; b)", (9, 10), "expected `;` after the condition, found `)`"),
        ("for (var 1 : a) b", (9, 10), "expected the name of a variable, found a number"),
        (
            "for (var a : b",
            (14, 14),
            "expected `)` after the value to iterate over, found the end of the expression",
        ),
        ("if (a) { b", (10, 10), "expected `}` after the statements, found the end of the expression"),
        ("a }", (2, 3), "this `}` closes nothing"),
        ("else a", (0, 4), "expected a value, found `else`"),
        ("1 + if (a) b", (4, 6), "expected a value, found `if`"),
        ("break", (0, 5), "`break` outside of a loop"),
        ("while (a) { (() -> { continue; })() }", (21, 29), "`continue` outside of a loop"),
        ("f = function (a) a", (17, 18), "expected `{` and the body of the function, found `a`"),
        ("f = (a, 1) -> a", (8, 9), "expected the name of a parameter, found a number"),
        ("`a${}`", (4, 5), "expected a value, found `}`"),
        ("`a${b c}`", (6, 7), "expected `}` to close the `${`, found `c`"),
        ("`a${b}", (0, 1), "this template string is never closed"),
        ("'a' + 'b", (6, 8), "this string is never closed"),
        ("1_000", (0, 2), "unexpected `_` in a number"),
    ] {
        check(source, Syntax, place, message);
    }
    check("9223372036854775808", IntTooLarge, (0, 19), "this integer does not fit into 64 bits");
}

#[test]
fn constructs_that_are_missing_are_named() {
    for (source, place, subject) in [
        ("new(a)", (0, 3), "`new` is"),
        ("x = new Date()", (4, 7), "`new` is"),
        ("@silent a", (0, 1), "annotations are"),
        ("#pragma a", (0, 1), "pragmas are"),
        ("f(x)(y)", (4, 5), "calling the value of an expression is"),
        ("switch (a) { case 1: b }", (0, 6), "`switch` is"),
        ("try { a } catch (e) { b }", (0, 3), "`try` is"),
        ("throw 'x'", (0, 5), "`throw` is"),
        ("import java.util", (0, 6), "`import` is"),
        ("a instanceof b", (2, 12), "`instanceof` is"),
        ("x -> x", (0, 1), "a function as a value is"),
        ("(a, b) -> a", (0, 1), "a function as a value is"),
        ("[1, x -> x]", (4, 5), "a function as a value is"),
        ("{'a': function (x) { x }}", (6, 14), "a function as a value is"),
        ("f(() -> 1)", (2, 3), "a function as a value is"),
        ("a ? (x -> x) : b", (5, 6), "a function as a value is"),
        ("() -> () -> 1", (0, 1), "a function as a value is"),
        ("f = function g(x) { x }", (13, 14), "a named function as a value is"),
        ("f = (a = 1) -> a", (7, 8), "default values of parameters are"),
    ] {
        check(source, Unsupported, place, &format!("{subject} not part of this language"));
    }
    check("5b", Unsupported, (0, 2), "numbers with the suffix `b` are not supported");
    // Names that only look like it.
    for source in ["switch + 1", "try.size()", "throw", "import == 1", "f(switch)", "throw div 2"] {
        assert!(parsed(source).is_ok(), "{source}");
    }
}

#[test]
fn faults_point_into_templates() {
    let fault = parsed("'é' + `${1 +}`").unwrap_err();
    assert_eq!(fault.place(), (13, 14));
    let fault = parsed("`${`${a b}`}`").unwrap_err();
    assert_eq!(fault.place(), (8, 9));
}
