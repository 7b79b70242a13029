//! Trace contexts (W3C): from what comes in, through steps and services, to what leaves.
#![cfg(feature = "distributed")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic outside of test functions too")]

mod workshop;

use std::sync::Arc;

use csml_rt::node::{Node, Observer, Record, TraceContext, Unobserved, View};
use csml_rt::transport::memory::Broker;
use csml_rt::transport::{Connection, Filter, Message, QoS, Session, Transport, TransportEvent};
use csml_rt::{App, Builder, Handle, Machines, NoServices, TraceParent, TransportOptions};
use workshop::{Event, Reply, Workshop};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const COMING: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const OTHER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

fn trace(text: &str) -> TraceContext {
    Some(Arc::new(TraceParent::parse(text).unwrap())).into()
}

/// Notes the trace and the span of every event that a step is about.
#[derive(Default)]
struct Noting(Vec<(&'static str, Option<(String, String)>)>);

impl Observer<Workshop> for Noting {
    const OBSERVES: bool = true;
    type Span = ();

    fn begin(&mut self, _: View<'_>) {}

    fn record(&mut self, view: View<'_>, record: Record<'_, Workshop>) {
        if let Record::Event { event, .. } = record {
            let index = usize::from(Workshop::event_index(event));
            let ids = view.traceparent().map(|trace| (trace.trace_id(), trace.parent_id()));
            self.0.push((Workshop::DESCRIPTION.events[index].name, ids));
        }
    }
}

fn press_alone() -> Node<Workshop> {
    let mut node = Node::new(0, &[]).unwrap();
    node.spawn("press", 0).unwrap();
    node.spawn_remote("monitor", 1).unwrap();
    node.start(&mut Unobserved);
    node
}

#[test]
fn a_trace_goes_on_through_steps_and_services_and_ends_at_timers() {
    let mut node = press_alone();
    let mut host = Noting::default();
    node.send_traced(Event::Start, &trace(COMING));
    node.run(&mut host, u64::MAX);
    let left = node.next_outbound().unwrap().context.into_inner().unwrap();
    assert_eq!(left.trace_id(), TRACE);
    assert!(left.to_string().ends_with("-01"));

    // A service answers, a timer fires: what they raise are events of the same machine.
    let measure = node.next_request().unwrap();
    node.advance(10);
    node.complete(measure.id, Reply::Measure { value: 5 });
    node.run(&mut host, u64::MAX);
    let names: Vec<&str> = host.0.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["start", "beat", "measured"]);
    let [start, beat, measured] = [0, 1, 2].map(|index| host.0[index].1.clone());
    assert_eq!(beat, None);
    let (start, measured) = (start.unwrap(), measured.unwrap());
    assert_eq!((start.0.as_str(), measured.0.as_str()), (TRACE, TRACE));
    // Each step is a span, and what it raises names it.
    assert_eq!(left.parent_id(), start.1);
    assert!(![start.1.as_str(), "b7ad6b7169203331"].contains(&measured.1.as_str()));
}

#[test]
fn a_service_that_fails_goes_on_in_the_trace_too() {
    let mut node = press_alone();
    let mut host = Noting::default();
    node.send_traced(Event::Start, &trace(COMING));
    node.run(&mut host, u64::MAX);
    let measure = node.next_request().unwrap();
    assert!(node.fail(measure.id, "broken".to_owned(), None));
    node.run(&mut host, u64::MAX);
    let (name, ids) = host.0.last().unwrap();
    assert_eq!((*name, ids.as_ref().unwrap().0.as_str()), ("error.invoke.measure", TRACE));
}

#[test]
fn a_step_that_waits_for_its_commit_keeps_its_trace() {
    let mut node = press_alone();
    node.set_stored();
    node.send_traced(Event::Start, &trace(COMING));
    // Committed at the second attempt only, and observed and not.
    node.run(&mut Unobserved, u64::MAX);
    assert!(node.pending().is_some());
    node.retry();
    let mut host = Noting::default();
    node.run(&mut host, u64::MAX);
    assert!(node.next_outbound().is_none());
    node.commit(&mut host);
    let left = node.next_outbound().unwrap().context.into_inner().unwrap();
    assert_eq!(left.trace_id(), TRACE);
    assert_eq!(host.0, [("start", Some((TRACE.to_owned(), left.parent_id())))]);
    // And the next one has none.
    node.send(Event::Fault { by: 1 });
    node.run(&mut Unobserved, u64::MAX);
    assert!(node.next_outbound().unwrap().context.into_inner().is_none());
}

/// One process of two, with what the program says about events that no traced one has led to.
fn process(broker: &Broker, name: &str, begin: Option<&'static str>, properties: bool) -> App<Workshop> {
    let transport = broker.transport();
    let transport = if properties { transport } else { transport.without_properties() };
    let app = Builder::<Workshop>::new(Arc::new(NoServices)).run_only([name]).process(name);
    let options = TransportOptions {
        begin_trace: Some(Box::new(move || begin.map(str::to_owned))),
        ..TransportOptions::default()
    };
    app.transport(transport, options).seed(0).build().unwrap()
}

/// Listens to everything that goes over the broker.
async fn listener(broker: &Broker) -> Connection {
    let filters = vec![Filter { pattern: "#".to_owned(), qos: QoS::AtLeastOnce }];
    let session = Session {
        client_id: "listener".to_owned(),
        filters,
        birth: Vec::new(),
        will: None,
        capacity: 10_000,
    };
    let mut connection = Box::new(broker.transport()).open(session);
    assert!(matches!(connection.incoming.recv().await, Some(TransportEvent::Up)));
    connection
}

/// The next message on a topic.
async fn next(connection: &mut Connection, topic: &str) -> Message {
    loop {
        match connection.incoming.recv().await {
            Some(TransportEvent::Message(message, receipt)) => {
                if let Some(receipt) = receipt {
                    connection.receipts.send(receipt).unwrap();
                }
                if message.topic == topic {
                    return message;
                }
            }
            other => panic!("{other:?}"),
        }
    }
}

fn of(message: &Message) -> Option<&str> {
    message.properties.iter().find(|(name, _)| name == "traceparent").map(|(_, text)| text.as_str())
}

/// Both processes at work, and somebody who listens.
async fn workshop(
    begin: Option<&'static str>,
    properties: bool,
) -> (Broker, Connection, [Handle<Workshop>; 2]) {
    let broker = Broker::new();
    let mut listener = listener(&broker).await;
    let apps = ["press", "monitor"].map(|name| process(&broker, name, begin, properties));
    let handles = [apps[0].handle(), apps[1].handle()];
    for app in apps {
        tokio::spawn(app.run());
    }
    // A listener that has started says so.
    next(&mut listener, "csml/workshop/proc/press").await;
    next(&mut listener, "csml/workshop/proc/monitor").await;
    (broker, listener, handles)
}

fn in_runtime(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(test);
}

fn start(traceparents: &[&str]) -> Message {
    let properties = traceparents.iter().map(|text| ("traceparent".to_owned(), (*text).to_owned()));
    Message {
        topic: "csml/workshop/in/start".to_owned(),
        properties: properties.collect(),
        ..Message::default()
    }
}

#[test]
fn two_processes_and_what_leaves_are_in_one_trace() {
    in_runtime(async {
        let (broker, mut listener, _handles) = workshop(Some(OTHER), true).await;
        broker.publish(&start(&[COMING]));
        let raised = next(&mut listener, "csml/workshop/ev/press/work").await;
        let left = next(&mut listener, "csml/workshop/out/monitor/report").await;
        let [raised, left] =
            [&raised, &left].map(|message| TraceParent::parse(of(message).unwrap()).unwrap());
        assert_eq!([raised.trace_id().as_str(), left.trace_id().as_str()], [TRACE; 2]);
        assert!(raised.to_string().ends_with("-01") && left.to_string().ends_with("-01"));
        let parents = [raised.parent_id(), left.parent_id(), "b7ad6b7169203331".to_owned()];
        assert!(parents[0] != parents[1] && parents[1] != parents[2] && parents[0] != parents[2]);
    });
}

#[test]
fn a_host_begins_traces() {
    in_runtime(async {
        let (_broker, mut listener, [press, _]) = workshop(Some(OTHER), true).await;
        press.send(Event::Start).unwrap();
        // As the program says, and from there on as usual.
        let raised = next(&mut listener, "csml/workshop/ev/press/work").await;
        assert_eq!(of(&raised), Some(OTHER));
        let left = next(&mut listener, "csml/workshop/out/monitor/report").await;
        let (given, left) =
            (TraceParent::parse(OTHER).unwrap(), TraceParent::parse(of(&left).unwrap()).unwrap());
        assert_eq!(left.trace_id(), given.trace_id());
        assert_ne!(left.parent_id(), given.parent_id());
        assert!(left.to_string().ends_with("-00"));
    });
}

#[test]
fn envelopes_in_payloads_have_the_trace_as_well() {
    in_runtime(async {
        let (_broker, mut listener, [press, _]) = workshop(Some(OTHER), false).await;
        press.send(Event::Start).unwrap();
        let raised = next(&mut listener, "csml/workshop/ev/press/work").await;
        let payload = String::from_utf8(raised.payload.to_vec()).unwrap();
        assert!(payload.contains(&format!("\"traceparent\":\"{OTHER}\"")), "{payload}");
        let left = next(&mut listener, "csml/workshop/out/monitor/report").await;
        assert!(left.properties.is_empty());
    });
}

#[test]
fn what_is_malformed_is_passed_over() {
    let zero = "00-00000000000000000000000000000000-b7ad6b7169203331-01";
    let comings: [&[&str]; 6] =
        [&[], &[zero], &["#"], &["csml/workshop/in/quit"], &[COMING, COMING], &["00-\u{1f682}\0"]];
    for coming in comings {
        in_runtime(async {
            let (broker, mut listener, _handles) = workshop(Some("00-no-trace-01"), true).await;
            broker.publish(&start(coming));
            let raised = next(&mut listener, "csml/workshop/ev/press/work").await;
            assert_eq!(of(&raised), None);
            let left = next(&mut listener, "csml/workshop/out/monitor/report").await;
            assert_eq!(of(&left), None);
        });
    }
}
