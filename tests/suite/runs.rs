//! Cases that run: the trace must be the expected one, through macro and build script.

use csml_tests::{Case, Folder, Inputs};

use crate::{build_script_cases, expected::compare, macro_cases};

fn check(area: &str, name: &str) {
    let folder = Folder::of(area, name);
    let inputs = Inputs::read(&folder).unwrap();
    let of = |cases: &'static [Case]| cases.iter().find(|case| (case.area, case.name) == (area, name));
    let case = of(build_script_cases::CASES).expect("the build script has listed it");
    let outcome = (case.run)(&inputs);
    if let Some(case) = of(macro_cases::CASES) {
        assert_eq!((case.run)(&inputs), outcome, "the macro gives another result");
    }
    let error = outcome.error.map(|error| error + "\n");
    let trace = Some(outcome.trace.as_str()).filter(|trace| !trace.is_empty());
    let checked = [
        compare(&folder.path.join("error.txt"), error.as_deref()),
        compare(&folder.path.join("trace.jsonl"), trace),
    ];
    let failed: Vec<String> = checked.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{area}/{name}: {}", failed.join("\n"));
}

include!(concat!(env!("OUT_DIR"), "/run_tests.rs"));
