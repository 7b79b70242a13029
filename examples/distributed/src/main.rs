//! Without arguments, runs the whole crossing on this computer. With arguments, runs one part of it with the command line
//! of every application: `--mqtt mqtt://localhost --process barrier`.

use std::error::Error;
use std::process::ExitCode;

use csml_rt::runner::{self, About};
use csml_rt::{ConnectionStatus, Summary};
use railway::railway::App;
use railway::{Motor, laptop};

fn main() -> ExitCode {
    if std::env::args_os().len() > 1 {
        let about = About {
            name: "railway",
            version: env!("CARGO_PKG_VERSION"),
            description: "A railway crossing in several processes.",
        };
        return runner::main(|| App::service_dispatch(Motor), about);
    }
    match on_a_laptop() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn on_a_laptop() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let ends = runtime.block_on(laptop::run(|line| println!("{line}")))?;
    for (process, end) in laptop::PROCESSES.iter().zip(&ends) {
        report(process, end);
    }
    let [tower, barrier, _] = &ends;
    println!("trains passed: {}", tower.snapshot.persistent["passed"].to_json());
    println!("movements of the gate: {}", barrier.snapshot.persistent["gate/movements"].to_json());
    Ok(())
}

fn report(process: &str, end: &Summary) {
    let Some(ConnectionStatus { link, .. }) = &end.connection else {
        return;
    };
    println!("{process}: {} events sent, {} received", link.sent, link.delivered);
}
