//! Command line of a standalone application, as `csmlc build` writes it.
//!
//! Exit codes: 0 fine, 1 the application or its transport failed, or events have not reached other processes, 2
//! usage, unreadable files, a store that cannot be used, or events that do not fit.

mod args;
mod connect;
#[cfg(feature = "log")]
mod log;
mod messages;
mod stream;

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::process::ExitCode;
use std::sync::Arc;

use csml_rt_core::Machines;

use crate::store::{StoreError, open_by_name};
use crate::{
    App, BuildError, Builder, EventScript, RunError, ServiceDispatch, ServiceStubs, Summary, TraceFormat,
};
use args::{Args, Asked, TraceChoice};

/// What the application says about itself.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// Name of the program.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// One sentence about what it does; may be empty.
    pub description: &'static str,
}

/// Files larger than this are rejected.
const LARGEST_FILE: u64 = 1 << 30;
/// Steps after which a run in virtual time ends as one that never settles.
const MAX_STEPS: u64 = 10_000_000;

/// Runs the application as the command line and the environment ask for. `services` is called once, when
/// the application is about to run; its result is used within a tokio runtime.
#[must_use]
pub fn main<A: Machines>(services: impl FnOnce() -> Arc<dyn ServiceDispatch<A>>, about: About) -> ExitCode {
    let asked = args::parse(std::env::args_os().skip(1), std::env::vars_os());
    let args = match asked {
        Ok(Asked::Run(args)) => args,
        Ok(Asked::Help) => return print(&args::help::<A>(&about)),
        Ok(Asked::Version) => return print(&format!("{} {}\n", about.name, about.version)),
        Err(message) => {
            messages::error(&format!("{message}\nTry `{} --help`.", about.name));
            return ExitCode::from(2);
        }
    };
    #[cfg(feature = "log")]
    if !args.quiet {
        log::start(args.log.as_deref());
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            messages::error(&format!("the runtime does not start: {error}"));
            return ExitCode::from(2);
        }
    };
    let code = runtime.block_on(async {
        let app = match set_up(&args, services) {
            Ok(app) => app,
            Err(code) => return code,
        };
        conclude(&args, app.run().await)
    });
    // Services that block are not waited for.
    runtime.shutdown_background();
    code
}

fn set_up<A: Machines>(
    args: &Args,
    services: impl FnOnce() -> Arc<dyn ServiceDispatch<A>>,
) -> Result<App<A>, ExitCode> {
    let usage = |message: String| {
        messages::error(&message);
        ExitCode::from(2)
    };
    if args.events.as_deref() == Some("-") && args.services.as_deref() == Some("-") {
        return Err(usage("only one of --events and --services can be the standard input".to_owned()));
    }
    let mut script = EventScript::default();
    // What comes bit by bit is read while the application runs. The simulated clock would not wait for it.
    let streamed = args.events.as_deref().filter(|file| !args.virtual_time && stream::is_endless(file));
    if let Some(file) = args.events.as_deref().filter(|_| streamed.is_none()) {
        let text = read(file).map_err(usage)?;
        script = EventScript::parse(&text).map_err(|error| usage(format!("{file}: {error}")))?;
    }
    let mut stubs = ServiceStubs::default();
    if let Some(file) = &args.services {
        let text = read(file).map_err(usage)?;
        stubs = ServiceStubs::parse(&text).map_err(|error| usage(format!("{file}: {error}")))?;
        if let Some(unknown) = stubs.unknown::<A>() {
            return Err(usage(format!("{file}: {unknown}")));
        }
    }
    let mut builder = Builder::<A>::new(services())
        .virtual_time(args.virtual_time)
        .until_idle(args.mqtt.is_none())
        .ctrl_c(true)
        .error_policy(args.on_error)
        .events(script)
        .service_stubs(stubs);
    if let Some(ms) = args.until {
        builder = builder.until(ms);
    }
    if let Some(seed) = args.seed {
        builder = builder.seed(seed);
    }
    if let Some(events) = args.max_queue {
        builder = builder.max_queue(usize::try_from(events).unwrap_or(usize::MAX));
    }
    if let Some(steps) = args.max_steps.or(args.virtual_time.then_some(MAX_STEPS)) {
        builder = builder.max_steps(steps);
    }
    if !args.run.is_empty() {
        builder = builder.run_only(args.run.iter().cloned());
    }
    for (name, machine) in &args.instances {
        builder = builder.instance(name, machine);
    }
    for (receiver, sources) in &args.subscriptions {
        builder = builder.subscribe(receiver, sources.iter().cloned());
    }
    if let Some(separate) = args.separate_data {
        builder = builder.separate_data(separate);
    }
    if let Some(name) = &args.process {
        builder = builder.process(name);
    }
    if let Some(name) = &args.store {
        builder = builder.store(open_by_name(name).map_err(|error| usage(format!("--store: {error}")))?);
    }
    builder = connect::connect(builder, args).map_err(usage)?;
    let format = match args.trace {
        TraceChoice::Off => None,
        TraceChoice::Json => Some(TraceFormat::Json),
        TraceChoice::Text => {
            Some(TraceFormat::Text { colour: io::stdout().is_terminal() && messages::colour_wanted() })
        }
    };
    if let Some(format) = format {
        builder = builder.trace(format, io::stdout());
    }
    if !args.quiet {
        builder = builder.on_failure(messages::failures());
    }
    if let Some(file) = streamed {
        let (sender, streaming) = builder.event_input();
        builder = streaming;
        stream::read::<A>(file, sender).map_err(usage)?;
    }
    builder.build().map_err(|error| {
        let file = args.events.as_deref().unwrap_or_default();
        match &error {
            BuildError::EventScript(error) => messages::error(&format!("{file}: {error}")),
            error => messages::error(&error.to_string()),
        }
        match error {
            BuildError::InitialValue(_) => ExitCode::from(1),
            _ => ExitCode::from(2),
        }
    })
}

fn conclude(args: &Args, result: Result<Summary, RunError>) -> ExitCode {
    match result {
        Ok(summary) => {
            if !args.quiet {
                messages::summary(&summary);
            }
            match undelivered(&summary) {
                None => ExitCode::SUCCESS,
                Some(message) => {
                    messages::error(&message);
                    ExitCode::from(1)
                }
            }
        }
        Err(error) => {
            if let (Some(summary), false) = (error.summary(), args.quiet) {
                messages::summary(summary);
            }
            match (&error, &args.events) {
                (RunError::Events { error, .. }, Some(file)) => messages::error(&format!("{file}: {error}")),
                _ => messages::error(&error.to_string()),
            }
            match error {
                RunError::Trace(_)
                | RunError::Events { .. }
                | RunError::StoreNotOpened(_)
                | RunError::Store(StoreError::Unusable(_)) => ExitCode::from(2),
                _ => ExitCode::from(1),
            }
        }
    }
}

/// Events that have not reached their receivers in other processes.
#[cfg(feature = "distributed")]
fn undelivered(summary: &Summary) -> Option<String> {
    let connection = summary.connection.as_ref()?;
    let backlog = &connection.backlog;
    let count: u64 = backlog.iter().map(|(_, _, count)| count).sum();
    let receivers: Vec<&str> = backlog.iter().take(5).map(|(_, receiver, _)| receiver.as_str()).collect();
    let mut parts = Vec::new();
    if count > 0 {
        let receivers = receivers.join("`, `");
        parts.push(format!(
            "{count} events have not reached other processes (`{receivers}`) and are lost with this one"
        ));
    }
    let link = &connection.link;
    if link.lost > 0 {
        parts.push(format!(
            "{} events of this process, or of an earlier run of it, are lost for others",
            link.lost
        ));
    }
    if link.dropped > 0 {
        parts.push(format!("{} events of earlier runs of others were dropped", link.dropped));
    }
    if link.gaps > 0 {
        let places = if link.gaps == 1 { "place" } else { "places" };
        parts.push(format!("events of others are missing at {} {places}", link.gaps));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

#[cfg(not(feature = "distributed"))]
fn undelivered(_: &Summary) -> Option<String> {
    None
}

/// Reads a whole file, or standard input for `-`.
fn read(file: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let result = match file {
        "-" => io::stdin().lock().take(LARGEST_FILE + 1).read_to_end(&mut bytes),
        path => File::open(path).and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes)),
    };
    let name = if file == "-" { "the standard input".to_owned() } else { format!("`{file}`") };
    result.map_err(|error| format!("cannot read {name}: {}", reason(&error)))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(format!("{file}: larger than one gigabyte"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..valid).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("{file}: line {line}: not UTF-8")
    })
}

/// The usual reasons without the numbers that systems have for them.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        _ => error.to_string(),
    }
}

/// Prints to standard output; a reader that has gone away is no failure.
fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            messages::error(&format!("cannot write to the standard output: {error}"));
            ExitCode::from(2)
        }
        _ => ExitCode::SUCCESS,
    }
}
