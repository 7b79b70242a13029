//! What holds for every description.

use std::panic::{AssertUnwindSafe, catch_unwind};

use csmlc::{
    Options,
    diagnostics::{
        Diagnostics,
        levels::Levels,
        render::{Style, render},
    },
    emit::module_text,
    formats::to_json_line,
    request::{Compiled, compile_bytes},
};

/// Compiles a description. Its module's text, if it is accepted.
///
/// # Errors
/// If the compiler panics, says something about a place outside of the text, or is not of one mind.
pub fn compile(text: &str, options: &Options) -> Result<Option<String>, String> {
    match catch_unwind(AssertUnwindSafe(|| checked(text, options))) {
        Ok(result) => result,
        Err(panic) => {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(format!("the compiler panicked: {}", said.unwrap_or("without a word")))
        }
    }
}

fn checked(text: &str, options: &Options) -> Result<Option<String>, String> {
    let run = |options: &Options| compile_bytes("random.csml", text.into(), options, &Levels::new());
    let compiled = run(options);
    told(&compiled)?;
    let check = run(&Options { generate: false, ..options.clone() });
    if said(&check.diagnostics) != said(&compiled.diagnostics) {
        return Err("`check` says something else than the whole compiler".to_owned());
    }
    match &compiled.output {
        Some(output) => module_text(output, "random.csml").map(Some).map_err(|error| error.to_string()),
        None if compiled.diagnostics.has_errors() => Ok(None),
        None => Err("no module, and no reason".to_owned()),
    }
}

fn said(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics.iter().map(|found| format!("{found:?}")).collect()
}

/// Checks that each diagnostic has places in the text and can be shown.
fn told(compiled: &Compiled) -> Result<(), String> {
    for diagnostic in compiled.diagnostics.iter() {
        let (code, message) = (diagnostic.rule.code, &diagnostic.message);
        if code.starts_with("CSML09") {
            return Err(format!("internal error: {message}"));
        }
        for label in [&diagnostic.primary].into_iter().chain(&diagnostic.related) {
            let text = &compiled.sources.get(label.span.source).text;
            if text.get(label.span.start as usize..label.span.end as usize).is_none() {
                return Err(format!("{code} {message}: {:?} is no place in the text", label.span));
            }
        }
        let shown = render(&compiled.sources, diagnostic, Style::Plain);
        if !shown.lines().next().is_some_and(|title| title.contains(code)) {
            return Err(format!("{code} has no title:\n{shown}"));
        }
        let line = to_json_line(&compiled.sources, diagnostic);
        serde_json::from_str::<serde_json::Value>(&line).map_err(|error| format!("{error}: {line}"))?;
    }
    Ok(())
}
