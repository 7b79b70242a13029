//! Random descriptions, good and faulty. `CSML_RANDOM=N` takes N of each, `CSML_RANDOM_SEED=S` begins at S;
//! `cargo xtask fuzz descriptions` does so until its time is over. `CSML_ALL=1` takes more by itself.

use std::path::Path;

use csml_tests_random::descriptions::{build, check, description, faulty};
use csmlc::Options;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn seeds(few: u64, all: u64) -> std::ops::Range<u64> {
    let otherwise = if std::env::var_os("CSML_ALL").is_some() { all } else { few };
    let start = number("CSML_RANDOM_SEED", 0);
    start..start + number("CSML_RANDOM", otherwise)
}

/// With the application for one of four: it takes rustc longest.
fn options(seed: u64) -> Options {
    Options { app: seed.is_multiple_of(4), ..Options::default() }
}

#[test]
fn faulty_ones_are_refused_with_a_place_or_compile() {
    let mut accepted = 0;
    let seeds = seeds(300, 300);
    let all = seeds.end - seeds.start;
    for seed in seeds {
        let text = faulty(seed);
        match check::compile(&text, &options(seed)) {
            Ok(module) => accepted += u64::from(module.is_some()),
            Err(wrong) => panic!("faulty {seed}: {wrong}\n{text}"),
        }
    }
    println!("{accepted} of {all} compile");
    assert!(accepted < all, "none has a mistake");
}

#[test]
fn what_the_compiler_accepts_rustc_accepts() {
    let mut modules = Vec::new();
    let seeds = seeds(40, 120);
    let all = seeds.end - seeds.start;
    for seed in seeds {
        let text = description(seed);
        match check::compile(&text, &options(seed)) {
            Ok(module) => modules.extend(module.map(|module| (seed, module))),
            Err(wrong) => panic!("{seed}: {wrong}\n{text}"),
        }
    }
    println!("{} of {all} compile", modules.len());
    assert!(modules.len() as u64 * 2 > all, "too few compile to say much: {} of {all}", modules.len());
    for batch in modules.chunks(300) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random");
        if let Err(errors) = build::check(&folder, batch, "check") {
            panic!("rustc does not accept what the compiler does:\n{errors}");
        }
    }
}
