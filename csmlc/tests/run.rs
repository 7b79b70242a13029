//! `csmlc run`, with cargo and the real runtime.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use common::{Folder, GOOD, text};

/// Kept between runs of the tests, but for the programs: only the runtime is built once.
fn cache() -> std::path::PathBuf {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("run-cache");
    let _ = fs::remove_dir_all(cache.join("apps"));
    cache
}

fn run(folder: &Folder, cache: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_csmlc"))
        .current_dir(&folder.path)
        .env("CSMLC_CACHE", cache)
        .args(["run", "lamp.csml"])
        .args(args)
        .output()
        .unwrap()
}

/// The run of a page, in the folder of its description, prints a part of the page.
fn is_documented(folder: &Path, cache: &Path, args: &[&str], page: &str, whole: bool) {
    let output = Command::new(env!("CARGO_BIN_EXE_csmlc"))
        .current_dir(folder)
        .env("CSMLC_CACHE", cache)
        .arg("run")
        .args(args)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    let name = page;
    let page = fs::read_to_string(repository().join(page)).unwrap();
    let blocks = page.split("```text\n").skip(1).filter_map(|rest| rest.split("```").next());
    let found = blocks.filter(|block| block.contains(" ms  ")).any(|block| match whole {
        true => printed == block,
        false => printed.contains(block),
    });
    assert!(found, "not in {name}:\n{printed}");
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

// One test, so that nothing else waits for cargo's lock or empties the cache.
#[test]
fn a_description_runs_and_starts_at_once_the_second_time() {
    let folder = Folder::new("run");
    let cache = cache();
    folder.write("lamp.csml", GOOD);
    folder.write("events.jsonl", "{\"at\": 5, \"event\": \"press\"}\n{\"at\": 9, \"event\": \"smash\"}\n");
    let args = ["--", "--virtual-time", "--events", "events.jsonl", "--trace", "text"];

    let first = run(&folder, &cache, &args);
    let said = text(&first.stderr);
    assert_eq!(first.status.code(), Some(0), "{said}");
    assert!(said.contains("compiling lamp.csml"), "{said}");
    let trace = text(&first.stdout);
    assert!(trace.contains("off -> on"), "{trace}");
    assert!(trace.contains("on -> broken"), "{trace}");

    // Without cargo: it cannot be found.
    let second = Command::new(env!("CARGO_BIN_EXE_csmlc"))
        .current_dir(&folder.path)
        .env("CSMLC_CACHE", &cache)
        .env("CARGO", "no-such-cargo")
        .args(["run", "lamp.csml"])
        .args(args)
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(0), "{}", text(&second.stderr));
    assert_eq!(text(&second.stdout), trace);
    assert!(!text(&second.stderr).contains("compiling"));

    // The program's own exit code.
    let wrong = run(&folder, &cache, &["--", "--no-such-flag"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(!text(&wrong.stderr).contains("cargo"), "{}", text(&wrong.stderr));

    // Errors of the description come before cargo.
    folder.write("lamp.csml", GOOD.replace("\"target\": \"on\"", "\"target\": \"onn\""));
    let bad = run(&folder, &cache, &[]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(text(&bad.stderr).contains("did you mean `on`?"), "{}", text(&bad.stderr));

    let made = Command::new(env!("CARGO_BIN_EXE_csmlc"))
        .current_dir(&folder.path)
        .args(["new", "my-lamp", "--front-end", "cli"])
        .output()
        .unwrap();
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let services = ["--services", "services.json", "--virtual-time", "--trace", "text"];
    let args = [["lamp.csml", "--", "--events", "events.jsonl"].as_slice(), &services].concat();
    is_documented(&folder.path.join("my-lamp"), &cache, &args, "docs/getting-started.md", true);
    let crossing = "examples/crossing/crossing.csml";
    let events = "examples/crossing/events.jsonl";
    let args = [crossing, "--", "--virtual-time", "--events", events, "--trace", "text"];
    is_documented(repository(), &cache, &args, "README.md", false);
}
