//! `cargo xtask build-cost`: what a first build of a small application costs, in processor time, by the way its
//! description is compiled, beside the same with `statig`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::test::{cargo, root};

/// The description that all of them compile.
const DESCRIPTION: &str = "examples/crossing/crossing.csml";

/// A way to a state machine in Rust: its dependencies, its program, and a build script where it has one.
struct Way {
    name: &'static str,
    dependencies: fn(&Path) -> String,
    main: &'static str,
    build: Option<&'static str>,
}

const WAYS: [Way; 4] = [
    Way {
        name: "statig",
        dependencies: |_| "statig = \"0.4\"\n".to_owned(),
        main: include_str!("build_cost/statig.rs.txt"),
        build: None,
    },
    Way {
        name: "csml!",
        dependencies: |root| format!("csml-rt = {{ path = {:?} }}\n", root.join("csml-rt")),
        main: "csml_rt::csml!(\"crossing.csml\");\n\nfn main() {}\n",
        build: None,
    },
    Way {
        name: "build script",
        dependencies: |root| {
            format!(
                "csml-rt = {{ path = {:?}, default-features = false, features = [\"node\"] }}\n\n\
                 [build-dependencies]\n\
                 csmlc = {{ path = {:?}, default-features = false, features = [\"text\"] }}\n",
                root.join("csml-rt"),
                root.join("csmlc"),
            )
        },
        main: "csml_rt::include_csml!(\"crossing\");\n\nfn main() {}\n",
        build: Some(
            "fn main() -> Result<(), csmlc::BuildError> {\n    \
             csmlc::Builder::new().compile(\"crossing.csml\")\n}\n",
        ),
    },
    Way {
        name: "checked-in code",
        dependencies: |root| {
            format!(
                "csml-rt = {{ path = {:?}, default-features = false, features = [\"node\"] }}\n",
                root.join("csml-rt"),
            )
        },
        main: "mod generated;\n\nfn main() {}\n",
        build: None,
    },
];

/// Builds each way `rounds` times from nothing, in turns, and prints the least of each.
pub(crate) fn run(rounds: &str) -> Result<(), String> {
    let rounds: u32 = rounds.parse().map_err(|_| format!("`{rounds}` is not a number of rounds"))?;
    let root = root();
    let folder = std::env::temp_dir().join(format!("csmlc-build-cost-{}", std::process::id()));
    let result = measure(&root, &folder, rounds.max(1));
    // What cannot be removed is a matter of the system's own cleaning.
    let _ = fs::remove_dir_all(&folder);
    result
}

fn measure(root: &Path, folder: &Path, rounds: u32) -> Result<(), String> {
    let generated = generate(root)?;
    let folders: Vec<PathBuf> =
        WAYS.iter().enumerate().map(|(number, _)| folder.join(format!("way{number}"))).collect();
    for (way, folder) in WAYS.iter().zip(&folders) {
        write(way, root, folder, &generated).map_err(|error| format!("{}: {error}", folder.display()))?;
        output(Command::new(cargo()).args(["fetch", "--quiet"]).current_dir(folder))?;
    }
    // Crates from a registry are built without incremental compilation, crates at a path with it.
    println!(
        "| first build, s of processor time | crates | as from a registry | ratio | at a path | ratio |"
    );
    println!("|---|---|---|---|---|---|");
    let mut best = vec![[f64::INFINITY; 2]; WAYS.len()];
    for round in 0..rounds {
        for ((way, folder), best) in WAYS.iter().zip(&folders).zip(&mut best) {
            for (least, incremental) in best.iter_mut().zip(["0", "1"]) {
                eprintln!("round {} of {rounds}: {}, incremental {incremental}", round + 1, way.name);
                *least = least.min(build(folder, incremental)?);
            }
        }
    }
    let [reference_registry, reference_path] = best.first().copied().unwrap_or([f64::NAN; 2]);
    for ((way, folder), [registry, path]) in WAYS.iter().zip(&folders).zip(best) {
        println!(
            "| {} | {} | {registry:.1} | {:.2} × | {path:.1} | {:.2} × |",
            way.name,
            crates(folder)?,
            registry / reference_registry,
            path / reference_path,
        );
    }
    Ok(())
}

/// The module as `csmlc emit` writes it.
fn generate(root: &Path) -> Result<String, String> {
    let arguments = ["run", "--quiet", "--package", "csmlc", "--", "emit", DESCRIPTION];
    output(Command::new(cargo()).args(arguments).current_dir(root))
}

fn write(way: &Way, root: &Path, folder: &Path, generated: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"first-build\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\", \"time\"] }}\n{}",
        (way.dependencies)(root)
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/main.rs"), way.main)?;
    fs::write(folder.join("src/generated.rs"), generated)?;
    fs::copy(root.join(DESCRIPTION), folder.join("crossing.csml"))?;
    if let Some(build) = way.build {
        fs::write(folder.join("build.rs"), build)?;
    }
    Ok(())
}

/// Builds without what was built before; seconds that all processes together have computed.
fn build(folder: &Path, incremental: &str) -> Result<f64, String> {
    let _ = fs::remove_dir_all(folder.join("target"));
    let mut shell = Command::new("sh");
    shell.args(["-c", "\"$1\" build --quiet && times", "sh"]).arg(cargo()).current_dir(folder);
    shell.env("CARGO_INCREMENTAL", incremental).env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS");
    let text = output(&mut shell)?;
    // The shell's own time, then that of what it has run: user and system.
    let children = text.lines().last().unwrap_or_default();
    let seconds: Option<Vec<f64>> = children.split_whitespace().map(seconds).collect();
    seconds
        .filter(|both| both.len() == 2)
        .map(|both| both.iter().sum())
        .ok_or_else(|| format!("`times` printed `{children}`"))
}

/// `1m2.5s` in seconds.
fn seconds(text: &str) -> Option<f64> {
    let (minutes, seconds) = text.strip_suffix('s')?.split_once('m')?;
    Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.replace(',', ".").parse::<f64>().ok()?)
}

/// How many crates are built, those at build time included.
fn crates(folder: &Path) -> Result<usize, String> {
    let arguments = ["tree", "--prefix", "none", "--no-dedupe", "--edges", "normal,build"];
    let text = output(Command::new(cargo()).args(arguments).current_dir(folder))?;
    let names: std::collections::BTreeSet<&str> =
        text.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    Ok(names.len().saturating_sub(1))
}

/// What a command prints.
fn output(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("`{program}` does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{program}` failed"));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{program}` prints what is no text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_shells_are_read() {
        assert_eq!(seconds("1m2.500s"), Some(62.5));
        assert_eq!(seconds("0m0,25s"), Some(0.25));
        assert_eq!(seconds("2.5"), None);
    }
}
