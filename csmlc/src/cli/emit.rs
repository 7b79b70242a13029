//! `csmlc emit`

use csml_compiler::Options;
use csmlc::emit;

use super::{args::EmitArgs, failure::Failure, input, report};

pub(super) fn emit(args: &EmitArgs) -> Result<(), Failure> {
    let levels = input::levels(&args.levels)?;
    let input = input::read(&args.file)?.project(&args.project).limits(&args.limits);
    let options = Options {
        module: args.module.clone(),
        runtime: args.runtime.clone(),
        app: !args.no_app,
        ..Options::default()
    };
    let output = input.output(&options, &levels)?;
    let text =
        emit::module_text(&output, &input.source).map_err(|error| Failure::message(error.to_string()))?;
    match &args.output {
        None => report::result(text.as_bytes()),
        Some(file) => match emit::write_files::write_if_changed(file, text.as_bytes()) {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::message(format!("cannot write `{}`: {error}", file.display()))),
        },
    }
}
