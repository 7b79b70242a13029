//! One change anywhere in a description that holds every construct: what the schema then says is what the compiler says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{EVERYTHING, agree, errors, plain, refusals, reported, validator};
use csml_compiler::{canonicalise, diagnostics::Diagnostics, source::Sources};

/// What is put in the place of each value.
fn wrong_values() -> [Value; 6] {
    [json!(null), json!(true), json!(7), json!("seven"), json!([]), json!({})]
}

/// The paths of the values in a value, by where they stand if positions in lists do not count.
fn paths(value: &Value, path: &str, place: &str, found: &mut BTreeMap<String, Vec<String>>) {
    found.entry(place.to_owned()).or_default().push(path.to_owned());
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                paths(member, &format!("{path}/{key}"), &format!("{place}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                paths(item, &format!("{path}/{index}"), &format!("{place}/*"), found);
            }
        }
        _ => {}
    }
}

/// Makes every change of a description, one at a time, and looks at what it has become.
fn each_mutant(whole: &Value, mut look: impl FnMut(&str, &Value)) {
    let mut found = BTreeMap::new();
    paths(whole, "", "", &mut found);
    // More of one place show nothing new.
    let found = found.values().flat_map(|paths| paths.iter().take(2));
    let mut mutant = whole.clone();
    let mut change = |what: String, path: &str, with: &dyn Fn(&mut Value)| {
        let part = mutant.pointer_mut(path).unwrap();
        let before = part.clone();
        with(part);
        if *part != before {
            look(&what, &mutant);
            *mutant.pointer_mut(path).unwrap() = before;
        }
    };
    for path in found {
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
        for new in ["actions", "action", "reference", "x"] {
            change(format!("{path} is called {new}"), parent, &|parent| {
                if let Value::Object(members) = parent
                    && !members.contains_key(new)
                {
                    let member = members.remove(key).unwrap();
                    members.insert(new.to_owned(), member);
                }
            });
        }
        for new in ["localContext", "isAbstract", "action", "reference"] {
            change(format!("{path} stands twice, also as {new}"), parent, &|parent| {
                if let Value::Object(members) = parent
                    && let Some(member) = members.get(key).cloned()
                {
                    members.entry(new).or_insert(member);
                }
            });
        }
    }
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
    let (mut all, mut refused) = (0, 0);
    let mut differences = Vec::new();
    each_mutant(&everything, |what, mutant| {
        let text = mutant.to_string();
        let valid = validator.is_valid(mutant);
        let mut refusals = refusals_of_the_front_end(&text);
        if !agree(valid, &refusals) {
            refusals = super::refusals(&text);
        }
        if !agree(valid, &refusals) {
            let errors = errors(&validator, mutant);
            differences.push(format!("{what}\n  schema: {errors:?}\n  compiler: {refusals:?}"));
        }
        all += 1;
        refused += usize::from(!valid);
    });
    assert!(differences.is_empty(), "{} of {all}:\n{}", differences.len(), differences.join("\n"));
    assert!(all > 3000 && refused > all / 2 && refused < all, "{refused} of {all}");
}
