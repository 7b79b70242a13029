//! A description runs as before when `csmlc convert` has rewritten it.

use csml_tests::{Folder, Inputs};

use crate::{converted_cases::CASES, expected::difference};

#[test]
fn converted_descriptions_have_the_same_traces() {
    assert!(CASES.len() > 6, "only {}", CASES.len());
    let mut failed = Vec::new();
    for (form, case) in CASES {
        let folder = Folder::of(case.area, case.name);
        let inputs = Inputs::read(&folder).unwrap();
        let expected = folder.read("trace.jsonl").unwrap().unwrap_or_default();
        let outcome = (case.run)(&inputs);
        if outcome.trace != expected {
            let difference = difference(&expected, &outcome.trace);
            failed.push(format!("{} {form}:\n{difference}", folder.title()));
        }
    }
    assert!(failed.is_empty(), "- expected, + actual:\n{}", failed.join("\n"));
}
