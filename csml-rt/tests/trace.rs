//! Golden traces of a hand-written application in virtual time.
#![cfg(feature = "node")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic outside of test functions too")]

mod workshop;

use std::sync::Arc;

use csml_rt::{
    Builder, EndReason, EventScript, NoServices, Printable, ServiceStubs, Status, Summary, TraceFormat,
};
use workshop::{Sink, Workshop};

fn builder() -> Builder<Workshop> {
    Builder::new(Arc::new(NoServices)).virtual_time(true)
}

fn run(builder: Builder<Workshop>, events: &str, services: &str) -> (Summary, String) {
    let sink = Sink::default();
    let app = builder
        .events(EventScript::parse(events).unwrap())
        .service_stubs(ServiceStubs::parse(services).unwrap())
        .trace(TraceFormat::Json, sink.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let summary = runtime.block_on(app.run()).unwrap();
    (summary, sink.text())
}

/// Lines of one kind, or of one time and kind.
fn only<'a>(trace: &'a str, part: &str) -> Vec<&'a str> {
    trace.lines().filter(|line| line.contains(part)).collect()
}

#[test]
fn the_whole_format() {
    let events = r#"{"event": "start"}
{"at": 3, "event": "fault", "data": {"by": 0}}

{"at": 4, "event": "start", "to": "press"}
{"at": 30, "event": "quit"}"#;
    let services = r#"{"measure": [{"output": {"value": {"expr": "v + 1"}}, "delayMs": 25}],
                       "hum": {"output": {}, "delayMs": 1000}}"#;
    let (summary, trace) = run(builder(), events, services);
    let expected = r#"{"t":0,"i":"press","k":"start","state":"idle"}
{"t":0,"i":"monitor","k":"start","state":"watching"}
{"t":0,"i":"monitor/lamp","k":"start","state":"off"}
{"t":0,"i":"press","k":"event","event":"start","channel":"peripheral","from":"env"}
{"t":0,"i":"press","k":"raise","event":"work","channel":"external","data":{"n":1}}
{"t":0,"i":"press","k":"transition","from":"idle","to":"pressing","via":"on"}
{"t":0,"i":"press","k":"invoke","service":"measure","input":{"v":0}}
{"t":0,"i":"press","k":"invoke","service":"hum","input":{}}
{"t":0,"i":"monitor","k":"event","event":"work","channel":"external","from":"press","data":{"n":1}}
{"t":0,"i":"monitor","k":"internal","state":"watching"}
{"t":0,"i":"monitor","k":"raise","event":"ack","channel":"internal"}
{"t":0,"i":"monitor","k":"raise","event":"report","channel":"peripheral","data":{"total":1}}
{"t":0,"i":"monitor/lamp","k":"event","event":"ack","channel":"internal","from":"monitor"}
{"t":0,"i":"monitor/lamp","k":"transition","from":"off","to":"on","via":"on"}
{"t":3,"i":"press","k":"dead-letter","event":"fault","error":"division by zero","at":"30:9"}
{"t":4,"i":"press","k":"event","event":"start","channel":"peripheral","from":"env"}
{"t":4,"i":"press","k":"unhandled","event":"start"}
{"t":10,"i":"press","k":"raise","event":"beat","channel":"internal"}
{"t":10,"i":"press","k":"event","event":"beat","channel":"internal","from":"timer:tick"}
{"t":10,"i":"press","k":"internal","state":"pressing"}
{"t":20,"i":"press","k":"raise","event":"beat","channel":"internal"}
{"t":20,"i":"press","k":"event","event":"beat","channel":"internal","from":"timer:tick"}
{"t":20,"i":"press","k":"internal","state":"pressing"}
{"t":25,"i":"press","k":"raise","event":"measured","channel":"internal","data":{"value":1}}
{"t":25,"i":"press","k":"event","event":"measured","channel":"internal","from":"invoke:measure","data":{"value":1}}
{"t":25,"i":"press","k":"transition","from":"pressing","to":"idle","via":"else"}
{"t":30,"i":"press","k":"event","event":"quit","channel":"peripheral","from":"env"}
{"t":30,"i":"press","k":"transition","from":"idle","to":"done","via":"on"}
{"t":30,"i":"press","k":"terminated","state":"done"}
{"t":30,"i":"monitor","k":"event","event":"quit","channel":"peripheral","from":"env"}
{"t":30,"i":"monitor","k":"transition","from":"watching","to":"closed","via":"on"}
{"t":30,"i":"monitor","k":"terminated","state":"closed"}
{"t":30,"k":"end","instances":{"monitor":{"state":"closed","data":{"total":1}},"monitor/lamp":{"state":"on","data":{}},"press":{"state":"done","data":{"count":2}}},"persistent":{"runs":1}}
"#;
    similar(&trace, expected);
    assert_eq!(summary.reason, EndReason::AllTerminated);
    assert_eq!(summary.clock_ms, 30);
    let counters = summary.counters;
    assert_eq!((counters.handled, counters.unhandled, counters.dead_letters), (8, 1, 1));
    assert_eq!((counters.invocations_ok, counters.invocations_failed), (1, 0));
    assert_eq!(summary.snapshot.state("monitor/lamp"), Some("on"));
}

/// Compares line by line, so that a failure shows the line.
fn similar(found: &str, expected: &str) {
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.lines().count(), expected.lines().count(), "{found}");
}

#[test]
fn a_failed_step_releases_nothing() {
    let events = "{\"event\":\"start\"}\n{\"event\":\"fault\",\"data\":{\"by\":0}}";
    let (summary, trace) = run(builder().until(5), events, "{}");
    assert_eq!(summary.counters.dead_letters, 1);
    assert!(only(&trace, r#""n":100"#).is_empty());
    assert_eq!(only(&trace, r#""event":"fault""#).len(), 1);
}

#[test]
fn an_invocation_is_tried_again_on_the_virtual_clock_and_its_failure_is_an_event() {
    // 0: error; 5 + 60 > timeout, so 55: over; 60: error again.
    let services = r#"{"measure": [{"error": "no"}, {"output": {"value": 9}, "delayMs": 60},
                       {"error": "broken", "status": 503}], "hum": {}}"#;
    let (summary, trace) = run(builder(), r#"{"event": "start"}"#, services);
    assert_eq!(
        only(&trace, "error.invoke"),
        [
            r#"{"t":60,"i":"press","k":"event","event":"error.invoke.measure","channel":"internal","from":"invoke:measure","data":{"message":"broken","status":503}}"#
        ]
    );
    assert_eq!(summary.counters.invocations_failed, 1);
    // `hum` completed at once; the press is idle again, nothing is pending.
    assert_eq!(summary.counters.invocations_ok, 1);
    assert_eq!((summary.reason, summary.clock_ms), (EndReason::Idle, 60));
}

#[test]
fn a_service_without_implementation_and_stub_is_a_failed_invocation() {
    let (summary, trace) = run(builder(), r#"{"event": "start"}"#, "{}");
    assert_eq!(summary.counters.invocations_failed, 2);
    assert!(only(&trace, "error.invoke.measure")[0].contains("nothing implements"));
}

#[test]
fn an_answer_that_does_not_fit_is_a_failed_attempt() {
    let services = r#"{"measure": {"output": {"value": "many"}}, "hum": {}}"#;
    let (_, trace) = run(builder(), r#"{"event": "start"}"#, services);
    let line = only(&trace, r#""k":"event","event":"error.invoke.measure""#)[0];
    assert!(line.contains("value: expected"), "{line}");
}

#[test]
fn until_is_inclusive_and_the_clock_stands_there() {
    let services = r#"{"measure": {"output": {"value": 1}, "delayMs": 49}, "hum": {"delayMs": 5000}}"#;
    let (summary, trace) = run(builder().until(30), r#"{"event": "start"}"#, services);
    assert_eq!(only(&trace, "timer:tick").len(), 3);
    assert_eq!((summary.reason, summary.clock_ms), (EndReason::Until, 30));
    // Only a timer is pending, for a time beyond the end.
    let prompt = r#"{"measure": {"output": {"value": 1}, "delayMs": 49}, "hum": {}}"#;
    let (summary, _) = run(builder().until(5), r#"{"event": "start"}"#, prompt);
    assert_eq!((summary.reason, summary.clock_ms), (EndReason::Until, 5));
    let (summary, _) = run(builder().until(35), r#"{"event": "start"}"#, services);
    assert_eq!((summary.counters.handled, summary.clock_ms), (6, 35));
}

#[test]
fn at_one_time_the_script_comes_before_completions_and_those_before_timers() {
    let events = "{\"event\":\"start\"}\n{\"at\":10,\"event\":\"work\",\"data\":{\"n\":5}}";
    let services = r#"{"measure": {"output": {"value": 1}, "delayMs": 10}, "hum": {"delayMs": 99}}"#;
    let (_, trace) = run(builder(), events, services);
    let at_ten: Vec<&str> = only(&trace, r#"{"t":10,"#);
    let position = |part: &str| at_ten.iter().position(|line| line.contains(part)).unwrap();
    assert!(position(r#""event":"work""#) < position(r#""k":"raise","event":"measured""#));
    assert!(position(r#""k":"raise","event":"measured""#) < position(r#""k":"raise","event":"beat""#));
    // The timer was due before the transition that cancels it was taken.
    assert_eq!(only(&trace, r#""k":"unhandled","event":"beat""#).len(), 1);
}

#[test]
fn a_part_of_the_instances_runs_alone() {
    let (summary, trace) = run(builder().run_only(["monitor"]), r#"{"event": "quit"}"#, "{}");
    assert_eq!(summary.reason, EndReason::AllTerminated);
    assert!(only(&trace, "press").is_empty());
}

#[test]
fn several_instances_of_one_machine_are_told_apart() {
    let app = builder().instance("left", "press").instance("m", "monitor").instance("right", "press");
    let events = "{\"event\":\"start\",\"to\":\"right\"}\n{\"event\":\"quit\"}";
    let (summary, trace) = run(app, events, r#"{"measure":{"output":{"value":9}},"hum":{}}"#);
    assert_eq!(summary.snapshot.state("left"), Some("done"));
    // In order of the description: both presses start before the monitor.
    let starts: Vec<&str> = only(&trace, r#""k":"start""#);
    assert!(starts[1].contains("right") && starts[2].contains(r#""i":"m""#));
}

#[test]
fn a_start_that_fails_ends_the_instance_and_everything_nested() {
    let (summary, trace) = run(builder().seed(101), "", "{}");
    assert_eq!(
        trace.lines().nth(1),
        Some(
            r#"{"t":0,"i":"monitor","k":"dead-letter","event":"start","error":"integer overflow","at":"7:8"}"#
        )
    );
    assert!(only(&trace, r#""k":"start""#).iter().all(|line| !line.contains("monitor")));
    assert_eq!(summary.snapshot.instances["monitor/lamp"].status, Status::Ended);
    assert_eq!((summary.reason, summary.counters.handled), (EndReason::Idle, 0));
}

#[test]
fn a_nested_start_that_fails_ends_the_nested_instance_alone() {
    let (summary, _) = run(builder().seed(102), "", "{}");
    assert_eq!(summary.snapshot.instances["monitor/lamp"].status, Status::Ended);
    assert_eq!(summary.snapshot.instances["monitor"].status, Status::Running);
}

#[test]
fn nothing_nested_starts_when_its_parent_has_terminated_already() {
    let (summary, trace) = run(builder().seed(200), r#"{"event":"quit"}"#, "{}");
    similar(
        only(&trace, "monitor").join("\n").as_str(),
        r#"{"t":0,"i":"monitor","k":"start","state":"watching"}
{"t":0,"i":"monitor","k":"transition","from":"watching","to":"closed","via":"always"}
{"t":0,"i":"monitor","k":"terminated","state":"closed"}
{"t":0,"k":"end","instances":{"monitor":{"state":"closed","data":{"total":0}},"monitor/lamp":{"state":"off","data":{}},"press":{"state":"done","data":{"count":0}}},"persistent":{"runs":0}}"#,
    );
    assert_eq!(summary.reason, EndReason::AllTerminated);
}

#[test]
fn an_initial_value_that_fails_is_an_error_of_the_set_up() {
    let error = builder().seed(13).build().unwrap_err();
    assert_eq!(error.to_string(), "an initial value fails: integer overflow at 1:2");
}

#[test]
fn the_text_form_says_the_same() {
    let sink = Sink::default();
    let app = builder()
        .events(EventScript::parse(r#"{"event": "work", "data": {"n": 2}}"#).unwrap())
        .trace(TraceFormat::Text { colour: false }, sink.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(app.run()).unwrap();
    let text = sink.text();
    assert!(text.contains("0 ms  monitor/lamp             transition  off -> on (on)"), "{text}");
    assert!(text.contains(r#"event       work {"n":2} (peripheral, from env)"#), "{text}");
    assert!(text.contains(r#"end         watching {"total":2}"#), "{text}");
}

#[test]
fn text_from_outside_does_not_act_on_a_terminal() {
    let services = r#"{"measure": {"error": "\u001b[2J\u202egone\nfake: line"}, "hum": {"delayMs": 100}}"#;
    let sink = Sink::default();
    let stubs = ServiceStubs::parse(services).unwrap();
    let script = EventScript::parse(r#"{"event": "start"}"#).unwrap();
    let app = builder()
        .events(script)
        .service_stubs(stubs)
        .trace(TraceFormat::Text { colour: false }, sink.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(app.until(50).run()).unwrap();
    let text = sink.text();
    assert!(text.contains(r"\u001b[2J\u202egone\nfake: line"), "{text}");
    assert!(text.lines().all(|line| Printable(line).to_string() == line), "{text:?}");
}
