//! Runs the crossing, sends two trains through it, and prints what happens.
//!
//! `cargo run -p crossing` simulates the clock; `-- --real` runs in real time.

use std::error::Error;

use crossing::railway_crossing::{App, Event, Machines, Services, event};
use csml_rt::{Handle, HandleError, Observation, ObservationKind, Value};

/// The description calls no services.
struct NoServices;

impl Services for NoServices {}

fn main() -> Result<(), Box<dyn Error>> {
    let real = std::env::args().any(|argument| argument == "--real");
    tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(run(!real))
}

async fn run(virtual_time: bool) -> Result<(), Box<dyn Error>> {
    let app = App::builder(NoServices)
        .virtual_time(virtual_time)
        // The run must not end when nothing is pending, because trains come through the handle.
        .until_idle(false)
        .observer(print)
        .build()?;
    let traffic = tokio::spawn(traffic(app.handle()));
    let summary = app.run().await?;
    traffic.await??;

    println!("stopped after {} ms and {} steps", summary.clock_ms, summary.counters.steps);
    println!("trains counted: {}", summary.snapshot.persistent["trains"].to_json());
    Ok(())
}

/// Two trains; the second arrives while the first one is on the track.
async fn traffic(handle: Handle<Machines>) -> Result<(), HandleError> {
    handle.wait_for("crossing", "clear").await?;
    send_train(&handle, true)?;
    handle.wait_for("crossing/gate", "down").await?;
    for approaching in [true, false, false] {
        send_train(&handle, approaching)?;
    }
    handle.wait_for("crossing/gate", "up").await?;
    // By name, like events from outside: the handle checks their data.
    if let Err(misfit) = handle.send_named("train", &Value::map([("approaching", "yes".into())])) {
        println!("rejected: {misfit}");
    }
    handle.stop();
    Ok(())
}

fn send_train(handle: &Handle<Machines>, approaching: bool) -> Result<(), HandleError> {
    handle.send(Event::Train(event::Train { approaching }))
}

/// Prints transitions and ignores other observations.
fn print(observation: &Observation<Event>) {
    if let ObservationKind::Transition { from, to, .. } = &observation.kind {
        println!("{:>6} ms  {:<15} {from} -> {to}", observation.at, observation.instance);
    }
}
