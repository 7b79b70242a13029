//! Modules of the cases that have several top-level instances and may be split over processes.

#[path = "../build/cases.rs"]
mod cases;

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use cases::{areas, folders, last};
use csml_compiler::vocabulary::MemoryMode;

fn main() {
    cases::end_with(build());
}

fn build() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=../cases");
    println!("cargo:rerun-if-changed=cases");
    println!("cargo:rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let levels = cases::levels()?;
    let mut modules = String::new();
    let mut list = String::new();
    let mut all: Vec<(PathBuf, String)> = Vec::new();
    for area in areas(Path::new("../cases"))? {
        all.extend(folders(&area)?.into_iter().map(|case| (case, last(&area))));
    }
    all.extend(folders(Path::new("cases"))?.into_iter().map(|case| (case, "own".to_owned())));
    for (case, area) in all {
        // Without a trace nothing runs. What project files say is a matter of the suite.
        let runs = case.join("trace.jsonl").is_file() || area == "own";
        if !runs || case.join("csml.toml").is_file() {
            continue;
        }
        let name = last(&case);
        let text = fs::read(case.join("description.csml"))?;
        let compiled = cases::compile(text, &name, &levels);
        let output = compiled.output.ok_or_else(|| format!("{} does not compile", case.display()))?;
        let app = &output.program.app;
        let tops = app.machines.iter().filter(|(_, machine)| machine.parent.is_none()).count();
        let args = fs::read_to_string(case.join("args")).unwrap_or_default();
        let instances = args.split_whitespace().filter(|word| *word == "instance").count();
        if app.memory_mode != MemoryMode::Distributed || tops.max(instances) < 2 {
            continue;
        }
        let file = out.join(&name).with_extension("rs");
        fs::write(&file, csmlc::emit::module_text(&output, "description.csml")?)?;
        writeln!(modules, "include!(concat!(env!(\"OUT_DIR\"), \"/{name}.rs\"));")?;
        writeln!(list, "case::<{name}::Machines>(\"{area}\", \"{name}\"),")?;
    }
    fs::write(out.join("modules.rs"), modules)?;
    fs::write(out.join("list.rs"), format!("vec![{list}]"))?;
    Ok(())
}
