//! The front end for build scripts.

use std::{
    collections::BTreeSet,
    env, fmt, io,
    path::{Path, PathBuf},
};

use crate::{
    emit,
    files::{self, Disk},
};
use csml_compiler::{
    Options,
    diagnostics::{
        levels::{Level, Levels},
        render::{Style, render},
    },
    project::{AnnotationKind, CallSettings, CallText},
    request::{Compiled, Config, Request},
    rules,
    source::Sources,
    vocabulary::ChoicePolicy,
};

/// Compiles descriptions from a `build.rs`.
///
/// ```no_run
/// fn main() -> Result<(), csmlc::BuildError> {
///     csmlc::Builder::new().compile("railway.csml")
/// }
/// ```
///
/// The module goes to `OUT_DIR/railway.rs`; `csml_rt::include_csml!("railway")` takes it from there. Cargo
/// runs the script again when the description has changed, and shows the warnings. A project file `csml.toml`
/// beside the description applies (`docs/project-file.md`).
#[derive(Debug, Clone, Default)]
pub struct Builder {
    options: Options,
    levels: Levels,
    /// Levels of rules that cannot be set, each with its reason.
    wrong_levels: Vec<String>,
    out_dir: Option<PathBuf>,
    config: Config,
    extras: CallSettings,
}

impl Builder {
    /// A builder with the defaults of every option.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Folder for the modules; cargo's `OUT_DIR` by default.
    #[must_use]
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// Name of the generated module; from the name of the description by default.
    #[must_use]
    pub fn module(mut self, name: impl Into<String>) -> Self {
        self.options.module = Some(name.into());
        self
    }

    /// Path of the runtime crate in generated code; `::csml_rt` by default.
    #[must_use]
    pub fn runtime(mut self, path: impl Into<String>) -> Self {
        self.options.runtime = path.into();
        self
    }

    /// Whether to generate `App` and `Services`, which need the runtime's node; true by default.
    #[must_use]
    pub fn app(mut self, app: bool) -> Self {
        self.options.app = app;
        self
    }

    /// Whether warnings that the 2.0 text calls violations are errors; by default as the project file says, or
    /// otherwise false.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.levels = self.levels.strict(strict);
        self
    }

    /// Turns a warning off: the rule with this code or name, or `all` of them.
    ///
    /// `allow`, `warn` and `deny` override the table `[lints]` of a project file. Among them, a setting for one rule
    /// overrides one for all, and of two for the same rule the stricter counts. For a rule that does not exist, or that
    /// is an error of the language, [`compile`](Self::compile) returns an error.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), csmlc::BuildError> {
    /// csmlc::Builder::new()
    ///     .deny("all")
    ///     .allow("unread-variable")
    ///     .compile("thermostat.csml")
    /// # }
    /// ```
    #[must_use]
    pub fn allow(self, rule: impl AsRef<str>) -> Self {
        self.level(Level::Allow, rule.as_ref())
    }

    /// Keeps a warning a warning, whatever [`strict`](Self::strict) or a setting for all says; see
    /// [`allow`](Self::allow).
    #[must_use]
    pub fn warn(self, rule: impl AsRef<str>) -> Self {
        self.level(Level::Warn, rule.as_ref())
    }

    /// Turns a warning into an error; see [`allow`](Self::allow).
    #[must_use]
    pub fn deny(self, rule: impl AsRef<str>) -> Self {
        self.level(Level::Deny, rule.as_ref())
    }

    fn level(mut self, level: Level, rule: &str) -> Self {
        if let Err(error) = self.levels.set(level, rule, &rules::all()) {
            self.wrong_levels.push(format!("Builder::{}: {error}", level.as_str()));
        }
        self
    }

    /// Sets all levels at once, in place of [`strict`](Self::strict), [`allow`](Self::allow), [`warn`](Self::warn)
    /// and [`deny`](Self::deny). They override the project file.
    #[must_use]
    pub fn levels(mut self, levels: Levels) -> Self {
        self.levels = levels;
        self.wrong_levels.clear();
        self
    }

    /// Sets the Rust type of a variable, of event data, or of a service's input or output (`docs/typing.md`). `name` is its name as
    /// `csmlc check --types` prints it: `lamp/on/level`, `sensor.$value`, `detect.input.image`,
    /// `detect.output.persons`. `rust` is a type of the language itself, such as `i64` or `Vec<String>`, or the full
    /// path of one of yours, such as `crate::Reading`, which needs serde.
    ///
    /// It applies to every description compiled, so each must have the name. Of several for one name the last one
    /// counts, and it overrides the project file.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), csmlc::BuildError> {
    /// csmlc::Builder::new()
    ///     .type_of("sensor.$reading", "crate::Reading")
    ///     .type_of("thermostat/level", "f64")
    ///     .compile("thermostat.csml")
    /// # }
    /// ```
    #[must_use]
    pub fn type_of(mut self, name: impl Into<String>, rust: impl Into<String>) -> Self {
        let place = "Builder::type_of";
        self.extras.add(AnnotationKind::Type, CallText::new(name, place), CallText::new(rust, place));
        self
    }

    /// Takes the types of an event's data, or of `service.input` or `service.output` of a service, from a JSON Schema.
    /// `file` is relative to the folder of the package, where the script runs.
    #[must_use]
    pub fn schema(mut self, of: impl Into<String>, file: impl Into<String>) -> Self {
        let place = "Builder::schema";
        self.extras.add(AnnotationKind::Schema, CallText::new(of, place), CallText::new(file, place));
        self
    }

    /// Lets expressions call a Rust function: `.function("geo:distance(float, float) -> float",
    /// "crate::geo::distance")`. rustc checks the call (`docs/typing.md`).
    #[must_use]
    pub fn function(mut self, signature: impl Into<String>, rust: impl Into<String>) -> Self {
        let place = "Builder::function";
        self.extras.add(
            AnnotationKind::Function,
            CallText::new(signature, place),
            CallText::new(rust, place),
        );
        self
    }

    /// Loop iterations and calls after which the evaluation of an expression fails its step; ten million by default.
    #[must_use]
    pub fn loop_limit(mut self, rounds: u64) -> Self {
        self.extras.loop_limit = Some(rounds);
        self
    }

    /// What happens where several transitions of a state are enabled at once: a step that fails, or the first one in
    /// document order (`docs/determinism.md`). By default as the project file says, or otherwise
    /// [`Exclusive`](ChoicePolicy::Exclusive).
    ///
    /// ```no_run
    /// # fn main() -> Result<(), csmlc::BuildError> {
    /// csmlc::Builder::new()
    ///     .choice(csmlc::ChoicePolicy::First)
    ///     .compile("thermostat.csml")
    /// # }
    /// ```
    #[must_use]
    pub fn choice(mut self, policy: ChoicePolicy) -> Self {
        self.extras.choice = Some(policy);
        self
    }

    /// Uses this project file, instead of `csml.toml` beside each description.
    #[must_use]
    pub fn config(mut self, file: impl Into<PathBuf>) -> Self {
        self.config = Config::File(file.into());
        self
    }

    /// Ignores project files, even if there is one beside a description.
    #[must_use]
    pub fn no_config(mut self) -> Self {
        self.config = Config::None;
        self
    }

    /// Compiles one description to `<file stem>.rs`. A file is written only if its text changes. A relative
    /// path is relative to the folder of the package, where cargo starts build scripts.
    ///
    /// # Errors
    /// If the description has errors, or a file cannot be read or written.
    pub fn compile(&self, file: impl AsRef<Path>) -> Result<(), BuildError> {
        self.compile_all([file])
    }

    /// Compiles several descriptions, and reports the errors of all.
    ///
    /// # Errors
    /// If a description has errors, or a file cannot be read or written.
    pub fn compile_all<P: AsRef<Path>>(&self, files: impl IntoIterator<Item = P>) -> Result<(), BuildError> {
        let mut output = io::stdout().lock();
        self.compile_to(files, &mut output)
    }

    fn compile_to<P: AsRef<Path>>(
        &self,
        files: impl IntoIterator<Item = P>,
        cargo: &mut impl io::Write,
    ) -> Result<(), BuildError> {
        let out_dir = match &self.out_dir {
            Some(folder) => folder.clone(),
            None => env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| {
                BuildError::one("OUT_DIR is not set: call `out_dir` outside of build scripts")
            })?,
        };
        if !self.wrong_levels.is_empty() {
            return Err(BuildError { failures: self.wrong_levels.clone() });
        }
        let mut failures = Vec::new();
        let mut targets = BTreeSet::new();
        for file in files {
            failures.extend(self.compile_one(file.as_ref(), &out_dir, &mut targets, cargo).err());
        }
        if failures.is_empty() { Ok(()) } else { Err(BuildError { failures }) }
    }

    fn compile_one(
        &self,
        file: &Path,
        out_dir: &Path,
        targets: &mut BTreeSet<PathBuf>,
        cargo: &mut impl io::Write,
    ) -> Result<(), String> {
        let name = file.display().to_string();
        // Without it, cargo would watch every file of the package.
        let told = writeln!(cargo, "cargo:rerun-if-changed={name}");
        told.map_err(|error| format!("cannot write to the standard output: {error}"))?;
        let bytes = files::read_file(file).map_err(|error| format!("cannot read `{name}`: {error}"))?;
        let target = target(file, out_dir).ok_or_else(|| format!("`{name}` has no file name"))?;
        if !targets.insert(target.clone()) {
            return Err(format!("`{name}`: another description already generates `{}`", target.display()));
        }
        let mut sources = Sources::new();
        let source = sources.add_bytes(name.as_str(), bytes);
        let request = Request {
            sources,
            source,
            file: Some(file),
            reader: &Disk,
            config: &self.config,
            extras: &self.extras,
            options: &self.options,
            levels: &self.levels,
        };
        let compiled = request.compile()?;
        for read in &compiled.files {
            let told = writeln!(cargo, "cargo:rerun-if-changed={}", read.display());
            told.map_err(|error| format!("cannot write to the standard output: {error}"))?;
        }
        let Some(output) = &compiled.output else {
            return Err(errors(&compiled));
        };
        warn(&compiled, cargo).map_err(|error| format!("cannot write to the standard output: {error}"))?;
        let source = file.file_name().unwrap_or_default().to_string_lossy();
        let text = emit::module_text(output, &source).map_err(|error| error.to_string())?;
        emit::write_files::write_if_changed(&target, text.as_bytes())
            .map_err(|error| format!("cannot write `{}`: {error}", target.display()))?;
        Ok(())
    }
}

/// `OUT_DIR/<file stem>.rs`
fn target(file: &Path, out_dir: &Path) -> Option<PathBuf> {
    let mut name = file.file_stem()?.to_owned();
    name.push(".rs");
    Some(out_dir.join(name))
}

fn errors(compiled: &Compiled) -> String {
    let rendered: Vec<_> = compiled
        .diagnostics
        .iter()
        .map(|diagnostic| render(&compiled.sources, diagnostic, Style::Plain))
        .collect();
    rendered.join("\n\n")
}

fn warn(compiled: &Compiled, cargo: &mut impl io::Write) -> io::Result<()> {
    for diagnostic in compiled.diagnostics.iter() {
        // Cargo takes one line for each warning.
        let position = compiled.sources.position(diagnostic.primary.span);
        let source = &compiled.sources.get(diagnostic.primary.span.source).name;
        let help: String = diagnostic.help.iter().map(|help| format!("; {help}")).collect();
        let line = format!("{source}:{position}: {}{help} [{}]", diagnostic.message, diagnostic.rule.code);
        writeln!(cargo, "cargo:warning={}", line.replace(['\n', '\r'], " "))?;
    }
    Ok(())
}

/// Why [`Builder`] failed: one message for each description, with its diagnostics and their source lines.
///
/// `Debug` shows the same text as `Display`, because that is what a build script's `?` and `unwrap` print.
pub struct BuildError {
    failures: Vec<String>,
}

impl BuildError {
    fn one(message: impl Into<String>) -> Self {
        Self { failures: vec![message.into()] }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.failures.join("\n\n"))
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The line starts with `Error: ` or with `unwrap`'s text, and each diagnostic with a line of its own.
        write!(f, "no code was generated\n\n{self}\n")
    }
}

impl std::error::Error for BuildError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_is_told_of_inputs_and_warnings() {
        let folder = env::temp_dir().join(format!("csmlc-builder-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("lamp.csml");
        let lamp = r#"{ "name": "lamp", "version": "2.0", "stateMachines": [{ "name": "lamp", "states": [
            { "name": "off", "initial": true },
            { "name": "attic" }
        ] }] }"#;
        std::fs::write(&file, lamp).unwrap();
        let mut cargo = Vec::new();
        let builder = Builder::new().out_dir(&folder);
        builder.compile_to([&file], &mut cargo).unwrap();
        let told = String::from_utf8(cargo).unwrap();
        let lines: Vec<_> = told.lines().collect();
        let file = file.display();
        assert_eq!(lines[0], format!("cargo:rerun-if-changed={file}"));
        assert!(lines[1].starts_with(&format!("cargo:warning={file}:3:")), "{told}");
        assert!(lines[1].contains("attic"), "{told}");
        assert_eq!(lines.len(), 2, "{told}");

        let silent = builder.clone().allow("unreachable-state");
        let mut cargo = Vec::new();
        silent.compile_to([folder.join("lamp.csml")], &mut cargo).unwrap();
        assert!(!String::from_utf8(cargo).unwrap().contains("cargo:warning"));

        let unknown = builder.clone().deny("unreachable-sate").warn("duplicate-key");
        let error = unknown.compile_to([folder.join("lamp.csml")], &mut Vec::new()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Builder::deny: there is no rule `unreachable-sate`; did you mean `unreachable-state`?\n\n\
             Builder::warn: `duplicate-key` (CSML0012) is an error of the language and cannot be set to warn"
        );

        // What the script says wins over the project file.
        std::fs::write(folder.join("csml.toml"), "lints = { all = \"deny\" }\n").unwrap();
        let error = builder.compile_to([folder.join("lamp.csml")], &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("error[CSML0302]"), "{error}");
        let mut cargo = Vec::new();
        builder.clone().warn("all").compile_to([folder.join("lamp.csml")], &mut cargo).unwrap();
        assert!(String::from_utf8(cargo).unwrap().contains("cargo:warning="));
        std::fs::remove_file(folder.join("csml.toml")).unwrap();

        let error = builder.strict(true).compile_to([folder.join("lamp.csml")], &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("error[CSML"), "{error}");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_script_may_take_the_first_transition() {
        let folder = env::temp_dir().join(format!("csmlc-choice-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("lamp.csml");
        let lamp = r#"{ "name": "lamp", "version": "2.0", "stateMachines": [{ "name": "lamp", "states": [
            { "name": "off", "initial": true, "on": [
                { "event": "lux", "channel": "peripheral", "guards": ["$v > 3"], "target": "on" },
                { "event": "lux", "channel": "peripheral", "target": "dark" } ] },
            { "name": "on" }, { "name": "dark" } ] }] }"#;
        std::fs::write(&file, lamp).unwrap();
        let compile = |builder: Builder| {
            let mut cargo = Vec::new();
            let built = builder.out_dir(&folder).compile_to([&file], &mut cargo);
            (built.map_err(|error| error.to_string()), String::from_utf8(cargo).unwrap())
        };
        let (built, _) = compile(Builder::new());
        assert!(built.unwrap_err().contains("error[CSML0350]"));
        let (built, told) = compile(Builder::new().choice(ChoicePolicy::First));
        assert_eq!(built, Ok(()));
        assert!(told.contains("[CSML0353]"), "{told}");
        let (built, told) = compile(Builder::new().warn("overlapping-transitions"));
        assert_eq!(built, Ok(()));
        assert!(told.contains("[CSML0350]"), "{told}");

        // What the script says wins over the project file.
        std::fs::write(folder.join("csml.toml"), "choice = \"first\"\n").unwrap();
        assert_eq!(compile(Builder::new()).0, Ok(()));
        assert!(compile(Builder::new().choice(ChoicePolicy::Exclusive)).0.is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
