//! Short runs of the targets, and the printer on random trees.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

use std::path::Path;

use csml_expr::{Parsed, ast::Kind};
use csml_tests_random::texts::{TARGETS, mutate::Mutator, parsed, round_trip, seeds::SEEDS, trees};

/// Texts of the vectors, where they lie beside the checkout.
fn vectors() -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places =
        ["../../../shared", "../../../../shared"].map(|place| here.join(place).join("vectors/jexl.jsonl"));
    let text = places.iter().find_map(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let source = |line: &str| {
        let vector: serde_json::Value = serde_json::from_str(line).unwrap();
        vector["source"].as_str().unwrap().to_owned()
    };
    text.lines().step_by(17).map(source).collect()
}

fn run(name: &str, rounds: usize) {
    let target = TARGETS.iter().find(|(known, _)| *known == name).unwrap().1;
    SEEDS.iter().for_each(|seed| target(seed));
    let mut mutator = Mutator::new(1, vectors());
    let mut accepted = 0;
    for _ in 0..rounds {
        let text = mutator.text();
        target(&text);
        if parsed(&text).is_ok() {
            accepted += 1;
            mutator.keep(text);
        }
    }
    assert!(accepted > rounds / 20, "only {accepted} of {rounds} texts are in the language");
}

#[test]
fn parse() {
    run("parse", 12_000);
}

#[test]
fn evaluate() {
    run("evaluate", 6_000);
}

/// Without captures, which the generator does not know.
fn shape(script: &Parsed<()>) -> String {
    let locals: Vec<_> = script.locals.iter().map(|local| (&local.name, local.role)).collect();
    format!("{:?} {locals:?}", script.root)
}

#[test]
fn printing_and_parsing_random_trees_is_the_identity() {
    let mut kinds = std::collections::BTreeSet::new();
    for seed in 0..4_000 {
        let mut script = trees::script(seed);
        let text = csml_expr::print(&script);
        let mut again = parsed(&text).unwrap_or_else(|fault| panic!("{seed}: {text}\n{fault:?}\n{script:?}"));
        round_trip(&again);
        trees::forget_captures(&mut again.root);
        trees::forget_captures(&mut script.root);
        assert_eq!(shape(&again), shape(&script), "{seed}: {text}");
        script.root.visit(&mut |part| {
            let name = format!("{:?}", part.kind);
            kinds.insert(name.split(['(', ' ']).next().unwrap_or_default().to_owned());
        });
    }
    assert_eq!(kinds.len(), 33, "{kinds:?}");
}

#[test]
fn every_kind_survives_other_references() {
    for seed in 0..500 {
        let script = trees::script(seed);
        let expected = format!("{script:?}");
        let mut count = 0;
        let mapped = script.map_references(&mut |symbol, ()| {
            count += 1;
            Some(symbol)
        });
        let mapped = mapped.unwrap_or_else(|| panic!("{seed}"));
        assert_eq!(format!("{mapped:?}"), expected);
        let mut visited = 0;
        mapped.root.visit(&mut |part| visited += usize::from(matches!(part.kind, Kind::Ref(_))));
        assert_eq!(visited, count);
    }
}
