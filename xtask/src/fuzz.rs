//! `cargo xtask fuzz [TARGET] [--seconds N] [--seed N]`: under libFuzzer where that is installed, otherwise with
//! the project's own mutator.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use csml_tests_random::texts::{TARGETS, Target, mutate::Mutator, parsed, seeds::SEEDS};

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    targets: Vec<(&'static str, Target)>,
    /// Random descriptions instead.
    descriptions: bool,
    seconds: u64,
    seed: u64,
}

/// Runs one target or all, each for the given time.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    let wanted = wanted(arguments)?;
    if wanted.descriptions {
        return crate::descriptions::run(wanted.seconds, wanted.seed);
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let lacking = lacking();
    if let Some(lacking) = &lacking {
        eprintln!("note: {lacking}; using the built-in mutator, which knows nothing about coverage");
    }
    for (name, target) in &wanted.targets {
        eprintln!("{name}: {} s", wanted.seconds);
        match lacking {
            Some(_) => mutate(name, *target, &wanted, &here)?,
            None => with_libfuzzer(name, &wanted, &here)?,
        }
    }
    Ok(())
}

fn wanted(arguments: &[&str]) -> Result<Wanted, String> {
    let mut wanted = Wanted { targets: TARGETS.to_vec(), descriptions: false, seconds: 60, seed: 1 };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut number = || {
            let text = rest.next().ok_or_else(|| format!("`{argument}` needs a number"))?;
            text.parse().map_err(|_| format!("`{argument}` needs a number, not `{text}`"))
        };
        match *argument {
            "--seconds" => wanted.seconds = number()?,
            "--seed" => wanted.seed = number()?,
            "descriptions" => wanted.descriptions = true,
            name => match TARGETS.iter().find(|(target, _)| *target == name) {
                Some(target) => wanted.targets = vec![*target],
                None => {
                    let names: Vec<&str> =
                        TARGETS.iter().map(|(name, _)| *name).chain(["descriptions"]).collect();
                    return Err(format!("there is no target `{name}`, only {}", names.join(", ")));
                }
            },
        }
    }
    Ok(wanted)
}

/// What libFuzzer needs and this machine has not, with how to install it.
fn lacking() -> Option<&'static str> {
    let works = |command: &mut Command| {
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    if !works(Command::new("cargo").args(["fuzz", "--version"])) {
        return Some("cargo-fuzz is not installed (`cargo install cargo-fuzz`)");
    }
    if !works(Command::new("rustup").args(["run", "nightly", "rustc", "--version"])) {
        return Some("there is no nightly toolchain (`rustup toolchain install nightly`)");
    }
    None
}

fn with_libfuzzer(name: &str, wanted: &Wanted, here: &Path) -> Result<(), String> {
    let seeds = here.join("corpus").join(name);
    std::fs::create_dir_all(&seeds).map_err(|error| format!("{}: {error}", seeds.display()))?;
    for (index, seed) in SEEDS.iter().enumerate() {
        let path = seeds.join(format!("seed-{index:03}"));
        std::fs::write(&path, seed).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let status = Command::new("rustup")
        .args(["run", "nightly", "cargo", "fuzz", "run", name, "--"])
        .arg(format!("-max_total_time={}", wanted.seconds))
        .arg(format!("-seed={}", wanted.seed))
        .args(["-max_len=4096", "-timeout=10"])
        .current_dir(here.join(".."))
        .status()
        .map_err(|error| format!("cargo fuzz: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name}: libFuzzer found a failure")) }
}

/// The project's own mutator. A text that fails is kept in a file.
fn mutate(name: &str, target: Target, wanted: &Wanted, here: &Path) -> Result<(), String> {
    let until = Instant::now() + Duration::from_secs(wanted.seconds);
    let mut mutator = Mutator::new(wanted.seed, []);
    let mut texts = 0u64;
    while Instant::now() < until {
        let text = mutator.text();
        if catch_unwind(AssertUnwindSafe(|| target(&text))).is_err() {
            let path = keep(&text, name, here)?;
            return Err(format!("{name} fails with seed {} on the text in {}", wanted.seed, path.display()));
        }
        texts += 1;
        if parsed(&text).is_ok() {
            mutator.keep(text);
        }
    }
    eprintln!("{name}: {texts} texts, no failure");
    Ok(())
}

fn keep(text: &str, name: &str, here: &Path) -> Result<PathBuf, String> {
    let folder = here.join("artifacts").join(name);
    let path = folder.join("mutated");
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&path, text))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        let names = |arguments: &[&str]| {
            let wanted = wanted(arguments)?;
            let names: Vec<&str> = wanted.targets.iter().map(|(name, _)| *name).collect();
            Ok::<_, String>((names.join(" "), wanted.seconds, wanted.seed))
        };
        assert_eq!(names(&[]), Ok(("parse evaluate".to_owned(), 60, 1)));
        assert_eq!(names(&["parse", "--seconds", "5", "--seed", "9"]), Ok(("parse".to_owned(), 5, 9)));
        assert_eq!(
            names(&["x"]),
            Err("there is no target `x`, only parse, evaluate, descriptions".to_owned())
        );
        assert_eq!(names(&["--seconds", "x"]), Err("`--seconds` needs a number, not `x`".to_owned()));
        assert_eq!(names(&["--seed"]), Err("`--seed` needs a number".to_owned()));
    }
}
