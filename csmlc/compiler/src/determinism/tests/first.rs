//! Transitions of which the first enabled one is taken.

use serde_json::json;

use super::{description, guarded, said_with};
use crate::vocabulary::ChoicePolicy;

/// The codes for transitions with these guards; one without is `""`.
fn codes(declarations: &str, guards: &[&str]) -> Vec<&'static str> {
    let transitions: Vec<_> = guards
        .iter()
        .map(|guard| if guard.is_empty() { json!({"target": "c"}) } else { guarded(guard) })
        .collect();
    let (_, said, _) = said_with(&description(declarations, &transitions), ChoicePolicy::First, false);
    said.iter().map(|diagnostic| diagnostic.rule.code).collect()
}

#[test]
fn overlaps_are_warnings_and_what_never_wins_is_found() {
    const WINS: &str = "CSML0353";
    const NEVER: &str = "CSML0354";
    for (guards, expected) in [
        (&["x > 3", "x <= 3"] as &[_], &[] as &[_]),
        (&["x > 5", "x > 3"], &[WINS]),
        (&["x > 3", "x > 5"], &[NEVER]),
        (&["x > 3", ""], &[WINS]),
        (&["", "x > 3"], &[NEVER]),
        (&["", ""], &[NEVER]),
        (&["x > 3", "x <= 3", ""], &[NEVER]),
        (&["x > 3", "x < 3", ""], &[WINS]),
        (&["x > 3", "x < 3", "x == 3", "x == 4"], &[NEVER]),
        (&["x > 3 && y > 3", "x > 3"], &[WINS]),
        // What is undecided needs no check.
        (&["s.matches('a.*')", "s.matches('b.*')"], &[]),
        // A guard that fails ends the step, so that none behind it is taken.
        (&["10 / x > 3", "x == 0"], &[NEVER]),
        (&["x > 5 && x < 3", "x > 3"], &["CSML0352"]),
        // What a guard changes, the next one sees.
        (&["x += 1; x > 3", "x > 3"], &[]),
    ] {
        assert_eq!(codes("x = 0; y = 0; s = 'a'", guards), expected, "{guards:?}");
    }
}

#[test]
fn nothing_is_checked_when_it_runs() {
    let all = description("x = 0", &[guarded("x > 5"), guarded("x > 3"), json!({"target": "c"})]);
    let ((program, choices), ..) = said_with(&all, ChoicePolicy::First, false);
    for (id, state) in program.app.states.iter() {
        for on in &state.on {
            assert!(!choices.has_check(id, Some(on.event), on.transitions.len()));
        }
    }
}

#[test]
fn overlaps_that_are_checked_are_warnings() {
    use crate::diagnostics::Severity;
    let all = description("x = 0", &[guarded("x > 5"), guarded("x > 3")]);
    for (checked, severity) in [(false, Severity::Error), (true, Severity::Warning)] {
        let ((program, choices), said, _) = said_with(&all, ChoicePolicy::Exclusive, checked);
        let said: Vec<_> = said.iter().map(|one| (one.rule.code, one.severity)).collect();
        assert_eq!(said, [("CSML0350", severity)]);
        let (id, state) = program.app.states.iter().next().unwrap();
        let on = state.on.iter().find(|on| on.transitions.len() == 2).unwrap();
        assert!(choices.has_check(id, Some(on.event), 2));
    }
}
