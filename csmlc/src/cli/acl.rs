//! `csmlc acl`

use csml_compiler::Options;
use csmlc::{
    acl::{self, Plan, Users},
    emit,
};

use super::{
    args::{AclArgs, AclUser},
    failure::Failure,
    input, report,
};

/// Prints or writes a mosquitto ACL file.
pub(super) fn acl(args: &AclArgs) -> Result<(), Failure> {
    let levels = input::levels(&args.levels)?;
    let plan = Plan {
        source: String::new(),
        users: match args.user {
            None => Users::Auto,
            Some(AclUser::Instance) => Users::Instances,
            Some(AclUser::Process) => Users::Processes,
        },
        processes: args.processes.clone(),
        devices: args.devices.clone(),
    };
    let input = input::read(&args.file)?.project(&args.project);
    let options = Options { generate: false, ..Options::default() };
    let output = input.output(&options, &levels)?;
    let plan = Plan { source: input.source, ..plan };
    let text = acl::mosquitto(&output.program, &plan).map_err(|error| Failure::message(error.to_string()))?;
    match &args.output {
        None => report::result(text.as_bytes()),
        Some(file) => match emit::write_files::write_if_changed(file, text.as_bytes()) {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::message(format!("cannot write `{}`: {error}", file.display()))),
        },
    }
}
