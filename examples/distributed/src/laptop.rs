//! Everything on one laptop: an in-memory broker, the three processes as three applications of one program, and two
//! trains.

use std::error::Error;

use csml_rt::store::MemoryStore;
use csml_rt::transport::memory::Broker;
use csml_rt::{Handle, HandleError, Observation, ObservationKind, Summary, TransportOptions};

use crate::Motor;
use crate::railway::{App, Event, Machines, event};

/// The processes of `csml.toml`.
pub const PROCESSES: [&str; 3] = ["tower", "barrier", "lamps"];

/// The handles of the processes.
struct Handles {
    tower: Handle<Machines>,
    barrier: Handle<Machines>,
    lamps: Handle<Machines>,
}

/// Runs the processes until two trains have passed, and returns the summary of each. Calls `say` with a line for each
/// transition.
///
/// # Errors
/// A process cannot be set up, or fails.
pub async fn run(say: impl FnMut(String) + Clone + Send + 'static) -> Result<[Summary; 3], Box<dyn Error>> {
    let broker = Broker::new();
    // Takes the place of etcd.
    let store = MemoryStore::new();
    let process = |name: &'static str| {
        let mut say = say.clone();
        // The name selects the instances of this process. It reaches the others through the broker.
        App::builder(Motor)
            .process(name)
            .transport(broker.transport(), TransportOptions::default())
            .store(store.clone())
            .observer(move |observation| {
                if let Some(line) = line(name, observation) {
                    say(line);
                }
            })
            .build()
    };
    let [tower, barrier, lamps] = [process("tower")?, process("barrier")?, process("lamps")?];
    let handles = Handles { tower: tower.handle(), barrier: barrier.handle(), lamps: lamps.handle() };

    let traffic = tokio::spawn(traffic(handles));
    let [tower, barrier, lamps] = [tower, barrier, lamps].map(|app| tokio::spawn(app.run()));
    let ends = [tower.await??, barrier.await??, lamps.await??];
    traffic.await??;
    Ok(ends)
}

/// Two trains; the second arrives while the first one is on the track.
async fn traffic(Handles { tower, barrier, lamps }: Handles) -> Result<(), HandleError> {
    let train = |approaching| tower.send(Event::Train(event::Train { approaching }));
    barrier.wait_for("gate", "up").await?;
    lamps.wait_for("light", "off").await?;

    train(true)?;
    lamps.wait_for("light", "red").await?;
    barrier.wait_for("gate", "down").await?;
    for approaching in [true, false, false] {
        train(approaching)?;
    }
    lamps.wait_for("light", "off").await?;
    for handle in [tower, barrier, lamps] {
        handle.stop();
    }
    Ok(())
}

/// A transition as a line of text.
fn line(process: &str, observation: &Observation<Event>) -> Option<String> {
    let ObservationKind::Transition { from, to, .. } = &observation.kind else {
        return None;
    };
    Some(format!("{:>6} ms  {process:<8} {:<9} {from} -> {to}", observation.at, observation.instance))
}
