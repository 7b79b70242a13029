use super::*;
use crate::{
    diagnostics::{Rule, compact},
    source::{SourceId, Span},
    text::is_invisible,
};

static RULE: Rule = Rule::error("CSML9901", "test-rule", "A rule of tests.");
static WARN: Rule = Rule::warning("CSML9902", "test-warning", "A rule of tests.");

fn sources(text: &str) -> (Sources, SourceId) {
    let mut sources = Sources::new();
    let id = sources.add("a.csml", text);
    (sources, id)
}

fn span(source: SourceId, start: usize, end: usize) -> Span {
    Span::new(source, start as u32, end as u32)
}

fn find(sources: &Sources, id: SourceId, what: &str) -> Span {
    let start = sources.get(id).text.find(what).unwrap();
    span(id, start, start + what.len())
}

#[track_caller]
fn check(sources: &Sources, diagnostic: &Diagnostic, expected: &str) {
    let drawn = render(sources, diagnostic, Style::Plain);
    assert_eq!(drawn, expected.trim_matches('\n'), "\n{drawn}");
    // The macro's messages look the same.
    let compact = compact::draw(sources, diagnostic);
    let below = drawn.split_once('\n').map(|(_, below)| below);
    assert_eq!(Some(&*compact), below, "\n{compact}");
}

#[test]
fn looks_like_rustc() {
    let (sources, id) = sources("{\n  \"name\": \"x\",\n  \"nmae\": \"y\"\n}\n");
    let diagnostic = Diagnostic::new(&RULE, find(&sources, id, "\"nmae\""), "unknown `nmae`")
        .label("not known")
        .related(find(&sources, id, "\"name\""), "known")
        .help("did you mean `name`?")
        .note("names matter");
    check(
        &sources,
        &diagnostic,
        r#"
error[CSML9901]: unknown `nmae`
 --> a.csml:3:3
  |
2 |   "name": "x",
  |   ------ known
3 |   "nmae": "y"
  |   ^^^^^^ not known
  |
  = help: did you mean `name`?
  = note: names matter"#,
    );
}

#[test]
fn labels_without_room_stand_below_their_marks() {
    let (sources, id) = sources("one two three\n");
    let diagnostic = Diagnostic::new(&RULE, find(&sources, id, "two"), "wrong")
        .label("the second")
        .related(find(&sources, id, "one"), "the first")
        .related(find(&sources, id, "three"), "the third");
    check(
        &sources,
        &diagnostic,
        "
error[CSML9901]: wrong
 --> a.csml:1:5
  |
1 | one two three
  | --- ^^^ ----- the third
  | |   |
  | |   the second
  | the first",
    );
}

#[test]
fn places_far_apart_are_shown_without_what_is_between() {
    let (sources, id) = sources(&format!("first\n{}last\n", "between\n".repeat(50)));
    let diagnostic = Diagnostic::new(&WARN, find(&sources, id, "last"), "wrong")
        .related(find(&sources, id, "first"), "here");
    check(
        &sources,
        &diagnostic,
        "
warning[CSML9902]: wrong
  --> a.csml:52:1
   |
 1 | first
   | ----- here
...
52 | last
   | ^^^^",
    );
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let text = format!("[{}\"here\",{}]", "1,".repeat(500_000), "2,".repeat(500_000));
    let (sources, id) = sources(&text);
    let diagnostic = Diagnostic::new(&RULE, find(&sources, id, "\"here\""), "wrong").label("this");
    let drawn = render(&sources, &diagnostic, Style::Plain);
    assert!(drawn.contains("a.csml:1:1000002"), "{drawn}");
    assert!(drawn.contains("1,1,\"here\",2,2,"), "{drawn}");
    assert!(drawn.contains("^^^^^^ this"), "{drawn}");
    assert!(drawn.len() < 1000, "{drawn}");
}

#[test]
fn near_places_in_a_long_line_are_shown_in_one_cut() {
    let (sources, id) = sources(&format!("[{}\"a\",\"b\"]", "1,".repeat(500)));
    let diagnostic =
        Diagnostic::new(&RULE, find(&sources, id, "\"b\""), "wrong").related(find(&sources, id, "\"a\""), "");
    let drawn = render(&sources, &diagnostic, Style::Plain);
    assert!(drawn.contains("a.csml:1:1006"), "{drawn}");
    assert!(drawn.contains("--- ^^^"), "{drawn}");
    assert_eq!(drawn.matches("1 |").count(), 1, "{drawn}");
}

#[test]
fn nothing_of_the_text_reaches_the_terminal_as_control() {
    let (sources, id) = sources("\"\u{1b}[31m\u{202e}a\u{200b}\u{9b}b\"\r\n");
    let whole = span(id, 0, sources.get(id).text.len());
    let diagnostic =
        Diagnostic::new(&RULE, whole, "bad \u{1b}]0;\u{7}\nname").label("\u{202e}x").help("\u{9b}y");
    let drawn = render(&sources, &diagnostic, Style::Plain);
    assert!(!drawn.chars().any(|c| is_invisible(c) && c != '\n'), "{drawn:?}");
    assert!(drawn.contains("a.csml:1:1"), "{drawn}");
}

#[test]
fn marks_stand_under_their_characters() {
    let (sources, id) = sources("\t\u{200b}é漢x = 1");
    let diagnostic = Diagnostic::new(&RULE, find(&sources, id, "x"), "wrong");
    check(
        &sources,
        &diagnostic,
        "
error[CSML9901]: wrong
 --> a.csml:1:5
  |
1 |     \u{fffd}é漢x = 1
  |         ^",
    );
}

#[test]
fn ends_and_odd_places() {
    let (sources, id) = sources("{\n\n");
    for (start, end) in [(0, 3), (3, 3), (1, 1), (2, 2), (100, 200), (3, 1)] {
        let diagnostic = Diagnostic::new(&RULE, span(id, start, end), "wrong");
        assert!(render(&sources, &diagnostic, Style::Plain).contains("error[CSML9901]: wrong"));
    }
    let mut sources = Sources::new();
    let id = sources.add("empty", "");
    let diagnostic = Diagnostic::new(&RULE, span(id, 0, 0), "empty");
    assert!(render(&sources, &diagnostic, Style::Plain).contains("--> empty:1:1"));
}

#[test]
fn colours_are_escapes_around_the_same_text() {
    let (sources, id) = sources("a\nb\n");
    let diagnostic = Diagnostic::new(&RULE, find(&sources, id, "b"), "wrong").label("this");
    let plain = render(&sources, &diagnostic, Style::Plain);
    let coloured = render(&sources, &diagnostic, Style::Color);
    assert!(coloured.contains('\u{1b}'));
    let stripped: Vec<_> = coloured.lines().map(|line| without_escapes(line).trim_end().to_owned()).collect();
    assert_eq!(stripped.join("\n"), plain);
}

#[test]
fn macro_texts_have_places_only() {
    let tokens: proc_macro2::TokenStream = "{\n \"a\": 1,\n \"b\": 2 }".parse().unwrap();
    let (text, tokens) = crate::lay_out(tokens);
    let mut sources = Sources::new();
    let id = sources.add_tokens("src/lib.rs", text, tokens);
    let diagnostic = Diagnostic::new(&RULE, find(&sources, id, "\"b\""), "wrong")
        .related(find(&sources, id, "\"a\""), "because of this")
        .help("fix it");
    check(
        &sources,
        &diagnostic,
        "
error[CSML9901]: wrong
--> src/lib.rs:3:2
 = note: 2:2: because of this
 = help: fix it",
    );
}

#[test]
fn fixes_show_the_line_before_and_after() {
    let (sources, id) = sources("{\n  \"name\": \"x\",\n  \"nmae\": \"y\"\n}\n");
    let key = find(&sources, id, "\"nmae\"");
    let diagnostic = Diagnostic::new(&RULE, key, "unknown `nmae`")
        .label("not known")
        .did_you_mean(key, "nmae", Some("name"))
        .help("or leave it out")
        .fix("write it as a string: \"1\"", find(&sources, id, "\"y\""), "\"1\"")
        .note("names matter");
    check(
        &sources,
        &diagnostic,
        r#"
error[CSML9901]: unknown `nmae`
 --> a.csml:3:3
  |
3 |   "nmae": "y"
  |   ^^^^^^ not known
  |
  = help: or leave it out
  = note: names matter
help: did you mean `name`?
  |
3 -   "nmae": "y"
3 +   "name": "y"
  |
help: write it as a string: "1"
  |
3 -   "nmae": "y"
3 +   "nmae": "1"
  |"#,
    );
}

#[test]
fn fixes_that_cannot_be_shown_are_told() {
    let (sources, id) = sources(&format!("[{}\"here\"]", "1,".repeat(500)));
    let here = find(&sources, id, "\"here\"");
    let diagnostic = Diagnostic::new(&RULE, here, "wrong").did_you_mean(here, "here", Some("there"));
    let drawn = render(&sources, &diagnostic, Style::Plain);
    assert!(drawn.ends_with("= help: did you mean `there`?"), "{drawn}");
    // The name stands there in another form.
    let diagnostic =
        Diagnostic::new(&RULE, here, "wrong").did_you_mean(span(id, 1, 2), "here", Some("there"));
    let drawn = render(&sources, &diagnostic, Style::Plain);
    assert!(drawn.ends_with("= help: did you mean `there`?"), "{drawn}");
}

#[test]
fn a_fix_in_another_text_says_where() {
    let (mut sources, id) = sources("{\"a\": 1}\n");
    let other = sources.add("csml.toml", "[types]\nab = 1\n");
    let wrong = find(&sources, other, "ab");
    let diagnostic = Diagnostic::new(&RULE, find(&sources, id, "\"a\""), "wrong")
        .related(wrong, "set here")
        .did_you_mean(wrong, "ab", Some("a"));
    check(
        &sources,
        &diagnostic,
        r#"
error[CSML9901]: wrong
 --> a.csml:1:2
  |
1 | {"a": 1}
  |  ^^^
 ::: csml.toml:2:1
  |
2 | ab = 1
  | -- set here
  |
help: did you mean `a`?
 --> csml.toml:2:1
  |
2 - ab = 1
2 + a = 1
  |"#,
    );
}

#[test]
fn insertions_are_marked() {
    let (sources, id) = sources("[1 2]\n");
    let diagnostic = Diagnostic::new(&RULE, span(id, 2, 2), "wrong").fix("put `,` here", span(id, 2, 2), ",");
    check(
        &sources,
        &diagnostic,
        r#"
error[CSML9901]: wrong
 --> a.csml:1:3
  |
1 | [1 2]
  |   ^
  |
help: put `,` here
  |
1 | [1, 2]
  |   +"#,
    );
}

#[test]
fn carets_stand_right_in_every_kind_of_line() {
    // Wide characters take two columns, combining ones none; a tab is drawn as four blanks.
    let cases = [
        ("a byte order mark", "\u{feff}{\"x\": 1}", "\"x\"", "1 | {\"x\": 1}\n  |  ^^^"),
        ("CRLF", "{\r\n\"x\": 1\r\n}\r\n", "\"x\"", "2 | \"x\": 1\n  | ^^^"),
        ("tabs", "\t\"a\":\t\"x\"", "\"x\"", "1 |     \"a\":    \"x\"\n  |             ^^^"),
        ("wide", "\"\u{6f22}\u{5b57}\", \"x\"", "\"x\"", "1 | \"\u{6f22}\u{5b57}\", \"x\"\n  |         ^^^"),
        ("combining", "\"e\u{301}\", \"x\"", "\"x\"", "1 | \"e\u{301}\", \"x\"\n  |      ^^^"),
        ("several lines", "{\"x\": {\n  1\n}}", "{\n  1\n}", "1 | {\"x\": {\n  |       ^"),
    ];
    for (what, text, place, expected) in cases {
        let (sources, id) = sources(text);
        let diagnostic = Diagnostic::new(&RULE, find(&sources, id, place), "wrong");
        let drawn = render(&sources, &diagnostic, Style::Plain);
        assert!(drawn.ends_with(expected), "{what}:\n{drawn}");
    }
}
