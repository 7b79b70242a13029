//! Setting and cancelling one timeout while a million others are pending.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Duration;

use csml_benches::harness::{Goal, Row, compare, per_item};
use csml_benches::machines::watchdog::{Event, Machines};
use csml_rt::machine::Rng;
use csml_rt::node::timer_wheel::TimerWheel;
use csml_rt::node::{Address, Node, Unobserved};
use tokio::runtime::Builder;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::time::DelayQueue;

const PENDING: u64 = 1_000_000;
const TIMES: u64 = 200_000;
const ROUNDS: usize = 9;
/// Deadlines lie within ten minutes.
const SPAN: u64 = 600_000;

pub(crate) fn rows() -> Vec<Row> {
    measure().unwrap_or_default()
}

fn measure() -> Option<Vec<Row>> {
    let runtime = Builder::new_current_thread().enable_time().build().ok()?;
    let _inside = runtime.enter();
    let start = Instant::now();
    let mut random = Rng::new(3);
    let mut delay = move || 1_000 + random.next_u64() % SPAN;

    let mut wheel = TimerWheel::<(u64, u64)>::new();
    for number in 0..PENDING {
        wheel.arm(delay(), (number, 0))?;
    }
    let mut queue = DelayQueue::with_capacity(PENDING as usize);
    for number in 0..PENDING {
        queue.insert_at((number, 0_u64), start + Duration::from_millis(delay()));
    }
    let mut sleeps: Vec<Pin<Box<Sleep>>> = Vec::with_capacity(PENDING as usize);
    for _ in 0..PENDING {
        sleeps.push(armed(start + Duration::from_millis(delay())));
    }
    let mut node = Node::<Machines>::new(0, &[]).ok()?;
    node.reserve(PENDING as usize);
    for number in 0..PENDING {
        node.spawn(&format!("w{number}"), 0)?;
    }
    node.start(&mut Unobserved);
    let mut victims = Rng::new(4);

    let delays: Vec<u64> = (0..TIMES).map(|_| delay()).collect();
    let instants: Vec<Instant> = delays.iter().map(|ms| start + Duration::from_millis(*ms)).collect();
    let [ours, theirs, one_each, stepped] = compare(
        ROUNDS,
        [
            &mut || {
                per_item(TIMES, || {
                    for ms in &delays {
                        if let Some(id) = wheel.arm(*ms, (*ms, 1)) {
                            wheel.disarm(id);
                        }
                    }
                })
            },
            &mut || {
                per_item(TIMES, || {
                    for (ms, at) in delays.iter().zip(&instants) {
                        let key = queue.insert_at((*ms, 1), *at);
                        queue.remove(&key);
                    }
                })
            },
            &mut || {
                per_item(TIMES, || {
                    for at in &instants {
                        drop(armed(*at));
                    }
                })
            },
            &mut || {
                per_item(TIMES, || {
                    for _ in 0..TIMES {
                        let instance = (victims.next_u64() % PENDING) as u32;
                        node.send_to(Address { instance, machine: 0 }, Event::Feed);
                        node.run(&mut Unobserved, 1);
                    }
                })
            },
        ],
    );
    let row = |what: &str, measured, name, reference, goal| Row {
        what: what.into(),
        measured,
        unit: "ns",
        reference: Some((name, reference)),
        goal,
    };
    let what = "arm and disarm a timeout, a million pending";
    Some(vec![
        row(what, ours.least, "DelayQueue", theirs.least, Goal::AtMost(40.0)),
        row(what, ours.least, "tokio Sleep", one_each.least, Goal::AtMost(40.0)),
        row(
            "an event to one of a million instances that resets its timeout",
            stepped.least,
            "DelayQueue alone",
            theirs.least,
            Goal::None,
        ),
    ])
}

/// A sleep that is registered with tokio's timer, which happens at its first poll.
fn armed(at: Instant) -> Pin<Box<Sleep>> {
    let mut sleep = Box::pin(sleep_until(at));
    let mut context = Context::from_waker(Waker::noop());
    assert!(sleep.as_mut().poll(&mut context).is_pending(), "the deadline is in the future");
    sleep
}
