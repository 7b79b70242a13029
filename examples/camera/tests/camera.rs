//! The camera with its services, in virtual time.
#![allow(clippy::expect_used, reason = "what fails here fails a test")]

use camera::House;
use camera::surveillance_camera::{App, Services, service};
use csml_rt::{EventScript, ServiceError, ServiceStubs, Summary, Value};

/// The house without its siren, which takes real time: a service stub answers for it.
#[derive(Default)]
struct Indoors(House);

impl Services for Indoors {
    async fn take_picture(
        &self,
        input: service::TakePictureInput,
    ) -> Result<service::TakePictureOutput, ServiceError> {
        self.0.take_picture(input).await
    }

    async fn count_persons(
        &self,
        input: service::CountPersonsInput,
    ) -> Result<service::CountPersonsOutput, ServiceError> {
        self.0.count_persons(input).await
    }

    async fn sound(&self, _: service::SoundInput) -> Result<(), ServiceError> {
        Err(ServiceError::not_implemented())
    }
}

fn run(until: u64, events: &str) -> Summary {
    let stubs = ServiceStubs::parse(r#"{"sound": {"output": {}, "delayMs": 600000}}"#);
    let app = App::builder(Indoors::default())
        .virtual_time(true)
        .until(until)
        .events(EventScript::parse(events).expect("well-formed events"))
        .service_stubs(stubs.expect("well-formed stubs"))
        .build()
        .expect("it builds");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("tokio starts");
    runtime.block_on(app.run()).expect("it runs")
}

#[test]
fn intruders_set_off_the_siren() {
    let summary = run(1_500, "");
    assert_eq!(summary.snapshot.state("siren"), Some("sounding"));
    assert_eq!(summary.snapshot.value("siren", "level"), Some(&Value::Int(20)));
    assert_eq!(summary.snapshot.persistent["alarms"], Value::Int(1));
}

#[test]
fn the_siren_falls_silent_by_itself() {
    assert_eq!(run(5_999, "").snapshot.state("siren"), Some("sounding"));
    assert_eq!(run(6_000, "").snapshot.state("siren"), Some("quiet"));
}

#[test]
fn the_owner_disarms_the_siren() {
    let summary = run(2_000, r#"{"at": 1800, "event": "disarm"}"#);
    assert_eq!(summary.snapshot.state("siren"), Some("quiet"));
}

#[test]
fn failures_of_the_detector_are_counted_and_do_not_stop_the_camera() {
    let summary = run(5_000, "");
    assert_eq!(summary.counters.invocations_failed, 1);
    assert_eq!(summary.snapshot.state("camera"), Some("pausing"));
}
