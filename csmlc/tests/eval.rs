//! `csmlc eval`, run as a user runs it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Output, Stdio},
};

use common::{Folder, text};

fn csmlc(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csmlc"));
    command.current_dir(folder).arg("eval").args(args).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

/// Runs `csmlc eval` with nothing on its standard input.
fn eval(args: &[&str]) -> Output {
    csmlc(Path::new("."), args).stdin(Stdio::null()).output().unwrap()
}

fn eval_input(args: &[&str], input: &[u8]) -> Output {
    let mut child = csmlc(Path::new("."), args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

#[test]
fn a_number_without_a_fraction_is_an_integer_where_one_is_needed() {
    for number in ["1", "1.0", "1e0", "10e-1"] {
        for (source, printed) in [
            ("[1, 2][x]", "2"),
            ("[1, 2]?[x]", "2"),
            ("[1, 2][x - 1]", "1"),
            ("[1, 2].get(x)", "2"),
            ("var xs = [1, 2]; xs[x] = 5; xs[x] += 1; xs", "[1,6]"),
            ("var xs = [[1], [2]]; xs[x][0] = 5; xs", "[[1],[5]]"),
            ("'abc'.substring(x)", "\"bc\""),
            ("0..x", "[0,1]"),
            ("6 | x", "7"),
            ("math:floorDiv(7, x)", "7"),
        ] {
            let output = eval(&["--var", &format!("x={number}"), source]);
            let said = text(&output.stderr);
            assert_eq!(text(&output.stdout), format!("{printed}\n"), "x={number}, {source}: {said}");
        }
    }
    let output = eval(&["--var", "x=1.5", "[1, 2][x]"]);
    assert!(text(&output.stderr).contains("cannot take item float 1.5"), "{}", text(&output.stderr));
    // Where any number will do it stays what it is.
    assert_eq!(text(&eval(&["--var", "x=3.0", "x / 2"]).stdout), "1.5\n");
}

#[test]
fn a_pattern_that_is_known_is_checked_wherever_it_is() {
    for (source, place, message) in [
        ("~/(/", "1:3", "`(` without `)`"),
        ("x = 1; false ? 'a' =~ 'b[' : x", "1:25", "`[` without `]`"),
        ("'a'.split('\\u00e4\\\\d\\'(')", "1:23", "`(` without `)`"),
        ("'a' !~ 'b' + `(?=c)`", "1:8", "lookaheads"),
        ("'a'.matches(nothere ?? 'b[')", "1:26", "`[` without `]`"),
    ] {
        let output = eval(&[source]);
        let said = text(&output.stderr);
        assert!(said.contains("this regular expression is malformed"), "{source}: {said}");
        assert!(said.contains(place) && said.contains(message), "{source}: {said}");
        assert_eq!((code(&output), text(&output.stdout).as_str()), (1, ""));
    }
}

#[test]
fn the_value_is_printed_as_json() {
    for (source, printed) in [
        ("1 + 2 * 3", "7"),
        ("-3 + 1", "-2"),
        ("'a' + 1", "\"a1\""),
        ("7 / 2.0", "3.5"),
        ("null", "null"),
        ("{'a': [1, true], 'b': {2, 1}}", r#"{"a":[1,true],"b":{"$set":[1,2]}}"#),
        ("x = 0; while (x < 10) { x += 3 } x", "12"),
        ("var f = n -> n < 2 ? n : f(n - 1) + f(n - 2); f(10)", "55"),
        ("math:max(2, 3)", "3"),
    ] {
        let output = eval(&[source]);
        assert_eq!(text(&output.stdout), format!("{printed}\n"), "{source}: {}", text(&output.stderr));
        assert_eq!(code(&output), 0);
        assert!(output.stderr.is_empty());
    }
}

#[test]
fn strings_without_quotes_and_values_with_types() {
    assert_eq!(text(&eval(&["--raw", "'a\"b'"]).stdout), "a\"b\n");
    assert_eq!(text(&eval(&["--raw", "['a']"]).stdout), "[\"a\"]\n");
    assert_eq!(
        text(&eval(&["--encoded", "[1, 1.0, null]"]).stdout),
        "{\"t\":\"list\",\"v\":[{\"t\":\"int\",\"v\":1},{\"t\":\"float\",\"v\":1.0},{\"t\":\"null\"}]}\n"
    );
    assert_eq!(code(&eval(&["--encoded", "--raw", "1"])), 2);
}

#[test]
fn variables_and_event_data_are_given_as_json() {
    let output = eval(&[
        "$value > limit ? name : xs[0]",
        "--var",
        "$value=3",
        "--var",
        "limit=2",
        "--var",
        "name=\"a=b\"",
    ]);
    assert_eq!(text(&output.stdout), "\"a=b\"\n");
    let output = eval(&["x", "--var", "x=-7"]);
    assert_eq!(text(&output.stdout), "-7\n");
    let output = eval(&["x == 0.1 + 0.2 && x", "--encoded", "--var", "x=0.30000000000000004"]);
    assert_eq!(text(&output.stdout), "{\"t\":\"bool\",\"v\":true}\n");
    for (given, message) in [
        ("x", "expected a name, `=` and a JSON value"),
        ("=1", "is not a name"),
        ("1x=1", "is not a name"),
        ("x=abc", "--var 'x=\"abc\"'"),
        ("x=[1", "is not JSON"),
        ("x=9223372036854775808", "does not fit into 64 bits"),
        ("x=18446744073709551616", "does not fit into 64 bits"),
    ] {
        let output = eval(&["1", "--var", given]);
        assert_eq!(code(&output), 2, "{given}");
        assert!(text(&output.stderr).contains(message), "{given}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty());
    }
    let twice = eval(&["1", "--var", "x=1", "--var", "x=2"]);
    assert!(text(&twice.stderr).contains("given twice"));
}

#[test]
fn errors_show_the_place() {
    let output = eval(&["1 + limt * 2", "--var", "limit=3"]);
    assert_eq!(code(&output), 1);
    assert!(output.stdout.is_empty());
    assert_eq!(
        text(&output.stderr),
        "error[CSML0440]: unknown variable `limt`
 --> <expression>:1:5
  |
1 | 1 + limt * 2
  |     ^^^^
  |
  = help: did you mean `limit`?

"
    );
    let output = eval(&["x = 1;\nx / (x - 1)"]);
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).contains("<expression>:2:1"), "{}", text(&output.stderr));
    let output = eval(&["1 +"]);
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).starts_with("error[CSML0401]: "), "{}", text(&output.stderr));
    let output = eval(&["while (true) {}", "--loop-limit", "100"]);
    assert!(text(&output.stderr).contains("100"), "{}", text(&output.stderr));
}

#[test]
fn a_seed_repeats_random_draws() {
    let draw = |seed: &[&str]| {
        let mut args = vec!["std:takeRandom(1..1000000)"];
        args.extend(seed);
        text(&eval(&args).stdout)
    };
    assert_eq!(draw(&["--seed", "7"]), draw(&["--seed", "7"]));
    assert_ne!(draw(&["--seed", "7"]), draw(&["--seed", "8"]));
    let drawn: std::collections::BTreeSet<_> = (0..4).map(|_| draw(&[])).collect();
    assert!(drawn.len() > 1, "{drawn:?}");
}

#[test]
fn without_an_argument_the_input_is_the_expression() {
    for args in [&[][..], &["-"]] {
        let output = eval_input(args, b"\xef\xbb\xbfx = 6;\nx * 7\n");
        assert_eq!(text(&output.stdout), "42\n", "{}", text(&output.stderr));
    }
    let output = eval_input(&[], b"1 +\n 'a");
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).contains("<stdin>:2:2"), "{}", text(&output.stderr));
    let output = eval_input(&[], b"1 + \xff");
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).contains("UTF-8"));
    assert_eq!(code(&eval_input(&[], b"")), 1);
}

#[test]
fn every_line_has_an_answer() {
    let lines: &[(&[u8], &str)] = &[
        (br#"{"source": "x + 1", "vars": {"x": 2}}"#, r#"{"t":"int","v":3}"#),
        (br#"{"source": "$v * k", "vars": {"$v": 1.5, "k": 2}, "more": [1]}"#, r#"{"t":"float","v":3.0}"#),
        (br#"{"source": "m = {:}; m[1]"}"#, r#"{"t":"null"}"#),
        (
            br#"{"source": "{2, 10, 'a'}"}"#,
            r#"{"t":"set","v":[{"t":"int","v":10},{"t":"int","v":2},{"t":"string","v":"a"}]}"#,
        ),
        (br#"{"source": "0.0 * -1"}"#, r#"{"t":"float","v":-0.0}"#),
        (br#"{"source": "1.0 - ''"}"#, r#"{"t":"float","v":"NaN"}"#),
        (br#"{"source": "-1e300 * 1e300", "vars": null}"#, r#"{"t":"float","v":"-Infinity"}"#),
        (
            br#"{"source": "x", "vars": {"x": {"b": 1, "a": [true]}}}"#,
            r#"{"t":"map","v":[[{"t":"string","v":"a"},{"t":"list","v":[{"t":"bool","v":true}]}],[{"t":"string","v":"b"},{"t":"int","v":1}]]}"#,
        ),
        (b"{\"source\": \"1\"}\r", r#"{"t":"int","v":1}"#),
        // A variable of a line is gone in the next.
        (br#"{"source": "y = 1"}"#, r#"{"t":"int","v":1}"#),
        (br#"{"source": "y"}"#, r#"{"t":"error","message":"unknown variable `y` at 1:1"}"#),
        (br#"{"source": "1 +"}"#, r#"{"t":"error","#),
        (br#"{"source": "1 + 'a' - 2"}"#, r#"{"t":"error","#),
        (br#"{"source": 1}"#, r#"{"t":"error","message":"`source` is not a string, but int"}"#),
        (br#"{"vars": {}}"#, r#"{"t":"error","message":"the line has no `source`"}"#),
        (
            br#"{"source": "1", "vars": [1]}"#,
            r#"{"t":"error","message":"`vars` is not an object, but list"}"#,
        ),
        (br#"{"source": "x", "vars": {"x": 18446744073709551616}}"#, r#"{"t":"error","#),
        (br"[1]", r#"{"t":"error","message":"the line is not an object, but list"}"#),
        (b"1 + 1 {", r#"{"t":"error","#),
        (b"", r#"{"t":"error","message":"the line is empty"}"#),
        (b"{\"source\": \"\xff\"}", r#"{"t":"error","message":"the line is not UTF-8"#),
        (br#"{"source": "while (true) {}"}"#, r#"{"t":"error","#),
        (br#"{"source": "var f = x -> f(x); f(1)"}"#, r#"{"t":"error","#),
        (br#"{"source": "'last'"}"#, r#"{"t":"string","v":"last"}"#),
    ];
    let mut input = Vec::new();
    for (line, _) in lines {
        input.extend_from_slice(line);
        input.push(b'\n');
    }
    // The last line may end without a line break.
    input.pop();
    let folder = Folder::new("lines");
    let file = folder.write("lines.jsonl", &input);
    let from_file = eval(&["--lines", file.to_str().unwrap(), "--loop-limit", "1000"]);
    let output = eval_input(&["--lines", "--loop-limit", "1000"], &input);
    assert_eq!(text(&output.stdout), text(&from_file.stdout));
    assert_eq!(code(&output), 0);
    let answers = text(&output.stdout);
    let answers: Vec<_> = answers.lines().collect();
    assert_eq!(answers.len(), lines.len());
    for (answer, (line, expected)) in answers.iter().zip(lines) {
        let line = String::from_utf8_lossy(line);
        if expected.ends_with('}') {
            assert_eq!(answer, expected, "{line}");
        } else {
            assert!(answer.starts_with(expected) && answer.contains("\"message\":\""), "{line}: {answer}");
        }
        assert!(serde_json::from_str::<serde_json::Value>(answer).is_ok(), "{answer}");
    }
    let missing = eval(&["--lines", "missing.jsonl"]);
    assert_eq!(code(&missing), 2);
}

#[test]
fn answers_do_not_wait_for_the_end_of_the_input() {
    let mut child = csmlc(Path::new("."), &["--lines", "--var", "k=10"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    for number in 0..3 {
        writeln!(input, "{{\"source\": \"{number} + k\"}}").unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, format!("{{\"t\":\"int\",\"v\":{}}}\n", number + 10));
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_vectors_are_answered_from_their_file() {
    let Some(vectors) = ["../../shared", "../../../shared"].iter().find_map(|shared| {
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(shared).join("vectors/jexl.jsonl")).ok()
    }) else {
        return;
    };
    let output = eval_input_from_file(&vectors);
    assert_eq!(code(&output), 0);
    let differences = text(&output.stdout)
        .lines()
        .zip(text(&vectors).lines())
        .filter(|(answer, vector)| {
            let answer: serde_json::Value = serde_json::from_str(answer).unwrap();
            let vector: serde_json::Value = serde_json::from_str(vector).unwrap();
            let error = |value: &serde_json::Value| value["t"] == "error";
            !(answer == vector["result"] || error(&answer) && error(&vector["result"]))
        })
        .count();
    // Those that csmlc/expr/tests/deviations lists.
    assert_eq!(differences, 5);
    assert_eq!(text(&output.stdout).lines().count(), text(&vectors).lines().count());
}

/// Long inputs come from a file: a pipe would be full before anybody reads the answers.
fn eval_input_from_file(input: &[u8]) -> Output {
    let folder = Folder::new("vectors");
    let file = folder.write("vectors.jsonl", input);
    eval(&["--lines", file.to_str().unwrap()])
}
