//! One application as several, connected by a broker in memory, on a clock that jumps.

use std::collections::BTreeMap;
use std::sync::Arc;

use csml_rt::store::{MemoryStore, Scope, Store};
use csml_rt::transport::memory::Broker;
use csml_rt::{
    Builder, ConnectionStatus, EndReason, EventScript, Machines, NoServices, ServiceStubs, Summary,
    TransportOptions,
};
use csml_tests::{Inputs, configure};

/// How an application ended: states, data and status of every instance, and the persistent data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct End {
    /// By path.
    pub instances: BTreeMap<String, String>,
    /// By component path.
    pub persistent: BTreeMap<String, String>,
    /// The clock, for a run that ends by itself.
    pub clock_ms: u64,
    /// Why it ended.
    pub reason: Option<EndReason>,
    /// Steps that failed.
    pub dead_letters: u64,
}

/// How one process of several ended.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its share of the whole.
    pub end: End,
    /// The status of its connection to others.
    pub network: Option<ConnectionStatus>,
}

/// How an application ended that was split over processes.
#[derive(Debug, Clone)]
pub struct Split {
    /// Its processes.
    pub parts: Vec<Part>,
    /// The content of the store, by component path.
    pub persistent: BTreeMap<String, String>,
}

impl End {
    fn of(summary: &Summary) -> Self {
        let instance = |(path, at): (&String, &csml_rt::InstanceSnapshot)| {
            let data: Vec<String> =
                at.data.iter().map(|(name, value)| format!("{name}={}", value.to_json())).collect();
            (path.clone(), format!("{:?} {:?} {}", at.state, at.status, data.join(", ")))
        };
        let persistent = summary.snapshot.persistent.iter();
        Self {
            instances: summary.snapshot.instances.iter().map(instance).collect(),
            persistent: persistent.map(|(path, value)| ((*path).to_owned(), value.to_json())).collect(),
            clock_ms: summary.clock_ms,
            reason: Some(summary.reason),
            dead_letters: summary.counters.dead_letters,
        }
    }
}

fn builder<A: Machines>(inputs: &Inputs) -> Result<Builder<A>, String> {
    let mut builder = Builder::<A>::new(Arc::new(NoServices)).seed(0);
    if let Some(services) = &inputs.services {
        builder = builder.service_stubs(ServiceStubs::parse(services)?);
    }
    configure(builder, &inputs.args)
}

/// Runs it in one process, in virtual time.
///
/// # Errors
/// Says why it cannot run.
pub fn run_whole<A: Machines>(inputs: &Inputs) -> Result<End, String> {
    let script = EventScript::parse(&inputs.events).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let app = builder::<A>(inputs)?.virtual_time(true).events(script);
    let summary = runtime.block_on(app.run()).map_err(|error| error.to_string())?;
    Ok(End::of(&summary))
}

/// Runs it split over up to `parts` processes until the clock shows `until`: instance after instance goes to the
/// next one. The first one gets the events from outside.
///
/// # Errors
/// Says why it cannot run.
pub fn run_split<A: Machines>(
    inputs: &Inputs,
    broker: &Broker,
    names: &[String],
    parts: usize,
    until: u64,
) -> Result<Split, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let store = MemoryStore::new();
    let mut running = Vec::new();
    for part in 0..parts.min(names.len()) {
        let script = match part {
            0 => EventScript::parse(&inputs.events).map_err(|error| error.to_string())?,
            _ => EventScript::default(),
        };
        let mine = names.iter().skip(part).step_by(parts).cloned();
        let app = builder::<A>(inputs)?
            .run_only(mine)
            .process(format!("part-{part}"))
            .transport(broker.transport(), TransportOptions::default())
            .store(store.clone())
            .until(until)
            .until_idle(false)
            .events(script);
        running.push(app);
    }
    let mut store = store;
    runtime.block_on(async {
        let tasks: Vec<_> = running.into_iter().map(|app| tokio::spawn(app.run())).collect();
        let mut ends = Vec::new();
        for task in tasks {
            let summary =
                task.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
            ends.push(Part { end: End::of(&summary), network: summary.connection.clone() });
        }
        // Replicas of processes that ended early are older than the store.
        let variables: Vec<&'static str> = A::DESCRIPTION.persistent.iter().map(|info| info.path).collect();
        let scope = Scope { app: A::DESCRIPTION.name.to_owned(), process: "reader".to_owned(), variables };
        let paths = scope.variables.clone();
        let opened = store.open(scope).await.map_err(|error| error.to_string())?;
        let named = opened.variables.into_iter().filter_map(|stored| {
            let path = paths.get(usize::from(stored.variable))?;
            Some(((*path).to_owned(), stored.value?.to_json()))
        });
        Ok(Split { parts: ends, persistent: named.collect() })
    })
}
