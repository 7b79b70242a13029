//! `cargo xtask fuzz descriptions [--seconds N] [--seed N]`: random descriptions, compiled, and what the compiler
//! accepts checked by clippy with all warnings denied.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use csml_tests_random::descriptions::{build, check, description, faulty};
use csmlc::Options;

/// Modules in one crate: enough that its dependencies do not count, and few enough that it is soon done.
const BATCH: usize = 200;

/// Goes on for so many seconds, from a seed on.
pub(crate) fn run(seconds: u64, seed: u64) -> Result<(), String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut modules = Vec::new();
    let (mut texts, mut accepted) = (0u64, 0u64);
    let mut seed = seed;
    while Instant::now() < until {
        let options = Options { app: seed.is_multiple_of(4), ..Options::default() };
        for (kind, text) in [("good", description(seed)), ("faulty", faulty(seed))] {
            let module = check::compile(&text, &options).map_err(|wrong| {
                let kept = keep(&here, &format!("{kind}-{seed}.csml"), &text);
                format!("seed {seed}: {wrong}\n{kept}")
            })?;
            texts += 1;
            // Of the others too: a mistake may be none.
            if let Some(module) = module {
                accepted += 1;
                modules.push((2 * seed + u64::from(kind == "faulty"), module));
            }
        }
        if modules.len() >= BATCH {
            build(&here, &modules)?;
            modules.clear();
        }
        seed += 1;
    }
    build(&here, &modules)?;
    eprintln!("descriptions: {texts} texts, {accepted} compile, no failure; next --seed {seed}");
    Ok(())
}

fn build(here: &Path, modules: &[build::Module]) -> Result<(), String> {
    let folder = here.join("target/random-descriptions");
    build::check(&folder, modules, "clippy").map_err(|errors| {
        format!("rustc or clippy does not accept the modules in {}:\n{errors}", folder.display())
    })
}

fn keep(here: &Path, name: &str, text: &str) -> String {
    let folder: PathBuf = here.join("fuzz/artifacts/descriptions");
    let path = folder.join(name);
    match std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, text)) {
        Ok(()) => format!("the text is in {}", path.display()),
        Err(error) => format!("the text cannot be kept in {}: {error}", path.display()),
    }
}
