//! Tests the safety of road users at the crossing.
#![allow(clippy::expect_used, reason = "what fails here fails a test")]

use crossing::railway_crossing::{App, Event, Machines, Services, event};
use csml_rt::{App as Application, EventScript, Handle, Summary, Value};

struct NoServices;

impl Services for NoServices {}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.expect("tokio starts").block_on(future)
}

/// Runs the application together with a test that uses its handle.
fn test<F>(app: Application<Machines>, steps: impl FnOnce(Handle<Machines>) -> F) -> Summary
where
    F: Future<Output = ()> + Send + 'static,
{
    let steps = steps(app.handle());
    block_on(async {
        let steps = tokio::spawn(steps);
        let summary = app.run().await.expect("the application runs");
        steps.await.expect("the test passes");
        summary
    })
}

#[test]
fn the_gate_stays_down_until_the_last_train_has_left() {
    let app = App::builder(NoServices).virtual_time(true).until_idle(false).build().expect("it builds");
    let summary = test(app, |handle| async move {
        let train = |approaching| handle.send(Event::Train(event::Train { approaching })).expect("it runs");
        handle.wait_for("crossing", "clear").await.expect("the self-test ends");

        train(true);
        handle.wait_for("crossing/gate", "down").await.expect("the gate goes down");
        assert_eq!(handle.state("crossing/light").await, Ok(Some("red")));

        train(true);
        train(false);
        let snapshot = handle.snapshot().await.expect("it runs");
        assert_eq!(snapshot.state("crossing/gate"), Some("down"));
        assert_eq!(snapshot.value("crossing", "onTrack"), Some(&Value::Int(1)));

        train(false);
        handle.wait_for("crossing/gate", "up").await.expect("the gate goes up");
        handle.stop();
    });
    assert_eq!(summary.snapshot.state("crossing/light"), Some("off"));
    assert_eq!(summary.snapshot.persistent["trains"], Value::Int(2));
    assert_eq!(summary.clock_ms, 4_000, "a second of self-test, three seconds of lowering");
}

#[test]
fn a_script_ends_when_nothing_is_left_to_do() {
    let events = EventScript::parse(include_str!("../events.jsonl")).expect("the events are well-formed");
    let app = App::builder(NoServices).virtual_time(true).events(events).build().expect("it builds");
    let summary = block_on(app.run()).expect("it runs");
    assert_eq!(summary.snapshot.state("crossing"), Some("clear"));
    assert_eq!(summary.clock_ms, 21_000);
    assert_eq!(summary.counters.dead_letters, 0);
}
