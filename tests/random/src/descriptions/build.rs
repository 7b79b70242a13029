//! Modules in batches, checked by rustc with all warnings denied.

use std::{fmt::Write as _, fs, io, path::Path, process::Command};

/// A module: its number among the descriptions, and its text.
pub type Module = (u64, String);

/// Checks modules that are in one crate. `folder` is made for it; what its dependencies compile to stays there.
///
/// # Errors
/// What rustc, or clippy, says against them, or why they cannot be checked.
pub fn check(folder: &Path, modules: &[Module], command: &str) -> Result<(), String> {
    write_crate(folder, modules).map_err(|error| format!("{}: {error}", folder.display()))?;
    let output = Command::new(env!("CARGO"))
        .args([command, "--quiet", "--offline"])
        .current_dir(folder)
        .env_remove("RUSTFLAGS")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .output()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn write_crate(folder: &Path, modules: &[Module]) -> io::Result<()> {
    let source = folder.join("src");
    // Modules of an earlier run may have other numbers.
    if source.exists() {
        fs::remove_dir_all(&source)?;
    }
    fs::create_dir_all(&source)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let manifest = format!(
        "[package]\nname = \"random\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\ncsml-rt = {{ path = {:?} }}\n\n[profile.dev]\ndebug = false\nincremental = false\n",
        root.join("csml-rt"),
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    // The same versions as here, without asking a registry.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let mut main = String::from("#![deny(warnings)]\n\n");
    for (number, text) in modules {
        fs::write(source.join(format!("d{number}.rs")), text)?;
        _ = writeln!(main, "mod d{number};");
    }
    main.push_str("\nfn main() {}\n");
    fs::write(source.join("main.rs"), main)
}
