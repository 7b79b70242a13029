//! `csmlc check`

use csml_compiler::Options;

use super::{
    args::{CheckArgs, Format},
    failure::Failure,
    findings::Findings,
    input, targets, types,
};

pub(super) fn check(args: &CheckArgs) -> Result<(), Failure> {
    if args.types && args.format == Format::Sarif {
        return Err(Failure::message("SARIF has no place for types; use `--format json`"));
    }
    let levels = input::levels(&args.levels)?;
    let targets = targets::find(&args.files)?;
    let mut findings = Findings::new(args.format, args.quiet);
    for (folder, reason) in &targets.unreadable {
        findings.unreadable(folder, reason)?;
    }
    for file in &targets.files {
        findings.file(&input::name(file));
        // One bad file does not hide what is wrong with the others.
        let options = Options { generate: false, ..Options::default() };
        let input = input::read(file).map(|input| input.project(&args.project));
        let compiled = match input.and_then(|input| input.compile(&options, &levels)) {
            Ok(compiled) => compiled,
            Err(Failure::Message(message)) => {
                findings.unreadable(&input::name(file), &message)?;
                continue;
            }
            Err(other) => return Err(other),
        };
        findings.checked(&compiled)?;
        if let (true, Some(output)) = (args.types, &compiled.output) {
            types::print(&compiled.sources, &output.program, args.format)?;
        }
    }
    findings.finish()
}
