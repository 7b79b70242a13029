//! The examples of expressions in the reference and in the library: evaluated and compiled, they give the documented
//! results.
#![allow(clippy::expect_used, clippy::panic, reason = "what fails here fails a test")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use csml_expr::{Symbol, ast::Script, encode, eval::Program, library};
use csml_rt_core::{Rng, Value};
use csml_tests_random::expressions::compiled::{Outcome, evaluate};
use serde_json::Value as Json;

/// Enough for all examples but those that never end.
const LOOP_LIMIT: u64 = 100_000;

/// An expression and what it gives.
struct Example {
    /// Its page and line.
    place: String,
    source: String,
    expected: Expected,
    /// Whether it gives that only when compiled, with types known.
    compiled_only: bool,
}

enum Expected {
    /// The value of this expression.
    Value(String),
    /// A value that is this when it is made a text.
    Text(String),
    /// An error whose message contains this.
    Error(String),
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All examples, those of the pages first.
fn examples() -> Vec<Example> {
    let mut pages = vec![root().join("README.md"), root().join("docs/expressions.md")];
    let chapters = fs::read_dir(root().join("docs/expressions")).expect("the chapters are there");
    pages.extend(chapters.map(|entry| entry.expect("it can be read").path()));
    pages.sort();
    let mut examples = Vec::new();
    for page in pages {
        let text = fs::read_to_string(&page).expect("the page can be read");
        let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        of_page(&name, &text, &mut examples);
    }
    assert!(examples.len() > 150, "only {} examples", examples.len());
    for entry in library::entries() {
        let (source, value) = entry.example;
        let expected = match value {
            error if error.starts_with("error") => Expected::Error(String::new()),
            text => Expected::Text(text.to_owned()),
        };
        let place = format!("{:?} {}", entry.on, entry.name);
        examples.push(Example { place, source: source.to_owned(), expected, compiled_only: false });
    }
    examples
}

/// Examples of blocks marked `jexl` or `jexl compiled`: each goes on until a line with its value behind the
/// last `//`.
fn of_page(name: &str, text: &str, examples: &mut Vec<Example>) {
    let (mut inside, mut compiled_only, mut source) = (false, false, String::new());
    for (index, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            assert!(source.trim().is_empty(), "{name}:{}: an example without a value", index + 1);
            compiled_only = line == "```jexl compiled";
            inside = compiled_only || line == "```jexl";
            source.clear();
            continue;
        }
        if !inside {
            continue;
        }
        let Some((code, comment)) = line.rsplit_once("  // ") else {
            source += &format!("{line}\n");
            continue;
        };
        source += code;
        let expected = match comment.split_once(':') {
            Some(("error", message)) => Expected::Error(message.trim().to_owned()),
            _ if comment == "error" => Expected::Error(String::new()),
            _ => Expected::Value(comment.to_owned()),
        };
        let place = format!("{name}:{}", index + 1);
        let source = std::mem::take(&mut source).trim().to_owned();
        examples.push(Example { place, source, expected, compiled_only });
    }
}

fn eval(source: &str) -> Result<Value, String> {
    eval_with(source, BTreeMap::new())
}

fn eval_with(source: &str, mut variables: BTreeMap<String, Value>) -> Result<Value, String> {
    let script: Script<Symbol, ()> =
        csml_expr::parse(source, &|_, _| ()).map_err(|fault| format!("{fault:?}"))?;
    let mut rng = Rng::new(7);
    Program::new(&script).evaluate(&mut variables, &mut rng, LOOP_LIMIT).map_err(|error| error.message)
}

/// The text of a value, as `+` joins it.
fn text_of(value: &Value) -> String {
    let joined = eval_with("'' + value", BTreeMap::from([("value".to_owned(), value.clone())]));
    joined.ok().and_then(|text| text.as_text().map(str::to_owned)).unwrap_or_else(|| "null".to_owned())
}

/// The value an example is to have when compiled; none if it is to fail.
fn expected_value(example: &Example) -> Option<Value> {
    let source = match &example.expected {
        Expected::Error(_) => return None,
        Expected::Value(value) => value,
        Expected::Text(_) => &example.source,
    };
    Some(eval(source).unwrap_or_else(|error| panic!("{}: {source} has no value: {error}", example.place)))
}

#[test]
fn examples_evaluate_to_what_the_reference_says() {
    let mut wrong = Vec::new();
    for example in examples().into_iter().filter(|example| !example.compiled_only) {
        let found = eval(&example.source);
        let agrees = match (&example.expected, &found) {
            (Expected::Value(_), Ok(value)) => {
                expected_value(&example).is_some_and(|expected| encode(value) == encode(&expected))
            }
            (Expected::Text(text), Ok(value)) => text_of(value) == *text,
            (Expected::Error(part), Err(message)) => message.contains(part),
            _ => false,
        };
        if !agrees {
            let found = found.map(|value| value.to_json());
            wrong.push(format!("{}: {} gives {found:?}", example.place, example.source));
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

/// A value as a compiled example encodes it.
fn encoded(value: &Value) -> Json {
    normal(&serde_json::from_str(&encode(value)).expect("encoded values are JSON"))
}

/// Encodings of `null` have a `v` or not.
fn normal(encoded: &Json) -> Json {
    match encoded {
        Json::Array(items) => items.iter().map(normal).collect(),
        Json::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            members.map(|(key, value)| (key.clone(), normal(value))).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn examples_compile_to_what_the_reference_says() {
    let examples = examples();
    let sources: Vec<String> = examples.iter().map(|example| example.source.clone()).collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reference");
    let mut wrong = Vec::new();
    for (example, outcome) in examples.iter().zip(evaluate(&folder, &sources)) {
        let agrees = match (expected_value(example), &outcome) {
            (Some(expected), Outcome::Value(value)) => normal(value) == encoded(&expected),
            (None, Outcome::Refused(_) | Outcome::Failed(_)) => true,
            _ => false,
        };
        if !agrees {
            wrong.push(format!("{}: {} gives {outcome:?}", example.place, example.source));
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}
