//! Names of packages.

/// A valid package name like the name of a description: lower case words joined by `-`.
#[must_use]
pub fn package_name(name: &str) -> String {
    let mut package = String::new();
    let mut previous_lower = false;
    for next in name.chars() {
        if next.is_ascii_alphanumeric() {
            if next.is_ascii_uppercase() && previous_lower && !package.ends_with('-') {
                package.push('-');
            }
            package.push(next.to_ascii_lowercase());
        } else if !package.is_empty() && !package.ends_with('-') {
            package.push('-');
        }
        previous_lower = next.is_ascii_lowercase() || next.is_ascii_digit();
    }
    package.truncate(LONGEST);
    let package = package.trim_end_matches('-');
    match package.chars().next() {
        None => "csml-app".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("csml-{package}"),
        Some(_) if RESERVED.contains(&package) => format!("{package}-app"),
        Some(_) => package.to_owned(),
    }
}

/// Longer names make longer file names than some systems take.
const LONGEST: usize = 64;

/// Names that cargo refuses for a binary, that would hide a crate or a tool, that are keywords, or that
/// Windows keeps for devices.
const RESERVED: [&str; 88] = [
    "abstract",
    "alloc",
    "as",
    "async",
    "auto",
    "await",
    "aux",
    "become",
    "box",
    "break",
    "build",
    "com1",
    "com2",
    "com3",
    "com4",
    "con",
    "const",
    "continue",
    "core",
    "crate",
    "csml-rt",
    "csml-rt-core",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "lpt1",
    "lpt2",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "nul",
    "override",
    "priv",
    "prn",
    "proc-macro",
    "pub",
    "raw",
    "ref",
    "return",
    "rustc",
    "safe",
    "self",
    "serde",
    "serde-json",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "tests",
    "tokio",
    "tracing",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    "cargo",
    "clap",
    "csml-compiler",
    "csml-macros",
    "csmlc",
    "bin",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_package_names() {
        for (name, package) in [
            ("railway", "railway"),
            ("collaborativeStateMachine", "collaborative-state-machine"),
            ("Rail way_1", "rail-way-1"),
            ("HTTPServer", "httpserver"),
            ("2 gates", "csml-2-gates"),
            ("铁路", "csml-app"),
            ("", "csml-app"),
            ("--a--", "a"),
            ("match", "match-app"),
            ("Test", "test-app"),
            ("csml_rt", "csml-rt-app"),
            ("../../etc", "etc"),
            ("a\"]\nb", "a-b"),
        ] {
            assert_eq!(package_name(name), package, "{name:?}");
        }
        assert_eq!(package_name(&"x".repeat(1000)).len(), 64);
    }
}
