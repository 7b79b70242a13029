mod faulty;
mod mutated;
mod words;

use std::{
    fs,
    path::{Path, PathBuf},
};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{instance, schema, text};
use csml_compiler::{
    Options, compile,
    diagnostics::{Diagnostics, Severity},
    source::Sources,
    syntax,
};

/// Every construct in every form.
const EVERYTHING: &str = include_str!("tests/everything.csml");

fn validator() -> Validator {
    jsonschema::draft7::new(&schema()).unwrap()
}

/// The errors of a description against the schema, with the place of each.
fn errors(validator: &Validator, description: &Value) -> Vec<(String, String)> {
    let errors = validator.iter_errors(description);
    errors.map(|error| (error.instance_path().to_string(), error.to_string())).collect()
}

/// A description as the validator takes it.
fn plain(description: &str) -> Value {
    let mut sources = Sources::new();
    let id = sources.add_bytes("description.csml", description.as_bytes().to_vec());
    instance(&sources, id, &mut Diagnostics::new()).unwrap_or_else(|| panic!("no JSON: {description}"))
}

/// The errors that the compiler reports: code and message.
fn refusals(description: &str) -> Vec<(&'static str, String)> {
    let mut sources = Sources::new();
    let id = sources.add_bytes("description.csml", description.as_bytes().to_vec());
    let options = Options { generate: false, ..Options::default() };
    let (_, diagnostics) = compile(&sources, id, &options);
    reported(&diagnostics)
}

/// The errors among diagnostics: code and message.
fn reported(diagnostics: &Diagnostics) -> Vec<(&'static str, String)> {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors.map(|diagnostic| (diagnostic.rule.code, diagnostic.message.clone())).collect()
}

/// A file of the material that may lie beside the checkout.
fn shared(file: &str) -> Option<String> {
    let places = ["../shared", "../../shared"].map(|shared| root().join(shared).join(file));
    places.iter().find_map(|place| fs::read_to_string(place).ok())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All descriptions below a folder, in order.
fn descriptions(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() && !entry.ends_with("target") {
            descriptions(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "csml") {
            found.push(entry);
        }
    }
}

#[test]
fn the_schema_is_one() {
    let schema = schema();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    assert!(text().ends_with("}\n"));
    assert_eq!(serde_json::from_str::<Value>(&text()).unwrap(), schema);
}

#[test]
fn the_checked_in_schema_is_current() {
    let found = fs::read_to_string(root().join("docs/csml.schema.json")).unwrap_or_default();
    assert!(found.replace("\r\n", "\n") == text(), "run `cargo xtask docs`");
}

#[test]
fn what_compiles_is_valid() {
    let validator = validator();
    let mut files = Vec::new();
    for folder in ["tests/cases", "tests/typing", "examples", "benches", "csmlc/src/schema"] {
        descriptions(&root().join(folder), &mut files);
    }
    let (mut valid, mut refused) = (0, 0);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        if !refusals(&text).is_empty() {
            refused += 1;
            continue;
        }
        let errors = errors(&validator, &plain(&text));
        assert!(errors.is_empty(), "{}: {errors:#?}", file.display());
        valid += 1;
    }
    assert!(valid > 150 && refused > 20, "{valid} valid ones, {refused} refused");
}

#[test]
fn descriptions_in_use_are_valid() {
    let validator = validator();
    for file in ["corpus/railway.csml", "corpus/surveillance-system.csml"] {
        // The material may not be there.
        let Some(text) = shared(file) else { continue };
        let errors = errors(&validator, &plain(&text));
        assert!(errors.is_empty(), "{file}: {errors:#?}");
    }
}

/// Cases of rules: what only the whole description can tell is not for the schema, and everything else is.
#[test]
fn the_schema_refuses_what_is_wrong_in_structure() {
    let validator = validator();
    let mut files = Vec::new();
    descriptions(&root().join("tests/cases/rules"), &mut files);
    assert!(files.len() > 30, "{}", files.len());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let refusals = refusals(&text);
        let errors = errors(&validator, &plain(&text));
        assert!(agree(errors.is_empty(), &refusals), "{}:\n{errors:#?}\n{refusals:#?}", file.display());
    }
}

/// Whether the schema refuses what the compiler refuses for its structure.
fn agree(valid: bool, refusals: &[(&'static str, String)]) -> bool {
    // Keywords and their values.
    let always = |code: &str| code == "CSML0310" || syntax::RULES.iter().any(|rule| rule.code == code);
    // Timers out of place, what a timer does, no machine: unless it is the use of a named action that does it.
    let sometimes = |code: &str| matches!(code, "CSML0125" | "CSML0126" | "CSML0201");
    if valid {
        !refusals.iter().any(|(code, _)| always(code))
    } else {
        refusals.iter().any(|(code, _)| always(code) || sometimes(code))
    }
}

#[test]
fn snippets_are_valid_where_they_are_offered() {
    let mut whole = schema();
    // A schema of one definition: the whole with another root.
    let definitions = whole["definitions"].clone();
    let mut roots = vec![("CSML".to_owned(), whole.clone())];
    for (name, definition) in definitions.as_object().unwrap() {
        let mut root = definition.clone();
        root["definitions"] = definitions.clone();
        roots.push((name.clone(), root));
    }
    let mut count = 0;
    for (name, root) in roots {
        let validator = jsonschema::draft7::new(&root).unwrap();
        for snippet in root["defaultSnippets"].as_array().into_iter().flatten() {
            let text = filled(snippet["bodyText"].as_str().unwrap());
            let value: Value =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}: {text}"));
            let errors = errors(&validator, &value);
            assert!(errors.is_empty(), "{name}: {text}: {errors:#?}");
            count += 1;
        }
    }
    assert!(count > 15, "{count}");
    let example = whole["defaultSnippets"][0]["bodyText"].take();
    assert_eq!(refusals(&filled(example.as_str().unwrap())), []);
}

/// A snippet as it is if nothing is filled in: `${1:text}` is its text, `${2|one,two|}` the first of the words, `${3}`
/// nothing.
fn filled(snippet: &str) -> String {
    let mut parts = snippet.split("${");
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let (place, rest) = part.split_once('}').unwrap();
        let chosen = place.split([':', '|', ',']).nth(1).unwrap_or_default();
        text.push_str(chosen);
        text.push_str(rest);
    }
    text
}

#[test]
fn numbers_and_comments_are_read_as_the_compiler_reads_them() {
    let read = plain("\u{feff}{ /* a */ \"a\": [1, -2.5e3, 1e999,], // b\n \"b\": { \"c\": null, }, }");
    assert_eq!(read, json!({ "a": [1, -2500.0, null], "b": { "c": null } }));
}
