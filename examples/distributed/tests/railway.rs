//! Tests the safety of the crossing across three processes, in virtual time.
#![allow(clippy::expect_used, clippy::panic, reason = "what fails here fails a test")]

use std::sync::{Arc, Mutex};

use csml_rt::store::open_by_name;
use csml_rt::transport::memory::Broker;
use csml_rt::transport::{Connection, Session, Transport, TransportEvent};
use csml_rt::{EndReason, RunError, TransportOptions, Value};
use railway::railway::{App, Event, event};
use railway::{Motor, laptop};
use tokio::sync::mpsc;

#[test]
fn two_trains_pass_three_processes() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("tokio starts");
    let lines = Arc::new(Mutex::new(Vec::new()));
    let said = Arc::clone(&lines);
    let say = move |line: String| said.lock().expect("no thread panics").push(line);
    let [tower, barrier, lamps] = runtime.block_on(laptop::run(say)).expect("it runs");

    assert_eq!(tower.snapshot.state("crossing"), Some("clear"));
    assert_eq!(barrier.snapshot.state("gate"), Some("up"));
    assert_eq!(lamps.snapshot.state("light"), Some("off"));
    assert_eq!(tower.snapshot.persistent["passed"], Value::Int(2));
    assert_eq!(tower.snapshot.persistent["onTrack"], Value::Int(0));
    assert_eq!(barrier.snapshot.persistent["gate/movements"], Value::Int(3));

    // Each process runs the instances of csml.toml, and nothing failed.
    for (end, instance) in [(&tower, "crossing"), (&barrier, "gate"), (&lamps, "light")] {
        assert_eq!(end.snapshot.instances.keys().collect::<Vec<_>>(), [instance]);
        assert_eq!(end.counters.dead_letters, 0);
        assert!(end.connection.as_ref().is_some_and(|network| network.rejected.is_empty()));
    }

    // The light goes out after the gate has left the road.
    let lines = lines.lock().expect("no thread panics");
    let last = |text: &str| lines.iter().rposition(|line| line.ends_with(text));
    assert!(last("raising -> up") < last("red -> off"), "{lines:#?}");
}

/// A broker that rejects this process permanently.
#[derive(Debug)]
struct Rejecting;

impl Transport for Rejecting {
    fn open(self: Box<Self>, session: Session) -> Connection {
        let (outgoing, mut to_send) = mpsc::channel(session.capacity);
        let (reports, incoming) = mpsc::channel(session.capacity);
        let (receipts, _) = mpsc::unbounded_channel();
        let ended = tokio::spawn(async move {
            // Some time after the start, when the application is idle.
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            let rejected = TransportEvent::Failed { reason: "the password is wrong".to_owned() };
            reports.send(rejected).await.expect("the process listens");
            while to_send.recv().await.is_some() {}
        });
        Connection { outgoing, incoming, receipts, ended }
    }
}

#[test]
fn a_process_that_no_broker_lets_in_ends_and_says_why() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let app = App::builder(Motor)
        .process("barrier")
        .transport(Rejecting, TransportOptions::default())
        .until(60_000)
        .build();
    let end = runtime.expect("tokio starts").block_on(app.expect("it builds").run());
    let Err(RunError::Transport { reason, summary }) = end else {
        panic!("it ended like this: {end:?}");
    };
    assert_eq!(reason, "the password is wrong");
    assert_eq!((summary.reason, summary.clock_ms), (EndReason::TransportFailed, 1_000));
}

#[test]
fn processes_with_data_of_their_own_do_not_wait_for_each_others() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("tokio starts").block_on(async {
        let broker = Broker::new();
        let apps = laptop::PROCESSES.map(|name| {
            let app =
                App::builder(Motor).process(name).transport(broker.transport(), TransportOptions::default());
            app.store(open_by_name("memory").expect("it is a store"))
                .until(600_000)
                .build()
                .expect("it builds")
        });
        let [tower, barrier, lamps] = [apps[0].handle(), apps[1].handle(), apps[2].handle()];
        let runs = apps.map(|app| tokio::spawn(app.run()));
        barrier.wait_for("gate", "up").await.expect("the gate opens");
        for (approaching, gate, light) in [(true, "down", "red"), (false, "up", "off")] {
            tower.send(Event::Train(event::Train { approaching })).expect("it runs");
            barrier.wait_for("gate", gate).await.expect("the gate moves");
            lamps.wait_for("light", light).await.expect("the light follows");
        }
        for handle in [tower, barrier, lamps] {
            handle.stop();
        }
        for run in runs {
            let end = run.await.expect("nothing panics").expect("it runs");
            assert_eq!((end.reason, end.counters.dead_letters), (EndReason::Stopped, 0));
        }
    });
}
