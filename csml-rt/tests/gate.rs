//! Steps that wait for their commit, are retried or rejected (docs/semantics.md#7-a-step-is-a-transaction).
#![cfg(feature = "node")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic outside of test functions too")]

mod workshop;

use csml_rt::Value;
use csml_rt::node::{Address, Node, Observer, Record, Rejects, Unobserved, View};
use workshop::{Event, Workshop};

const PRESS: u16 = 0;
const MONITOR: u16 = 1;

/// A press whose runs are in a store, and a monitor that hears of each.
fn node() -> (Node<Workshop>, Address) {
    let mut node = Node::new(0, &[]).unwrap();
    node.spawn("press", PRESS).unwrap();
    node.spawn("monitor", MONITOR).unwrap();
    node.set_stored();
    assert!(node.start(&mut Unobserved));
    let press = node.directory().resolve("press").unwrap();
    (node, press)
}

fn run(node: &mut Node<Workshop>) -> u64 {
    node.run(&mut Unobserved, u64::MAX)
}

#[test]
fn a_step_that_writes_waits_and_shows_nothing_before() {
    let (mut node, press) = node();
    node.send_to(press, Event::Start);
    run(&mut node);
    let pending = node.pending().unwrap();
    assert_eq!((pending.reads, pending.writes), (&[0][..], &[(0, Some(Value::from(1)))][..]));
    assert_eq!((node.waiting(), node.timers()), (0, 0), "what it raised and set is out of sight");
    // What comes meanwhile stands before what the step has raised.
    node.send_to(node.directory().resolve("monitor").unwrap(), Event::Work { n: 7 });
    assert_eq!(run(&mut node), 0, "nothing else runs");
    node.commit(&mut Unobserved);
    assert!(node.pending().is_none());
    assert_eq!(node.state(press), Some("pressing"));
    assert_eq!(node.persistent_value(0), Some(1.into()));
    assert!(node.waiting() >= 2 && node.timers() > 0);
}

#[test]
fn a_step_that_is_retried_runs_again_on_newer_data() {
    let (mut node, press) = node();
    node.send_to(press, Event::Start);
    run(&mut node);
    let before = node.counters().steps;
    node.retry();
    assert_eq!(node.counters().steps, before - 1);
    assert_eq!((node.state(press), node.waiting(), node.timers()), (Some("idle"), 1, 0));
    assert_eq!(node.persistent_value(0), Some(0.into()));
    node.set_persistent(0, Some(&41.into())).unwrap();
    assert!(node.set_persistent(0, Some(&"many".into())).is_err());
    run(&mut node);
    assert_eq!(node.pending().unwrap().writes, [(0, Some(Value::from(42)))]);
    node.commit(&mut Unobserved);
    assert_eq!(node.state(press), Some("pressing"));
}

#[test]
fn a_step_that_is_rejected_is_a_dead_letter() {
    let (mut node, press) = node();
    node.send_to(press, Event::Start);
    run(&mut node);
    node.reject("too large", &mut Unobserved);
    assert_eq!(node.counters().dead_letters, 1);
    assert_eq!((node.state(press), node.waiting()), (Some("idle"), 0));
    assert_eq!(node.persistent_value(0), Some(0.into()));
}

#[test]
fn a_step_that_only_reads_waits_for_data_that_are_new_enough() {
    let (mut node, press) = node();
    node.set_fresh(false);
    node.send_to(press, Event::Quit);
    run(&mut node);
    assert!(node.wants_fresh() && node.pending().is_none());
    assert_eq!((node.state(press), node.waiting()), (Some("idle"), 1));
    node.set_fresh(true);
    run(&mut node);
    assert_eq!(node.state(press), Some("done"));
    assert_eq!(node.waiting(), 0);
}

/// Wants every record.
struct Watching;

impl Observer<Workshop> for Watching {
    const OBSERVES: bool = true;
    type Span = ();

    fn begin(&mut self, _: View<'_>) {}

    fn record(&mut self, _: View<'_>, _: Record<'_, Workshop>) {}
}

fn what_is_raised_may_be_rejected(host: &mut impl Observer<Workshop>) {
    let mut node = Node::<Workshop>::new(0, &[]).unwrap();
    node.spawn("press", PRESS).unwrap();
    node.spawn_remote("monitor", MONITOR).unwrap();
    assert!(node.spawn("late", PRESS).is_none(), "those of this process come first");
    node.start(host);
    let press = node.directory().resolve("press").unwrap();
    node.set_rejects(Rejects { remote: true, peripheral: false });
    node.send_to(press, Event::Start);
    node.run(host, u64::MAX);
    assert_eq!((node.counters().dead_letters, node.state(press)), (1, Some("idle")));
    assert!(node.next_outbound().is_none());
    node.set_rejects(Rejects { remote: false, peripheral: true });
    node.send_to(press, Event::Start);
    node.run(host, u64::MAX);
    assert_eq!(node.state(press), Some("pressing"));
    let outbound = node.next_outbound().unwrap();
    assert_eq!((outbound.from, outbound.to), (Some(press), None));
}

#[test]
fn what_is_raised_for_other_processes_may_be_rejected() {
    what_is_raised_may_be_rejected(&mut Unobserved);
}

#[test]
fn what_is_raised_for_other_processes_may_be_rejected_while_it_is_observed() {
    what_is_raised_may_be_rejected(&mut Watching);
}

#[test]
fn an_instance_that_comes_later_is_started_whatever_its_machine() {
    let mut node = Node::<Workshop>::new(0, &[]).unwrap();
    node.spawn("monitor", MONITOR).unwrap();
    node.start(&mut Unobserved);
    node.spawn("press", PRESS).unwrap();
    node.start(&mut Unobserved);
    let press = node.directory().resolve("press").unwrap();
    assert_eq!(node.state(press), Some("idle"));
}
