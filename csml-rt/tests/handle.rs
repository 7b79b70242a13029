//! Reaching an application while it runs, with real services, on both kinds of runtime.
#![cfg(feature = "node")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic outside of test functions too")]

mod workshop;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use csml_rt::store::MemoryStore;
use csml_rt::{
    App, BoxFuture, BuildError, Builder, EndReason, ErrorPolicy, EventScript, HandleError, NoServices,
    ObservationKind, RunError, ServiceDispatch, ServiceError, ServiceRequest, TraceFormat, Value,
};
use workshop::{Call, Event, Reply, Sink, Workshop};

/// Measures what the test asks for.
#[derive(Default)]
struct Services {
    attempts: AtomicU32,
    mode: Mode,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Mode {
    #[default]
    Sound,
    PanicsOnce,
    Never,
}

impl ServiceDispatch<Workshop> for Services {
    fn call(&self, request: ServiceRequest<Workshop>) -> BoxFuture<Result<Reply, ServiceError>> {
        let (mode, attempts) = (self.mode, self.attempts.fetch_add(1, Ordering::Relaxed));
        Box::pin(async move {
            tokio::task::yield_now().await;
            match request.call {
                Call::Hum => std::future::pending().await,
                Call::Measure { .. } if mode == Mode::PanicsOnce && request.attempt == 1 => {
                    panic!("attempt {attempts} hits a bug")
                }
                Call::Measure { .. } if mode == Mode::Never => std::future::pending().await,
                Call::Measure { v } => Ok(Reply::Measure { value: v + 4 }),
            }
        })
    }
}

fn services(mode: Mode) -> Arc<Services> {
    let attempts = AtomicU32::new(0);
    Arc::new(Services { attempts, mode })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let limit = Duration::from_secs(60);
    runtime.block_on(async { tokio::time::timeout(limit, future).await.unwrap() })
}

fn quiet() -> Builder<Workshop> {
    Builder::new(Arc::new(NoServices))
}

#[test]
fn a_handle_sends_waits_observes_and_stops() {
    block_on(async {
        let app = quiet().build().unwrap();
        let handle = app.handle();
        let mut observations = handle.subscribe();
        let mut outgoing = handle.outgoing();
        let run = tokio::spawn(app.run());

        handle.wait_for("monitor/lamp", "off").await.unwrap();
        handle.send(Event::Work { n: 7 }).unwrap();
        handle.wait_for("monitor/lamp", "on").await.unwrap();
        assert_eq!(handle.state("monitor/lamp").await, Ok(Some("on")));
        let snapshot = handle.snapshot().await.unwrap();
        assert_eq!(snapshot.value("monitor", "total"), Some(&Value::Int(7)));

        let report = outgoing.next().await.unwrap();
        assert_eq!((report.from.as_str(), report.event), ("monitor", Event::Report { total: 7 }));
        loop {
            let observation = observations.next().await.unwrap();
            if let ObservationKind::Transition { from, to, .. } = observation.kind {
                assert_eq!((observation.instance.as_str(), from, to), ("monitor/lamp", "off", "on"));
                break;
            }
        }

        handle.send_to("press", Event::Quit).unwrap();
        handle.wait_for("press", "done").await.unwrap();
        handle.stop();
        let summary = run.await.unwrap().unwrap();
        assert_eq!(summary.reason, EndReason::Stopped);
        // Afterwards the handle still answers.
        assert_eq!(handle.state("press").await, Ok(Some("done")));
        assert_eq!(handle.snapshot().await.unwrap(), summary.snapshot);
        assert_eq!(handle.send(Event::Start), Err(HandleError::Ended));
        assert_eq!(handle.wait_for("press", "idle").await, Err(HandleError::Ended));
        while observations.next().await.is_some() {}
        assert_eq!(observations.missed(), 0);
    });
}

#[test]
fn mistakes_are_named_before_anything_is_sent() {
    block_on(async {
        let app = quiet().build().unwrap();
        let handle = app.handle();
        let error = handle.send_to("monitr", Event::Quit).unwrap_err();
        assert_eq!(error.to_string(), "there is no instance `monitr`; did you mean `monitor`?");
        let error = handle.send_to("monitor/lamp", Event::Quit).unwrap_err();
        assert_eq!(error.to_string(), "`monitor/lamp` does not handle the event `quit`");
        let error = handle.send_named("wrok", &Value::Null).unwrap_err();
        assert_eq!(error.to_string(), "there is no event `wrok`; did you mean `work`?");
        let error = handle.send_named("work", &Value::Null).unwrap_err();
        assert!(matches!(error, HandleError::Misfit(_)));
        let error = handle.wait_for("press", "idel").await.unwrap_err();
        assert_eq!(error.to_string(), "`press` has no state `idel`; did you mean `idle`?");
    });
}

#[test]
fn waiting_for_an_instance_that_ends_elsewhere_fails() {
    block_on(async {
        let app = quiet().build().unwrap();
        let handle = app.handle();
        let run = tokio::spawn(app.run());
        let waiting = handle.clone();
        let waited = tokio::spawn(async move { waiting.wait_for("press", "pressing").await });
        tokio::task::yield_now().await;
        handle.send_to("press", Event::Quit).unwrap();
        assert_eq!(waited.await.unwrap(), Err(HandleError::Ended));
        handle.stop();
        run.await.unwrap().unwrap();
    });
}

#[test]
fn real_time_fires_timers_calls_services_and_ends_when_all_have_terminated() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let summary = runtime.block_on(async {
        let events = "{\"event\":\"start\"}\n{\"at\":25,\"event\":\"quit\",\"to\":\"monitor\"}";
        let app = Builder::<Workshop>::new(services(Mode::Sound)).events(EventScript::parse(events).unwrap());
        tokio::spawn(app.run()).await.unwrap().unwrap()
    });
    assert_eq!(summary.reason, EndReason::AllTerminated);
    assert_eq!(summary.snapshot.state("press"), Some("done"));
    assert!(summary.elapsed >= Duration::from_millis(25));
    assert_eq!(summary.counters.invocations_ok, 1);
}

/// Sends events and waits for what they bring, while timers run on the virtual clock.
async fn drive(app: App<Workshop>) -> (String, String) {
    let handle = app.handle();
    let driver = async {
        let mut seen = Vec::new();
        for n in 1..=20 {
            seen.push(handle.send(Event::Work { n }));
            seen.push(handle.wait_for("press/lamp", if n % 2 == 1 { "on" } else { "off" }).await);
            tokio::task::yield_now().await;
        }
        seen.push(handle.send_to("monitor", Event::Quit));
        format!("{seen:?}")
    };
    let (summary, driven) = tokio::join!(app.run(), driver);
    let summary = summary.unwrap();
    (driven, format!("{:?} {} {:?}", summary.counters, summary.clock_ms, summary.snapshot))
}

#[test]
fn in_virtual_time_every_run_is_the_same_on_several_threads_too() {
    let several = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let app = || quiet().virtual_time(true).until(10_000);
    let first = block_on(async { drive(app().build().unwrap()).await });
    for run in 0..200 {
        let again = several.block_on(async {
            match run % 2 {
                0 => drive(app().build().unwrap()).await,
                _ => tokio::spawn(async move { drive(app().build().unwrap()).await }).await.unwrap(),
            }
        });
        assert_eq!(again, first, "run {run}");
    }
}

#[test]
fn in_virtual_time_another_task_of_several_threads_is_refused() {
    let several = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    several.block_on(async {
        let app = quiet().virtual_time(true).build().unwrap();
        let handle = app.handle();
        let elsewhere = handle.clone();
        let driven = tokio::spawn(async move {
            let waited = elsewhere.wait_for("press", "pressing").await;
            (elsewhere.send(Event::Start), waited, elsewhere.snapshot().await.err())
        });
        let (sent, waited, snapshot) = driven.await.unwrap();
        assert_eq!(sent, Err(HandleError::OtherTask));
        assert_eq!(waited, Err(HandleError::OtherTask));
        assert_eq!(snapshot, Some(HandleError::OtherTask));
        let other = handle.clone();
        assert_eq!(
            std::thread::spawn(move || other.send(Event::Start)).join().unwrap(),
            Err(HandleError::OtherTask)
        );
        let error = tokio::spawn(app.run()).await.unwrap().unwrap_err();
        assert!(error.to_string().contains("tokio::join!"), "{error}");
        // Nobody else can reach this one.
        let alone = quiet().virtual_time(true).build().unwrap();
        tokio::spawn(alone.run()).await.unwrap().unwrap();
    });
}

#[test]
fn a_panicking_service_is_a_failed_attempt() {
    for virtual_time in [true, false] {
        let summary = block_on(async {
            let app = Builder::<Workshop>::new(services(Mode::PanicsOnce))
                .virtual_time(virtual_time)
                .events(EventScript::parse(r#"{"event": "start"}"#).unwrap())
                .build()
                .unwrap();
            let handle = app.handle();
            let run = tokio::spawn(app.run());
            if !virtual_time {
                handle.wait_for("press", "done").await.unwrap();
                handle.stop();
                return run.await.unwrap().unwrap();
            }
            // `hum` never answers, so the virtual clock cannot reach the second attempt.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            assert_eq!(handle.state("press").await, Ok(Some("pressing")));
            handle.stop();
            run.await.unwrap().unwrap()
        });
        assert_eq!(summary.counters.invocations_failed, 0);
    }
}

#[test]
fn what_a_terminal_state_asks_for_is_still_made() {
    for virtual_time in [true, false] {
        let services = services(Mode::Sound);
        let app = Builder::<Workshop>::new(services.clone())
            .virtual_time(virtual_time)
            .seed(300)
            .run_only(["press"])
            .events(EventScript::parse(r#"{"event": "quit"}"#).unwrap());
        let summary = block_on(app.run()).unwrap();
        assert_eq!(summary.reason, EndReason::AllTerminated);
        assert_eq!(services.attempts.load(Ordering::Relaxed), 1);
        // No running machine is left to take the completion as a step.
        assert_eq!((summary.counters.invocations_ok, summary.counters.steps), (1, 2));
    }
}

#[test]
fn a_time_limit_holds_on_the_real_clock() {
    let summary = block_on(async {
        let app = Builder::<Workshop>::new(services(Mode::Never))
            .events(EventScript::parse(r#"{"event": "start"}"#).unwrap())
            .build()
            .unwrap();
        let handle = app.handle();
        let mut observations = handle.subscribe();
        let run = tokio::spawn(app.run());
        loop {
            let observation = observations.next().await.unwrap();
            if let ObservationKind::InvocationFailed { error, attempts, .. } = observation.kind {
                assert_eq!(error.message(), "no answer within 50 ms");
                assert_eq!(attempts, 3);
                break;
            }
        }
        handle.wait_for("press", "idle").await.unwrap();
        handle.stop();
        run.await.unwrap().unwrap()
    });
    assert_eq!(summary.counters.invocations_failed, 1);
    assert!(summary.clock_ms >= 160);
}

#[test]
fn an_event_after_a_long_silence_is_handled_at_the_time_it_is() {
    block_on(async {
        let app = Builder::<Workshop>::new(services(Mode::Never)).build().unwrap();
        let handle = app.handle();
        let mut observations = handle.subscribe();
        let run = tokio::spawn(app.run());
        tokio::time::sleep(Duration::from_millis(60)).await;
        handle.send(Event::Start).unwrap();
        let mut sent = None;
        loop {
            let observation = observations.next().await.unwrap();
            match observation.kind {
                ObservationKind::Event { event: Event::Start, .. } => {
                    assert!(observation.at >= 60);
                    sent = Some(observation.at);
                }
                ObservationKind::Event { event: Event::Beat, .. } => {
                    assert!(observation.at >= sent.unwrap() + 10);
                    break;
                }
                _ => {}
            }
        }
        handle.stop();
        run.await.unwrap().unwrap();
    });
}

#[test]
fn who_subscribes_before_the_run_sees_the_start() {
    block_on(async {
        let app = quiet().virtual_time(true).build().unwrap();
        let handle = app.handle();
        let mut observations = handle.subscribe();
        handle.send(Event::Work { n: 1 }).unwrap();
        let summary = app.run().await.unwrap();
        let first = observations.next().await.unwrap();
        assert!(matches!(first.kind, ObservationKind::Started { state: "idle" }));
        assert_eq!(summary.snapshot.state("monitor/lamp"), Some("on"));
    });
}

#[test]
fn real_services_are_deterministic_on_the_virtual_clock() {
    let trace = || {
        let sink = Sink::default();
        let events = "{\"event\":\"start\"}\n{\"event\":\"quit\",\"to\":\"monitor\"}";
        let script = EventScript::parse(events).unwrap();
        struct Prompt;
        impl ServiceDispatch<Workshop> for Prompt {
            fn call(&self, request: ServiceRequest<Workshop>) -> BoxFuture<Result<Reply, ServiceError>> {
                Box::pin(async move {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    match request.call {
                        Call::Hum => Ok(Reply::Hum),
                        Call::Measure { .. } => Ok(Reply::Measure { value: 9 }),
                    }
                })
            }
        }
        let app = Builder::<Workshop>::new(Arc::new(Prompt))
            .virtual_time(true)
            .events(script)
            .trace(TraceFormat::Json, sink.clone());
        let summary = block_on(app.run()).unwrap();
        assert_eq!((summary.reason, summary.clock_ms), (EndReason::AllTerminated, 0));
        sink.text()
    };
    assert_eq!(trace(), trace());
}

#[test]
fn an_application_that_never_settles_names_who_goes_round() {
    let error = block_on(async {
        let app = quiet().virtual_time(true).max_steps(50).until_idle(false).build().unwrap();
        let handle = app.handle();
        for _ in 0..60 {
            handle.send(Event::Work { n: 1 }).unwrap();
        }
        app.run().await.unwrap_err()
    });
    let RunError::MaxSteps { limit: 50, cycle, summary } = &error else {
        panic!("{error}");
    };
    assert_eq!(cycle[0], ("monitor".to_owned(), "work".to_owned()));
    assert_eq!(summary.counters.steps, 50);
    assert!(error.to_string().contains("`work` at `monitor`"), "{error}");
}

#[test]
fn the_error_policy_decides_what_a_failed_step_ends() {
    let run = |policy| {
        let events = "{\"event\":\"start\"}\n{\"event\":\"fault\",\"data\":{\"by\":0}}";
        let app = quiet()
            .virtual_time(true)
            .until(5)
            .error_policy(policy)
            .service_stubs(csml_rt::ServiceStubs::parse(r#"{"measure":{"delayMs":9},"hum":{}}"#).unwrap())
            .events(EventScript::parse(events).unwrap());
        block_on(app.run())
    };
    let status = |summary: &csml_rt::Summary| summary.snapshot.instances["press"].status;
    let summary = run(ErrorPolicy::Continue).unwrap();
    assert_eq!(status(&summary), csml_rt::Status::Running);
    let summary = run(ErrorPolicy::StopInstance).unwrap();
    assert_eq!(status(&summary), csml_rt::Status::Ended);
    assert_eq!(summary.snapshot.instances["monitor"].status, csml_rt::Status::Running);
    let error = run(ErrorPolicy::StopApplication).unwrap_err();
    assert!(matches!(error, RunError::StepFailed { .. }));
}

#[test]
fn options_are_checked_when_the_application_is_built() {
    let error = |builder: Builder<Workshop>| builder.build().unwrap_err().to_string();
    assert_eq!(
        error(quiet().instance("a", "prss")),
        "there is no top-level machine `prss`; did you mean `press`?"
    );
    assert_eq!(error(quiet().run_only(["monitr"])), "there is no instance `monitr`; did you mean `monitor`?");
    assert_eq!(error(quiet().instance("a", "press").instance("a", "monitor")), "two instances are named `a`");
    let script = "\n{\"event\":\"work\",\"data\":{\"n\":1},\"to\":\"press\"}";
    let app = quiet().events(EventScript::parse(script).unwrap());
    assert!(matches!(app.build(), Err(BuildError::EventScript(error)) if error.line == 2));
}

#[test]
fn initial_values_are_evaluated_where_the_store_has_none() {
    let store = MemoryStore::new();
    let run = |seed| block_on(quiet().store(store.clone()).seed(seed).virtual_time(true).run());
    // Nothing is in the store, and the initial value fails.
    let error = run(13).unwrap_err();
    assert!(matches!(error, RunError::Build(BuildError::InitialValue(_))), "{error:?}");
    assert_eq!(run(0).unwrap().snapshot.persistent["runs"], Value::Int(0));
    // Now it is not needed.
    assert_eq!(run(13).unwrap().snapshot.persistent["runs"], Value::Int(0));
}

#[test]
fn scripts_are_checked_line_by_line() {
    for (text, part) in [
        ("{", "line 1: EOF"),
        ("{\"event\":\"start\"}\n[]", "line 2: expected an object, found list"),
        (r#"{"event":"strat"}"#, "handles the event `strat`; did you mean `start`?"),
        (r#"{"event":"report","data":{"total":1}}"#, "no machine handles the event `report`"),
        (r#"{"event":"work"}"#, "the data do not fit the event `work`: n: missing"),
        (r#"{"event":"work","data":{"n":"x"}}"#, "n: expected int"),
        (r#"{"event":"work","data":[1]}"#, "`data`: expected an object"),
        (r#"{"event":"start","at":-1}"#, "`at`: expected milliseconds, found -1"),
        (r#"{"event":"start","at":1.5}"#, "`at`: expected milliseconds, found 1.5"),
        (r#"{"event":"start","dta":{}}"#, "unknown key `dta`; did you mean `data`?"),
        (r#"{"at":1}"#, "`event` is missing"),
        (r#"{"event":"start","event":"quit"}"#, "the key `event` is given twice"),
    ] {
        let error = EventScript::<Workshop>::parse(text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn subscriptions_restrict_external_events() {
    let run = |app: Builder<Workshop>| {
        let events = EventScript::parse(r#"{"event": "start"}"#).unwrap();
        block_on(app.virtual_time(true).until(1).events(events).run()).unwrap()
    };
    assert_eq!(run(quiet()).snapshot.state("monitor/lamp"), Some("on"));
    let restricted = quiet().subscriptions(|receiver, raiser| {
        assert_eq!((receiver, raiser), ("monitor", "press"));
        false
    });
    assert_eq!(run(restricted).snapshot.state("monitor/lamp"), Some("off"));
}

#[test]
fn an_application_may_move_between_threads() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let app = is_send(quiet().build().unwrap());
    is_send(app.handle());
    drop(is_send(app.run()));
}
