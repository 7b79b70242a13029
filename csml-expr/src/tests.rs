//! Lexer, parser and printer together.

use super::{
    Parsed,
    ast::{Binary, Kind, Unary},
    parse, print,
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    source::{SourceId, Span},
    text::Text,
};

fn span(start: u32, end: u32) -> Span {
    Span { source: SourceId(0), start, end }
}

fn text(value: &str) -> Text {
    Text::plain(value, span(0, value.len() as u32))
}

fn parsed(value: &str) -> Result<Parsed, Box<Diagnostic>> {
    let mut diagnostics = Diagnostics::new();
    parse(&text(value), &mut diagnostics).ok_or_else(|| Box::new(diagnostics.iter().next().unwrap().clone()))
}

/// Fully parenthesised, to see the structure.
fn structure(value: &str) -> String {
    fn show(expr: &Parsed) -> String {
        match &expr.kind {
            Kind::Unary(op, a) => format!("({op:?} {})", show(a)),
            Kind::Binary(op, a, b) => format!("({op:?} {} {})", show(a), show(b)),
            Kind::Conditional(a, b, c) => format!("(if {} {} {})", show(a), show(b), show(c)),
            Kind::Index(a, b) => format!("{}[{}]", show(a), show(b)),
            Kind::Field(a, name) => format!("{}.{name}", show(a)),
            Kind::Call { namespace, name, arguments, .. } => {
                let arguments: Vec<_> = arguments.iter().map(show).collect();
                format!("{}:{name}({})", namespace.as_deref().unwrap_or(""), arguments.join(" "))
            }
            Kind::Method { receiver, name, arguments, .. } => {
                let arguments: Vec<_> = arguments.iter().map(show).collect();
                format!("{}.{name}({})", show(receiver), arguments.join(" "))
            }
            Kind::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" ")),
            Kind::Map(entries) => {
                let entries = entries.iter().map(|(k, v)| format!("{}={}", show(k), show(v)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
            }
            Kind::Ref(symbol) => symbol.to_string(),
            _ => print(expr),
        }
    }
    show(&parsed(value).unwrap_or_else(|fault| panic!("{value}: {fault:?}")))
}

#[test]
fn precedence_is_that_of_jexl() {
    for (source, expected) in [
        ("a + b * c - d", "(Sub (Add a (Mul b c)) d)"),
        ("a or b and c == d < e + f", "(Or a (And b (Eq c (Lt d (Add e f)))))"),
        ("not a == b", "(Eq (Not a) b)"),
        ("!true || true", "(Or (Not true) true)"),
        ("-a.b[0].size()", "(Minus a.b[0].size())"),
        ("size x + 1", "(Add (Size x) 1)"),
        ("size(x) > empty(y.z)", "(Gt (Size x) (Empty y.z))"),
        ("a ? b : c ? d : e", "(if a b (if c d e))"),
        ("a ? b ? c : d : e", "(if a (if b c d) e)"),
        ("a div b mod c", "(Rem (Div a b) c)"),
        ("a ne b", "(Ne a b)"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("-2.size()", "(Minus 2.size())"),
        ("l.0.1", "l[0][1]"),
        ("m.'two words'.size", "m.two words.size"),
        ("[1, 2, ...]", "[1 2]"),
        ("[...]", "[]"),
        ("[]", "[]"),
        ("{:}", "{}"),
        ("{'k': 1, 2: {'j': $x}}", "{'k'=1 2={'j'=$x}}"),
        ("utility:genRandPayload([1, 2])", "utility:genRandPayload([1 2])"),
        ("c ? a:f(x)", "error"),
        ("c ? std:f(x) : b", "(if c std:f(x) b)"),
        ("c ? a : f(x)", "(if c a :f(x))"),
        ("c ? a:f(x)", "(if c a :f(x))"),
        ("{a:f(x)}", "{a=:f(x)}"),
        ("host:f()", "host:f()"),
        ("!$value", "(Not $value)"),
        ("a &&!$b", "(And a (Not $b))"),
    ] {
        if expected == "error" {
            continue;
        }
        assert_eq!(structure(source), expected, "{source}");
    }
}

#[test]
fn errors_say_what_was_expected() {
    for (source, code, place, message) in [
        ("", "CSML0401", 0..0, "this expression is empty"),
        ("1 +", "CSML0401", 3..3, "expected a value, found the end of the expression"),
        ("a b", "CSML0401", 2..3, "expected an operator, found `b`"),
        ("(1", "CSML0401", 2..2, "expected `)` to close the group, found the end of the expression"),
        (
            "a ? b",
            "CSML0401",
            5..5,
            "expected `:` and the value for when the condition does not hold, found the end of the expression",
        ),
        ("[1 2]", "CSML0401", 3..4, "expected `]` or `,` in the list, found a number"),
        ("a < b < c", "CSML0401", 6..7, "comparisons cannot be chained"),
        ("1 == 1 == true", "CSML0401", 7..9, "comparisons cannot be chained"),
        ("$", "CSML0401", 0..1, "expected a name after `$`"),
        ("a.", "CSML0401", 2..2, "expected a name after `.`, found the end of the expression"),
        ("and", "CSML0401", 0..3, "expected a value, found `and`"),
        ("9223372036854775808", "CSML0403", 0..19, "this integer does not fit into 64 bits"),
        ("a = 1", "CSML0402", 2..3, "assignments are not supported yet"),
        ("x++", "CSML0402", 1..3, "increments and decrements are not supported yet"),
        ("--3", "CSML0402", 0..2, "increments and decrements are not supported yet"),
        ("a; b", "CSML0402", 1..2, "several statements are not supported yet"),
        ("while (a) b", "CSML0402", 0..5, "loops are not supported yet"),
        ("if (a) 1 else 2", "CSML0402", 0..2, "`if` is not supported yet"),
        ("a ?: b", "CSML0402", 2..4, "the operator `?:` is not supported yet"),
        ("a & b", "CSML0402", 2..3, "operators on bits are not supported yet"),
        ("~a", "CSML0402", 0..1, "operators on bits are not supported yet"),
        ("x -> x", "CSML0402", 2..4, "functions of one's own are not supported yet"),
        ("(a, b) -> a", "CSML0401", 2..3, "expected `)` to close the group, found `,`"),
        ("() -> 1", "CSML0402", 3..5, "functions of one's own are not supported yet"),
        ("{1, 2}", "CSML0402", 0..3, "sets and blocks are not supported yet"),
        ("`a`", "CSML0402", 0..1, "template strings are not supported yet"),
        ("f(x)(y)", "CSML0402", 4..5, "calling the value of an expression is not supported yet"),
        ("'a' =~ b", "CSML0402", 4..6, "matching with `=~` and `!~` is not supported yet"),
    ] {
        let fault = parsed(source).expect_err(source);
        let found = fault.primary.span.start as usize..fault.primary.span.end as usize;
        assert_eq!((fault.rule.code, found, fault.message.as_str()), (code, place, message), "{source}");
    }
}

#[test]
fn places_count_escapes_of_the_json_string() {
    // "a == \"é\" §" as written, whose decoded text is a == "é" §
    let decoded = "a == \"é\" §";
    let text = Text {
        value: decoded.to_owned(),
        span: span(100, 118),
        // The first quote is written in two bytes, é in six, the second quote in two.
        anchors: vec![(0, 1), (6, 8), (8, 14), (9, 16)],
    };
    let mut diagnostics = Diagnostics::new();
    assert_eq!(parse(&text, &mut diagnostics), None);
    assert_eq!(diagnostics.iter().next().unwrap().primary.span, span(117, 119));
}

#[test]
fn depth_ends_in_a_diagnostic() {
    let deep = |source: &str| {
        let code = parsed(source).map_err(|fault| fault.rule.code);
        assert_eq!(code.err(), Some("CSML0404"), "{}…", source.get(..20).unwrap_or(source));
    };
    for depth in [1_000, 20_000] {
        deep(&"(".repeat(depth));
        deep(&"!".repeat(depth));
        deep(&"- ".repeat(depth));
        deep(&"[".repeat(depth));
        deep(&"{1:".repeat(depth));
        deep(&"a ? ".repeat(depth));
        deep(&"a ? b : ".repeat(depth));
        deep(&"a || (b && ".repeat(depth));
        deep(&"a || b && c == d < e + f * (".repeat(depth));
        deep(&format!("1{}", " + 1".repeat(depth)));
        deep(&format!("a{}", ".b".repeat(depth)));
        deep(&format!("a{}", "[0]".repeat(depth)));
        deep(&"f(".repeat(depth));
        deep(&"a[".repeat(depth));
    }
    assert!(parsed(&format!("1{}", " + 1".repeat(150))).is_ok());
    assert!(parsed(&format!("{}1{}", "(".repeat(99), ")".repeat(99))).is_ok());
}

/// The test's own generator of trees: small, deterministic.
struct Generator(u64);

impl Generator {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize].clone()
    }

    fn exprs(&mut self, depth: u32) -> Vec<Parsed> {
        (0..self.below(4)).map(|_| self.expr(depth)).collect()
    }

    fn expr(&mut self, depth: u32) -> Parsed {
        let choice = if depth == 0 { self.below(7) } else { self.below(18) };
        let mut sub = || Box::new(self.expr(depth - 1));
        let kind = match choice {
            0 => Kind::Null,
            1 => Kind::Bool(self.below(2) == 0),
            2 => Kind::Int(self.pick(&[0, 7, -3, i64::MAX, i64::MIN])),
            3 => Kind::Float(self.pick(&[0.0, -0.0, 1.5, -2.5e-9, 1e300, f64::MIN_POSITIVE])),
            4 => Kind::Text(self.pick(&["", "it's \\ \"x\"\n\u{2028}\u{1}", "naïve 😀"]).to_owned()),
            5 => Kind::Ref(Symbol::Name(self.pick(&["a", "std", "sized", "_b$1"]).to_owned())),
            6 => Kind::Ref(Symbol::Datum(self.pick(&["value", "not"]).to_owned())),
            7 => Kind::List(self.exprs(depth - 1)),
            8 => {
                let keys = self.exprs(depth - 1);
                Kind::Map(keys.into_iter().map(|key| (key, self.expr(depth - 1))).collect())
            }
            9 => Kind::Index(sub(), sub()),
            10 => Kind::Field(sub(), self.pick(&["k", "size", "two words", "0", "$x"]).to_owned()),
            11 => Kind::Call {
                namespace: self.pick(&[None, Some("std".to_owned()), Some("host".to_owned())]),
                name: self.pick(&["f", "randomPayload"]).to_owned(),
                name_span: span(0, 0),
                arguments: self.exprs(depth - 1),
            },
            12 => Kind::Method {
                receiver: sub(),
                name: "isEmpty".to_owned(),
                name_span: span(0, 0),
                arguments: self.exprs(depth - 1),
            },
            13 => Kind::Conditional(sub(), sub(), sub()),
            14 => {
                let operand = sub();
                let all = [Unary::Minus, Unary::Plus, Unary::Not, Unary::Size, Unary::Empty];
                Kind::Unary(self.pick(&all), operand)
            }
            _ => {
                let (left, right) = (sub(), sub());
                let all = [
                    Binary::Add,
                    Binary::Sub,
                    Binary::Mul,
                    Binary::Div,
                    Binary::Rem,
                    Binary::Eq,
                    Binary::Ne,
                    Binary::Lt,
                    Binary::Le,
                    Binary::Gt,
                    Binary::Ge,
                    Binary::And,
                    Binary::Or,
                ];
                Kind::Binary(self.pick(&all), left, right)
            }
        };
        Expr { kind, span: span(0, 0) }
    }
}

/// The same tree with all places alike.
fn placeless(expr: &Parsed) -> Parsed {
    let boxed = |e: &Parsed| Box::new(placeless(e));
    let all = |es: &[Parsed]| es.iter().map(placeless).collect();
    let kind = match &expr.kind {
        Kind::List(items) => Kind::List(all(items)),
        Kind::Map(entries) => Kind::Map(entries.iter().map(|(k, v)| (placeless(k), placeless(v))).collect()),
        Kind::Unary(op, a) => Kind::Unary(*op, boxed(a)),
        Kind::Binary(op, a, b) => Kind::Binary(*op, boxed(a), boxed(b)),
        Kind::Conditional(a, b, c) => Kind::Conditional(boxed(a), boxed(b), boxed(c)),
        Kind::Index(a, b) => Kind::Index(boxed(a), boxed(b)),
        Kind::Field(a, name) => Kind::Field(boxed(a), name.clone()),
        Kind::Call { namespace, name, arguments, .. } => Kind::Call {
            namespace: namespace.clone(),
            name: name.clone(),
            name_span: span(0, 0),
            arguments: all(arguments),
        },
        Kind::Method { receiver, name, arguments, .. } => Kind::Method {
            receiver: boxed(receiver),
            name: name.clone(),
            name_span: span(0, 0),
            arguments: all(arguments),
        },
        other => other.clone(),
    };
    Expr { kind, span: span(0, 0) }
}

#[test]
fn parsing_what_was_printed_gives_the_same_tree() {
    let mut generator = Generator(42);
    for round in 0..5_000 {
        let expr = generator.expr(round % 5);
        let printed = print(&expr);
        let again = parsed(&printed).unwrap_or_else(|fault| panic!("{printed}\n{expr:?}\n{fault:?}"));
        assert_eq!(placeless(&again), expr, "{printed}");
    }
}

#[test]
fn printing_is_spare_with_parentheses() {
    for source in [
        "a + b * c - d",
        "(a + b) * -c",
        "a - (b - c)",
        "a && b || !(c && d)",
        "(a == b) == (c < d ? e : f)",
        "-(3)",
        "-(-a)",
        "(3).size()",
        "NaN",
        "x ? [1, 2.0] : {'a': {:}, (b ? c : d): 'it\\'s'}",
        "std:randomPayload([1024])[0].k.'two words'",
    ] {
        assert_eq!(print(&parsed(source).unwrap()), source);
    }
}

#[test]
fn takes_what_jexl_takes() {
    let Some(vectors) = crate::testing::vectors() else { return };
    let mut unsupported = 0;
    for vector in vectors {
        match parsed(&vector.source) {
            Ok(expr) => {
                let printed = print(&expr);
                assert_eq!(print(&parsed(&printed).unwrap()), printed, "{}", vector.source);
            }
            Err(fault) if fault.rule.code == "CSML0402" => unsupported += 1,
            Err(fault) => assert_eq!(vector.result, "error", "{}: {}", vector.source, fault.message),
        }
    }
    assert!(unsupported < 2_000, "{unsupported}");
}
