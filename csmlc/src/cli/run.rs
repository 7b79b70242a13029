//! `csmlc run`

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{self, Command},
};

use csmlc::emit::{CrateOptions, Runtime, write_files};

use super::{
    args::{RunArgs, RuntimePart},
    build, cache,
    cargo::{Build, missing_tool},
    failure::Failure,
    input, report,
};

pub(super) fn run(args: &RunArgs) -> Result<(), Failure> {
    let levels = input::levels(&args.levels)?;
    let runtime = build::runtime(&args.runtime)?;
    let input = input::read(&args.file)?.project(&args.project).limits(&args.limits);
    let output = build::output(&input, &levels)?;
    refuse_host_paths(&output)?;
    let options = CrateOptions {
        source: input.source.clone(),
        package: None,
        runtime,
        features: RuntimePart::features(&args.with),
    };
    let program = Program::new(&output, options, args.release)?;
    if !program.executable.is_file() {
        program.build(&input.name)?;
    }
    execute(Command::new(&program.executable).args(&args.args), &program.executable)
}

/// A crate in the cache is made of the description alone, and has no code of the user's.
fn refuse_host_paths(output: &csml_compiler::Output) -> Result<(), Failure> {
    let standard =
        |path: &&String| ["::std::", "::core::", "::alloc::"].iter().any(|of| path.starts_with(of));
    match output.host_paths.iter().find(|path| !standard(path)) {
        None => Ok(()),
        Some(path) => Err(Failure::message(format!(
            "the type annotations name `{path}`, which no crate that `csmlc run` builds has; generate a \
             crate with `csmlc build` and define it in `src/services.rs` (`crate::services::…`), or run \
             without the project file (--no-config)"
        ))),
    }
}

/// A program in the cache.
struct Program {
    krate: csmlc::emit::Crate,
    /// The whole cache.
    cache: PathBuf,
    /// Its own folder in the cache.
    folder: PathBuf,
    executable: PathBuf,
    release: bool,
}

impl Program {
    fn new(
        output: &csml_compiler::Output,
        mut options: CrateOptions,
        release: bool,
    ) -> Result<Self, Failure> {
        let cache = cache::folder()
            .ok_or_else(|| Failure::message("no cache folder: set CSMLC_CACHE to a writable folder"))?;
        // Cargo runs elsewhere, so that a relative path would mean another folder.
        let cache = std::path::absolute(&cache).map_err(|error| cannot("use", &cache, &error))?;
        let plain = build::files(output, &options)?;
        let key = cache::key(&plain, release)
            .map_err(|error| Failure::message(format!("cannot read the runtime: {error}")))?;
        // Packages of one target folder must not share a name.
        let short = key.get(..16).unwrap_or(&key);
        options.package = Some(format!("{}-{short}", plain.package));
        let krate = build::files(output, &options)?;
        let folder = cache.join("apps").join(&key);
        let executable = folder.join(format!("{}{}", plain.package, std::env::consts::EXE_SUFFIX));
        Ok(Self { krate, cache, folder, executable, release })
    }

    fn build(&self, name: &str) -> Result<(), Failure> {
        if let Some(missing) = missing_tool(self.krate.features.as_deref().unwrap_or_default()) {
            return Err(Failure::message(missing));
        }
        report::note(&format!("compiling {name} …"));
        let source = self.folder.join("crate");
        write_files::write_crate(&self.krate, &source, true)
            .map_err(|error| Failure::message(error.to_string()))?;
        self.seed_lock_file(&source);
        let build = Build {
            folder: &source,
            package: &self.krate.package,
            target: &self.cache.join("target"),
            release: self.release,
        };
        let built = match build.run() {
            // Another run of the same program was faster, and has tidied up behind itself.
            Err(_) if self.executable.is_file() => return Ok(()),
            built => built?,
        };
        self.take(&built).map_err(|error| cannot("write", &self.executable, &error))?;
        build.tidy();
        // For the next program, which then has the same dependencies and need not ask the registry.
        let _ = replace(&source.join(LOCK_FILE), &self.cache.join(LOCK_FILE));
        cache::prune(&self.cache.join("apps"));
        Ok(())
    }

    /// Puts the versions of the last program built here, or of the checkout, before cargo. Without them it only
    /// takes longer.
    fn seed_lock_file(&self, source: &Path) {
        let lock_file = source.join(LOCK_FILE);
        if lock_file.exists() || replace(&self.cache.join(LOCK_FILE), &lock_file).is_ok() {
            return;
        }
        if let Runtime::Path(runtime) = &self.krate.runtime {
            let _ = replace(&runtime.with_file_name(LOCK_FILE), &lock_file);
        }
    }

    /// Takes the executable out of the target folder. It appears as a whole: two runs at once may build the same
    /// program, and either's result will do.
    fn take(&self, built: &Path) -> io::Result<()> {
        match replace(built, &self.executable) {
            Err(_) if self.executable.is_file() => Ok(()),
            result => result,
        }
    }
}

const LOCK_FILE: &str = "Cargo.lock";

/// Copies a file so that its target is at no time half written.
fn replace(from: &Path, to: &Path) -> io::Result<()> {
    let mut temporary = to.as_os_str().to_owned();
    temporary.push(format!(".{}", process::id()));
    let temporary = PathBuf::from(temporary);
    fs::copy(from, &temporary)?;
    fs::rename(&temporary, to)
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::message(format!("cannot {what} `{}`: {error}", path.display()))
}

/// Becomes the program, so that signals and the exit code are its own.
#[cfg(unix)]
fn execute(command: &mut Command, executable: &Path) -> Result<(), Failure> {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    Err(cannot("run", executable, &error))
}

/// Runs the program and passes its exit code on.
#[cfg(not(unix))]
fn execute(command: &mut Command, executable: &Path) -> Result<(), Failure> {
    let status = command.status().map_err(|error| cannot("run", executable, &error))?;
    match status.code().map(u8::try_from) {
        Some(Ok(0)) => Ok(()),
        Some(Ok(code)) => Err(Failure::Program(code)),
        _ => Err(Failure::Program(1)),
    }
}
