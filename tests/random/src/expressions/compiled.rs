//! Expressions through the compiler, rustc, and a run.
//!
//! Every expression is the value of a variable that a step of its own creates, so that one which fails
//! disturbs no other. An expression the compiler refuses is not built.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use csmlc::{Options, compile, source::Sources};
use serde_json::{Value as Json, json};

/// Expressions per machine: few enough for rustc to compile quickly.
const BATCH: usize = 250;

/// What became of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Its value, encoded.
    Value(Json),
    /// The compiler refused it.
    Refused(String),
    /// It failed when it ran.
    Failed(String),
}

impl Outcome {
    /// The value, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<&Json> {
        match self {
            Self::Value(value) => Some(value),
            Self::Refused(_) | Self::Failed(_) => None,
        }
    }
}

/// Compiles, builds and runs all expressions. Writes a crate to `folder`.
///
/// # Panics
/// If what the compiler accepts does not build or run.
#[must_use]
pub fn evaluate(folder: &Path, expressions: &[String]) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = expressions
        .iter()
        .map(|source| refusal(source).map_or(Outcome::Failed(String::new()), Outcome::Refused))
        .collect();
    let accepted: Vec<usize> =
        (0..outcomes.len()).filter(|index| !matches!(outcomes[*index], Outcome::Refused(_))).collect();
    write_crate(folder, &accepted, expressions);
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline"])
        .current_dir(folder)
        .env_remove("RUSTFLAGS")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .output()
        .expect("cargo starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the batches do not build and run:\n{errors}");
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let line: Json = serde_json::from_str(line).expect("the run prints JSON");
        let index = line["index"].as_u64().expect("every line has an index") as usize;
        outcomes[index] = match line.get("error") {
            Some(error) => Outcome::Failed(error.as_str().unwrap_or_default().to_owned()),
            None => Outcome::Value(line["value"].clone()),
        };
    }
    outcomes
}

/// Why the compiler refuses an expression; nothing if it does not.
fn refusal(source: &str) -> Option<String> {
    let mut sources = Sources::new();
    let root = sources.add("one.csml", description(&[(0, source)]));
    let (output, diagnostics) = compile(&sources, root, &Options::default());
    if output.is_some() {
        return None;
    }
    let errors = diagnostics.iter().map(|diagnostic| diagnostic.message.clone());
    Some(errors.collect::<Vec<_>>().join("; "))
}

/// A description with an event for each expression, whose step creates a variable of its value.
fn description(expressions: &[(usize, &str)]) -> String {
    let handlers = expressions.iter().map(|(index, source)| {
        json!({
            "event": format!("e{index}"), "channel": "peripheral",
            "actions": [{ "type": "create", "variable": { "name": format!("v{index}"), "value": source } }]
        })
    });
    let description = json!({
        "name": "batch", "version": "2.0",
        "stateMachines": [{
            "name": "m",
            "states": [{ "name": "s", "initial": true, "on": handlers.collect::<Vec<_>>() }]
        }]
    });
    description.to_string()
}

fn write_crate(folder: &Path, accepted: &[usize], expressions: &[String]) {
    fs::create_dir_all(folder.join("src")).expect("the folder can be made");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let manifest = format!(
        "[package]\nname = \"batches\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\ncsml-rt = {{ path = {:?}, default-features = false }}\n\n\
         [profile.dev]\ndebug = false\nincremental = false\n",
        root.join("csml-rt"),
    );
    write(&folder.join("Cargo.toml"), &manifest);
    // The same versions as here, without asking a registry.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("the lock file can be copied");
    let mut main = String::from(include_str!("template.rs"));
    let mut calls = String::new();
    for (number, batch) in accepted.chunks(BATCH).enumerate() {
        let pairs: Vec<(usize, &str)> =
            batch.iter().map(|index| (*index, expressions[*index].as_str())).collect();
        let text = description(&pairs);
        let mut sources = Sources::new();
        let source = sources.add("batch.csml", text);
        let options = Options { app: false, ..Options::default() };
        let (output, diagnostics) = compile(&sources, source, &options);
        let Some(output) = output else {
            panic!("a batch of accepted expressions is refused: {diagnostics:?}")
        };
        let module = csmlc::emit::module_text(&output, "batch.csml").expect("the module can be laid out");
        write(&folder.join(format!("src/b{number}.rs")), &module);
        writeln!(main, "mod b{number};").expect("writing to a string");
        writeln!(calls, "    batch!(b{number}::batch);").expect("writing to a string");
    }
    write!(main, "\nfn main() {{\n{calls}}}\n").expect("writing to a string");
    write(&folder.join("src/main.rs"), &main);
}

/// Writes a file unless it is like that already, so that nothing is built twice.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).expect("the file can be written");
    }
}
