//! Descriptions in use, from a folder beside the checkout. Without that folder there is nothing to test.

use csml_tests::Inputs;

use crate::{corpus_cases::CASES, expected::difference};

/// Runs a description of the corpus; `None` if it is not there.
fn trace(name: &str, inputs: &Inputs) -> Option<String> {
    let Some(case) = CASES.iter().find(|case| case.name == name) else {
        println!("skipped: there is no ../shared/corpus/{name}");
        return None;
    };
    let outcome = (case.run)(inputs);
    assert_eq!(outcome.error, None);
    Some(outcome.trace)
}

fn compare(expected: &str, actual: Option<String>) {
    let Some(actual) = actual else { return };
    assert!(actual == expected, "- expected, + actual:\n{}", difference(expected, &actual));
}

#[test]
fn two_trains_reported_close_the_crossing() {
    let sensor = "{\"at\": 0, \"event\": \"sensor\", \"data\": {\"value\": true}}\n".repeat(2);
    let inputs = Inputs { events: sensor, ..Inputs::default() };
    compare(include_str!("corpus/railway.jsonl"), trace("railway", &inputs));
}

#[test]
fn a_person_raises_the_alarm_which_is_disarmed_after_ten_seconds() {
    let services = r#"{
        "cameraCapture": { "output": { "image": "frame" }, "delayMs": 10 },
        "detectPersons": { "output": { "hasDetectedPersons": true }, "delayMs": 20 },
        "analyze": { "output": { "hasThreat": true }, "delayMs": 5 },
        "alarmOn": {},
        "alarmOff": {}
    }"#;
    let inputs =
        Inputs { services: Some(services.to_owned()), args: "--until 10040".to_owned(), ..Inputs::default() };
    compare(include_str!("corpus/surveillance.jsonl"), trace("surveillance", &inputs));
}
