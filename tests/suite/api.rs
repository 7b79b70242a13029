//! An embedding program and its generated machines, through the public API of the runtime.

use std::{
    future::Future,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use csml_rt::{
    App, BoxFuture, EndReason, ErrorPolicy, HandleError, ObservationKind, RunError, ServiceDispatch,
    ServiceError, ServiceRequest, Value,
};

// A kettle that asks a service for the temperature until the water boils.
csml_rt::csml! {
    {
        "name": "kettle",
        "version": "2.0",
        "persistentData": [{ "name": "boiled", "value": "0" }],
        "stateMachines": [
            {
                "name": "kettle",
                "localData": [{ "name": "degrees", "value": "20.0" }],
                "states": [
                    {
                        "name": "off",
                        "initial": true,
                        "on": [{ "event": "switch", "channel": "peripheral", "guards": ["$on"], "target": "heating" }]
                    },
                    {
                        "name": "heating",
                        "entry": [
                            {
                                "type": "invoke", "serviceType": "measure", "local": true,
                                "input": [{ "name": "last", "value": "degrees" }],
                                "output": ["degrees"],
                                "done": [{ "name": "measured", "channel": "internal" }],
                                "properties": [
                                    { "name": "retries", "value": 1 },
                                    { "name": "implementation", "value": "'probe'" },
                                    { "name": "accuracy", "value": 0.5 }
                                ]
                            }
                        ],
                        "on": [
                            { "event": "measured", "guards": ["degrees >= 100"], "target": "boiling", "else": "heating" },
                            { "event": "error.invoke.measure", "target": "cold" }
                        ]
                    },
                    {
                        "name": "boiling",
                        "entry": [
                            { "type": "assign", "variable": "boiled", "value": "boiled + 1" },
                            { "type": "raiseEvent", "event": { "name": "whistle", "channel": "peripheral", "data": [{ "name": "times", "value": "boiled" }] } }
                        ],
                        "on": [
                            { "event": "switch", "guards": ["!$on"], "target": "cold" },
                            { "event": "divide", "channel": "peripheral", "actions": [{ "type": "assign", "variable": "degrees", "value": "degrees / $by" }] },
                            { "event": "smash", "channel": "peripheral", "target": "broken" }
                        ]
                    },
                    { "name": "cold" },
                    { "name": "broken", "terminal": true }
                ]
            }
        ]
    }
}

use kettle::{Event, Machines, event};

/// Each measurement is 40 degrees above the last one; of the first attempts some fail.
struct Stove {
    failures: AtomicUsize,
}

impl Stove {
    fn new() -> Self {
        Self { failures: AtomicUsize::new(0) }
    }
}

impl kettle::Services for Stove {
    async fn measure(
        &self,
        input: kettle::service::MeasureInput,
    ) -> Result<kettle::service::MeasureOutput, ServiceError> {
        tokio::task::yield_now().await;
        let failing =
            self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        match failing {
            Ok(_) => Err(ServiceError::new("no contact").with_status(7)),
            Err(_) => Ok(kettle::service::MeasureOutput { degrees: input.last + 40.0 }),
        }
    }
}

fn switch(on: bool) -> Event {
    event::Switch { on }.into()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A run that hangs is a failed test.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("it takes too long")
}

fn assert_send<T: Send + 'static>(value: T) -> T {
    value
}

#[test]
fn futures_are_send_and_static() {
    let app = kettle::App::builder(Stove::new()).build().unwrap();
    let handle = assert_send(app.handle());
    drop(assert_send(app.run()));
    drop(assert_send(kettle::App::builder(Stove::new()).run()));
    drop(assert_send(async move { handle.wait_for("kettle", "off").await }));
    fn dispatch<H: ServiceDispatch<Machines>>(_: &Arc<H>) {}
    dispatch(&Arc::new(Recorder::default()));
    drop(assert_send(kettle::App::service_dispatch(Stove::new())));
}

#[test]
fn a_host_sends_waits_and_observes() {
    runtime().block_on(soon(async {
        let app = kettle::App::builder(Stove::new()).build().unwrap();
        let handle = app.handle();
        let mut seen = handle.subscribe();
        let mut outgoing = handle.outgoing();
        let run = tokio::spawn(app.run());

        handle.wait_for("kettle", "off").await.unwrap();
        handle.send(switch(false)).unwrap();
        handle.send(switch(true)).unwrap();
        handle.wait_for("kettle", "boiling").await.unwrap();
        assert_eq!(handle.state("kettle").await, Ok(Some("boiling")));
        let snapshot = handle.snapshot().await.unwrap();
        assert_eq!(snapshot.value("kettle", "degrees"), Some(&Value::Float(100.0)));
        assert_eq!(snapshot.persistent["boiled"], Value::Int(1));
        let whistle = outgoing.next().await.unwrap();
        assert_eq!((whistle.from.as_str(), whistle.event), ("kettle", event::Whistle { times: 1 }.into()));

        handle.send_to("kettle", Event::Smash).unwrap();
        let summary = run.await.unwrap().unwrap();
        assert_eq!(summary.reason, EndReason::AllTerminated);
        assert_eq!(summary.counters.unhandled, 1);
        assert_eq!(summary.counters.invocations_ok, 2);
        assert_eq!(summary.snapshot.state("kettle"), Some("broken"));

        let mut states = Vec::new();
        while let Some(observation) = seen.next().await {
            match observation.kind {
                ObservationKind::Started { state } | ObservationKind::Transition { to: state, .. } => {
                    states.push(state)
                }
                _ => {}
            }
        }
        assert_eq!(states, ["off", "heating", "heating", "boiling", "broken"]);
        assert_eq!(handle.state("kettle").await, Ok(Some("broken")));
        assert_eq!(handle.send(switch(true)), Err(HandleError::Ended));
    }));
}

#[test]
fn mistakes_of_a_host_are_named() {
    runtime().block_on(soon(async {
        let app = kettle::App::builder(Stove::new()).build().unwrap();
        let handle = app.handle();
        let run = tokio::spawn(app.run());
        let said = |result: Result<(), HandleError>| result.unwrap_err().to_string();
        assert!(said(handle.send_to("ketle", switch(true))).contains("did you mean `kettle`?"));
        assert!(said(handle.wait_for("kettle", "of").await).contains("did you mean `off`?"));
        assert!(said(handle.send_named("swich", &Value::Null)).contains("did you mean `switch`?"));
        let data = Value::map([("on", Value::Int(1))]);
        assert_eq!(said(handle.send_named("switch", &data)), "on: expected bool, found int 1");
        let whistle = event::Whistle { times: 1 }.into();
        assert!(matches!(handle.send_to("kettle", whistle), Err(HandleError::NotHandled { .. })));
        handle.stop();
        assert_eq!(run.await.unwrap().unwrap().reason, EndReason::Stopped);
    }));
}

#[test]
fn attempts_are_repeated_and_then_an_event() {
    for (failures, state) in [(1, "boiling"), (2, "cold")] {
        runtime().block_on(soon(async {
            let stove = Stove { failures: AtomicUsize::new(failures) };
            let app = kettle::App::builder(stove).until_idle(true).build().unwrap();
            app.handle().send(switch(true)).unwrap();
            let summary = app.run().await.unwrap();
            assert_eq!(summary.snapshot.state("kettle"), Some(state), "{failures} failures");
            assert_eq!(summary.counters.invocations_failed, u64::from(failures == 2));
        }));
    }
}

/// Notes what it is asked for.
#[derive(Default)]
struct Recorder(Mutex<Vec<ServiceRequest<Machines>>>);

impl ServiceDispatch<Machines> for Recorder {
    fn call(&self, request: ServiceRequest<Machines>) -> BoxFuture<Result<kettle::Reply, ServiceError>> {
        self.0.lock().unwrap().push(request);
        Box::pin(async { Ok(kettle::Reply::Measure(kettle::service::MeasureOutput { degrees: 100.0 })) })
    }
}

#[test]
fn a_service_host_learns_what_the_description_says() {
    let recorder = Arc::new(Recorder::default());
    let services: Arc<dyn ServiceDispatch<Machines>> = Arc::clone(&recorder) as _;
    runtime().block_on(soon(async {
        let app = csml_rt::Builder::new(services).until_idle(true).build().unwrap();
        app.handle().send(switch(true)).unwrap();
        app.run().await.unwrap();
    }));
    let requests = recorder.0.lock().unwrap();
    let [request] = requests.as_slice() else { panic!("one request, not {}", requests.len()) };
    assert_eq!(request.service, "measure");
    assert!(request.local);
    assert_eq!(request.implementation, Some("probe"));
    assert_eq!(request.instance, "kettle");
    assert_eq!(request.attempt, 1);
    assert_eq!(request.call, kettle::Call::Measure(kettle::service::MeasureInput { last: 20.0 }));
    // What the runtime has no meaning for reaches the selector untouched.
    let names: Vec<&str> = request.properties.iter().map(|property| property.name).collect();
    assert_eq!(names, ["accuracy"]);
}

/// Boils the water, divides by zero twice and by two once, and breaks the kettle.
fn divided(policy: ErrorPolicy) -> Result<csml_rt::Summary, RunError> {
    runtime().block_on(soon(async {
        let app: App<Machines> = kettle::App::builder(Stove::new()).error_policy(policy).build().unwrap();
        let handle = app.handle();
        let run = tokio::spawn(app.run());
        handle.send(switch(true)).unwrap();
        handle.wait_for("kettle", "boiling").await.unwrap();
        for by in [0.0, 0.0, 2.0] {
            // The first one may have ended the application.
            let _ = handle.send(event::Divide { by }.into());
        }
        let _ = handle.send(Event::Smash);
        run.await.unwrap()
    }))
}

#[test]
fn the_error_policy_decides_what_ends() {
    let summary = divided(ErrorPolicy::Continue).unwrap();
    assert_eq!(summary.counters.dead_letters, 2);
    assert_eq!(summary.snapshot.state("kettle"), Some("broken"));
    assert_eq!(summary.snapshot.value("kettle", "degrees"), Some(&Value::Float(50.0)));

    let summary = divided(ErrorPolicy::StopInstance).unwrap();
    assert_eq!(summary.counters.dead_letters, 1);
    assert_eq!(summary.reason, EndReason::AllTerminated);
    assert_eq!(summary.snapshot.state("kettle"), Some("boiling"));

    let stopped = divided(ErrorPolicy::StopApplication);
    let Err(RunError::StepFailed { summary }) = stopped else { panic!("{stopped:?}") };
    assert_eq!(summary.counters.dead_letters, 1);
}

#[test]
fn several_instances_share_persistent_data() {
    runtime().block_on(soon(async {
        let builder = kettle::App::builder(Stove::new()).until_idle(true);
        let app = (0..20).fold(builder, |builder, n| builder.instance(format!("kettle {n}"), "kettle"));
        let app = app.build().unwrap();
        app.handle().send(switch(true)).unwrap();
        let summary = app.run().await.unwrap();
        assert_eq!(summary.snapshot.instances.len(), 20);
        assert!(summary.snapshot.instances.values().all(|instance| instance.state == Some("boiling")));
        assert_eq!(summary.snapshot.persistent["boiled"], Value::Int(20));
    }));
}

// Two machines that never stop, and three that count.
csml_rt::csml! {
    {
        "name": "counters",
        "version": "2.0",
        "persistentData": [{ "name": "v", "value": "0" }],
        "stateMachines": [
            {
                "name": "ping",
                "states": [
                    {
                        "name": "on",
                        "initial": true,
                        "on": [
                            { "event": "start", "channel": "peripheral", "actions": [{ "type": "raise", "event": { "name": "there", "channel": "external" } }] },
                            { "event": "back", "actions": [{ "type": "raise", "event": { "name": "there", "channel": "external" } }] }
                        ]
                    }
                ]
            },
            {
                "name": "pong",
                "states": [
                    {
                        "name": "on",
                        "initial": true,
                        "on": [{ "event": "there", "actions": [{ "type": "raise", "event": { "name": "back", "channel": "external" } }] }]
                    }
                ]
            },
            {
                "name": "counter",
                "states": [
                    {
                        "name": "on",
                        "initial": true,
                        "on": [{ "event": "count", "channel": "peripheral", "actions": [{ "type": "assign", "variable": "v", "value": "v + 1" }] }]
                    }
                ]
            }
        ]
    }
}

#[test]
fn an_application_that_never_settles_ends_after_a_million_steps() {
    let error = runtime().block_on(soon(async {
        let app = counters::App::builder(NoCalls).virtual_time(true).max_steps(1_000_000).build().unwrap();
        app.handle().send(counters::Event::Start).unwrap();
        app.run().await.unwrap_err()
    }));
    assert!(matches!(&error, RunError::MaxSteps { limit: 1_000_000, .. }), "{error}");
    let said = error.to_string();
    for part in ["`there` at `pong`", "`back` at `ping`"] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn updates_of_persistent_data_are_serialisable() {
    runtime().block_on(soon(async {
        let builder = counters::App::builder(NoCalls).until_idle(true);
        let app = (0..8).fold(builder, |builder, n| builder.instance(format!("c{n}"), "counter"));
        let app = app.build().unwrap();
        let senders: Vec<_> = (0..4)
            .map(|_| {
                let handle = app.handle();
                std::thread::spawn(move || {
                    (0..250).for_each(|_| handle.send(counters::Event::Count).unwrap())
                })
            })
            .collect();
        senders.into_iter().for_each(|sender| sender.join().unwrap());
        let summary = app.run().await.unwrap();
        assert_eq!(summary.snapshot.persistent["v"], Value::Int(8 * 4 * 250));
    }));
}

struct NoCalls;

impl counters::Services for NoCalls {}
