//! `csmlc check`

use csmlc::Options;

use super::{
    args::{CheckArgs, Format},
    failure::Failure,
    input, report, types,
};

pub(super) fn check(args: &CheckArgs) -> Result<(), Failure> {
    let levels = input::levels(&args.levels)?;
    let mut unreadable = false;
    let mut errors = false;
    for file in &args.files {
        // One bad file does not hide what is wrong with the others.
        let input = match input::read(file) {
            Ok(input) => input.project(&args.project),
            Err(Failure::Message(message)) => {
                report::error(&message);
                unreadable = true;
                continue;
            }
            Err(other) => return Err(other),
        };
        let options = Options { generate: false, ..Options::default() };
        let compiled = match input.compile(&options, &levels) {
            Ok(compiled) => compiled,
            Err(Failure::Message(message)) => {
                report::error(&message);
                unreadable = true;
                continue;
            }
            Err(other) => return Err(other),
        };
        errors |= compiled.diagnostics.has_errors();
        match args.format {
            Format::Human => {
                report::diagnostics(&compiled);
                report::summary(&input.name, &compiled.diagnostics);
            }
            Format::Json => report::json(&compiled)?,
        }
        if let (true, Some(output)) = (args.types, &compiled.output) {
            types::print(&compiled.sources, &output.program, args.format)?;
        }
    }
    if unreadable {
        Err(Failure::Shown)
    } else if errors {
        Err(Failure::Diagnostics)
    } else {
        Ok(())
    }
}
