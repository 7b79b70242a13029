use super::*;
use crate::diagnostics::Diagnostics;

fn errors_of(sources: &Sources, id: SourceId) -> (Option<JsonNode>, Vec<String>) {
    let mut diagnostics = Diagnostics::new();
    let node = read(sources, id, &mut diagnostics);
    diagnostics.sort();
    let list =
        diagnostics.iter().map(|d| format!("{} {}", d.rule.code, sources.position(d.primary.span))).collect();
    (node, list)
}

fn read_text(text: &str) -> (Option<JsonNode>, Vec<String>) {
    let mut sources = Sources::new();
    let id = sources.add("t.csml", text);
    errors_of(&sources, id)
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(read_text(text).1, expected, "{text}");
}

fn value(text: &str) -> JsonKind {
    let (node, errors) = read_text(text);
    assert_eq!(errors, Vec::<String>::new(), "{text}");
    node.unwrap().kind
}

fn string(text: &str) -> String {
    match value(text) {
        JsonKind::String(text) => text.value,
        other => panic!("{other:?}"),
    }
}

#[test]
fn values() {
    assert_eq!(value("null"), JsonKind::Null);
    assert_eq!(value(" true // yes"), JsonKind::Bool(true));
    for number in ["0", "-0", "12.5", "-1e10", "1E-7", "1.5e+300"] {
        assert_eq!(value(number), JsonKind::Number(number.to_owned()));
    }
    assert_eq!(value("[]"), JsonKind::Array(Vec::new()));
    assert_eq!(value("{}"), JsonKind::Object(Vec::new()));
    assert!(matches!(value("[1,2,]"), JsonKind::Array(items) if items.len() == 2));
    assert!(
        matches!(value("/* a */ {\"a\": /**/ 1, // b\r\n}"), JsonKind::Object(members) if members.len() == 1)
    );
    assert_eq!(value("\u{feff}[]"), JsonKind::Array(Vec::new()));
}

#[test]
fn strings() {
    assert_eq!(string(r#""a\"\\\/\b\f\n\r\tz""#), "a\"\\/\u{8}\u{c}\n\r\tz");
    assert_eq!(string(r#""\u0041\u00e9\uD83D\uDE00""#), "Aé😀");
    assert_eq!(string("\"\u{7f}\u{2028}😀\""), "\u{7f}\u{2028}😀");
}

#[test]
fn places_in_strings_survive_escapes() {
    let JsonKind::Array(items) = value("[ \"a\\n\\u0041é + b\" ]") else {
        panic!("no list");
    };
    let Some(JsonKind::String(text)) = items.first().map(|item| &item.kind) else {
        panic!("no string");
    };
    assert_eq!((text.span.start, text.span.end), (2, 19));
    let at = text.value.find('b').unwrap();
    assert_eq!(text.span_of(at, at + 1).start, 17);
    assert_eq!(text.span_of(0, 1).start, 3);
}

#[test]
fn spans_cover_whole_values() {
    let (node, _) = read_text(" {\"a\": [1, 2]} ");
    let node = node.unwrap();
    assert_eq!((node.span.start, node.span.end), (1, 14));
    let JsonKind::Object(members) = node.kind else {
        panic!("no object");
    };
    assert_eq!((members[0].key.span.start, members[0].key.span.end), (2, 5));
    assert_eq!((members[0].value.span.start, members[0].value.span.end), (7, 13));
}

#[test]
fn empty_texts() {
    check("", &["CSML0001 1:1"]);
    check(" \r\n ", &["CSML0001 1:1"]);
    check("\u{feff}", &["CSML0001 1:1"]);
    check("// nothing", &["CSML0001 1:1"]);
}

#[test]
fn another_character_for_a_comma_is_one_error() {
    check("{\"a\": 1;\n\"b\": 2}", &["CSML0006 1:8"]);
    check("[1; 2]", &["CSML0006 1:3"]);
}

#[test]
fn unclosed_brackets() {
    check("{\"a\": [1, 2", &["CSML0005 1:12"]);
    check("{\"a\": [1, 2}", &["CSML0005 1:12"]);
    check("[1, 2}", &["CSML0005 1:6"]);
    check("{\"a\": [{\"b\": 1], \"c\": 2}", &["CSML0005 1:15"]);
    let mut sources = Sources::new();
    let id = sources.add("t", "{\n \"a\": [\n1,\n\n");
    let mut diagnostics = Diagnostics::new();
    assert!(read(&sources, id, &mut diagnostics).is_none());
    let diagnostic = diagnostics.iter().next().unwrap();
    assert_eq!(sources.position(diagnostic.primary.span).to_string(), "3:3");
    assert_eq!(sources.position(diagnostic.related[0].span).to_string(), "2:7");
}

#[test]
fn trailing_text() {
    check("{}}", &["CSML0020 1:3"]);
    check("{} {}", &["CSML0020 1:4"]);
    check("[1]\nxyz", &["CSML0020 2:1"]);
    check("]", &["CSML0006 1:1"]);
}

#[test]
fn missing_punctuation() {
    check("{\"a\": 1 \"b\": 2}", &["CSML0007 1:8"]);
    check("[1 2 3]", &["CSML0007 1:3"]);
    check("{\"a\" 1}", &["CSML0008 1:5"]);
    check("{\"a\"}", &["CSML0008 1:5"]);
    check("{\"a\": }", &["CSML0009 1:6"]);
    check("{\"a\": , \"b\": 1}", &["CSML0009 1:6"]);
    check("[,1]", &["CSML0006 1:2"]);
    check("[1,,2]", &["CSML0006 1:4"]);
    check("{\"a\": 1,,}", &["CSML0006 1:9"]);
    check("{: 1}", &["CSML0006 1:2"]);
    check("[\"a\": 1, 2]", &["CSML0006 1:5"]);
    check("{{}: 1}", &["CSML0006 1:2"]);
    check("{\"a\" = 1}", &["CSML0006 1:6"]);
}

#[test]
fn words_and_keys() {
    check("{\"a\": True}", &["CSML0010 1:7"]);
    check("[hello]", &["CSML0010 1:2"]);
    check("{a: 1}", &["CSML0011 1:2"]);
    check("{'a': 'b'}", &["CSML0019 1:2", "CSML0019 1:7"]);
    check("{“a”: 1}", &["CSML0019 1:2"]);
    check("{\"a\": 1, \"b\": 2,\n\"a\": 3}", &["CSML0012 2:1"]);
    check("{\"a\": 1, \"\\u0061\": 3}", &["CSML0012 1:10"]);
}

#[test]
fn the_first_of_duplicates_stays() {
    let (node, _) = read_text("{\"a\": 1, \"b\": 2, \"a\": 3}");
    let JsonKind::Object(members) = node.unwrap().kind else {
        panic!("no object");
    };
    let keys: Vec<_> = members.iter().map(|member| member.key.as_str()).collect();
    assert_eq!(keys, ["a", "b"]);
    assert_eq!(members[0].value.kind, JsonKind::Number("1".into()));
}

#[test]
fn numbers() {
    for (number, hint) in [
        ("01", Some("write it without leading zeros: `1`")),
        ("-007", Some("write it without leading zeros: `-7`")),
        ("00", Some("write it without leading zeros: `0`")),
        ("+1", Some("write `1`")),
        (".5", Some("write a digit before the point")),
        ("1.", Some("write a digit after the point")),
        ("0x1F", None),
        ("1e", None),
        ("-", None),
        ("1_000", None),
        ("--1", None),
    ] {
        check(number, &["CSML0013 1:1"]);
        assert_eq!(scan::check_number(number), Err(hint.map(str::to_owned)), "{number}");
    }
}

#[test]
fn escapes() {
    check(r#"["a\qb"]"#, &["CSML0014 1:4"]);
    check(r#"["\u12G4"]"#, &["CSML0014 1:3"]);
    check(r#"["\u12"]"#, &["CSML0014 1:3"]);
    check(r#"["\uD800"]"#, &["CSML0015 1:3"]);
    check(r#"["\uD800\u0041"]"#, &["CSML0015 1:3"]);
    check(r#"["\uDC00"]"#, &["CSML0015 1:3"]);
    check("[\"a\u{0}b\"]", &["CSML0016 1:4"]);
    check("[\"a\tb\"]", &["CSML0016 1:4"]);
    check("\u{0}", &["CSML0006 1:1"]);
}

#[test]
fn unclosed_strings_and_comments() {
    check("{\"a\": \"b", &["CSML0017 1:7"]);
    check("{\"a\": \"b,\n \"c\": 1}", &["CSML0017 1:7"]);
    check("{\"a: 1,\n \"c\": 1}", &["CSML0017 1:2"]);
    check("[\"\\", &["CSML0017 1:2"]);
    check("{ /* a\n\n", &["CSML0018 1:3"]);
    check("{\n  # a\n \"b\": 1}", &["CSML0006 2:3"]);
}

#[test]
fn several_errors_at_once_without_consequences() {
    let text = "{
  \"name\": \"x\"
  \"version\": 2.O,
  \"a\" 1,
  \"b\": tru,
  c: 'd',
  \"e\": \"f
  \"g\": [1, 2 3],
  \"g\": \"\\y\",
}";
    check(
        text,
        &[
            "CSML0007 2:14",
            "CSML0013 3:14",
            "CSML0008 4:6",
            "CSML0010 5:8",
            "CSML0011 6:3",
            "CSML0019 6:6",
            "CSML0017 7:8",
            "CSML0007 8:13",
            "CSML0012 9:3",
            "CSML0014 9:9",
        ],
    );
}

#[test]
fn errors_are_capped() {
    let text = format!("[{}]", "'a',\n".repeat(1000));
    let (node, errors) = read_text(&text);
    assert!(node.is_none());
    assert_eq!(errors.len(), MAX_ERRORS);
}

#[test]
fn depth_is_limited() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    check(&nested(MAX_DEPTH), &[]);
    check(&nested(MAX_DEPTH + 1), &["CSML0004 1:129"]);
    check(&nested(1_000_000), &["CSML0004 1:129"]);
    check(&"{\"a\":".repeat(1_000_000), &["CSML0004 1:641"]);
}

#[test]
fn size_is_limited() {
    check(&" ".repeat(MAX_BYTES + 1), &["CSML0002 1:1"]);
    let (node, errors) = read_text(&format!("[{}]", "1,".repeat(MAX_VALUES)));
    assert!(node.is_none());
    assert_eq!(errors.len(), 1);
    assert!(errors[0].starts_with("CSML0002 1:"));
}

#[test]
fn bytes_that_are_not_utf_8() {
    let mut sources = Sources::new();
    let id = sources.add_bytes("t", b"{\n \"a\": \"\xff\"}".to_vec());
    assert_eq!(errors_of(&sources, id).1, ["CSML0003 2:8"]);
    let id = sources.add_bytes("t", b"\xfe\xff\0{".to_vec());
    assert_eq!(errors_of(&sources, id).1, ["CSML0003 1:1"]);
}

#[test]
fn every_truncation_is_one_error_at_most_two() {
    let text = "{\"name\": \"x\", \"list\": [1, {\"y\": true, /* z */ \"w\": null}], \"e\": -1.5}";
    for end in 0..text.len() {
        let (node, errors) = read_text(&text[..end]);
        assert!(node.is_none(), "{end}");
        assert!((1..=2).contains(&errors.len()), "{end}: {errors:?}");
    }
}
