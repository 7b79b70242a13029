//! Other spellings of keywords. The table of the front end says which there are, so that none is forgotten here.

use serde_json::{Map, Value, json};

use super::shape::object_at;
use csml_compiler::syntax::keywords::{self, Construct, Keyword};

/// Where each construct is in the schema.
pub(super) const PLACES: [(&str, &Construct); 26] = [
    ("", &keywords::DESCRIPTION),
    ("/properties/localData", &keywords::DATA),
    ("/definitions/Variable", &keywords::VARIABLE),
    ("/definitions/Delete/properties/variable", &keywords::VARIABLE_REFERENCE),
    ("/definitions/Variable/properties/value", &keywords::EXPRESSION),
    ("/definitions/Machine", &keywords::MACHINE),
    ("/definitions/State", &keywords::STATE),
    ("/definitions/On", &keywords::ON),
    ("/definitions/Transition", &keywords::TRANSITION),
    ("/definitions/GuardExpression", &keywords::GUARD),
    ("/definitions/Reference", &keywords::REFERENCE),
    ("/definitions/Event", &keywords::EVENT),
    ("/definitions/Property", &keywords::PROPERTY),
    ("/definitions/Invoke", &keywords::INVOKE),
    ("/definitions/Invoke/properties/output", &keywords::OUTPUT),
    ("/definitions/Create", &keywords::CREATE),
    ("/definitions/Assign", &keywords::ASSIGN),
    ("/definitions/Assign/properties/variable", &keywords::ASSIGNED),
    ("/definitions/Delete", &keywords::DELETE),
    ("/definitions/RaiseEvent", &keywords::RAISE),
    ("/definitions/TimedTransition", &keywords::TIMED),
    ("/definitions/Timeout", &keywords::TIMEOUT),
    ("/definitions/Match", &keywords::MATCH),
    ("/definitions/Case", &keywords::CASE),
    ("/definitions/Default", &keywords::DEFAULT),
    ("/definitions/TimeoutReset", &keywords::TIMEOUT_RESET),
];

/// Adds the other spellings of all keywords.
pub(super) fn add(whole: &mut Value) {
    for (place, construct) in PLACES {
        let Some(object) = object_at(whole, place) else {
            continue;
        };
        for keyword in construct.keywords.iter().filter(|keyword| !keyword.aliases.is_empty()) {
            describe(object, keyword);
            exclude(object, keyword);
            require_one(object, keyword);
        }
    }
}

/// Gives the spellings that have no description of their own that of the keyword. Editors do not offer them.
fn describe(object: &mut Map<String, Value>, keyword: &Keyword) {
    let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    let Some(original) = properties.get(keyword.name).cloned() else {
        return;
    };
    for alias in keyword.aliases {
        if properties.contains_key(*alias) {
            continue;
        }
        let text = original.get("markdownDescription").or_else(|| original.get("description"));
        let text = text.and_then(Value::as_str).unwrap_or_default();
        let mut other = original.clone();
        if let Some(other) = other.as_object_mut() {
            let name = keyword.name;
            other.insert(
                "description".to_owned(),
                json!(format!("Older spelling of {name}. {}", text.replace('`', ""))),
            );
            other.insert(
                "markdownDescription".to_owned(),
                json!(format!("Older spelling of `{name}`. {text}")),
            );
            other.insert("doNotSuggest".to_owned(), json!(true));
        }
        properties.insert((*alias).to_owned(), other);
    }
}

/// Only one spelling may stand in an object.
fn exclude(object: &mut Map<String, Value>, keyword: &Keyword) {
    let others = |alias: &str| {
        let all = std::iter::once(keyword.name).chain(keyword.aliases.iter().copied());
        all.filter(|other| *other != alias)
            .map(|other| (other.to_owned(), json!(false)))
            .collect::<Map<_, _>>()
    };
    let Some(dependencies) = object.entry("dependencies").or_insert_with(|| json!({})).as_object_mut() else {
        return;
    };
    for alias in keyword.aliases {
        let rule = json!({
            "properties": others(alias),
            "errorMessage": format!("{} and {alias} are spellings of one keyword: remove one of them.", keyword.name),
        });
        dependencies.insert((*alias).to_owned(), rule);
    }
}

/// A keyword that must be there may be there in any spelling.
fn require_one(object: &mut Map<String, Value>, keyword: &Keyword) {
    let Some(Value::Array(required)) = object.get_mut("required") else {
        return;
    };
    let before = required.len();
    required.retain(|name| name != keyword.name);
    if required.len() == before {
        return;
    }
    if required.is_empty() {
        object.remove("required");
    }
    let absent: Map<_, _> = keyword.aliases.iter().map(|alias| ((*alias).to_owned(), json!(false))).collect();
    let rule = json!({ "if": { "properties": absent }, "then": { "required": [keyword.name] } });
    match object.entry("allOf").or_insert_with(|| json!([])) {
        Value::Array(rules) => rules.push(rule),
        other => *other = json!([rule]),
    }
}
