//! Arguments and their help.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use csml_compiler::vocabulary::ChoicePolicy;
use csml_rt_core::private::Fuel;

use super::{convert::ConvertArgs, fmt::FmtArgs};

/// Compiler from CSML, the language of Collaborative State Machines, to Rust
#[derive(Debug, Parser)]
#[command(
    name = "csmlc",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  csmlc new my-lamp                   create a project
  csmlc check railway.csml            check a description
  csmlc run railway.csml -- --help    build it in a cache and run it
  csmlc build railway.csml -o app     write a standalone crate
  csmlc eval '6 * 7'                  evaluate an expression
  csmlc explain CSML0302              explain a message

Exit codes: 0 success, 1 the description or expression has errors, 2 usage or I/O.
`csmlc help COMMAND` explains a command."
)]
pub(super) struct Cli {
    /// When to colour messages; NO_COLOR is respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
    #[command(subcommand)]
    pub(super) command: Command,
}

// Comments on the variants of these two would show as long lists in the help.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Makes it the choice for everything printed from now on.
    pub(super) fn apply(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Check(CheckArgs),
    Fmt(FmtArgs),
    Convert(ConvertArgs),
    Emit(EmitArgs),
    Build(BuildArgs),
    Run(RunArgs),
    Eval(EvalArgs),
    Explain(ExplainArgs),
    Acl(AclArgs),
    New(NewArgs),
    Schema(SchemaArgs),
    /// Print a completion script for a shell
    #[command(after_help = "\
Example:
  csmlc completions bash > ~/.local/share/bash-completion/completions/csmlc")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Levels of rules
#[derive(Debug, Args)]
#[command(next_help_heading = "Levels of rules")]
pub(super) struct LevelArgs {
    /// Turn the warnings that the CSML 2.0 text calls violations into errors
    #[arg(long)]
    pub(super) strict: bool,
    /// Turn a warning off, by code (`303` will do) or name, or `all`; may be repeated or separated
    /// by commas
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(super) allow: Vec<String>,
    /// Keep a warning a warning, whatever `--strict` or `all` says; may be repeated
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(super) warn: Vec<String>,
    /// Turn a warning into an error; may be repeated
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(super) deny: Vec<String>,
}

/// Project file and limits
#[derive(Debug, Args)]
#[command(next_help_heading = "Project")]
pub(super) struct ProjectArgs {
    /// Project file with levels and type annotations; by default csml.toml beside the description
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Ignore the project file
    #[arg(long, conflicts_with = "config")]
    pub(super) no_config: bool,
    /// What happens where several transitions are enabled at once. `exclusive`: this is an error; `first`: the first one
    /// in document order is taken
    #[arg(long, value_name = "POLICY", value_parser = choice_policy, hide_possible_values = true)]
    pub(super) choice: Option<ChoicePolicy>,
}

/// Limits of the generated code
#[derive(Debug, Args)]
#[command(next_help_heading = "Project")]
pub(super) struct LimitArgs {
    /// Loop iterations and calls after which the evaluation of an expression fails its step
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) loop_limit: Option<u64>,
}

/// Check descriptions and report errors and warnings
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  csmlc check railway.csml
  csmlc check --strict machines        every *.csml in and below the folder
  csmlc check --types railway.csml     the type of every variable and value
  csmlc check --deny warnings --allow unreachable-state railway.csml
  csmlc check --format json railway.csml | jq -r .message
  csmlc check --format sarif machines > results.sarif
  generate | csmlc check -

A setting for one rule overrides one for all warnings, which overrides --strict; of
two for the same rule the stricter one counts. All of them override [lints] in
csml.toml. Errors of the language cannot be allowed.
Exit codes: 0 no errors, 1 errors, 2 usage or I/O.")]
pub(super) struct CheckArgs {
    /// Descriptions, or folders for every *.csml in and below them; `-` is the standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// `human`: text on the standard error; `json`: one object per line on the standard output; `sarif`: one SARIF log
    /// on the standard output, for code hosts
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: Format,
    /// Print no summary
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Print the types of all variables, event data and service values on the standard output
    #[arg(long)]
    pub(super) types: bool,
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    #[command(flatten)]
    pub(super) levels: LevelArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Json,
    Sarif,
}

/// Print the generated module
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  csmlc emit railway.csml
  csmlc emit railway.csml -o src/railway.rs --mod railway
  csmlc emit railway.csml --no-app       machines only, for no_std

The output is `pub mod NAME { … }`; include it with `include!` in a crate that depends
on csml-rt of the same version as this compiler.")]
pub(super) struct EmitArgs {
    /// The description; `-` is the standard input
    pub(super) file: PathBuf,
    /// Write to this file instead of the standard output, unless it is up to date
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Name of the module; by default from the name of the description
    #[arg(long = "mod", value_name = "NAME", value_parser = module_name)]
    pub(super) module: Option<String>,
    /// Path of the runtime crate in the generated code
    #[arg(long = "crate", value_name = "PATH", default_value = "::csml_rt", value_parser = crate_path)]
    pub(super) runtime: String,
    /// Leave out `App` and `Services`, which need the runtime's node
    #[arg(long)]
    pub(super) no_app: bool,
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) levels: LevelArgs,
}

/// Write a standalone crate that runs the description
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  csmlc build railway.csml -o railway-app
  cd railway-app && cargo run --release -- --help
  csmlc build railway.csml -o railway-app --with mqtt,tls,store-etcd

When it writes the crate again, csmlc keeps your files: `src/services.rs`, where you
implement services, and `Cargo.toml` except for the dependency on csml-rt. The parts of
--with stay until --with is given again.")]
pub(super) struct BuildArgs {
    /// The description; `-` is the standard input
    pub(super) file: PathBuf,
    /// Folder of the crate
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: PathBuf,
    /// Write even if the folder has other files
    #[arg(long)]
    pub(super) force: bool,
    #[command(flatten)]
    pub(super) with: WithArgs,
    #[command(flatten)]
    pub(super) runtime: RuntimeArgs,
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) levels: LevelArgs,
}

/// Build a description, unless it is in the cache, and run it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  csmlc run railway.csml -- --help
  csmlc run railway.csml -- --virtual-time --events events.jsonl --trace text
  csmlc run railway.csml -- --services services.json
  csmlc run railway.csml --with mqtt -- --run gate --mqtt mqtt://127.0.0.1

The cache is $CSMLC_CACHE, or else in the user's cache folder. With it the next run of
the same description starts at once; you can delete it at any time. Building needs
cargo.
The exit code is that of the program; 1 if the description has errors, 2 if the build
fails.")]
pub(super) struct RunArgs {
    /// The description; `-` is the standard input
    pub(super) file: PathBuf,
    /// Build with optimizations
    #[arg(long)]
    pub(super) release: bool,
    /// Arguments of the program
    #[arg(last = true, value_name = "ARGS")]
    pub(super) args: Vec<OsString>,
    #[command(flatten)]
    pub(super) with: WithArgs,
    #[command(flatten)]
    pub(super) runtime: RuntimeArgs,
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) levels: LevelArgs,
}

/// Optional parts of the runtime
#[derive(Debug, Args)]
pub(super) struct WithArgs {
    /// Optional parts of the runtime to build in, separated by commas: `mqtt` for `--mqtt`, `tls` for connections over
    /// TLS, `cbor` for small payloads, `store-redb` and `store-etcd` for `--store`
    #[arg(long, value_name = "PARTS", value_delimiter = ',', hide_possible_values = true)]
    pub(super) with: Option<Vec<RuntimePart>>,
}

/// An optional part of the runtime, named like its feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum RuntimePart {
    Cbor,
    Mqtt,
    StoreEtcd,
    StoreRedb,
    Tls,
}

impl RuntimePart {
    /// The features of csml-rt, if `--with` is given.
    pub(super) fn features(args: &WithArgs) -> Option<Vec<String>> {
        let mut parts = args.with.clone()?;
        parts.sort_unstable();
        parts.dedup();
        let names = parts.iter().filter_map(|part| Some(part.to_possible_value()?.get_name().to_owned()));
        Some(names.collect())
    }
}

/// Where the runtime comes from
#[derive(Debug, Args)]
pub(super) struct RuntimeArgs {
    /// Folder of the csml-rt crate, instead of the release in the registry
    #[arg(long, value_name = "PATH")]
    pub(super) runtime: Option<PathBuf>,
}

/// Evaluate an expression
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  csmlc eval '1 + 2 * 3'
  csmlc eval 'xs.size() > 1 ? xs[0] : null' --var 'xs=[4, 5]'
  csmlc eval '$value > limit' --var '$value=3' --var limit=2
  csmlc eval --raw '`${name}: on`' --var 'name=\"lamp\"'
  csmlc eval --lines < expressions.jsonl
  csmlc eval                             a prompt; `:help` there explains it

Without EXPR, csmlc reads the expression from the standard input, or starts a prompt if
that is a terminal. With --lines every line of input is an object
`{\"source\": \"x + 1\", \"vars\": {\"x\": 2}}`, and csmlc answers with one line:
`{\"t\":\"int\",\"v\":3}`, or `{\"t\":\"error\",\"message\":\"…\"}`.
Exit codes: 0 success, 1 the evaluation failed, 2 usage or I/O.")]
pub(super) struct EvalArgs {
    /// The expression, or with --lines a file; `-` is the standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub(super) text: Option<String>,
    /// Set a variable or, with `$`, a value of the event's data; may be repeated
    #[arg(long = "var", value_name = "NAME=JSON", allow_hyphen_values = true)]
    pub(super) vars: Vec<String>,
    /// Seed of the random functions; by default drawn at random
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Loop iterations and calls after which the evaluation fails
    #[arg(long, value_name = "N", default_value_t = Fuel::DEFAULT_LIMIT)]
    pub(super) loop_limit: u64,
    /// Print a string without quotes
    #[arg(long, conflicts_with_all = ["encoded", "lines"])]
    pub(super) raw: bool,
    /// Print the value with its type, and those of its parts: `{"t":"int","v":3}`
    #[arg(long, conflicts_with = "lines")]
    pub(super) encoded: bool,
    /// Evaluate JSON Lines from the file, or from the standard input
    #[arg(long)]
    pub(super) lines: bool,
}

/// Explain what a diagnostic means
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  csmlc explain CSML0302
  csmlc explain unreachable-state       the same, by name
  csmlc explain                         all codes, one line each
  csmlc explain --format markdown 0302 > unreachable.md

In the list, `strict` marks a warning that --strict turns into an error.
Exit codes: 0 success, 2 there is no such code.")]
pub(super) struct ExplainArgs {
    /// Codes or names of rules
    #[arg(value_name = "CODE")]
    pub(super) codes: Vec<String>,
    /// List all codes; the default without CODE
    #[arg(long, conflicts_with = "codes")]
    pub(super) list: bool,
    /// `human`: text for a terminal; `markdown`: as in the documentation
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: PageFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PageFormat {
    Human,
    Markdown,
}

/// Print which user may use which topics, as an ACL file for mosquitto
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  csmlc acl railway.csml -o acl               a user for each instance
  csmlc acl railway.csml --process field=gate,light --process office=crossing
  csmlc acl railway.csml --device track-7=train

A user may publish and read exactly what its instances raise and handle, including
their nested machines. Processes come from csml.toml or --process; an instance in none
of them is a process of its own name. A device may send the events listed for it, and
read those that leave the application. In mosquitto.conf:
  allow_anonymous false
  password_file /etc/mosquitto/passwords
  acl_file /etc/mosquitto/acl")]
pub(super) struct AclArgs {
    /// The description; `-` is the standard input
    pub(super) file: PathBuf,
    /// A process with its instances, instead of those of csml.toml; may be repeated
    #[arg(long = "process", value_name = "NAME=INSTANCE,…", value_parser = name_and_list)]
    pub(super) processes: Vec<(String, Vec<String>)>,
    /// A device with its events; may be repeated
    #[arg(long = "device", value_name = "NAME=EVENT,…", value_parser = name_and_list)]
    pub(super) devices: Vec<(String, Vec<String>)>,
    /// `instance`: a user for each instance; `process`: a user for each process, and every instance is in one
    #[arg(long, value_name = "WHICH")]
    pub(super) user: Option<AclUser>,
    /// Write to this file instead of the standard output, unless it is up to date
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    #[command(flatten)]
    pub(super) levels: LevelArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AclUser {
    Instance,
    Process,
}

/// Print the JSON Schema of CSML, for editors
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  csmlc schema > csml.schema.json
  csmlc schema -o .vscode/csml.schema.json

With the schema, an editor completes and explains keywords and marks errors while you
write. In VS Code, set `json.schemas` in the settings; in other editors, often
`\"$schema\": \"csml.schema.json\"` in the description itself.
The schema describes the structure of both dialects; `csmlc check` checks names and types.")]
pub(super) struct SchemaArgs {
    /// Write to this file instead of the standard output, unless it is up to date
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// Create a project
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  csmlc new my-lamp                       a crate that uses csml!
  csmlc new my-lamp --front-end build     a crate with a build script
  csmlc new my-lamp --front-end cli       no crate: a description for `csmlc run`")]
pub(super) struct NewArgs {
    /// Folder to create; its last part is the name of the project
    pub(super) name: PathBuf,
    /// How the description becomes a program
    #[arg(long, value_name = "FRONT_END", default_value = "macro")]
    pub(super) front_end: FrontEnd,
    #[command(flatten)]
    pub(super) runtime: RuntimeArgs,
}

/// How a description becomes a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FrontEnd {
    /// The `csml!` macro in a crate
    Macro,
    /// A build script in a crate
    Build,
    /// `csmlc run`, without a crate
    Cli,
}

fn choice_policy(word: &str) -> Result<ChoicePolicy, String> {
    ChoicePolicy::named(word).ok_or_else(|| "not one of `exclusive`, `first`".to_owned())
}

fn name_and_list(text: &str) -> Result<(String, Vec<String>), String> {
    let Some((name, list)) = text.split_once('=') else {
        return Err("not of the form `NAME=A,B`".to_owned());
    };
    let list: Vec<String> = list.split(',').map(str::to_owned).collect();
    if name.is_empty() || list.iter().any(String::is_empty) {
        return Err("a name is empty".to_owned());
    }
    Ok((name.to_owned(), list))
}

fn module_name(name: &str) -> Result<String, String> {
    syn::parse_str::<syn::Ident>(name)
        .map(|ident| ident.to_string())
        .map_err(|_| "not a name that a Rust module can have".to_owned())
}

fn crate_path(path: &str) -> Result<String, String> {
    syn::parse_str::<syn::Path>(path)
        .map(|_| path.to_owned())
        .map_err(|_| "not a Rust path such as `::csml_rt`".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn names_and_lists_come_apart() {
        let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
        assert_eq!(name_and_list("a=b,c"), Ok(("a".to_owned(), list(&["b", "c"]))));
        for wrong in ["a", "=b", "a=", "a=b,,c"] {
            assert!(name_and_list(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_of_modules_are_rust() {
        assert_eq!(module_name("r#match").as_deref(), Ok("r#match"));
        for wrong in ["match", "a-b", "", "a::b", "{}"] {
            assert!(module_name(wrong).is_err(), "{wrong}");
        }
        assert!(crate_path("crate::rt").is_ok());
        assert!(crate_path("a b").is_err());
    }

    #[test]
    fn parts_are_the_features_of_the_runtime() {
        let cli =
            Cli::parse_from(["csmlc", "run", "a.csml", "--with", "tls,mqtt", "--with", "store-redb,tls"]);
        let Command::Run(args) = cli.command else { panic!("not run") };
        let expected = ["mqtt", "store-redb", "tls"].map(str::to_owned).to_vec();
        assert_eq!(RuntimePart::features(&args.with), Some(expected));
        let manifest = include_str!("../../../csml-rt/Cargo.toml");
        for part in RuntimePart::value_variants() {
            let name = part.to_possible_value().unwrap();
            assert!(manifest.contains(&format!("\n{} = [", name.get_name())), "{}", name.get_name());
        }
        let error = Cli::try_parse_from(["csmlc", "run", "a.csml", "--with", "mqt"]).unwrap_err();
        assert!(error.to_string().contains("mqtt"), "{error}");
    }

    #[test]
    fn arguments_of_the_program_stand_behind_two_dashes() {
        let cli = Cli::parse_from(["csmlc", "run", "a.csml", "--release", "--", "--trace", "text"]);
        let Command::Run(args) = cli.command else { panic!("not run") };
        assert!(args.release);
        assert_eq!(args.args, ["--trace", "text"]);
    }
}
