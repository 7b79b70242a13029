//! Every vector, compiled. What the compiler refuses must be an error in JEXL.

use std::{collections::BTreeMap, path::Path};

use csml_tests_random::expressions::{
    compiled::{Outcome, evaluate},
    vectors::{vectors, with_locals},
};

/// Expressions whose result is not that of JEXL, with the reason: the same as of the evaluator.
const DEVIATIONS: &str = include_str!("../../../csmlc/expr/tests/deviations");

/// Likewise, of the vectors about `null` that only a compiled description refuses.
const REFUSED: &str = include_str!("refused");

#[test]
fn compiled_vectors_agree_with_jexl() {
    agree("jexl.jsonl", DEVIATIONS);
}

#[test]
fn compiled_vectors_about_null_agree_with_jexl() {
    agree("null.jsonl", REFUSED);
}

fn agree(file: &str, deviations: &str) {
    let Some(vectors) = vectors(file) else { return };
    let lines = deviations.lines().filter(|line| !line.starts_with("##"));
    let mut deviations: BTreeMap<&str, &str> = lines.filter_map(|line| line.split_once(" => ")).collect();
    let sources: Vec<String> = vectors.iter().map(|vector| with_locals(&vector.source)).collect();
    let outcomes = evaluate(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(file), &sources);
    let mut wrong = Vec::new();
    let (mut refused, mut failed) = (0, 0);
    for (vector, outcome) in vectors.iter().zip(&outcomes) {
        match outcome {
            Outcome::Refused(_) => refused += 1,
            Outcome::Failed(_) => failed += 1,
            Outcome::Value(_) => {}
        }
        let agrees = outcome.value() == vector.result.as_ref();
        let listed = deviations.remove(vector.source.as_str()).is_some();
        if agrees == listed {
            let what = if listed { "listed as a deviation, but agrees" } else { "differs" };
            wrong.push(format!("{} {what}: {outcome:?}, JEXL {:?}", vector.source, vector.result));
        }
    }
    println!("{} vectors, {refused} refused when compiled, {failed} failed when run", vectors.len());
    wrong.extend(deviations.keys().map(|source| format!("{source}: listed, but no vector")));
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
}
