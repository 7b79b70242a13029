//! Runs a case in virtual time, as the command line of a built application does.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use csml_rt::{Builder, ErrorPolicy, EventScript, Machines, NoServices, ServiceStubs, TraceFormat};

use crate::case::Folder;

/// What goes into a run.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// `events.jsonl`
    pub events: String,
    /// `services.json`
    pub services: Option<String>,
    /// `args`: options of the command line, separated by blanks.
    pub args: String,
}

impl Inputs {
    /// Reads the files of a case.
    ///
    /// # Errors
    /// If a file is there and cannot be read.
    pub fn read(folder: &Folder) -> io::Result<Self> {
        Ok(Self {
            events: folder.read("events.jsonl")?.unwrap_or_default(),
            services: folder.read("services.json")?,
            args: folder.read("args")?.unwrap_or_default(),
        })
    }
}

/// What comes out of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The trace.
    pub trace: String,
    /// Why it failed.
    pub error: Option<String>,
}

/// Runs an application.
#[must_use]
pub fn run<A: Machines>(inputs: &Inputs) -> Outcome {
    let trace = Sink::default();
    let error = start::<A>(inputs, trace.clone()).err();
    let bytes = trace.0.lock().unwrap_or_else(PoisonError::into_inner);
    Outcome { trace: String::from_utf8_lossy(&bytes).into_owned(), error }
}

fn start<A: Machines>(inputs: &Inputs, trace: Sink) -> Result<(), String> {
    let script = EventScript::parse(&inputs.events).map_err(|error| error.to_string())?;
    let mut builder = Builder::<A>::new(Arc::new(NoServices))
        .virtual_time(true)
        .events(script)
        .trace(TraceFormat::Json, trace);
    if let Some(services) = &inputs.services {
        builder = builder.service_stubs(ServiceStubs::parse(services)?);
    }
    let builder = configure(builder, &inputs.args)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(builder.run()).map(drop).map_err(|error| error.to_string())
}

/// Options with the names of the command line, and two that only an embedding program has.
///
/// # Errors
/// There is no such option, or its value is none.
pub fn configure<A: Machines>(mut builder: Builder<A>, args: &str) -> Result<Builder<A>, String> {
    let mut words = args.split_whitespace();
    while let Some(option) = words.next() {
        let value = words.next().ok_or_else(|| format!("args: `{option}` needs a value"))?;
        let number = || value.parse::<u64>().map_err(|error| format!("args: {option} {value}: {error}"));
        builder = match option {
            "--until" => builder.until(number()?),
            "--seed" => builder.seed(number()?),
            "--max-queue" => builder.max_queue(usize::try_from(number()?).unwrap_or(usize::MAX)),
            "--max-steps" => builder.max_steps(number()?),
            "--run" => builder.run_only(value.split(',')),
            "--on-error" => builder.error_policy(match value {
                "continue" => ErrorPolicy::Continue,
                "stop-instance" => ErrorPolicy::StopInstance,
                "stop" => ErrorPolicy::StopApplication,
                _ => return Err(format!("args: {option} {value}: no such policy")),
            }),
            "instance" => {
                let (name, machine) = value.split_once('=').ok_or("args: instance NAME=MACHINE")?;
                builder.instance(name, machine)
            }
            "micro-steps" => {
                let limit = u32::try_from(number()?).map_err(|error| error.to_string())?;
                builder.micro_step_limit(limit)
            }
            "subscription" => {
                let (receiver, raiser) = value.split_once('=').ok_or("args: subscription RECEIVER=RAISER")?;
                let (receiver, raiser) = (receiver.to_owned(), raiser.to_owned());
                builder.subscriptions(move |by, of| by != receiver || of == raiser)
            }
            _ => return Err(format!("args: there is no option `{option}`")),
        };
    }
    Ok(builder)
}

/// A trace in memory.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
