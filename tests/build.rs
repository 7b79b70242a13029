//! Compiles every case that runs with the build script, and writes the lists of cases for the test programs.

#[path = "build/cases.rs"]
mod cases;

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use cases::{areas, folders, last};
use csmlc::diagnostics::levels::Levels;

/// The areas whose descriptions also run converted, in either way.
const CONVERTED: [&str; 2] = ["actions", "dialects"];

/// Names of the cases that run, by area.
type Cases = BTreeMap<String, Vec<String>>;

fn main() {
    cases::end_with(build());
}

fn build() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=cases");
    println!("cargo:rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let cases = find(Path::new("cases"))?;
    let levels = cases::levels()?;
    let builder = csmlc::Builder::new().levels(levels.clone());
    let mut failed = Vec::new();
    for (area, names) in &cases {
        for name in names {
            let built = builder
                .clone()
                .module(name.as_str())
                .out_dir(out.join(area).join(name))
                .compile(Path::new("cases").join(area).join(name).join("description.csml"));
            failed.extend(built.err().map(|error| error.to_string()));
        }
    }
    if !failed.is_empty() {
        return Err(failed.join("\n\n").into());
    }
    fs::write(out.join("corpus_cases.rs"), corpus_cases(&builder.out_dir(&out))?)?;
    fs::write(out.join("build_script_cases.rs"), build_script_cases(&cases)?)?;
    fs::write(out.join("macro_cases.rs"), macro_cases(&cases)?)?;
    fs::write(out.join("run_tests.rs"), run_tests(&cases)?)?;
    fs::write(out.join("converted.rs"), converted(&cases, &out, &levels)?)?;
    Ok(())
}

fn find(root: &Path) -> io::Result<Cases> {
    let mut cases = Cases::new();
    for area in areas(root)? {
        for case in folders(&area)? {
            if case.join("description.csml").is_file() {
                cases.entry(last(&area)).or_default().push(last(&case));
            }
        }
    }
    Ok(cases)
}

/// A module for each area with the generated module of each case, and the list of all.
fn build_script_cases(cases: &Cases) -> Result<String, Box<dyn Error>> {
    let mut out = String::new();
    for (area, names) in cases {
        writeln!(out, "/// Cases of the area `{area}`.\npub(crate) mod {area} {{")?;
        for name in names {
            writeln!(out, "    include!(concat!(env!(\"OUT_DIR\"), \"/{area}/{name}/description.rs\"));")?;
        }
        writeln!(out, "}}")?;
    }
    writeln!(out, "/// Every case that runs.\npub(crate) static CASES: &[csml_tests::Case] = &[")?;
    for (area, names) in cases {
        for name in names {
            entry(&mut out, area, name)?;
        }
    }
    writeln!(out, "];")?;
    Ok(out)
}

/// The same for the macro; only the first case of each area is in the list, as every entry is an application
/// more to compile.
fn macro_cases(cases: &Cases) -> Result<String, Box<dyn Error>> {
    let mut out = String::new();
    for (area, names) in cases {
        writeln!(out, "/// Cases of the area `{area}`.\npub(crate) mod {area} {{")?;
        for name in names {
            writeln!(out, "    csml_rt::csml!(\"cases/{area}/{name}/description.csml\", mod = {name});")?;
        }
        writeln!(out, "}}")?;
    }
    writeln!(
        out,
        "/// Cases that run through this front end too.\npub(crate) static CASES: &[csml_tests::Case] = &["
    )?;
    for (area, names) in cases {
        if let Some(name) = names.first() {
            entry(&mut out, area, name)?;
        }
    }
    writeln!(out, "];")?;
    Ok(out)
}

/// Modules of the descriptions that `csmlc convert` writes, and the list of all.
fn converted(cases: &Cases, out: &Path, levels: &Levels) -> Result<String, Box<dyn Error>> {
    let mut modules = String::new();
    let mut list = String::new();
    for (form, flatten) in [("converted", false), ("flattened", true)] {
        writeln!(modules, "/// Descriptions {form}.\nmod {form} {{")?;
        for area in CONVERTED {
            let folder = out.join(form).join(area);
            fs::create_dir_all(&folder)?;
            writeln!(modules, "    pub(crate) mod {area} {{")?;
            for name in cases.get(area).into_iter().flatten() {
                let case = Path::new("cases").join(area).join(name);
                let text = convert(&case.join("description.csml"), flatten)?;
                let compiled = cases::compile(text.clone().into_bytes(), name, levels);
                let output = compiled.output.ok_or_else(|| format!("{form} {area}/{name}:\n{text}"))?;
                let file = folder.join(name).with_extension("rs");
                fs::write(file, csmlc::emit::module_text(&output, "description.csml")?)?;
                let file = format!("/{form}/{area}/{name}.rs");
                writeln!(modules, "        include!(concat!(env!(\"OUT_DIR\"), \"{file}\"));")?;
                write!(list, "(\"{form}\", csml_tests::Case {{ area: \"{area}\", name: \"{name}\", ")?;
                writeln!(list, "run: csml_tests::run::<{form}::{area}::{name}::Machines> }}),")?;
            }
            writeln!(modules, "    }}")?;
        }
        writeln!(modules, "}}")?;
    }
    writeln!(modules, "/// Every case in either form.")?;
    writeln!(modules, "pub(crate) static CASES: &[(&str, csml_tests::Case)] = &[{list}];")?;
    Ok(modules)
}

fn convert(description: &Path, flatten: bool) -> Result<String, Box<dyn Error>> {
    let mut sources = csmlc::source::Sources::new();
    let id = sources.add_bytes("description.csml", fs::read(description)?);
    let mut diagnostics = csmlc::diagnostics::Diagnostics::new();
    let converted = csmlc::convert::convert(&sources, id, flatten, &mut diagnostics);
    let errors: Vec<_> = diagnostics.iter().map(|found| found.message.as_str()).collect();
    Ok(converted.ok_or_else(|| format!("{}: {}", description.display(), errors.join("; ")))?.text)
}

/// Descriptions in use: a folder beside the checkout, or beside the folder of several worktrees.
fn corpus_cases(builder: &csmlc::Builder) -> Result<String, Box<dyn Error>> {
    let corpus = ["../../shared/corpus", "../../../shared/corpus"].map(Path::new);
    let corpus = corpus.into_iter().find(|folder| folder.is_dir());
    let mut modules = String::new();
    let mut list = String::new();
    for (name, file) in [("railway", "railway"), ("surveillance", "surveillance-system")] {
        let description = corpus.map(|folder| folder.join(file).with_extension("csml"));
        if let Some(description) = description.filter(|file| file.is_file()) {
            builder.clone().module(name).compile(description)?;
            writeln!(modules, "include!(concat!(env!(\"OUT_DIR\"), \"/{file}.rs\"));")?;
            let run = format!("csml_tests::run::<{name}::Machines>");
            writeln!(list, "csml_tests::Case {{ area: \"corpus\", name: \"{name}\", run: {run} }},")?;
        }
    }
    Ok(format!("{modules}pub(crate) static CASES: &[csml_tests::Case] = &[{list}];"))
}

fn entry(out: &mut String, area: &str, name: &str) -> Result<(), std::fmt::Error> {
    writeln!(
        out,
        "    csml_tests::Case {{ area: \"{area}\", name: \"{name}\", run: csml_tests::run::<{area}::{name}::Machines> }},"
    )
}

/// A test for each case, so that the name of a case selects it.
fn run_tests(cases: &Cases) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    for (area, names) in cases {
        writeln!(out, "mod {area} {{")?;
        for name in names {
            writeln!(out, "    #[test]\n    fn {name}() {{")?;
            writeln!(out, "        super::check(\"{area}\", \"{name}\");\n    }}")?;
        }
        writeln!(out, "}}")?;
    }
    Ok(out)
}
