//! Against what a real JEXL takes.

use std::path::Path;

use super::{parsed, print, round_trip};

/// Source, and whether JEXL takes it. Nothing where the vectors are absent.
fn vectors() -> Vec<(String, bool)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let paths = ["../../../shared", "../../../../shared"].map(|path| here.join(path).join("vectors"));
    let read = |folder: &Path, file| std::fs::read_to_string(folder.join(file)).ok();
    let both = |folder: &Path| Some(read(folder, "jexl.jsonl")? + &read(folder, "null.jsonl")?);
    let text = paths.iter().find_map(|folder| both(folder)).unwrap_or_default();
    let read = |line: &str| {
        let vector: serde_json::Value = serde_json::from_str(line).unwrap();
        (vector["source"].as_str().unwrap().to_owned(), vector["result"]["t"] != "error")
    };
    text.lines().map(read).collect()
}

#[test]
fn takes_what_jexl_takes() {
    for (source, accepted) in vectors() {
        match parsed(&source) {
            Ok(script) => {
                let printed = round_trip(&script);
                assert_eq!(print(&parsed(&printed).unwrap()), printed, "{source}");
            }
            Err(fault) => assert!(!accepted, "{source}: {fault:?}"),
        }
    }
}
