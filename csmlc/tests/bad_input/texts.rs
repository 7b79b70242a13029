//! Texts that are no descriptions, or in no good shape.

use super::{compile, examples};
use crate::common::GOOD;

#[track_caller]
fn refused(name: &str, text: impl AsRef<[u8]>) {
    assert!(compile(&|| name.to_owned(), text.as_ref()).is_none(), "{name} is taken");
}

#[track_caller]
fn taken(name: &str, text: impl AsRef<[u8]>) {
    assert!(compile(&|| name.to_owned(), text.as_ref()).is_some(), "{name} is refused");
}

#[test]
fn what_is_no_json() {
    for text in [
        "",
        " ",
        "\n\n\t",
        "// only\n",
        "/* not closed",
        "hello",
        "<xml/>",
        "name: lamp",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "\"\\",
        "'",
        "{]",
        "[}",
        "{\"",
        "{\"a",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":}",
        "{\"a\" 1}",
        "{,}",
        "[,]",
        "{:}",
        "{{}}",
        "[[]",
        "{}{}",
        "{} {}",
        "{}]",
        "nul",
        "truee",
        "-",
        "+1",
        "01",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x10",
        "NaN",
        "-Infinity",
        "\"\\q\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"a\nb\"",
        "\"a\u{1}b\"",
        "#",
        "\\",
        "@",
        "\u{feff}",
        "\u{feff}\u{feff}{}",
        "\0",
        "\0{}",
        "{}\0",
        "{\"a\":\0}",
        "\u{2028}",
        "{\u{a0}}",
    ] {
        refused(&format!("{text:?}"), text);
    }
}

#[test]
fn other_json_than_an_object() {
    for text in ["null", "true", "5", "-0.5e3", "\"x\"", "[]", "[{}]", "{}", "{\"name\": \"x\"}"] {
        refused(text, text);
    }
}

#[test]
fn numbers_of_any_size() {
    for number in [
        "1e400",
        "-1e400",
        "1e-400",
        "9".repeat(400).as_str(),
        "9223372036854775808",
        "1.7976931348623159e308",
    ] {
        let text = GOOD.replace("\"initial\": true", &format!("\"initial\": {number}"));
        refused(number, text);
        let text = GOOD.replace(
            "\"initial\": true",
            &format!("\"initial\": true, \"localData\": [{{ \"name\": \"n\", \"value\": \"{number}\" }}]"),
        );
        compile(&|| format!("n = {number}"), text.as_bytes());
        let property = format!(
            "\"initial\": true, \"entry\": [{{ \"type\": \"invoke\", \"serviceType\": \"s\", \"properties\": \
             [{{ \"name\": \"timeoutMs\", \"value\": {number} }}, {{ \"name\": \"other\", \"value\": {number} }}] }}]"
        );
        compile(&|| format!("timeoutMs = {number}"), GOOD.replace("\"initial\": true", &property).as_bytes());
    }
}

#[test]
fn lone_surrogates_and_nul_in_names() {
    refused("surrogate", GOOD.replace("\"press\"", r#""\ud83d""#));
    refused("surrogate", GOOD.replace("\"press\"", r#""\ude00\ud83d""#));
    taken("pair", GOOD.replace("\"press\"", r#""\ud83d\ude00""#));
    taken("nul", GOOD.replace("\"press\"", r#""\u0000""#));
}

#[test]
fn encodings() {
    taken("byte order mark", format!("\u{feff}{GOOD}"));
    taken("crlf", GOOD.replace('\n', "\r\n"));
    taken("cr", GOOD.replace('\n', "\r"));
    let utf16: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused("utf-16 without a mark", &utf16);
    refused("utf-16", [&[0xff, 0xfe], utf16.as_slice()].concat());
    let utf16: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_be_bytes).collect();
    refused("utf-16 big", [&[0xfe, 0xff], utf16.as_slice()].concat());
    let good = GOOD.as_bytes();
    for at in [0, 1, good.len() / 2, good.len() - 1, good.len()] {
        for bad in [&[0xff][..], &[0xc3], &[0xed, 0xa0, 0x80], &[0xf4, 0x90, 0x80, 0x80], &[0xc0, 0xaf]] {
            refused(&format!("{bad:?} at {at}"), [&good[..at], bad, &good[at..]].concat());
        }
    }
}

#[test]
fn truncated_anywhere() {
    for (name, text) in examples() {
        let end = text.trim_end().len();
        for at in (0..end).step_by(50) {
            refused(&format!("{name} up to {at}"), &text.as_bytes()[..at]);
        }
    }
}

#[test]
fn a_million_levels() {
    let million = 1_000_000;
    for open in ["[", "{", "{\"a\":", "[{\"a\":", "(", "[,", "{{\"a\":["] {
        refused(open, open.repeat(million));
    }
    refused("closed", "[".repeat(million) + &"]".repeat(million));
    refused("closing", "]".repeat(million));
    refused("comments", "/*".repeat(million));
    for open in ["(", "[", "{", "!", "-", "a?", "a.", "f(", "a[", "not ", "{'a':", "'"] {
        let text = GOOD.replace("\"initial\": true", &data(&open.repeat(million / 10).replace('"', "\\\"")));
        refused(open, text);
    }
    for (open, close) in [("(", ")"), ("[", "]"), ("{'a': ", "}")] {
        let value = open.repeat(100_000) + "1" + &close.repeat(100_000);
        refused(open, GOOD.replace("\"initial\": true", &data(&value)));
    }
    for chain in ["1 + ", "1 - ", "true && ", "'a' + ", "1 < ", "true ? 1 : ", "null ?? ", "1 = "] {
        compile(
            &|| chain.to_owned(),
            GOOD.replace("\"initial\": true", &data(&(chain.repeat(100_000) + "1"))).as_bytes(),
        );
    }
}

/// An initial state with a variable of this value.
fn data(value: &str) -> String {
    format!("\"initial\": true, \"localData\": [{{ \"name\": \"v\", \"value\": \"{value}\" }}]")
}

#[test]
fn machines_in_machines() {
    let mut text = r#"{ "name": "m", "states": [{ "name": "s", "initial": true }] }"#.to_owned();
    for depth in 0..200 {
        text = format!(
            r#"{{ "name": "m{depth}", "states": [{{ "name": "s", "initial": true }}], "stateMachines": [{text}] }}"#
        );
        if depth % 20 == 19 {
            let all = format!(r#"{{ "name": "x", "version": "2.0", "stateMachines": [{text}] }}"#);
            compile(&|| format!("{depth} machines in each other"), all.as_bytes());
        }
    }
}

#[test]
fn many_of_everything() {
    let many = |item: &dyn Fn(usize) -> String, count| (0..count).map(item).collect::<Vec<_>>().join(",");
    let states = many(
        &|i| {
            format!(
                r#"{{"name":"s{i}","initial":{},"on":[{{"event":"e{i}","target":"s{}"}}]}}"#,
                i == 0,
                i + 1
            )
        },
        500,
    );
    let last = r#"{"name":"s500"}"#;
    taken(
        "states",
        format!(
            r#"{{"name":"x","version":"2.0","stateMachines":[{{"name":"m","states":[{states},{last}]}}]}}"#
        ),
    );
    refused(
        "wrong states",
        format!(r#"{{"name":"x","version":"2.0","stateMachines":[{}]}}"#, many(&|_| "5".to_owned(), 100_000)),
    );
    refused("keys", format!("{{{}}}", many(&|i| format!("\"k{i}\":{i}"), 100_000)));
    refused("one key", format!("{{{}}}", many(&|_| "\"k\":1".to_owned(), 100_000)));
}
