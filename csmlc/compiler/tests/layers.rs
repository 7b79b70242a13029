//! The order of the modules: each uses those above it alone. This is the architecture of the compiler.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "it reads the sources of the crate")]

use std::{fs, path::Path};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

const LAYERS: &[&str] = &[
    // What everything stands on.
    "lists",
    "sorted",
    "source",
    "text",
    "vocabulary",
    "types",
    "diagnostics",
    "files",
    // Text → canonical tree.
    "read",
    "canonical",
    "syntax",
    "inherit",
    "normalise",
    "front",
    // Canonical tree → typed program.
    "model",
    "resolve",
    "expr",
    "annotations",
    "placement",
    "ir",
    "solve",
    "lower",
    "determinism",
    "check",
    // Program → Rust.
    "options",
    "codegen",
    // All passes together, and what front ends call.
    "compile",
    "rules",
    "project",
    "request",
    "expand",
];

/// Names of the crate's root that are not modules, with the module they are from.
const REEXPORTED: &[(&str, &str)] = &[
    ("Options", "options"),
    ("Output", "compile"),
    ("canonicalise", "front"),
    ("lay_out", "read"),
    ("types_report", "ir"),
];

#[test]
fn no_module_uses_a_later_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    let mut files = Vec::new();
    let mut all = 0;
    collect(&root, &mut files);
    assert!(files.len() > 200, "{}", files.len());
    for file in files {
        let inside = file.strip_prefix(&root).unwrap();
        let parts: Vec<String> =
            inside.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if parts == ["lib"] || parts.iter().any(|part| part == "tests") {
            continue;
        }
        let depth =
            if parts.last().is_some_and(|last| last == "mod") { parts.len() - 1 } else { parts.len() };
        let text = fs::read_to_string(&file).unwrap();
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut used = Vec::new();
        uses(tokens, depth, &mut used);
        let own = layer(&parts[0]).unwrap_or_else(|| panic!("`{}` is not in the list of layers", parts[0]));
        all += used.len();
        for name in used {
            match layer(&name) {
                Some(other) if other > own => {
                    faults.push(format!("{} uses `{name}`, which is a later one", inside.display()));
                }
                Some(_) => {}
                None => faults.push(format!("{}: `{name}` is not in the list of layers", inside.display())),
            }
        }
    }
    assert!(all > 600, "{all} uses");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn layer(name: &str) -> Option<usize> {
    let module = REEXPORTED.iter().find(|(reexported, _)| *reexported == name).map_or(name, |(_, from)| from);
    LAYERS.iter().position(|layer| *layer == module)
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The names of the crate's root that tokens use, by `crate::` or by as many `super::` as lead there; without what
/// only tests have.
fn uses(tokens: TokenStream, depth: usize, used: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Punct(punct)
                if punct.as_char() == '#'
                    && tokens.get(at).is_some_and(|it| it.to_string().replace(' ', "") == "[cfg(test)]") =>
            {
                let ends = |it: &TokenTree| match it {
                    TokenTree::Punct(punct) => punct.as_char() == ';',
                    TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                    _ => false,
                };
                at += tokens[at..].iter().position(ends).map_or(0, |end| end + 1);
            }
            TokenTree::Ident(ident) if ident == "crate" => at = names(&tokens, at, used),
            TokenTree::Ident(ident) if ident == "super" => {
                let mut supers = 1;
                while tokens.get(at + 2).is_some_and(|it| it.to_string() == "super") {
                    supers += 1;
                    at += 3;
                }
                if supers == depth {
                    at = names(&tokens, at, used);
                }
            }
            TokenTree::Group(group) => uses(group.stream(), depth, used),
            _ => {}
        }
    }
}

/// The names after `::`: one, or those of a group. Returns where to go on.
fn names(tokens: &[TokenTree], at: usize, used: &mut Vec<String>) -> usize {
    let colons = tokens.get(at..at + 2).is_some_and(|pair| pair.iter().all(|it| it.to_string() == ":"));
    if !colons {
        return at;
    }
    match tokens.get(at + 2) {
        Some(TokenTree::Ident(ident)) => used.push(ident.to_string()),
        Some(TokenTree::Group(group)) => {
            let mut first = true;
            for token in group.stream() {
                match token {
                    TokenTree::Ident(ident) if first => {
                        used.push(ident.to_string());
                        first = false;
                    }
                    TokenTree::Punct(punct) if punct.as_char() == ',' => first = true,
                    _ => {}
                }
            }
        }
        _ => {}
    }
    at + 3
}
