//! All front ends generate the same items, and the same bytes each time.

use std::{collections::BTreeMap, ffi::OsStr, fs, path::Path};

use csml_compiler::expand::expand;
use csml_tests::Folder;
use csmlc::{Options, emit, files::Disk, request::Compiled};

use crate::described;

/// The sources of a case, under the file name that the front end uses.
fn compile(folder: &Folder, file: &str) -> Compiled {
    let options = Options { module: Some(name(folder)), ..Options::default() };
    described::compile(&folder.path, file, &options)
}

fn name(folder: &Folder) -> String {
    folder.path.file_name().and_then(OsStr::to_str).unwrap().to_owned()
}

/// What `csmlc emit --mod NAME` prints.
fn emitted(folder: &Folder) -> String {
    let file = format!("cases/{}/description.csml", folder.title());
    let compiled = compile(folder, &file);
    emit::module_text(compiled.output.as_ref().unwrap(), "description.csml").unwrap()
}

fn runs(folder: &Folder) -> bool {
    !folder.title().starts_with("rules/")
}

#[test]
fn the_build_script_writes_what_the_command_line_prints() {
    for folder in Folder::all().unwrap().iter().filter(|folder| runs(folder)) {
        let written = Path::new(env!("OUT_DIR")).join(folder.title()).join("description.rs");
        let written = fs::read_to_string(written).unwrap();
        let emitted = emitted(folder);
        assert!(written == emitted, "{}: {}", folder.title(), first_difference(&written, &emitted));
    }
}

/// The first line that differs.
fn first_difference(expected: &str, actual: &str) -> String {
    expected
        .lines()
        .zip(actual.lines())
        .find(|(expected, actual)| expected != actual)
        .map_or("one text is longer".to_owned(), |(expected, actual)| format!("\n- {expected}\n+ {actual}"))
}

#[test]
fn the_macro_expands_to_the_same_tokens() {
    for folder in Folder::all().unwrap() {
        let title = folder.title();
        let file = format!("cases/{title}/description.csml");
        let Some(output) = compile(&folder, &file).output else { continue };
        let call = format!("{file:?}, mod = {}", name(&folder)).parse().unwrap();
        let expanded = expand(call, &Disk).tokens.to_string();
        // Warnings and the files that cargo watches come before the module.
        assert!(expanded.ends_with(&output.tokens.to_string()), "{title}");
    }
}

#[test]
fn an_inline_description_expands_to_the_same_module() {
    let folder = Folder::of("start", "one_instance_of_every_top_level_machine");
    let text = folder.read("description.csml").unwrap().unwrap();
    let description = text.split_once('{').unwrap().1;
    let expanded = expand(format!("{{ {description}").parse().unwrap(), &Disk).tokens.to_string();
    // Places are those of the Rust file, so only what does not name them is compared.
    for part in ["pub mod one_instance_of_every_top_level_machine", "name : \"second\"", "pub struct App"] {
        assert!(expanded.contains(part), "{part}");
    }
    assert!(!expanded.contains("compile_error"));
}

#[test]
fn compiling_twice_gives_the_same_items() {
    for folder in Folder::all().unwrap() {
        let [first, second] = [compile(&folder, "x.csml"), compile(&folder, "x.csml")];
        let tokens = |compiled: &Compiled| compiled.output.as_ref().map(|output| output.tokens.to_string());
        assert!(tokens(&first) == tokens(&second), "{}", folder.title());
    }
}

/// Generated code for review: in the diff of a change to the compiler.
#[test]
fn generated_code_is_the_expected_one() {
    let with = Folder::all().unwrap().into_iter().filter(|folder| folder.has("generated.rs"));
    let mut checked = 0;
    let mut failed = Vec::new();
    for folder in with {
        checked += 1;
        let path = folder.path.join("generated.rs");
        if let Err(difference) = crate::expected::compare(&path, Some(&emitted(&folder))) {
            let lines: Vec<&str> =
                difference.lines().filter(|line| !line.starts_with("  ")).take(40).collect();
            failed.push(format!("{}: {}", folder.title(), lines.join("\n")));
        }
    }
    assert!(checked > 0);
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

#[test]
fn cases_have_names_of_their_own_that_are_rust_names() {
    let mut seen = BTreeMap::new();
    for folder in Folder::all().unwrap() {
        let name = name(&folder);
        let fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(name.chars().all(fit), "{}", folder.title());
        assert!(folder.has("description.csml"), "{} has no description.csml", folder.title());
        if let Some(other) = seen.insert(name, folder.title()) {
            panic!("{} and {other} have the same name", folder.title());
        }
    }
}
