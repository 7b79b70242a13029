//! Random scripts give the same compiled with types, compiled without types, and evaluated. `CSML_ALL=1`, which
//! `cargo xtask test --all` sets, takes more of them.

use std::path::Path;

use csml_tests_random::expressions::{
    compiled::{Outcome, evaluate},
    evaluated::evaluated,
    random::{Style, script},
};

#[test]
fn typed_untyped_and_evaluated_agree() {
    let scripts = if std::env::var_os("CSML_ALL").is_some() { 600 } else { 150 };
    let seeds: Vec<u64> = (0..scripts).collect();
    let typed: Vec<String> = seeds.iter().map(|seed| script(*seed, Style::Typed)).collect();
    let untyped: Vec<String> = seeds.iter().map(|seed| script(*seed, Style::Untyped)).collect();
    let both: Vec<String> = typed.iter().chain(&untyped).cloned().collect();
    let outcomes = evaluate(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("agreement"), &both);
    let mut wrong = Vec::new();
    let mut failed = 0;
    for (source, outcome) in both.iter().zip(&outcomes) {
        let expected = evaluated(source);
        failed += u64::from(expected.is_err());
        let agrees = match (&expected, outcome) {
            (Ok(expected), Outcome::Value(found)) => expected == found,
            (Err(_), Outcome::Failed(_) | Outcome::Refused(_)) => true,
            _ => false,
        };
        if !agrees {
            wrong.push(format!("{source}\n    evaluated {expected:?}\n    compiled  {outcome:?}"));
        }
    }
    println!("{} scripts, {failed} of them fail", both.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), both.len(), wrong.join("\n"));
    assert!(failed < scripts, "most scripts fail and so say nothing");
}
