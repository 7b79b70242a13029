//! The thermostat runs.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use csml_rt::{EventScript, ServiceError, Summary, TraceFormat, Value};
use csml_tests_typing::{
    Advice, Quality, Sample,
    thermostat::{App, Event, Machines, Services, event, service},
};

struct Adviser;

impl Services for Adviser {
    async fn advise(&self, input: service::AdviseInput) -> Result<service::AdviseOutput, ServiceError> {
        let open = input.sample.celsius > 25.0 && input.sample.quality == Quality::Good && input.count > 1;
        Ok(service::AdviseOutput { advice: if open { Advice::Open } else { Advice::Wait } })
    }
}

fn run(events: &str) -> Summary {
    let app = App::builder(Adviser)
        .virtual_time(true)
        .until(1000)
        .events(EventScript::parse(events).unwrap())
        .trace(TraceFormat::Json, std::io::sink())
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(app.run()).unwrap()
}

#[test]
fn payloads_hold_the_users_types_plainly() {
    let sample = Sample { celsius: 1.5, ..Sample::default() };
    let event = Event::from(event::Reading { sample: sample.clone() });
    assert_eq!(event, Event::Reading(event::Reading { sample }));
    let settings = event::Settings { limit: 3.5, scale: None };
    assert_eq!(settings.scale, None);
}

#[test]
fn values_of_the_users_types_go_through_a_machine() {
    let summary = run(concat!(
        r#"{"at": 1, "event": "reading", "data": {"sample": {"celsius": 20.5, "quality": "Good", "note": null}}}"#,
        "\n",
        r#"{"at": 2, "event": "reading", "data": {"sample": {"celsius": 26, "quality": "Good", "note": "south"}}}"#,
        "\n",
        r#"{"at": 3, "event": "settings", "data": {"limit": 22}}"#,
        "\n",
        r#"{"at": 4, "event": "reading", "data": {"sample": {"celsius": 27.5, "quality": "Good"}}}"#,
    ));
    let snapshot = &summary.snapshot;
    // The first reading was equal to what was known.
    assert_eq!(snapshot.value("watch", "changes"), Some(&Value::Int(2)));
    let history = snapshot.value("watch", "history").unwrap().to_json();
    assert_eq!(
        history,
        r#"[{"celsius":26.0,"note":"south","quality":"Good"},{"celsius":27.5,"note":null,"quality":"Good"}]"#
    );
    assert_eq!(snapshot.value("watch", "limit"), Some(&Value::Float(22.0)));
    assert_eq!(snapshot.value("watch", "advice"), Some(&Value::from("Open")));
    assert_eq!(snapshot.state("watch"), Some("hot"));
    assert_eq!(snapshot.persistent["worst"].get("celsius"), Some(&Value::Float(26.0)));
}

#[test]
fn what_does_not_fit_is_refused_at_the_boundary() {
    for (event, data, expected) in [
        (
            "reading",
            r#"{"sample": {"celsius": "warm", "quality": "Good"}}"#,
            "sample.celsius: invalid type: string",
        ),
        ("reading", r#"{"sample": {"celsius": 1, "quality": "Bad"}}"#, "unknown variant `Bad`"),
        ("reading", "{}", "sample: missing"),
        ("settings", r#"{"limit": "high"}"#, "limit: expected float, found string"),
        ("settings", r#"{"limit": 1, "scale": 5}"#, "scale: expected string, found int 5"),
    ] {
        let text = format!(r#"{{"at": 1, "event": "{event}", "data": {data}}}"#);
        let error = EventScript::<Machines>::parse(&text).unwrap_err().to_string();
        assert!(error.contains(expected), "{data}: {error}");
    }
}

#[test]
fn functions_of_the_host_are_called() {
    let summary = run(concat!(
        r#"{"at": 1, "event": "mean", "data": {"all": [30, 20]}}"#,
        "\n",
        r#"{"at": 2, "event": "mean", "data": {"all": [1.5]}}"#,
        "\n",
        r#"{"at": 3, "event": "mean", "data": {"all": []}}"#,
    ));
    let snapshot = &summary.snapshot;
    assert_eq!(snapshot.value("watch", "limit"), Some(&Value::Float(25.0)));
    let last = snapshot.value("watch", "last").unwrap();
    // The second argument of `worse` was a map, converted to a sample.
    assert_eq!(last.to_json(), r#"{"celsius":30.0,"note":null,"quality":"Poor"}"#);
    assert_eq!(csml_tests_typing::weather::NOTES.load(std::sync::atomic::Ordering::Relaxed), 2);
    assert_eq!(summary.counters.dead_letters, 1);
}

#[test]
fn a_value_that_does_not_fit_is_an_error_of_the_step() {
    let summary = run(r#"{"at": 1, "event": "spoil", "data": {"what": "Open"}}"#);
    // The step was rolled back.
    assert_eq!(summary.snapshot.value("watch", "changes"), Some(&Value::Int(0)));
    assert_eq!(summary.counters.dead_letters, 1);
}

#[test]
fn both_doors_make_the_same() {
    use csml_rt::Machines as _;
    use csml_tests_typing::by_macro::thermostat;
    let data =
        Value::map([("sample", Value::map([("celsius", Value::from(1)), ("quality", "Poor".into())]))]);
    let by_macro = thermostat::Machines::event_from(0, &data).unwrap();
    let by_script = Machines::event_from(0, &data).unwrap();
    assert_eq!(format!("{by_macro:?}"), format!("{by_script:?}"));
}
