//! The evaluator against results of a real Commons JEXL, exact in type and value.
//!
//! The vectors stand beside the checkout; the test does nothing where they are absent. Deviations are listed in
//! `tests/deviations`, with a reason each.

#![expect(clippy::unwrap_used, reason = "a vector that is not as expected fails the test")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use csml_expr::{encode, eval::Program, parse};
use csml_rt_core::{Rng, Value};
use serde_json::Value as Json;

#[test]
fn evaluation_agrees_with_jexl() {
    let Some(vectors) = vectors() else { return };
    let deviations = deviations();
    let (mut compared, mut wrong, mut deviating) = (0, Vec::new(), BTreeSet::new());
    for line in vectors.lines() {
        let vector: Json = serde_json::from_str(line).unwrap();
        let source = vector["source"].as_str().unwrap();
        let result = &vector["result"];
        let expected = (result["t"] != "error").then(|| result.to_string());
        let found = evaluate(source);
        compared += 1;
        if found.as_ref().ok() == expected.as_ref() {
            continue;
        }
        if deviations.contains_key(source) {
            deviating.insert(source.to_owned());
        } else {
            let found = found.unwrap_or_else(|message| format!("error: {message}"));
            wrong.push(format!("{source}: {found}, JEXL {result}"));
        }
    }
    println!("{compared} vectors compared, {} differ, {} as listed", wrong.len(), deviating.len());
    assert!(compared > 5_300, "only {compared} vectors");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let stale: Vec<_> = deviations.keys().filter(|source| !deviating.contains(*source)).collect();
    assert!(stale.is_empty(), "these agree or are no vectors: {stale:#?}");
}

fn evaluate(source: &str) -> Result<String, String> {
    let script = parse(source, &|_, _| ()).map_err(|fault| fault.message().to_owned())?;
    let mut variables = BTreeMap::<String, Value>::new();
    let value = Program::new(&script).evaluate(&mut variables, &mut Rng::new(1), 1_000_000);
    let value = value.map_err(|error| error.message)?;
    // Written again, so that numbers are written alike.
    let encoded: Json = serde_json::from_str(&encode(&value)).unwrap();
    Ok(encoded.to_string())
}

fn vectors() -> Option<String> {
    ["../../../shared", "../../../../shared"]
        .iter()
        .map(|shared| Path::new(env!("CARGO_MANIFEST_DIR")).join(shared))
        .find_map(|shared| {
            let read = |file| fs::read_to_string(shared.join("vectors").join(file)).ok();
            Some(read("jexl.jsonl")? + &read("null.jsonl")?)
        })
}

/// Source and reason of each deviation: `source => reason`, with comments after `##`.
fn deviations() -> BTreeMap<String, String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/deviations");
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with("##") && !line.trim().is_empty());
    lines
        .map(|line| {
            let (source, reason) = line.split_once(" => ").unwrap();
            assert!(!reason.trim().is_empty(), "no reason: {line}");
            (source.to_owned(), reason.to_owned())
        })
        .collect()
}
