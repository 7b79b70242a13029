//! Words that the glossary replaces do not come back: code, messages and pages use the field's.
#![allow(clippy::expect_used, reason = "what fails here fails a test")]

use csml_tests_docs::files::{files, read, root};

/// What is looked for, in lower case, and what is said instead.
const REPLACED: [(&str, &str); 21] = [
    ("breathe", "yield"),
    ("complain", "warn"),
    ("complaint", "diagnostic"),
    ("farewell", "shutdown"),
    ("for ever", "permanently"),
    ("goodbye", "disconnect"),
    ("habit", "lint"),
    ("heed", "handle"),
    ("macro door", "front end"),
    ("mend", "fix"),
    ("mended", "fixed"),
    ("obey", "execute"),
    ("stalls", "is blocked"),
    ("stand ins", "service stubs"),
    ("standin", "service stub"),
    ("standins", "service stubs"),
    ("taken back", "retried"),
    ("typing aid", "type annotation"),
    ("typing aids", "type annotations"),
    ("whoever", "the one that acts"),
    ("wishes", "settings"),
];

const FOLDERS: [&str; 9] =
    ["csmlc", "csml-macros", "csml-rt", "docs", "examples", "tests", "xtask", "benches", "fuzz"];

/// A text as words in lower case with one space between, whatever stood there; lines are kept.
fn words(line: &str) -> String {
    let mut words = String::from(" ");
    let mut before = ' ';
    for character in line.chars() {
        let apart = !character.is_alphanumeric();
        let hump = character.is_uppercase() && before.is_lowercase();
        if (apart || hump) && !words.ends_with(' ') {
            words.push(' ');
        }
        if !apart {
            words.extend(character.to_lowercase());
        }
        before = character;
    }
    words.push(' ');
    words
}

#[test]
fn words_are_found_in_any_spelling() {
    assert_eq!(words("a `StandIn::of(stand_in)`: for  ever!"), " a stand in of stand in for ever  ");
}

#[test]
fn replaced_words_are_gone() {
    let mut paths = Vec::new();
    for folder in FOLDERS {
        files(&root().join(folder), &[".rs", ".md", ".toml", ".txt", ".snap", ".stderr"], &mut paths);
    }
    let this = root().join("tests/docs/tests/words.rs");
    let mut found = Vec::new();
    for path in paths.iter().filter(|path| **path != this) {
        for (number, line) in read(path).lines().enumerate() {
            let line = words(line);
            for (word, instead) in REPLACED {
                if line.contains(&format!(" {word} ")) {
                    found.push(format!("{}:{}: `{word}`, say {instead}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
