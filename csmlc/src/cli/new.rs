//! `csmlc new`

use std::{fs, path::Path};

use csmlc::emit::{Files, Runtime, package_name, write_files::write_if_changed};

use super::{
    args::{FrontEnd, NewArgs},
    build,
    failure::Failure,
    report,
};

pub(super) fn new(args: &NewArgs) -> Result<(), Failure> {
    let folder = &args.name;
    let name = folder
        .file_name()
        .and_then(|name| name.to_str())
        .ok_or_else(|| Failure::message(format!("`{}` is not the name of a new folder", folder.display())))?;
    let runtime = build::runtime(&args.runtime)?;
    make(folder)?;
    for (file, text) in files(name, args.front_end, &runtime) {
        let file = folder.join(file);
        write_if_changed(&file, text.as_bytes())
            .map_err(|error| Failure::message(format!("cannot write `{}`: {error}", file.display())))?;
    }
    let next = match args.front_end {
        FrontEnd::Macro | FrontEnd::Build => "cargo run",
        FrontEnd::Cli => "csmlc check lamp.csml",
    };
    let shown = folder.display();
    report::note(&format!("created `{shown}`; next: cd {} && {next}", word(&shown.to_string())));
    Ok(())
}

/// A path as a shell takes it for one word.
fn word(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '\\' | '.' | '_' | '-' | '+' | ':');
    match path.starts_with('-') {
        true => word(&format!("./{path}")),
        false if path.chars().all(plain) => path.to_owned(),
        false if cfg!(windows) => format!("\"{path}\""),
        false => format!("'{}'", path.replace('\'', "'\\''")),
    }
}

/// Makes the folder, unless there is one with something in it.
fn make(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder)
        .and_then(|()| fs::read_dir(folder))
        .map_err(|error| Failure::message(format!("cannot create `{}`: {error}", folder.display())))
        .and_then(|mut entries| match entries.next() {
            None => Ok(()),
            Some(_) => Err(Failure::message(format!(
                "`{}` exists and is not empty; choose another name",
                folder.display()
            ))),
        })
}

const LAMP: &str = include_str!("templates/lamp.csml");
const EVENTS: &str = include_str!("templates/events.jsonl");
const SERVICES: &str = include_str!("templates/services.json");
const README_CLI: &str = include_str!("templates/README.cli.md");
const README_CRATE: &str = include_str!("templates/README.crate.md");
const MAIN: &str = include_str!("templates/main.rs.txt");
const BUILD: &str = include_str!("templates/build.rs.txt");

/// The files of a project.
fn files(name: &str, front_end: FrontEnd, runtime: &Runtime) -> Files {
    let package = package_name(name);
    let crate_readme = |how| README_CRATE.replace("@NAME@", &package).replace("@HOW@", how);
    let main = |module| MAIN.replace("@MODULE@", module);
    let files = match front_end {
        FrontEnd::Cli => vec![
            ("events.jsonl", EVENTS.to_owned()),
            ("services.json", SERVICES.to_owned()),
            ("README.md", README_CLI.replace("@NAME@", &package)),
        ],
        FrontEnd::Macro => vec![
            ("Cargo.toml", manifest(&package, runtime, front_end)),
            (".gitignore", "/target\n".to_owned()),
            ("README.md", crate_readme("the macro `csml!` compiles it")),
            ("src/main.rs", main("csml_rt::csml!(\"lamp.csml\");")),
        ],
        FrontEnd::Build => vec![
            ("Cargo.toml", manifest(&package, runtime, front_end)),
            (".gitignore", "/target\n".to_owned()),
            ("README.md", crate_readme("`build.rs` compiles it")),
            ("build.rs", BUILD.to_owned()),
            ("src/main.rs", main("csml_rt::include_csml!(\"lamp\");")),
        ],
    };
    files
        .into_iter()
        .chain([("lamp.csml", LAMP.to_owned())])
        .map(|(file, text)| (file.to_owned(), text))
        .collect()
}

fn manifest(package: &str, runtime: &Runtime, front_end: FrontEnd) -> String {
    let (features, build): (&[&str], _) = match front_end {
        FrontEnd::Build => {
            let csmlc = runtime.dependency("csmlc", &["text"]);
            (&["ctrl-c", "node"], format!("\n[build-dependencies]\ncsmlc = {csmlc}\n"))
        }
        FrontEnd::Macro | FrontEnd::Cli => (&["ctrl-c", "macros", "node"], String::new()),
    };
    let runtime = runtime.dependency("csml-rt", features);
    format!(
        r#"[package]
name = "{package}"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
csml-rt = {runtime}
tokio = {{ version = "1", features = ["macros", "rt-multi-thread", "time"] }}
{build}
# A crate of its own, also within the folder of another workspace.
[workspace]
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_front_end_has_its_files() {
        let names =
            |front_end| files("my lamp", front_end, &Runtime::Registry).into_keys().collect::<Vec<_>>();
        assert_eq!(names(FrontEnd::Cli), ["README.md", "events.jsonl", "lamp.csml", "services.json"]);
        assert_eq!(
            names(FrontEnd::Macro),
            [".gitignore", "Cargo.toml", "README.md", "lamp.csml", "src/main.rs"]
        );
        assert!(names(FrontEnd::Build).contains(&"build.rs".to_owned()));
    }

    #[test]
    #[cfg(not(windows))]
    fn a_path_is_one_word_for_a_shell() {
        assert_eq!(word("lamps/my-lamp"), "lamps/my-lamp");
        assert_eq!(word("my lamp"), "'my lamp'");
        assert_eq!(word("it's"), "'it'\\''s'");
        assert_eq!(word("--front-end"), "./--front-end");
    }

    #[test]
    fn nothing_is_left_to_fill_in() {
        for front_end in [FrontEnd::Cli, FrontEnd::Macro, FrontEnd::Build] {
            for (name, text) in files("my lamp", front_end, &Runtime::Registry) {
                assert!(!["@NAME@", "@HOW@", "@MODULE@"].iter().any(|gap| text.contains(gap)), "{name}");
            }
        }
    }
}
