//! Two machines of one process that send each other events.

use csml_benches::by_hand::exchange as by_hand;
use csml_benches::harness::{Goal, Row, compare, per_item};
use csml_benches::machines::exchange::{App, Machines, Services};
use csml_rt::node::{Node, Unobserved};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

const EVENTS: u64 = 1_000_000;
const ROUNDS: usize = 15;

struct NoServices;
impl Services for NoServices {}

pub(crate) fn rows() -> Vec<Row> {
    measure().unwrap_or_default()
}

fn measure() -> Option<Vec<Row>> {
    let runtime = Builder::new_current_thread().enable_time().build().ok()?;
    let mut node = Node::<Machines>::new(0, &[]).ok()?;
    node.spawn("left", 0)?;
    node.spawn("right", 1)?;
    node.start(&mut Unobserved);
    let mut queue = by_hand::Exchange::default();
    queue.send(by_hand::Event::Ping(0));
    let [node, app, queue, channel] = compare(
        ROUNDS,
        [
            &mut || per_item(EVENTS, || node.run(&mut Unobserved, EVENTS)),
            &mut || run_app(&runtime),
            &mut || per_item(EVENTS, || queue.run(EVENTS)),
            &mut || run_channels(&runtime),
        ],
    );
    let row = |what: &str, measured, name, reference, goal| Row {
        what: what.into(),
        measured,
        unit: "ns",
        reference: Some((name, reference)),
        goal,
    };
    Some(vec![
        row("event between two machines, node", node.least, "tokio mpsc", channel.least, Goal::AtMost(8.0)),
        row("event between two machines, `App`", app.least, "tokio mpsc", channel.least, Goal::AtMost(8.0)),
        row("event between two machines, node", node.least, "queue by hand", queue.least, Goal::None),
    ])
}

/// The whole application, with its clock, signals and counters.
fn run_app(runtime: &Runtime) -> f64 {
    let app = App::builder(NoServices).max_steps(EVENTS).build();
    let Ok(app) = app else { return f64::NAN };
    per_item(EVENTS, || runtime.block_on(app.run()))
}

/// Two tokio tasks with a channel each.
fn run_channels(runtime: &Runtime) -> f64 {
    per_item(EVENTS, || {
        runtime.block_on(async {
            let (to_right, mut right) = mpsc::channel::<i64>(16);
            let (to_left, mut left) = mpsc::channel::<i64>(16);
            let answering = tokio::spawn(async move {
                while let Some(ball) = right.recv().await {
                    if to_left.send(ball + 1).await.is_err() {
                        break;
                    }
                }
            });
            let mut ball = 0;
            for _ in 0..EVENTS / 2 {
                if to_right.send(ball + 1).await.is_err() {
                    break;
                }
                ball = left.recv().await.unwrap_or_default();
            }
            drop(to_right);
            let _ = answering.await;
            ball
        })
    })
}
