//! `csmlc build`

use std::path::PathBuf;

use csml_compiler::{Options, Output, diagnostics::levels::Levels};
use csmlc::emit::{self, Crate, CrateOptions, Runtime, TAKEN_MODULES, write_files};

use super::{
    args::{BuildArgs, RuntimeArgs, RuntimePart},
    cargo,
    failure::Failure,
    input::{self, Input},
    report,
};

pub(super) fn build(args: &BuildArgs) -> Result<(), Failure> {
    let levels = input::levels(&args.levels)?;
    let runtime = runtime(&args.runtime)?;
    let input = input::read(&args.file)?.project(&args.project).limits(&args.limits);
    let output = output(&input, &levels)?;
    let options = CrateOptions {
        source: input.source,
        package: None,
        runtime,
        features: RuntimePart::features(&args.with),
    };
    let krate = files(&output, &options)?;
    let folder = &args.output;
    match write_files::write_crate(&krate, folder, args.force) {
        Ok(written) => {
            let count = written.len();
            report::note(&format!(
                "crate `{}` in `{}`: {count} {} written",
                krate.package,
                folder.display(),
                if count == 1 { "file" } else { "files" }
            ));
            if let Some(missing) = cargo::missing_tool(krate.features.as_deref().unwrap_or_default()) {
                report::note(missing);
            }
            Ok(())
        }
        Err(error @ write_files::WriteError::Occupied(_)) => {
            Err(Failure::message(format!("{error}; choose another folder, or use --force")))
        }
        Err(error) => Err(Failure::message(error.to_string())),
    }
}

/// Compiles a description for a crate of its own.
pub(super) fn output(input: &Input, levels: &Levels) -> Result<Output, Failure> {
    let options = Options::default();
    let output = input.output(&options, levels)?;
    if !TAKEN_MODULES.contains(&output.module.as_str()) {
        return Ok(output);
    }
    // The crate has a file of that name already. Diagnostics were shown the first time.
    let module = Some(format!("{}_app", output.module));
    let compiled = input.compile(&Options { module, ..options }, levels)?;
    compiled.output.ok_or(Failure::Diagnostics)
}

/// The files of a crate.
pub(super) fn files(output: &Output, options: &CrateOptions) -> Result<Crate, Failure> {
    emit::crate_files(output, options).map_err(|error| Failure::message(error.to_string()))
}

/// Where crates get the runtime from: where the user says; the checkout that this compiler was built from, if
/// it is still there, as its version may be in no registry; the registry.
pub(super) fn runtime(args: &RuntimeArgs) -> Result<Runtime, Failure> {
    if let Some(folder) = &args.runtime {
        let absolute = folder.canonicalize().map_err(|error| {
            Failure::message(format!("--runtime: cannot find `{}`: {error}", folder.display()))
        })?;
        if !absolute.join("Cargo.toml").is_file() {
            return Err(Failure::message(format!(
                "--runtime: there is no Cargo.toml in `{}`",
                folder.display()
            )));
        }
        return Ok(Runtime::Path(absolute));
    }
    let checkout = PathBuf::from(env!("CARGO_MANIFEST_DIR")).with_file_name("csml-rt");
    if checkout.join("Cargo.toml").is_file() {
        return Ok(Runtime::Path(checkout));
    }
    Ok(Runtime::Registry)
}
