//! Comparing with expected files, and renewing them.

use std::{env, fmt::Write as _, fs, path::Path};

/// Whether expected files are rewritten: `cargo xtask bless` sets it.
pub(crate) fn blessing() -> bool {
    env::var_os("CSML_BLESS").is_some_and(|value| !value.is_empty() && value != "0")
}

/// Compares a text with the file at `path`; no text means that there must be no file. Reports the first difference.
pub(crate) fn compare(path: &Path, actual: Option<&str>) -> Result<(), String> {
    let expected = fs::read_to_string(path).ok();
    if expected.as_deref() == actual {
        return Ok(());
    }
    if blessing() {
        let renewed = match actual {
            Some(text) => fs::write(path, text),
            None => fs::remove_file(path),
        };
        return renewed.map_err(|error| format!("{}: {error}", path.display()));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Err(match (&expected, actual) {
        (Some(expected), Some(actual)) => {
            format!("{name} differs (- expected, + actual):\n{}", difference(expected, actual))
        }
        (None, Some(actual)) => {
            format!("there is no {name}; `cargo xtask bless` would write:\n{}", difference("", actual))
        }
        (_, None) => format!("{name} is there, but nothing was made for it"),
    })
}

/// Both texts line by line, in the order of a longest common subsequence.
pub(crate) fn difference(expected: &str, actual: &str) -> String {
    let a: Vec<&str> = expected.lines().collect();
    let b: Vec<&str> = actual.lines().collect();
    // Length of the longest common subsequence of a[i..] and b[j..].
    let mut common = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] =
                if a[i] == b[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut out = String::new();
    while i < a.len() || j < b.len() {
        // Writing to a String cannot fail.
        let _ = if i < a.len() && j < b.len() && a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
            writeln!(out, "  {}", a[i - 1])
        } else if j == b.len() || i < a.len() && common[i + 1][j] >= common[i][j + 1] {
            i += 1;
            writeln!(out, "- {}", a[i - 1])
        } else {
            j += 1;
            writeln!(out, "+ {}", b[j - 1])
        };
    }
    out
}

#[test]
fn a_difference_shows_both_texts_in_order() {
    assert_eq!(difference("a\nb\nc\n", "a\nx\nc\nd\n"), "  a\n- b\n+ x\n  c\n+ d\n");
}
