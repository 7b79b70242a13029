//! Runs the camera until the siren has sounded and the owner has disarmed it. Takes about three seconds.

use std::error::Error;
use std::time::Duration;

use camera::House;
use camera::surveillance_camera::{App, Event, Machines};
use csml_rt::{Handle, HandleError, Observation, ObservationKind};

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run())
}

async fn run() -> Result<(), Box<dyn Error>> {
    let app = App::builder(House::default()).ctrl_c(true).observer(print).build()?;
    let owner = tokio::spawn(owner(app.handle()));
    let summary = app.run().await?;
    owner.await??;

    let counters = summary.counters;
    println!("invocations: {} done, {} failed", counters.invocations_ok, counters.invocations_failed);
    println!("alarms: {}", summary.snapshot.persistent["alarms"].to_json());
    Ok(())
}

/// The owner of the house, who hears the siren and disarms it a second later.
async fn owner(handle: Handle<Machines>) -> Result<(), HandleError> {
    handle.wait_for("siren", "sounding").await?;
    tokio::time::sleep(Duration::from_millis(1200)).await;
    handle.send(Event::Disarm)?;
    handle.wait_for("siren", "quiet").await?;
    handle.stop();
    Ok(())
}

fn print(observation: &Observation<Event>) {
    let Observation { at, instance, kind } = observation;
    match kind {
        ObservationKind::Transition { from, to, .. } => println!("{at:>6} ms  {instance:<7} {from} -> {to}"),
        ObservationKind::InvocationFailed { service, error, attempts } => {
            println!("{at:>6} ms  {instance:<7} {service} failed {attempts} time(s): {error}");
        }
        _ => {}
    }
}
