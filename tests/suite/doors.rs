//! All three doors make the same items, and the same bytes each time.

use std::{collections::BTreeMap, ffi::OsStr, fs, path::Path};

use csml_tests::{Folder, cases_folder};
use csmlc::{
    Options,
    door::{self, Compiled},
    emit,
    levels::Levels,
    macro_door,
};
use syn::Item;

/// Every case that compiles, with what the command line makes of it (`csmlc emit --mod NAME`).
fn compiled() -> Vec<(Folder, Compiled)> {
    let mut all = Vec::new();
    for folder in Folder::all().unwrap() {
        let compiled = compile(&folder);
        if compiled.output.is_some() {
            all.push((folder, compiled));
        }
    }
    assert!(all.len() > 50, "only {} cases compile", all.len());
    all
}

fn compile(folder: &Folder) -> Compiled {
    let bytes = fs::read(folder.path.join("description.csml")).unwrap();
    let options = Options { module: Some(name(folder)), ..Options::default() };
    door::compile_bytes("description.csml", bytes, &options, &Levels::new())
}

fn name(folder: &Folder) -> String {
    folder.path.file_name().and_then(OsStr::to_str).unwrap().to_owned()
}

fn emitted(compiled: &Compiled) -> String {
    emit::module_text(compiled.output.as_ref().unwrap(), "description.csml").unwrap()
}

#[test]
fn the_build_script_writes_what_the_command_line_prints() {
    let out = Path::new(env!("OUT_DIR"));
    for (folder, compiled) in compiled() {
        let written = fs::read_to_string(out.join(folder.title()).join("description.rs"));
        // Cases of the area `rules` are not built.
        let Ok(written) = written else { continue };
        assert!(written == emitted(&compiled), "{}", folder.title());
    }
}

#[test]
fn the_macro_expands_to_the_same_items() {
    let manifest_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (folder, compiled) in compiled() {
        let title = folder.title();
        let file = format!("cases/{title}/description.csml");
        let call = format!("{file:?}, mod = {}", name(&folder)).parse().unwrap();
        let expanded = macro_door::expand(call, Some(manifest_dir));
        let expanded = syn::parse2::<syn::File>(expanded).unwrap();
        // Beside the module stand warnings and the file that cargo is to watch.
        let modules = |item: &Item| matches!(item, Item::Mod(_));
        let items: Vec<Item> = expanded.items.into_iter().filter(modules).collect();
        assert_eq!(items.len(), 1, "{title}");
        let expanded =
            prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items });
        // The macro names the description by its path, text by the file name.
        let expanded = expanded.replace(&format!("`{file}`"), "`description.csml`");
        let emitted = emitted(&compiled);
        let (_, module) = emitted.split_once("\n\n").unwrap();
        assert!(expanded == module, "{title}: {}", first_difference(module, &expanded));
    }
}

/// The first line that differs.
fn first_difference(expected: &str, actual: &str) -> String {
    let lines = expected.lines().zip(actual.lines());
    lines
        .filter(|(expected, actual)| expected != actual)
        .map(|(expected, actual)| format!("\n- {expected}\n+ {actual}"))
        .next()
        .unwrap_or_else(|| "one text is longer".to_owned())
}

#[test]
fn compiling_twice_gives_the_same_bytes() {
    for (folder, first) in compiled() {
        assert!(emitted(&first) == emitted(&compile(&folder)), "{}", folder.title());
    }
}

#[test]
fn names_of_cases_are_unique_and_fit_for_rust() {
    let mut seen = BTreeMap::new();
    for folder in Folder::all().unwrap() {
        let name = name(&folder);
        assert!(syn::parse_str::<syn::Ident>(&name).is_ok(), "{}", folder.title());
        assert!(folder.has("description.csml"), "{} has no description.csml", folder.title());
        if let Some(other) = seen.insert(name, folder.title()) {
            panic!("{} and {other} have the same name", folder.title());
        }
    }
    assert!(cases_folder().is_dir());
}
