//! The node without tokio: who gets an event, what ends with what, what an instance costs.
#![cfg(feature = "node")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic outside of test functions too")]

mod workshop;

use csml_rt::node::{Address, Node, Observer, Record, Unobserved, View};
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
fn names_are_found_again_however_many_there_are() {
    let mut node = Node::<Workshop>::new(0, &[]).unwrap();
    let names: Vec<String> = (0..5_000).map(|number| format!("m{number}")).collect();
    for (number, name) in (0..).zip(&names) {
        assert_eq!(node.spawn(name, MONITOR), Some(number));
        assert_eq!(node.spawn(name, MONITOR), None);
    }
    for (number, name) in (0..).zip(&names) {
        assert_eq!(at(&node, name), Address { instance: number, machine: MONITOR });
    }
    assert_eq!(node.directory().resolve("m5000"), None);
}

#[test]
fn without_an_observer_the_same_steps_are_taken_and_counted() {
    let run = |drive: &mut dyn FnMut(&mut Node<Workshop>)| {
        let mut node = node();
        node.spawn("closed", MONITOR).unwrap();
        node.start(&mut Unobserved);
        // The closed monitor has ended when `work` is its turn; a fault of 0 divides by zero.
        assert!(node.send_to(at(&node, "closed"), Event::Quit));
        node.send(Event::Start);
        node.send(Event::Work { n: 2 });
        node.send(Event::Fault { by: 0 });
        node.send(Event::Quit);
        drive(&mut node);
        let states = node.directory().addresses().map(|at| node.state(at)).collect::<Vec<_>>();
        (node.counters(), states, outbound(&mut node))
    };
    let unobserved = run(&mut |node| {
        node.run(&mut Unobserved, u64::MAX);
    });
    assert_eq!(
        unobserved,
        run(&mut |node| {
            node.run(&mut Watching, u64::MAX);
        })
    );
    // Behind a gate every step goes the long way.
    let gated = |node: &mut Node<Workshop>| {
        node.set_stored();
        while node.run(&mut Unobserved, u64::MAX) > 0 || node.pending().is_some() {
            node.commit(&mut Unobserved);
        }
    };
    assert_eq!(unobserved, run(&mut |node| gated(node)));
    assert_eq!(unobserved.0.dead_letters, 1);
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
    // `ack` waited behind `quit`: dropped silently.
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
    // The firing joins the queue behind the event that leaves the state, and is void when its turn comes.
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

/// Wants every record.
struct Watching;

impl Observer<Workshop> for Watching {
    const OBSERVES: bool = true;
    type Span = ();

    fn begin(&mut self, _: View<'_>) {}

    fn record(&mut self, _: View<'_>, _: Record<'_, Workshop>) {}
}

/// What a node hands out: event, channel, whether it leaves the application, who raised it.
fn outbound(node: &mut Node<Workshop>) -> Vec<(Event, Channel, bool, Option<String>)> {
    let mut all = Vec::new();
    while let Some(one) = node.next_outbound() {
        let leaves = one.leaves_application();
        let from = one.from.map(|at| node.directory().path(at).to_string());
        all.push((one.event, one.channel, leaves, from));
    }
    all
}

fn everything_that_leaves(
    observer: &mut impl Observer<Workshop>,
) -> Vec<(Event, Channel, bool, Option<String>)> {
    let mut node = Node::<Workshop>::new(0, &[]).unwrap();
    node.spawn("monitor", MONITOR).unwrap();
    node.spawn("press", PRESS).unwrap();
    node.spawn_remote("far", MONITOR).unwrap();
    node.start(observer);
    node.send(Event::Start);
    node.send(Event::Work { n: 3 });
    node.run(observer, u64::MAX);
    outbound(&mut node)
}

#[test]
fn every_event_that_leaves_is_in_the_outbound_queue_observed_or_not() {
    let unobserved = everything_that_leaves(&mut Unobserved);
    assert_eq!(unobserved, everything_that_leaves(&mut Watching));
    let (press, monitor) = (Some("press".to_owned()), Some("monitor".to_owned()));
    // The press tells both monitors, and what came from outside is for the far one, too.
    assert!(unobserved.contains(&(Event::Work { n: 1 }, Channel::External, false, press)), "{unobserved:?}");
    assert!(unobserved.contains(&(Event::Work { n: 3 }, Channel::Peripheral, false, None)), "{unobserved:?}");
    let report = |total| (Event::Report { total }, Channel::Peripheral, true, monitor.clone());
    assert!(unobserved.contains(&report(3)) || unobserved.contains(&report(4)), "{unobserved:?}");
}

#[test]
fn a_node_stops_when_its_outbound_queue_is_full_and_goes_on_when_it_is_taken() {
    const CAPACITY: u64 = 65_536;
    let mut node = node();
    for _ in 0..CAPACITY + 10 {
        assert!(node.send_to(at(&node, "monitor"), Event::Work { n: 0 }));
    }
    // Each step of the monitor sends a report, and an event to its lamp.
    drain(&mut node);
    let waiting = node.waiting();
    assert!(waiting > 0);
    assert_eq!(drain(&mut node), 0);
    assert_eq!(outbound(&mut node).len() as u64, CAPACITY);
    assert!(drain(&mut node) > 0);
    assert_eq!((node.waiting(), outbound(&mut node).len()), (0, 10));
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
