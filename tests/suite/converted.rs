//! A description runs as before when `csmlc convert` has rewritten it.

use csml_tests::{Folder, Inputs};

use crate::{build_script_cases, converted_cases::CASES, expected::difference};

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
        let mut originals = build_script_cases::CASES.iter();
        let original = originals.find(|original| (original.area, original.name) == (case.area, case.name));
        let expected = without_places(&(original.unwrap().run)(&inputs).trace);
        let actual = without_places(&(case.run)(&inputs).trace);
        if actual != expected {
            let difference = difference(&expected, &actual);
            failed.push(format!("{} {form}:\n{difference}", folder.title()));
        }
    }
    assert!(failed.is_empty(), "- before, + afterwards:\n{}", failed.join("\n"));
}
