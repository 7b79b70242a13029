//! Whatever the input, there is a module that is Rust, or a message with a place: never a panic, an overflow or
//! an internal error.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod binary;
#[path = "../common/mod.rs"]
mod common;
mod hostile;
mod mutated;
mod random;
mod texts;
mod wrong_types;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use csml_compiler::{
    Options,
    diagnostics::{
        Diagnostics,
        levels::Levels,
        render::{Style, render},
    },
    request::{Compiled, compile_bytes},
    source::Sources,
};
use csmlc::{emit::module_text, formats::to_json_line};

/// The texts of the example descriptions.
fn examples() -> Vec<(&'static str, String)> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    ["crossing", "camera", "bottling"]
        .map(|name| (name, fs::read_to_string(examples.join(name).join(format!("{name}.csml"))).unwrap()))
        .into()
}

/// Compiles a text and checks what holds for every text. The generated module, if there is one.
///
/// `case` says in a failing test which case it was.
fn compile(case: &dyn Fn() -> String, text: &[u8]) -> Option<String> {
    match catch_unwind(AssertUnwindSafe(|| checked(text))) {
        Ok(Ok(module)) => module,
        Ok(Err(wrong)) => panic!("{}: {wrong}", case()),
        Err(_) => panic!("{}: the compiler panicked", case()),
    }
}

fn checked(text: &[u8]) -> Result<Option<String>, String> {
    let compiled = compile_bytes("case.csml", text.to_vec(), &Options::default(), &Levels::new());
    told(&compiled)?;
    rewritten(text)?;
    let Some(output) = &compiled.output else {
        return match compiled.diagnostics.has_errors() {
            true => Ok(None),
            false => Err("no module, and no reason".to_owned()),
        };
    };
    // Fails if it is not Rust.
    module_text(output, "case.csml").map(Some).map_err(|error| error.to_string())
}

/// Formats and converts a text, which must read afterwards, and be formatted then.
fn rewritten(text: &[u8]) -> Result<(), String> {
    let rewrite = |text: &[u8], convert: bool| {
        let mut sources = Sources::new();
        let id = sources.add_bytes("case.csml", text.to_vec());
        let mut diagnostics = Diagnostics::new();
        if convert {
            // This begins with everything that is done without flattening.
            csmlc::convert::convert(&sources, id, true, &mut diagnostics).map(|converted| converted.text)
        } else {
            csmlc::layout::format(&sources, id, &mut diagnostics)
        }
    };
    let Some(text) = rewrite(text, true).or_else(|| rewrite(text, false)) else { return Ok(()) };
    match rewrite(text.as_bytes(), false) {
        Some(again) if again == text => Ok(()),
        _ => Err(format!("formatting again changes\n{text}")),
    }
}

/// Checks that each diagnostic can be shown, on one line and with a place in the text.
fn told(compiled: &Compiled) -> Result<(), String> {
    for diagnostic in compiled.diagnostics.iter() {
        let (code, message) = (diagnostic.rule.code, &diagnostic.message);
        if code.starts_with("CSML09") {
            return Err(format!("internal error: {message}"));
        }
        let labels = [&diagnostic.primary].into_iter().chain(&diagnostic.related);
        for label in labels {
            let length = compiled.sources.get(label.span.source).text.len();
            if label.span.start > label.span.end || label.span.end as usize > length {
                return Err(format!("{code} {message}: {:?} is outside of the text", label.span));
            }
        }
        let shown = render(&compiled.sources, diagnostic, Style::Plain);
        let place = format!("--> case.csml:{}", compiled.sources.position(diagnostic.primary.span));
        let title = shown.lines().next().unwrap_or_default();
        if !title.contains(code) || !shown.contains(&place) {
            return Err(format!("{code}: no title or no place {place} in\n{shown}"));
        }
        let line = to_json_line(&compiled.sources, diagnostic);
        serde_json::from_str::<serde_json::Value>(&line).map_err(|error| format!("{error}: {line}"))?;
        for made in diagnostic.fixes.iter().filter_map(|fix| fix.replacements(&compiled.sources)).flatten() {
            let text = &compiled.sources.get(made.span.source).text;
            if text.get(made.span.start as usize..made.span.end as usize).is_none() {
                return Err(format!("{code} {message}: {:?} is no place to change", made.span));
            }
        }
    }
    Ok(())
}

#[test]
fn the_examples_are_good() {
    for (name, text) in examples() {
        assert!(compile(&|| name.to_owned(), text.as_bytes()).is_some(), "{name}");
    }
}
