//! `csmlc schema`

use csmlc::{emit, schema};

use super::{args::SchemaArgs, failure::Failure, report};

/// Prints or writes the JSON Schema of CSML.
pub(super) fn schema(args: &SchemaArgs) -> Result<(), Failure> {
    let text = schema::text();
    match &args.output {
        None => report::result(text.as_bytes()),
        Some(file) => match emit::write_files::write_if_changed(file, text.as_bytes()) {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::message(format!("cannot write `{}`: {error}", file.display()))),
        },
    }
}
