//! The end at a set time comes, whatever still waits.
#![cfg(all(feature = "node", feature = "macros"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic outside of test functions too")]

use std::time::Duration;

use csml_rt::store::{Commit, Opened, Scope, Store, StoreError, Transaction};
use csml_rt::{BoxFuture, EndReason, RunError, Summary};

// Two machines that answer each other and never stop, and one that counts what is due at the end.
csml_rt::csml! {
    {
        "name": "rally",
        "version": "2.0",
        "memoryMode": "distributed",
        "persistentData": [{ "name": "last", "value": "0" }],
        "stateMachines": [
            {
                "name": "left",
                "states": [{
                    "name": "playing",
                    "initial": true,
                    "on": [
                        { "event": "serve", "channel": "peripheral", "actions": [{ "type": "raiseEvent", "event": { "name": "ping", "channel": "external" } }] },
                        { "event": "pong", "actions": [{ "type": "raiseEvent", "event": { "name": "ping", "channel": "external" } }] }
                    ]
                }]
            },
            {
                "name": "right",
                "states": [{
                    "name": "playing",
                    "initial": true,
                    "on": [{ "event": "ping", "actions": [{ "type": "raiseEvent", "event": { "name": "pong", "channel": "external" } }] }]
                }]
            },
            {
                "name": "umpire",
                "states": [
                    {
                        "name": "watching",
                        "initial": true,
                        "after": [{ "delay": "50", "actions": [{ "type": "raiseEvent", "event": { "name": "over", "channel": "internal" } }] }],
                        "on": [
                            { "event": "over", "target": "over" },
                            { "event": "note", "channel": "peripheral", "actions": [{ "type": "assign", "variable": "last", "value": "last + 1" }] }
                        ]
                    },
                    { "name": "over" }
                ]
            }
        ]
    }
}

use rally::{App, Event, Machines, Services};

struct NoCalls;
impl Services for NoCalls {}

fn rally() -> csml_rt::Builder<Machines> {
    App::builder(NoCalls)
}

/// Runs on a clock that a task moves, a millisecond at a time, whatever the application does.
fn run(builder: csml_rt::Builder<Machines>) -> (Result<Summary, RunError>, Duration) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let app = builder.build().unwrap();
        app.handle().send(Event::Serve).unwrap();
        let start = tokio::time::Instant::now();
        let run = tokio::spawn(app.run());
        for _ in 0..60_000 {
            if run.is_finished() {
                break;
            }
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        let took = start.elapsed();
        assert!(run.is_finished(), "it has not ended after {took:?}");
        (run.await.unwrap(), took)
    })
}

#[test]
fn a_run_whose_queue_is_never_empty_ends_at_its_time() {
    let (summary, took) = run(rally().until(50));
    let summary = summary.unwrap();
    assert_eq!((summary.reason, summary.clock_ms), (EndReason::Until, 50));
    assert!(summary.counters.steps > 1_000, "{:?}", summary.counters);
    // What is due at that time is still handled.
    assert_eq!(summary.snapshot.state("umpire"), Some("over"));
    assert!(took <= Duration::from_millis(200), "{took:?}");
}

#[cfg(feature = "distributed")]
#[test]
fn so_does_one_that_is_connected_to_others() {
    use csml_rt::TransportOptions;
    use csml_rt::transport::memory::Broker;

    let transport = Broker::new().transport();
    let builder = rally().run_only(["left", "right"]);
    let (summary, took) = run(builder.transport(transport, TransportOptions::default()).until(50));
    assert_eq!(summary.unwrap().reason, EndReason::Until);
    assert!(took <= Duration::from_millis(200), "{took:?}");
}

#[test]
fn the_virtual_clock_stands_still_and_the_run_ends_with_an_error() {
    let (error, _) = run(rally().virtual_time(true).until(50));
    let RunError::MaxSteps { limit, cycle, summary } = error.unwrap_err() else {
        panic!("another error");
    };
    assert_eq!((limit, summary.clock_ms), (10_000_000, 0));
    let event = |name: &str, event: &str| (name.to_owned(), event.to_owned());
    assert_eq!(cycle, [event("right", "ping"), event("left", "pong")]);
}

/// A store that is not there, or that never answers.
#[derive(Debug)]
struct Absent {
    opens: bool,
}

impl Store for Absent {
    fn open(&mut self, _: Scope) -> BoxFuture<Result<Opened, StoreError>> {
        let opens = self.opens;
        Box::pin(async move {
            if opens {
                std::future::pending().await
            } else {
                Err(StoreError::Unavailable("there is no server".into()))
            }
        })
    }

    fn commit(&mut self, _: Transaction) -> BoxFuture<Result<Commit, StoreError>> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn a_store_that_is_not_there_does_not_hold_it() {
    for (opens, reason) in
        [(false, "there is no server"), (true, "it has not answered before the end of the run")]
    {
        let (error, took) = run(rally().store(Absent { opens }).until(50));
        let RunError::StoreNotOpened(StoreError::Unavailable(text)) = error.unwrap_err() else {
            panic!("another error");
        };
        assert_eq!(text, reason);
        assert!(took <= Duration::from_millis(60), "{took:?}");
    }
}
