//! One change anywhere in a description that holds every construct: what the schema then says is what the compiler says.

use serde_json::{Value, json};

use super::{EVERYTHING, agree, errors, plain, refusals, reported, validator};
use crate::{canonicalise, diagnostic::Diagnostics, source::Sources};

/// What is put in the place of each value.
fn wrong_values() -> [Value; 7] {
    [json!(null), json!(true), json!(7), json!("seven"), json!([]), json!({}), json!(["x", { "y": 1 }])]
}

/// The paths of all values in a value.
fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                paths(member, &format!("{path}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                paths(item, &format!("{path}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// All changes of one description.
fn mutants(whole: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    paths(whole, "", &mut found);
    let mut mutants = Vec::new();
    let mut change = |what: String, path: &str, with: &dyn Fn(&mut Value)| {
        let mut mutant = whole.clone();
        with(mutant.pointer_mut(path).unwrap());
        if mutant != *whole {
            mutants.push((what, mutant));
        }
    };
    for path in &found {
        for wrong in wrong_values() {
            change(format!("{path} is {wrong}"), path, &|value| *value = wrong.clone());
        }
        let Some((parent, key)) = path.rsplit_once('/') else { continue };
        change(format!("{path} is removed"), parent, &|parent| match parent {
            Value::Object(members) => {
                members.remove(key);
            }
            Value::Array(items) => {
                items.remove(key.parse().unwrap());
            }
            _ => {}
        });
        for new in [
            "localContext",
            "persistentData",
            "staticData",
            "actions",
            "action",
            "reference",
            "name",
            "type",
            "x",
        ] {
            change(format!("{path} is called {new}"), parent, &|parent| {
                if let Value::Object(members) = parent
                    && !members.contains_key(new)
                {
                    let member = members.remove(key).unwrap();
                    members.insert(new.to_owned(), member);
                }
            });
            change(format!("{path} stands twice, also as {new}"), parent, &|parent| {
                if let Value::Object(members) = parent
                    && let Some(member) = members.get(key).cloned()
                {
                    members.entry(new).or_insert(member);
                }
            });
        }
    }
    mutants
}

/// The errors of the front end, which are nearly all that matter here and come at once.
fn refusals_of_the_front_end(description: &str) -> Vec<(&'static str, String)> {
    let mut sources = Sources::new();
    let id = sources.add_bytes("description.csml", description.as_bytes().to_vec());
    let mut diagnostics = Diagnostics::new();
    let _ = canonicalise(&sources, id, &mut diagnostics);
    reported(&diagnostics)
}

#[test]
fn the_schema_and_the_compiler_agree() {
    let validator = validator();
    let everything = plain(EVERYTHING);
    assert_eq!(errors(&validator, &everything), []);
    assert_eq!(refusals(EVERYTHING), []);
    let mutants = mutants(&everything);
    let mut refused = 0;
    let mut differences = Vec::new();
    for (what, mutant) in &mutants {
        let text = mutant.to_string();
        let errors = errors(&validator, mutant);
        let mut refusals = refusals_of_the_front_end(&text);
        if !agree(&errors, &refusals) {
            refusals = super::refusals(&text);
        }
        if !agree(&errors, &refusals) {
            differences.push(format!("{what}\n  schema: {errors:?}\n  compiler: {refusals:?}"));
        }
        refused += usize::from(!errors.is_empty());
    }
    let all = mutants.len();
    assert!(differences.is_empty(), "{} of {all}:\n{}", differences.len(), differences.join("\n"));
    assert!(all > 5000 && refused > all / 2 && refused < all, "{refused} of {all}");
}
