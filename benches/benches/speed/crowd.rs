//! A million instances: memory per instance, cost of spawning one, cost of sending an event to each.

use std::time::Duration;

use csml_benches::harness::{Goal, Row, per_item, resident};
use csml_benches::machines::crowd::{Event, Machines, event};
use csml_rt::node::{Node, Unobserved};
use tokio::runtime::Builder;
use tokio::sync::mpsc;

const INSTANCES: u64 = 1_000_000;
/// Variables of one instance: two integers.
const VARIABLES: f64 = 16.0;
/// Fewer instances of the reference, which would otherwise need more than a gigabyte.
const TASKS: u64 = 200_000;
const ROUNDS: usize = 5;

struct Cost {
    bytes: f64,
    spawn: f64,
    event: f64,
}

pub(crate) fn rows() -> Vec<Row> {
    let mut ours = Cost { bytes: f64::NAN, spawn: f64::INFINITY, event: f64::INFINITY };
    let mut theirs = Cost { bytes: f64::NAN, spawn: f64::INFINITY, event: f64::INFINITY };
    for round in 0..ROUNDS {
        for (least, cost) in [(&mut ours, instances()), (&mut theirs, tasks())] {
            let Some(cost) = cost else { continue };
            // Later rounds reuse memory of the allocator.
            if round == 0 {
                least.bytes = cost.bytes;
            }
            least.spawn = least.spawn.min(cost.spawn);
            least.event = least.event.min(cost.event);
        }
    }
    let row = |what: &str, unit, measured, reference, goal| Row {
        what: what.into(),
        measured,
        unit,
        reference: Some(("tokio task", reference)),
        goal,
    };
    vec![
        row(
            "a million instances, each beyond its variables",
            "B",
            ours.bytes - VARIABLES,
            theirs.bytes - VARIABLES,
            Goal::AtMost(200.0),
        ),
        row("spawn and start one of a million", "ns", ours.spawn, theirs.spawn, Goal::AtMost(200.0)),
        row("one event to each of a million", "ns", ours.event, theirs.event, Goal::None),
    ]
}

fn instances() -> Option<Cost> {
    let names: Vec<String> = (0..INSTANCES).map(|number| format!("m{number}")).collect();
    let before = resident();
    let mut node = Node::<Machines>::new(0, &[]).ok()?;
    let spawn = per_item(INSTANCES, || {
        // Like the builder of an application.
        node.reserve(INSTANCES as usize);
        for name in &names {
            node.spawn(name, 0);
        }
        node.start(&mut Unobserved);
    });
    let bytes = occupied(before, INSTANCES);
    let event = per_item(INSTANCES, || {
        node.send(Event::Shout(event::Shout { volume: 3 }));
        node.run(&mut Unobserved, u64::MAX)
    });
    let all = node.counters().handled == INSTANCES;
    all.then_some(Cost { bytes, spawn, event })
}

/// A task with a channel and the same two integers for each instance.
fn tasks() -> Option<Cost> {
    let runtime = Builder::new_current_thread().build().ok()?;
    let before = resident();
    let mut senders = Vec::with_capacity(TASKS as usize);
    let spawn = per_item(TASKS, || {
        runtime.block_on(async {
            for _ in 0..TASKS {
                let (sender, mut receiver) = mpsc::channel::<i64>(1);
                tokio::spawn(async move {
                    let (mut seen, mut sum) = (0_i64, 0_i64);
                    while let Some(volume) = receiver.recv().await {
                        seen += 1;
                        sum += volume;
                        std::hint::black_box((seen, sum));
                    }
                });
                senders.push(sender);
            }
            tokio::task::yield_now().await;
        });
    });
    settle(&runtime);
    let bytes = occupied(before, TASKS);
    let event = per_item(TASKS, || {
        let sent = senders.iter().filter(|sender| sender.try_send(3).is_ok()).count();
        settle(&runtime);
        sent
    });
    Some(Cost { bytes, spawn, event })
}

/// Lets every task run until it waits.
fn settle(runtime: &tokio::runtime::Runtime) {
    runtime.block_on(async {
        for _ in 0..TASKS.div_ceil(32) {
            tokio::task::yield_now().await;
        }
    });
    std::thread::sleep(Duration::ZERO);
}

fn occupied(before: Option<u64>, count: u64) -> f64 {
    match (before, resident()) {
        (Some(before), Some(after)) => after.saturating_sub(before) as f64 / count as f64,
        _ => f64::NAN,
    }
}
