//! Events that are larger than a process may send: the step that raises one is rolled back
//! (docs/semantics.md#8-errors-in-a-step).
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use csml_rt::transport::memory::Broker;
use csml_rt::wire::{WireLimits, WireOptions};
use csml_rt::{App, Builder, EndReason, Handle, NoServices, Summary, TransportOptions, Value};

csml_rt::csml!("descriptions/letters.csml");
use letters::Machines;

/// Bytes that data of an event may have here.
const MOST: usize = 5_000;
const END_MS: u64 = 10_000;

fn process(name: &str, broker: &Broker, observed: bool) -> (App<Machines>, Handle<Machines>) {
    let limits = WireLimits { payload_bytes: MOST, ..WireLimits::default() };
    let wire = WireOptions { limits, ..WireOptions::default() };
    let options = TransportOptions { wire, ..TransportOptions::default() };
    let mut builder = Builder::<Machines>::new(Arc::new(NoServices))
        .run_only([name])
        .process(name)
        .transport(broker.transport(), options)
        .until_idle(false)
        .until(END_MS);
    if observed {
        builder = builder.observer(|_| {});
    }
    let app = builder.build().unwrap();
    let handle = app.handle();
    (app, handle)
}

/// What a writer who is handed `events` and a reader have in the end.
fn run(events: &[(&str, usize)], observed: bool) -> (Summary, Summary) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(async {
        let broker = Broker::new();
        let (writer, handle) = process("writer", &broker, observed);
        let (reader, _) = process("reader", &broker, observed);
        for (event, size) in events {
            let data = Value::map([("text", Value::from("x".repeat(*size)))]);
            handle.send_named(event, if *event == "count" { &Value::Null } else { &data }).unwrap();
        }
        let (writer, reader) = (tokio::spawn(writer.run()), tokio::spawn(reader.run()));
        (writer.await.unwrap().unwrap(), reader.await.unwrap().unwrap())
    })
}

fn data(summary: &Summary, instance: &str, variable: &str) -> Value {
    summary.snapshot.instances[instance].data.iter().find(|entry| *entry.0 == variable).unwrap().1.clone()
}

#[test]
fn a_step_that_raises_what_is_too_large_is_rolled_back() {
    for observed in [false, true] {
        let events =
            [("write", 10), ("write", MOST), ("write", 20), ("post", MOST), ("post", 5), ("count", 0)];
        let (writer, reader) = run(&events, observed);
        assert_eq!(writer.reason, EndReason::Until);
        // Two letters and a postcard; a letter and a postcard were never sent.
        assert_eq!(writer.counters.dead_letters, 2, "observed: {observed}");
        assert_eq!(data(&writer, "writer", "sent"), Value::Int(3));
        assert_eq!(data(&reader, "reader", "read"), Value::Int(2));
        assert_eq!(data(&reader, "reader", "last"), Value::Int(3));
        let network = writer.connection.unwrap();
        assert!(network.rejected.is_empty(), "{:?}", network.rejected);
        assert!(reader.connection.unwrap().rejected.is_empty());
    }
}
