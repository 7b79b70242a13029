//! One process of the application that `CSML_PART_APPLICATION` names, with the command line of every application.

use std::process::ExitCode;
use std::sync::Arc;

use csml_rt::NoServices;
use csml_rt::runner::{About, main as run};

csml_rt::csml!("descriptions/words.csml");
csml_rt::csml!("descriptions/counting.csml", types = { "count.$times" = i64 });

fn main() -> ExitCode {
    let about = About { name: "csml-part", version: env!("CARGO_PKG_VERSION"), description: "" };
    match std::env::var("CSML_PART_APPLICATION").as_deref() {
        Ok("words") => run::<words::Machines>(|| Arc::new(NoServices), about),
        Ok("counting") => run::<counting::Machines>(|| Arc::new(NoServices), about),
        _ => {
            eprintln!("CSML_PART_APPLICATION is `words` or `counting`");
            ExitCode::from(2)
        }
    }
}
