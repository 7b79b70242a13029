//! What the fuzz targets do, as functions, so that short runs are ordinary tests.
//!
//! `fuzz/` calls them under libFuzzer; `cargo xtask fuzz` runs either that or [`mutate`] for a given time.

pub mod mutate;
pub mod seeds;
pub mod trees;

use std::collections::BTreeMap;

use csml_expr::{Fault, Parsed, eval::Program, parse as parse_text, print};
use csml_rt_core::{Rng, Value};

/// A target: takes any text, panics on a mistake.
pub type Target = fn(&str);

/// The targets by name.
pub const TARGETS: [(&str, Target); 2] = [("parse", parse), ("evaluate", evaluate)];

/// Parses without places, so that trees of different texts compare.
///
/// # Errors
/// The text is not in the language.
pub fn parsed(text: &str) -> Result<Parsed<()>, Fault> {
    parse_text(text, &|_, _| ())
}

/// Parsing never panics, places lie in the text, and parsing what was printed gives the same tree.
///
/// # Panics
/// If that is not so.
pub fn parse(text: &str) {
    match parse_text(text, &|start, end| (start, end)) {
        Ok(script) => script.root.visit(&mut |part| {
            let (start, end) = part.span;
            assert!(text.get(start..end).is_some(), "{start}..{end} in {text:?}");
        }),
        Err(fault) => {
            let (start, end) = fault.place();
            assert!(text.get(start..end).is_some(), "{start}..{end} in {text:?}: {fault:?}");
            assert!(!fault.message().is_empty(), "{text:?}");
        }
    }
    if let Ok(script) = parsed(text) {
        round_trip(&script);
    }
}

/// The text of a tree, which must give that tree.
///
/// # Panics
/// If it does not.
pub fn round_trip(script: &Parsed<()>) -> String {
    let text = print(script);
    let again = parsed(&text);
    // Not by `==`: no NaN equals another.
    assert_eq!(format!("{again:?}"), format!("{:?}", Ok::<_, Fault>(script)), "{text}");
    text
}

/// Rounds of loops and calls an evaluation may take.
const LOOP_LIMIT: u64 = 500;

/// Evaluating never panics, and gives the same value or error each time.
///
/// # Panics
/// If that is not so.
pub fn evaluate(text: &str) {
    let Ok(script) = parsed(text) else { return };
    let program = Program::new(&script);
    let run = || {
        let mut variables = variables();
        let result = program.evaluate(&mut variables, &mut Rng::new(7), LOOP_LIMIT);
        (result.map(|value| format!("{value:?}")), format!("{variables:?}"))
    };
    assert_eq!(run(), run(), "{text}");
}

/// Variables of the names that seeds use.
fn variables() -> BTreeMap<String, Value> {
    let list = Value::list([1.into(), 2.5.into(), "a".into(), Value::Null]);
    BTreeMap::from([
        ("a".to_owned(), 3.into()),
        ("b".to_owned(), "abc".into()),
        ("c".to_owned(), true.into()),
        ("l".to_owned(), list.clone()),
        ("m".to_owned(), Value::map([(Value::from("k"), list)])),
        ("n".to_owned(), Value::Null),
        ("$x".to_owned(), 0.5.into()),
    ])
}
