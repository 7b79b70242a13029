//! What is formatted how, and that nothing is lost.

use super::*;
use csml_compiler::read::{JsonKind as Json, JsonNode};

/// The text formatted; it must read.
fn formatted(text: &str) -> String {
    let mut sources = Sources::new();
    let id = sources.add("t", text);
    let mut diagnostics = Diagnostics::new();
    let formatted = format(&sources, id, &mut diagnostics);
    let found: Vec<_> = diagnostics.iter().map(|found| &found.message).collect();
    formatted.unwrap_or_else(|| panic!("{found:?}: {text}"))
}

/// A value without places, as it is written.
fn value(node: &JsonNode, text: &str, out: &mut String) {
    match &node.kind {
        Json::Array(items) => {
            out.push('[');
            items.iter().for_each(|item| value(item, text, out));
            out.push(']');
        }
        Json::Object(members) => {
            out.push('{');
            for member in members {
                out.push_str(&text[member.key.span.start as usize..member.key.span.end as usize]);
                value(&member.value, text, out);
            }
            out.push('}');
        }
        _ => {
            out.push_str(&text[node.span.start as usize..node.span.end as usize]);
            out.push(' ');
        }
    }
}

/// The value of a text, and its comments without their blanks.
fn content(text: &str) -> (String, Vec<String>) {
    let mut sources = Sources::new();
    let id = sources.add("t", text);
    let tree = read::read(&sources, id, &mut Diagnostics::new()).unwrap();
    let mut json = String::new();
    value(&tree, text, &mut json);
    let mut comments = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            comments.push(rest[..length].split_whitespace().collect());
            length
        } else if rest.starts_with("/*") {
            let length = rest.find("*/").unwrap() + 2;
            comments.push(rest[..length].split_whitespace().collect());
            length
        } else if c == '"' {
            let mut escaped = false;
            let inside = |c: char| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            };
            rest[1..].find(inside).unwrap() + 2
        } else {
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    comments.sort();
    (json, comments)
}

/// Formats, and checks what holds of every text.
fn checked(text: &str) -> String {
    let once = formatted(text);
    assert_eq!(content(text), content(&once), "{text}\n---\n{once}");
    assert_eq!(formatted(&once), once, "not stable:\n{text}");
    let lines: Vec<&str> = once.split('\n').collect();
    assert!(lines.iter().all(|line| line.trim_end_matches([' ', '\t']) == *line), "{once}");
    assert!(once.ends_with('\n') && !once.ends_with("\n\n"), "{once}");
    once
}

#[test]
fn blanks_commas_and_line_breaks_are_put_right() {
    assert_eq!(checked("{\"a\":1,\"b\":[1,2,],}"), "{ \"a\": 1, \"b\": [1, 2] }\n");
    assert_eq!(checked("\u{feff} {\n\"a\" :{ },\"b\":[ ]}"), "{\n  \"a\": {},\n  \"b\": []\n}\n");
    assert_eq!(checked("[\n\n1,\n\n\n\n2\n\n]"), "[\n  1,\n\n  2\n]\n");
    assert_eq!(checked("1"), "1\n");
}

#[test]
fn a_line_break_behind_the_bracket_keeps_the_lines() {
    assert_eq!(checked("{\n\"a\": {\"b\":1}}"), "{\n  \"a\": { \"b\": 1 }\n}\n");
    assert_eq!(checked("{\"a\": {\n\"b\":1}}"), "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n");
    assert_eq!(checked("{ \"a\": 1,\n  \"b\": 2 }"), "{ \"a\": 1, \"b\": 2 }\n");
    assert_eq!(
        checked("[{\n\"a\": 1\n}, {\n\"b\": 2\n}]"),
        "[\n  {\n    \"a\": 1\n  },\n  {\n    \"b\": 2\n  }\n]\n"
    );
}

#[test]
fn lists_of_plain_values_stand_on_one_line_if_they_fit() {
    assert_eq!(checked("[\n  1,\n  \"two\",\n  null\n]"), "[1, \"two\", null]\n");
    assert_eq!(checked("[\n  1, // one\n  2\n]"), "[\n  1, // one\n  2\n]\n");
    let item = format!("\"{}\"", "é".repeat(40));
    let short = format!("[{item}, {item}]\n");
    assert_eq!(checked(&short), short);
    let long = format!("[{item}, {item}, {item}]");
    assert_eq!(checked(&long), format!("[\n  {item},\n  {item},\n  {item}\n]\n"));
}

#[test]
fn a_line_is_as_long_as_allowed_with_its_comma() {
    // 2 + 5 + 93 characters, and a comma behind the first.
    let fits = format!("[\n  {{ \"{}\": 1 }},\n  {{ \"{}\": 1 }}\n]\n", "a".repeat(88), "b".repeat(89));
    assert_eq!(checked(&fits), fits);
    let longer = fits.replacen('a', "aa", 1);
    assert!(checked(&longer).starts_with("[\n  {\n    \"a"));
    assert_eq!(fits.lines().map(str::len).max(), Some(100));
}

#[test]
fn strings_and_numbers_stay_as_they_are_written() {
    let text = "[\"\\u00e9\\/é // no /* comment\", 1.50e+2, -0, 1E9, true]\n";
    assert_eq!(checked(text), text);
}

#[test]
fn comments_stay_with_what_they_belong_to() {
    let text = "\
// file

/* license */
{ // root
  // about a
  \"a\": 1, // behind a
  \"b\": 2, // behind b
  // about c

  // more about c
  \"c\": [
    // empty
  ],
  \"d\": {
    \"e\": 1 // without comma
  }, /* behind d */
  /* before f */ \"f\": /* inside */ [/* no items */],
  \"g\": { /* none */ },
  \"h\": [1 /* one */, /* two */ 2]
  // at the end
}
// after
// the file
";
    assert_eq!(checked(text), text);
}

#[test]
fn comments_in_odd_places_find_one() {
    assert_eq!(checked("{\"a\" // x\n:1}"), "{\n  // x\n  \"a\": 1\n}\n");
    assert_eq!(checked("{\"a\":\n/* x */ /* y */\n1}"), "{ \"a\": /* x */ /* y */ 1 }\n");
    assert_eq!(checked("[1 // x\n, // y\n2]"), "[\n  1, // x\n  // y\n  2\n]\n");
    assert_eq!(checked("[1\n/* x */\n,2]"), "[\n  1,\n  /* x */\n  2\n]\n");
    assert_eq!(checked("[1, /* x */]"), "[1 /* x */]\n");
    assert_eq!(checked("[1, /* x */\n2]"), "[1 /* x */, 2]\n");
    assert_eq!(checked("[ // x\n]"), "[ // x\n]\n");
    assert_eq!(checked("[ // x\n 1]"), "[ // x\n  1\n]\n");
    assert_eq!(checked("/* x */ 1 /* y */ // z"), "/* x */ 1 /* y */ // z\n");
    assert_eq!(checked("1//x\n\n\n//y"), "1 //x\n\n//y\n");
}

#[test]
fn lines_of_a_comment_move_with_it() {
    let text = "{\n\t\t/* one\n\t\t   two\n\n\t\t */\n\t\t\"a\": 1\n}";
    assert_eq!(checked(text), "{\n  /* one\n     two\n\n   */\n  \"a\": 1\n}\n");
    let text = "{\n/* one\n   two */\n\"a\": /* three\nfour */ 1}";
    assert_eq!(checked(text), "{\n  /* one\n     two */\n  \"a\": /* three\nfour */ 1\n}\n");
}

#[test]
fn line_ends_are_those_of_the_first_line() {
    assert_eq!(formatted("{\r\n\"a\": 1, // x\r\n/* y\r\n   z */\r\n\"b\": 2}"), {
        "{\r\n  \"a\": 1, // x\r\n  /* y\r\n     z */\r\n  \"b\": 2\r\n}\r\n"
    });
    assert_eq!(formatted("{\n\"a\": 1,\r\n\"b\": 2}\r\n"), "{\n  \"a\": 1,\n  \"b\": 2\n}\n");
}

#[test]
fn what_does_not_read_is_not_formatted() {
    for text in ["", "{", "{\"a\": 1 \"b\": 2}", "{a: 1}", "{\"a\": 1, \"a\": 2}", "[01]", "['x']"] {
        let mut sources = Sources::new();
        let id = sources.add("t", text);
        let mut diagnostics = Diagnostics::new();
        assert_eq!(format(&sources, id, &mut diagnostics), None, "{text}");
        assert!(diagnostics.has_errors(), "{text}");
    }
}

#[test]
fn deep_and_long_texts_take_little_time() {
    let nested = format!("{}1{}", "[".repeat(127), "]".repeat(127));
    checked(&nested);
    let wide = format!("{}{}1{}", "[".repeat(127), "1,".repeat(20_000), "]".repeat(127));
    formatted(&wide);
    formatted(&format!("[\"{}\"]", "x".repeat(1_000_000)));
}

/// Numbers that look random and are the same in every run: SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    /// Blanks and comments, as may stand anywhere between two tokens.
    fn blanks(&mut self, out: &mut String) {
        const SOME: [&str; 12] = [
            " ",
            "\n",
            "\r\n",
            "\n\n",
            "\t",
            "// l\n",
            "//\n",
            "/* b */",
            "/**/",
            "/* m\n  n */",
            "\n  /* i\n  j\n*/",
            "\n// o\n",
        ];
        while self.below(3) == 0 {
            out.push_str(self.one(&SOME));
        }
    }

    fn json(&mut self, depth: u64, out: &mut String) {
        const PLAIN: [&str; 7] =
            ["1", "-2.50", "\"\"", "\"a \\\" // b\"", "true", "null", "\"some longer text here\""];
        let (open, close) = match self.below(if depth > 5 { 1 } else { 4 }) {
            0 | 1 => return out.push_str(self.one(&PLAIN)),
            2 => ('[', ']'),
            _ => ('{', '}'),
        };
        out.push(open);
        self.blanks(out);
        let count = self.below(5);
        for index in 0..count {
            if open == '{' {
                out.push_str(&format!("\"k{index}\""));
                self.blanks(out);
                out.push(':');
                self.blanks(out);
            }
            self.json(depth + 1, out);
            self.blanks(out);
            if index + 1 < count || self.below(4) == 0 {
                out.push(',');
                self.blanks(out);
            }
        }
        out.push(close);
    }
}

#[test]
fn random_texts_keep_their_values_and_comments() {
    let mut random = Random(1);
    for _ in 0..2_000 {
        let mut text = String::new();
        random.blanks(&mut text);
        random.json(0, &mut text);
        random.blanks(&mut text);
        checked(&text);
    }
}
