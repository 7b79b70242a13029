//! The node without tokio: who gets an event, what ends with what, what an instance costs.
#![cfg(feature = "node")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic outside of test functions too")]

mod workshop;

use csml_rt::node::{Address, Host, Node, Record, Unobserved, View};
use csml_rt::{Channel, Status};
use workshop::{Event, Reply, Workshop};

const PRESS: u16 = 0;
const MONITOR: u16 = 1;
const LAMP: u16 = 2;

fn node() -> Node<Workshop> {
    let mut node = Node::new(0, &[]).unwrap();
    node.spawn("monitor", MONITOR).unwrap();
    node.spawn("press", PRESS).unwrap();
    node.start(&mut Unobserved);
    node
}

fn at(node: &Node<Workshop>, path: &str) -> Address {
    node.directory().resolve(path).unwrap()
}

fn drain(node: &mut Node<Workshop>) -> u64 {
    node.run(&mut Unobserved, u64::MAX)
}

#[test]
fn an_event_goes_once_to_each_instance_that_handles_it() {
    let mut node = node();
    for number in 0..3 {
        node.spawn(&format!("m{number}"), MONITOR).unwrap();
    }
    node.start(&mut Unobserved);
    node.send(Event::Work { n: 2 });
    assert_eq!(node.waiting(), 4);
    // Each monitor's internal `ack` reaches its own lamp only.
    assert_eq!(drain(&mut node), 8);
    for path in ["monitor/lamp", "m0/lamp", "m2/lamp"] {
        assert_eq!(node.state(at(&node, path)), Some("on"));
    }
    assert!(node.send_to(at(&node, "m1"), Event::Quit));
    assert!(!node.send_to(at(&node, "m1/lamp"), Event::Quit));
}

#[test]
fn names_are_unique_and_only_top_level_machines_have_instances() {
    let mut node = node();
    assert_eq!(node.spawn("press", PRESS), None);
    assert_eq!(node.spawn("l", LAMP), None);
    assert_eq!(node.spawn("x", 99), None);
    assert_eq!(node.directory().resolve("monitor/lmp"), None);
    assert_eq!(node.directory().resolve("monitor/"), None);
    // A name may look like a path.
    node.spawn("monitor/spare", MONITOR).unwrap();
    let spare = at(&node, "monitor/spare/lamp");
    assert_eq!(node.directory().path(spare).to_string(), "monitor/spare/lamp");
}

#[test]
fn everything_nested_ends_with_a_machine() {
    let mut node = node();
    let (monitor, lamp) = (at(&node, "monitor"), at(&node, "monitor/lamp"));
    assert!(node.send_to(monitor, Event::Work { n: 1 }));
    assert!(node.send_to(monitor, Event::Quit));
    drain(&mut node);
    assert_eq!(node.status(monitor), Status::Ended);
    assert_eq!(node.status(lamp), Status::Ended);
    // `ack` stood in the line behind `quit`: dropped without a word.
    assert_eq!(node.counters().unhandled, 0);
    assert_eq!(node.state(lamp), Some("off"));
    assert!(!node.all_ended());
    node.send(Event::Quit);
    drain(&mut node);
    assert!(node.all_ended());
}

#[test]
fn leaving_a_state_takes_its_timers_and_while_invocations_along() {
    let mut node = node();
    node.send(Event::Start);
    drain(&mut node);
    assert_eq!(node.timers(), 1);
    let measure = node.next_request().unwrap();
    let hum = node.next_request().unwrap();
    assert!(node.next_request().is_none());
    // The firing joins the line behind the event that leaves the state, and is void when its turn comes.
    assert!(node.send_to(at(&node, "press"), Event::Measured { value: 0 }));
    node.advance(10);
    assert_eq!(node.waiting(), 2);
    drain(&mut node);
    assert_eq!(node.timers(), 0);
    assert_eq!(node.counters().unhandled, 0);
    assert_eq!(node.next_cancelled(), Some(hum.id));
    node.complete(hum.id, Reply::Hum);
    assert_eq!(node.waiting(), 0);
    // The other one completes whatever state is active.
    assert!(node.awaits(measure.id));
    node.complete(measure.id, Reply::Measure { value: 1 });
    assert_eq!(drain(&mut node), 2);
    assert_eq!(node.counters().unhandled, 1);
}

#[test]
fn a_timer_that_is_late_fires_once_and_goes_on() {
    let mut node = node();
    node.send(Event::Start);
    drain(&mut node);
    node.advance(95);
    assert_eq!(node.waiting(), 1);
    drain(&mut node);
    assert_eq!(node.next_due(u64::MAX), Some(105));
}

#[test]
fn a_step_that_fails_leaves_nothing_behind() {
    let mut node = node();
    node.send(Event::Start);
    drain(&mut node);
    node.send(Event::Fault { by: 0 });
    assert_eq!(drain(&mut node), 1);
    assert_eq!(node.counters().dead_letters, 1);
    assert_eq!(node.data(at(&node, "press"))[0].1.as_int(), Some(0));
    // What waits behind it keeps its place; what it raised is gone.
    node.send(Event::Fault { by: 0 });
    node.send(Event::Work { n: 2 });
    assert_eq!(drain(&mut node), 3);
    // One of them from the start.
    assert_eq!(node.data(at(&node, "monitor"))[0].1.as_int(), Some(1 + 2));
}

#[test]
fn a_second_instance_sees_what_the_first_one_alone_saw_before() {
    let mut node = node();
    node.send(Event::Start);
    drain(&mut node);
    node.spawn("other", PRESS).unwrap();
    node.start(&mut Unobserved);
    node.send(Event::Fault { by: 5 });
    assert_eq!(node.waiting(), 2);
    drain(&mut node);
    node.set_subscriptions(|_, _| true);
    node.send(Event::Fault { by: 5 });
    assert_eq!(node.waiting(), 2);
}

#[test]
fn what_leaves_the_application_is_seen_even_when_nothing_is_observed() {
    struct Outside(Vec<Event>);
    impl Host<Workshop> for Outside {
        const OBSERVES: bool = false;
        type Span = ();
        fn begin(&mut self, _: View<'_>) {}
        fn record(&mut self, _: View<'_>, record: Record<'_, Workshop>) {
            match record {
                Record::Raise { event, channel } => {
                    assert_eq!(channel, Channel::Peripheral);
                    self.0.push(event.clone());
                }
                _ => panic!("nothing else is recorded"),
            }
        }
    }
    let mut node = node();
    node.send(Event::Work { n: 3 });
    let mut outside = Outside(Vec::new());
    node.run(&mut outside, u64::MAX);
    assert_eq!(outside.0, [Event::Report { total: 3 }]);
}

/// Resident memory of this process in bytes, where the system tells.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: usize = status.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096)
}

#[test]
fn an_instance_costs_its_variables_its_name_and_little_more() {
    const COUNT: usize = 200_000;
    let before = resident();
    let mut node = Node::<Workshop>::new(0, &[]).unwrap();
    node.reserve(COUNT);
    for number in 0..COUNT {
        node.spawn(&format!("monitor-{number}"), MONITOR).unwrap();
    }
    node.start(&mut Unobserved);
    assert_eq!(node.counters().steps, 2 * COUNT as u64);
    let (Some(before), Some(after)) = (before, resident()) else {
        return;
    };
    let each = after.saturating_sub(before) / COUNT;
    let own = size_of::<workshop::Instance>();
    assert!(each < own + 150, "{each} bytes for an instance of {own}");
    assert_eq!(node.state(at(&node, "monitor-199999/lamp")), Some("off"));
}
