//! Cost of compiling a description: csmlc itself, and rustc on the generated code.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use csml_benches::describe;
use csml_benches::harness::{Goal, Row, children_time, compare, processor_time};
use csmlc::{Options, compile, source::Sources};

const ROUNDS: usize = 15;
/// How often rustc compiles the large and the small application.
const BUILDS: usize = 3;

pub(crate) fn rows() -> Vec<Row> {
    expansion().into_iter().chain(release_build()).collect()
}

/// About a thousand lines: a macro expansion without rustc's part in it.
fn expansion() -> Option<Row> {
    let text = describe::thousand_lines();
    let lines = text.lines().count();
    let [time] = compare(
        ROUNDS,
        [&mut || {
            let mut sources = Sources::new();
            let root = sources.add("large.csml", text.clone());
            let start = processor_time();
            let compiled = compile(&sources, root, &Options::default());
            let time = (processor_time() - start).as_secs_f64() * 1e3;
            assert!(compiled.0.is_some(), "the description compiles");
            time
        }],
    );
    let optimised = Row {
        what: format!("csmlc on {lines} lines, optimised"),
        measured: time.least,
        unit: "ms",
        reference: None,
        goal: Goal::AtMost(50.0),
    };
    Some(optimised)
}

/// 50 states by 20 events in release with a compiled runtime, against a description with one state.
fn release_build() -> Option<Row> {
    let project = Project::create()?;
    project.build("small")?;
    project.build("large")?;
    let [large, small] = compare(
        BUILDS,
        [&mut || project.build("large").unwrap_or(f64::NAN), &mut || {
            project.build("small").unwrap_or(f64::NAN)
        }],
    );
    Some(Row {
        what: "rustc on 50 states × 20 events, release, processor time".into(),
        measured: large.least,
        unit: "s",
        reference: Some(("one state", small.least)),
        goal: Goal::AtMost(2.0),
    })
}

/// A separate crate with both applications.
struct Project {
    folder: PathBuf,
}

impl Project {
    fn create() -> Option<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("release-build");
        let bins = folder.join("src/bin");
        std::fs::create_dir_all(&bins).ok()?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
        let manifest = format!(
            "[package]\nname = \"release-build\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\ncsml-rt = {{ path = {:?}, default-features = false, features = [\"node\"] }}\n\
             tokio = {{ version = \"1\", features = [\"rt\", \"time\"] }}\n",
            root.join("csml-rt"),
        );
        std::fs::write(folder.join("Cargo.toml"), manifest).ok()?;
        // Uses the versions of this workspace, without asking a registry.
        std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).ok()?;
        for (name, states, events) in [("large", 50, 20), ("small", 1, 1)] {
            let mut sources = Sources::new();
            let source = sources.add("large.csml", describe::description(states, events));
            let output = compile(&sources, source, &Options::default()).0?;
            let module = csmlc::emit::module_text(&output, "large.csml").ok()?;
            std::fs::write(bins.join(format!("{name}.rs")), format!("{module}\n{MAIN}")).ok()?;
        }
        Some(Self { folder })
    }

    /// Processor time in seconds of cargo and rustc for one application, over all threads.
    fn build(&self, name: &str) -> Option<f64> {
        let file = self.folder.join(format!("src/bin/{name}.rs"));
        let text = std::fs::read_to_string(&file).ok()?;
        std::fs::write(&file, text).ok()?;
        let start = Instant::now();
        let before = children_time();
        let done = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--release", "--offline", "--bin", name])
            .current_dir(&self.folder)
            .env_remove("RUSTFLAGS")
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .status();
        let time = match (before, children_time()) {
            (Some(before), Some(after)) => after - before,
            _ => start.elapsed().as_secs_f64(),
        };
        done.ok()?.success().then_some(time)
    }
}

/// The main function around the module.
const MAIN: &str = "\
struct NoServices;
impl large::Services for NoServices {}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = large::App::builder(NoServices).virtual_time(true).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    println!(\"{:?}\", runtime.block_on(app.run())?.clock_ms);
    Ok(())
}
";
