//! Scopes, functions and captures.

use super::{parsed, round_trip, structure, sure};
use crate::{FaultKind, ast::LocalRole};

#[test]
fn scopes() {
    for (source, expected) in [
        ("var x = 1; x + y", "(do (var #0 1) (Add #0 y))"),
        ("x; var x; x", "(do x (var #0 -) #0)"),
        ("var a = 1, b = a; b", "(do (var #0 1) (var #1 #0) #1)"),
        ("if (c) { var x = 1; } x", "(do (if c (do (var #0 1)) -) #0)"),
        ("var x = 1; var x = x + 1; x", "(do (var #0 1) (var #0 (Add #0 1)) #0)"),
        ("{ let x = 1; } x", "(do (do (var #0 1)) x)"),
        ("let x = 1; { let x = 2; x } x", "(do (var #0 1) (do (var #1 2) #1) #0)"),
        ("var x = 1; { const x = 2; x; } x", "(do (var #0 1) (do (var #1 2) #1) #0)"),
        ("for (var x : xs) x; x", "(do (each #0 xs #0) #0)"),
        ("for (var x : xs) x; for (var x : ys) x", "(do (each #0 xs #0) (each #1 ys #1))"),
        ("for (var x : xs) for (var x : x) x", "(each #0 xs (each #0 #0 #0))"),
        ("for (let x : x) x; x", "(do (each #0 x #0) x)"),
        ("for (const x : xs) { let x = 2; x; }", "(each #0 xs (do (var #1 2) #1))"),
        ("var x = 1; for (x : xs) x", "(do (var #0 1) (each #0 xs #0))"),
        ("for (var x : xs) x; for (x : ys) x", "(do (each #0 xs #0) (each #0 ys #0))"),
        ("for (var i = 0; i < 3; ++i) i; i", "(do (for (var #0 0) (Lt #0 3) (++ #0) #0) #0)"),
        ("for (let i = 0; i < 3; ++i) i; i", "(do (for (var #0 0) (Lt #0 3) (++ #0) #0) i)"),
        ("for (let i = 0, j = i;;) j", "(for (do (var #0 0) (var #1 #0)) - - #1)"),
        ("const a = 1; a + 1", "(do (var #0 1) (Add #0 1))"),
        ("const l = [1]; l[0] = 2", "(do (var #0 [1]) (= #0[0] 2))"),
    ] {
        assert_eq!(structure(source), expected, "{source}");
    }
}

#[test]
fn functions() {
    for (source, expected) in [
        ("f = function (a, b) { a * b }; f(3, 4)", "(do (fn #0 <#1,#2|> (do (Mul #1 #2))) #0(3 4))"),
        ("f = a -> a + 1; f(3)", "(do (fn #0 <#1|> (Add #1 1)) #0(3))"),
        ("(function (a) { a + 1 })(41)", "(<#0|> (do (Add #0 1)))(41)"),
        ("function (a) { a }(1) + 2", "(Add (<#0|> (do #0))(1) 2)"),
        ("((a, var b) => a)(1, 2)", "(<#0,#1|> #0)(1 2)"),
        ("((() -> 1))()", "(<|> 1)()"),
        ("((x -> x)(1))", "(<#0|> #0)(1)"),
        ("((function(x) { x })(1) + 2)", "(Add (<#0|> (do #0))(1) 2)"),
        ("var f = (x -> x); f(1)", "(do (fn #0 <#1|> #1) #0(1))"),
        ("var f = (x -> x)(1); f", "(do (var #0 (<#1|> #1)(1)) #0)"),
        ("function f(x) { x } f(1)", "(do (fn #0 <#1|> (do #1)) #0(1))"),
        ("f = x -> ({x}); f(1)", "(do (fn #0 <#1|> (set #1)) #0(1))"),
        ("f = () -> {}; f()", "(do (fn #0 <|> (do )) #0())"),
        (
            "f = n -> n < 2 ? 1 : n * f(n - 1); f(5)",
            "(do (fn #0 <#1|> (? (Lt #1 2) 1 (Mul #1 #0((Sub #1 1))))) #0(5))",
        ),
        ("if (c) f = x -> x", "(if c (fn #0 <#1|> #1) -)"),
        (
            "while (c) { f = x -> { while (x) break; return 1; }; f(1) }",
            "(while c (do (fn #0 <#1|> (do (while #1 break) (return 1))) #0(1)))",
        ),
        ("f = x -> x; { let f = 1; f; } f(2)", "(do (fn #0 <#1|> #1) (do (var #2 1) #2) #0(2))"),
        ("var x = 1; ((x) -> x)(x)", "(do (var #0 1) (<#1|> #1)(#0))"),
        ("var x = 1; (y -> { var x = y; x })(2)", "(do (var #0 1) (<#1|> (do (var #2 #1) #2))(2))"),
    ] {
        assert_eq!(structure(source), expected, "{source}");
    }
}

#[test]
fn captures_go_through_calls() {
    for (source, expected) in [
        ("var a = 1, b = 2; f = x -> b + x + a + b; f(1)", "<#3|#1,#0>"),
        ("var a = 1; f = () -> a; g = () -> f(); g()", "<|#0> #1()"),
        ("var a = 1; f = () -> { g = () -> { h = () -> a; h() }; g() }; f()", "(fn #2 <|#0>"),
        // `h` calls `f`, which uses `b` only after it.
        (
            "var b = 1; f = n -> { h = m -> f(m); k = m -> h(m); n > 0 ? k(n) : b }; f(3)",
            "(fn #3 <#4|#0> #1(#4))",
        ),
        (
            "var b = 1; f = n -> { h = m -> f(m); k = m -> h(m); n > 0 ? k(n) : b }; f(3)",
            "(fn #5 <#6|#0> #3(#6))",
        ),
        ("var a = 1; f = x -> { a = x; a }; f(2); a", "(fn #1 <#2|#0>"),
        ("f = x -> (y -> x + y)(1); f(2)", "(<#2|#1> (Add #1 #2))(1)"),
    ] {
        let found = structure(source);
        assert!(found.contains(expected), "{source}: {found}");
    }
}

#[test]
fn nullable() {
    for (source, expected) in [
        ("var x; x", true),
        ("var x; x = 1", false),
        ("var x = 1; x", false),
        ("if (c) { var x = 1; x; }", false),
        ("if (c) { var x = 1; } x", true),
        ("if (c) { var x = 1; } else { var x = 2; x; }", false),
        ("if (c) { var x = 1; } var x = 2; x", false),
        ("if (c) { var x = 1; } x = 2", false),
        ("if (c) { var x = 1; } x += 2", true),
        ("if (c) { var x = 1; } (() -> x)()", true),
        ("for (var x : xs) x", false),
        ("for (var x : xs) {} x", true),
        ("for (var x = 0;;) {} x", false),
        ("while (c) { var x = 1; } x.y = 2", true),
    ] {
        let script = sure(source);
        assert_eq!(script.locals[0].nullable, expected, "{source}");
    }
}

#[test]
fn roles_and_names() {
    let script = sure("var a = 1; let b = 2; const c = 3; for (var d : [1]) {} f = e -> e; f(1)");
    let found: Vec<_> = script.locals.iter().map(|local| (local.name.as_str(), local.role)).collect();
    assert_eq!(
        found,
        [
            ("a", LocalRole::Var),
            ("b", LocalRole::Let),
            ("c", LocalRole::Const),
            ("d", LocalRole::Loop),
            ("f", LocalRole::Function),
            ("e", LocalRole::Parameter),
        ]
    );
    let places = crate::parse("var abc = f; (x -> x)(1)", &|start, end| (start, end)).unwrap().locals;
    assert_eq!(places.iter().map(|local| local.span).collect::<Vec<_>>(), [(4, 7), (14, 15)]);
}

#[test]
fn misuse() {
    for (source, place, message) in [
        ("const a = 1; a = 2", (13, 14), "`a` is a constant"),
        ("const a = 1; a++", (13, 14), "`a` is a constant"),
        ("const a = 1; for (a : b) c", (18, 19), "`a` is a constant"),
        ("let x = 1; let x = 2", (15, 16), "`x` is declared already"),
        ("let x = 1; var x = 2", (15, 16), "`x` is declared already"),
        ("var x = 1; let x = 2", (15, 16), "`x` is declared already"),
        ("let x = 1; { var x = 2; }", (17, 18), "`x` is declared already"),
        ("((a, a) -> a)(1, 2)", (5, 6), "`a` is declared already"),
        ("f = x -> x; f = x -> 2", (12, 13), "`f` is a function already"),
        ("var x = 1; x = y -> y", (11, 12), "`x` is a variable that holds values"),
        ("f = x -> x; f = 1", (12, 13), "`f` is a function"),
        ("f = x -> x; f + 1", (12, 13), "`f` is a function, and can only be called"),
        ("f = x -> x; g(f)", (14, 15), "`f` is a function, and can only be called"),
        ("var x = 1; x(2)", (11, 12), "`x` is not a function"),
        ("((g) -> g(1))(2)", (8, 9), "`g` is not a function"),
        ("f = x -> x; f(1, 2)", (13, 19), "`f` takes 1 argument, not 2"),
        ("f = () -> f(1)", (11, 14), "`f` takes no arguments, not 1"),
        ("((x, y) -> x)(1)", (13, 16), "this function takes 2 arguments, not 1"),
        ("var x = x + 1", (8, 9), "`x` has no value yet"),
        ("if (a) var x = 1", (7, 10), "a variable can be declared only in a block or in the script itself"),
        ("for (var x : a) {} for (var x : b) {} x", (38, 39), "`x` may be the variable of either loop here"),
    ] {
        let fault = parsed(source).expect_err(source);
        assert_eq!((fault.place(), fault.message()), (place, message), "{source}");
        assert_eq!(fault.kind(), FaultKind::Local, "{source}");
    }
}

#[test]
fn many_captures_and_functions_are_refused() {
    let many: String = (0..201).map(|n| format!("var v{n} = 1; ")).collect();
    let sum: String = (0..201).map(|n| format!("v{n}; ")).collect();
    let fault = parsed(&format!("{many} (() -> {{ {sum} }})()")).unwrap_err();
    assert_eq!(fault.message(), "this function uses more than 200 variables declared outside of it");
    let halves: String = (0..201).map(|n| format!("f{n} = () -> 1; ")).collect();
    assert_eq!(parsed(&halves).unwrap_err().kind(), FaultKind::TooLong);
    // Each of the functions uses few, but all of them together many.
    let chain: String =
        (0..150).map(|n| format!("var a{n} = 1, b{n} = 2; f{n} = () -> a{n} + b{n}; ")).collect();
    let calls: String = (0..150).map(|n| format!("f{n}(); ")).collect();
    let fault = parsed(&format!("{chain} g = () -> {{ {calls} }}; g()")).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Local);
    round_trip(&sure(&format!("{chain} {calls}")));
}
