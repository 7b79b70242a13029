//! A description runs as before when `csmlc convert` has rewritten it.

use csml_tests::{Folder, Inputs};

use crate::{converted_cases::CASES, expected::difference};

/// A trace without the places of errors, which are others in another text.
fn without_places(trace: &str) -> String {
    let line = |line: &str| match line.split_once(",\"at\":\"") {
        Some((before, _)) => format!("{before}\n"),
        None => format!("{line}\n"),
    };
    trace.lines().map(line).collect()
}

#[test]
fn converted_descriptions_have_the_same_traces() {
    assert!(CASES.len() > 6, "only {}", CASES.len());
    let mut failed = Vec::new();
    for (form, case) in CASES {
        let folder = Folder::of(case.area, case.name);
        let inputs = Inputs::read(&folder).unwrap();
        let expected = without_places(&folder.read("trace.jsonl").unwrap().unwrap_or_default());
        let actual = without_places(&(case.run)(&inputs).trace);
        if actual != expected {
            let difference = difference(&expected, &actual);
            failed.push(format!("{} {form}:\n{difference}", folder.title()));
        }
    }
    assert!(failed.is_empty(), "- expected, + actual:\n{}", failed.join("\n"));
}
