//! Helpers for this crate's tests.

use std::path::Path;

/// An expression with what a real JEXL made of it.
pub(crate) struct Vector {
    /// The expression.
    pub(crate) source: String,
    /// Name of its value's type, or `error`.
    pub(crate) result: String,
}

/// The expressions with known results, where they lie beside the checkout.
pub(crate) fn vectors() -> Option<Vec<Vector>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = ["../../shared", "../../../shared"]
        .iter()
        .map(|shared| here.join(shared).join("vectors/jexl.jsonl"))
        .find(|file| file.exists())?;
    let text = std::fs::read_to_string(file).ok()?;
    let vectors = text.lines().map(|line| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        Vector {
            source: value["source"].as_str().unwrap().to_owned(),
            result: value["result"]["t"].as_str().unwrap().to_owned(),
        }
    });
    Some(vectors.collect())
}
