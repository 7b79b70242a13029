//! The pipeline: all passes in order.

use proc_macro2::TokenStream;

use crate::{
    annotations::{self, HostFunctions},
    canonicalise, check, codegen, determinism,
    diagnostics::Diagnostics,
    expr,
    ir::{self, Program},
    lower,
    options::Options,
    placement, resolve, solve,
    sorted::SortedSet,
    source::{SourceId, Sources},
};

/// A compiled description.
#[derive(Debug)]
pub struct Output {
    /// The typed program.
    pub program: Program,
    /// Name of the generated module.
    pub module: String,
    /// The generated module: `pub mod name { … }`; empty if it was not asked for.
    pub tokens: TokenStream,
    /// Paths of the user's own types and functions that the module names.
    pub host_paths: SortedSet<String>,
}

/// Compiles the description `root`. Pure: no I/O, and the same input gives the same output.
///
/// The output is absent if a diagnostic is an error.
#[must_use]
pub fn compile(sources: &Sources, root: SourceId, options: &Options) -> (Option<Output>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let output = pipeline(sources, root, options, &mut diagnostics);
    diagnostics.sort();
    let output = output.filter(|_| !diagnostics.has_errors());
    (output, diagnostics)
}

/// The passes, strictly forward. What is in error is left out or broken, and everything else is still looked at: all
/// errors that do not follow from others are reported at once. Only a structure that is in doubt ends the pipeline
/// early, and no code is generated where there are errors.
fn pipeline(
    sources: &Sources,
    root: SourceId,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Output> {
    let canonical = canonicalise(sources, root, diagnostics)?;
    let mut app = resolve::resolve(&canonical, diagnostics)?;
    app.choice = options.choice;
    check::structure(&app, diagnostics);
    let placement = placement::place(&app, &options.placement, diagnostics);
    let functions = HostFunctions::new(&options.annotations, diagnostics);
    let mut app = expr::resolve_with(app, &functions.arities(), diagnostics);
    let annotations = annotations::resolve(&mut app, &options.annotations, functions, sources, diagnostics);
    check::usage(&app, diagnostics);
    let solution = solve::solve(app, &annotations, diagnostics);
    check::expressions(&solution, diagnostics);
    let typed = lower::lower(solution, annotations, sources, diagnostics);
    let choices = determinism::choices(&typed, options.overlaps_checked, diagnostics);
    check::guards(&typed.app, diagnostics);
    let program = typed.complete(choices, placement);
    diagnostics.stop_on_errors()?;
    let (module, tokens) = codegen::generate(&program, sources, options);
    let host_paths = ir::host_paths(&program);
    Some(Output { program, module: module.to_string(), tokens, host_paths })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        let mut sources = Sources::new();
        let id = sources.add("t.csml", text);
        let (output, diagnostics) = compile(&sources, id, &Options::default());
        assert_eq!(output.is_none(), diagnostics.has_errors());
        diagnostics
            .iter()
            .map(|found| format!("{} {}", found.rule.name, sources.text(found.primary.span)))
            .collect()
    }

    #[test]
    fn errors_of_all_passes_are_reported_at_once() {
        let text = r#"{ "name": "many", "version": "2.0", "stateMachines": [{
            "name": "lamp",
            "localData": [
                { "name": "level", "value": "0" },
                { "name": "limit", "value": [5] },
                { "name": "label", "value": "'a' - 1" }
            ],
            "states": [
                { "name": "off", "initial": "true",
                  "entry": [{ "type": "asign", "variable": "levl", "value": "1" }],
                  "on": [
                    { "event": "press", "channel": "peripheral", "target": "onn", "guards": ["level + 1"] },
                    { "event": "dim", "channel": "peripheral", "target": "on", "gaurds": ["level > limit &&"] }
                  ] },
                { "name": "on", "terminal": true,
                  "entry": [{ "type": "assign", "variable": "level", "value": "lebel + 1" }] }
            ]
        }] }"#;
        assert_eq!(
            said(text),
            [
                "wrong-json-type [",
                "refused-operation 'a'",
                "wrong-json-type \"true\"",
                "unknown-value \"asign\"",
                "unknown-variable \"levl\"",
                "unknown-state \"onn\"",
                "guard-not-boolean level + 1",
                "unknown-keyword \"gaurds\"",
                "expression-syntax ",
                "unknown-variable-in-expression lebel",
            ]
        );
    }

    #[test]
    fn what_follows_from_an_error_is_not_reported() {
        let machine = |rest: &str| {
            format!(r#"{{ "name": "d", "version": "2.0", "stateMachines": [{{ "name": "m", {rest} }}] }}"#)
        };
        for (rest, expected) in [
            // The state behind an unknown target is not unreachable, its data not unknown.
            (
                r#""states": [
                    { "name": "a", "initial": true,
                      "on": [{ "event": "e", "channel": "peripheral", "target": "c" }] },
                    { "name": "b", "entry": [{ "type": "raise",
                        "event": { "name": "f", "channel": "peripheral",
                                   "data": [{ "name": "x", "value": "$x" }] } }] }]"#,
                "unknown-state \"c\"",
            ),
            // A variable whose value is in error exists, and one whose name is may be any.
            (
                r#""localData": [{ "name": "n", "value": [1] }],
                   "states": [{ "name": "a", "initial": true, "on": [
                    { "event": "e", "channel": "peripheral", "guards": ["n > 1"] }] }]"#,
                "wrong-json-type [",
            ),
            (
                r#""localData": [{ "value": "1" }],
                   "states": [{ "name": "a", "initial": true, "on": [
                    { "event": "e", "channel": "peripheral", "guards": ["n > 1"] }] }]"#,
                "missing-keyword {",
            ),
            // A variable that is misspelt where it is read is not unread.
            (
                r#""localData": [{ "name": "level", "value": "1" }],
                   "states": [{ "name": "a", "initial": true, "on": [
                    { "event": "e", "channel": "peripheral", "guards": ["levle > 1"] }] }]"#,
                "unknown-variable-in-expression levle",
            ),
            // States that cannot be read are not missing.
            (r#""states": 5"#, "wrong-json-type 5"),
            (r#""states": [5]"#, "wrong-json-type 5"),
            (r#""stats": [{ "name": "a", "initial": true }]"#, "unknown-keyword \"stats\""),
        ] {
            assert_eq!(said(&machine(rest)), [expected], "{rest}");
        }
    }
}
