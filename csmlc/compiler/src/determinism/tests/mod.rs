//! Short descriptions and what is said about them.

mod first;
mod guard_pairs;
mod random;
mod shapes;

use serde_json::{Value, json};

use super::{choices, covers};
use crate::{
    diagnostics::{Diagnostic, Diagnostics},
    expr::resolve_expressions,
    ir::{Choices, Typed},
    source::Sources,
    tests::{descriptions::application, typed},
    vocabulary::ChoicePolicy,
};

/// What is said about two transitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Exclusive,
    Overlapping,
    Undecided,
}

/// A description after this pass, with what the pass says.
fn decided(description: &Value) -> ((Typed, Choices), Vec<Diagnostic>, Sources) {
    said_with(description, ChoicePolicy::Exclusive, false)
}

/// The same with this policy, and with overlaps `checked` at run time.
fn said_with(
    description: &Value,
    policy: ChoicePolicy,
    checked: bool,
) -> ((Typed, Choices), Vec<Diagnostic>, Sources) {
    let (sources, mut app) = application(&description.to_string());
    app.choice = policy;
    let mut diagnostics = Diagnostics::new();
    let app = resolve_expressions(app, &mut diagnostics);
    let program = typed(app, &sources, &mut diagnostics);
    let said: Vec<_> = diagnostics.iter().map(|d| d.message.clone()).collect();
    assert!(!diagnostics.has_errors(), "{said:?}\n{description}");
    let mut diagnostics = Diagnostics::new();
    let choices = choices(&program, checked, &mut diagnostics);
    ((program, choices), diagnostics.iter().cloned().collect(), sources)
}

/// Variables `x = 0; name = 'a'`, which get any value but where they are `const`, `persistent`, or follow `=`
/// several times (`mode = 'a' = 'b'`), being given these values only.
fn data(declarations: &str) -> (Vec<Value>, Vec<Value>) {
    let (mut data, mut actions) = (Vec::new(), Vec::new());
    for declaration in declarations.split(';').map(str::trim).filter(|text| !text.is_empty()) {
        let mut parts = declaration.split(" = ").map(str::trim);
        let (name, initial) = (parts.next().unwrap(), parts.next().unwrap());
        let (storage, name) = match name.split_once(' ') {
            Some((storage, name)) => (storage, name),
            None => ("any", name),
        };
        let kept = if storage == "persistent" { "persistent" } else { "local" };
        data.push(json!([kept, name, initial]));
        let others: Vec<_> = parts.collect();
        for other in &others {
            actions.push(json!({"assign": [name, other]}));
        }
        if storage == "any" && others.is_empty() {
            actions.push(json!({"assign": [name, format!("${name}")]}));
        }
    }
    (data, actions)
}

/// A machine with these variables and transitions for the event `e`.
fn description(declarations: &str, transitions: &[Value]) -> Value {
    let (data, actions) = data(declarations);
    let on = transitions.iter().cloned().map(|mut transition| {
        transition["event"] = json!("e");
        transition
    });
    let set = json!({"event": "set", "peripheral": true, "actions": actions});
    let on: Vec<_> = std::iter::once(set).chain(on).collect();
    json!({"data": data, "machines": [{"name": "m", "states": [
        {"name": "a", "initial": true, "on": on}, {"name": "b"}, {"name": "c"}]}]})
}

fn guarded(guard: &str) -> Value {
    json!({"target": "b", "guards": [guard]})
}

/// What is said about two guards, and the remark at the second one.
fn answer(declarations: &str, first: &str, second: &str) -> (Expected, String) {
    of(&description(declarations, &[guarded(first), guarded(second)]))
}

/// What is said about transitions that overlap or not; guards that never hold do not count.
fn of(description: &Value) -> (Expected, String) {
    let (_, said, _) = decided(description);
    let found = |code: &str| said.iter().find(|diagnostic| diagnostic.rule.code == code);
    if let Some(diagnostic) = found("CSML0350") {
        return (Expected::Overlapping, diagnostic.primary.text.clone());
    }
    match found("CSML0351") {
        Some(diagnostic) => {
            let related = diagnostic.related.iter().skip(1).map(|label| label.text.as_str());
            let labels: Vec<_> = std::iter::once(diagnostic.primary.text.as_str()).chain(related).collect();
            (Expected::Undecided, labels.join("; "))
        }
        None => (Expected::Exclusive, String::new()),
    }
}
