//! Values in the shape of another language, with the shape that CSML has in its place: an object of names where a
//! list is meant, a text where an object is.

use super::fields::{has_key, member};
use crate::{
    diagnostics::Diagnostic,
    read::{JsonKind, JsonNode, Member},
    text::{Text, json_string, shown},
};

/// What is wrong with a value that is no list, with the list that was meant.
pub(super) fn no_list(wrong: Diagnostic, node: &JsonNode, keyword: &str) -> Diagnostic {
    let single = "put a single one in `[ ]` too";
    match &node.kind {
        JsonKind::Null => wrong.help(format!("leave `{keyword}` out if it is empty")),
        JsonKind::String(text) => {
            wrong.fix(format!("{single}: [{}]", quoted(text)), node.span, format!("[{}]", quoted(text)))
        }
        JsonKind::Object(members) => match by_name(members, node, keyword) {
            Some(list) => wrong.help(format!("write a list, each with its name in it: {list}")),
            None => wrong.help(single),
        },
        _ => wrong.help(single),
    }
}

/// A list in place of an object whose keys are the names of its items: of states, transitions or timers.
fn by_name(members: &[Member], node: &JsonNode, keyword: &str) -> Option<String> {
    let first = members.first()?;
    let (key, rest) = match keyword {
        "states" | "stateMachines" if !has_key(node, "name") => ("name", "…"),
        "actions" | "guards"
            if !["name", "type", "expression", "reference"].iter().any(|key| has_key(node, key)) =>
        {
            ("name", "…")
        }
        "on" if !has_key(node, "event") => ("event", "\"target\": \"…\""),
        "after" if !["delay", "actions", "action", "reference"].iter().any(|key| has_key(node, key)) => {
            ("delay", "\"actions\": […]")
        }
        _ => return None,
    };
    let target = match &first.value.kind {
        JsonKind::String(target) if keyword == "on" => Some(target),
        _ => None,
    };
    let rest = target.map_or(rest.to_owned(), |target| format!("\"target\": {}", quoted(target)));
    Some(format!("[{{ \"{key}\": {}, {rest} }}]", quoted(&first.key)))
}

/// What is wrong with data that are an object of names and values, or with a single variable that is no list.
pub(super) fn no_variables(wrong: Diagnostic, node: &JsonNode, members: &[Member]) -> Diagnostic {
    if has_key(node, "name") && has_key(node, "value") {
        return wrong.help("put a single one in `[ ]` too");
    }
    let list: Option<Vec<String>> = members
        .iter()
        .map(|member| {
            Some(format!("{{ \"name\": {}, \"value\": {} }}", quoted(&member.key), scalar(&member.value)?))
        })
        .collect();
    let say = "write a list of names and values";
    match list {
        Some(list) => {
            let list = format!("[{}]", list.join(", "));
            wrong.fix(format!("{say}: {list}"), node.span, list)
        }
        None => wrong.help(format!("{say}: [{{ \"name\": \"n\", \"value\": \"0\" }}]")),
    }
}

/// What is wrong with an event that is only a name.
pub(super) fn no_event(wrong: Diagnostic, node: &JsonNode, name: &Text) -> Diagnostic {
    let event = format!("{{ \"name\": {}, \"channel\": \"internal\" }}", quoted(name));
    wrong.fix(format!("write it with its channel: {event}"), node.span, event)
}

/// Advice about an object where the name of an event stands.
pub(super) fn event_name(node: &JsonNode) -> Option<String> {
    match &member(node, "name")?.kind {
        JsonKind::String(name) => Some(format!(
            "an event is handled by its name alone: write {}",
            shown(&json_string(name.as_str()))
        )),
        _ => None,
    }
}

/// A scalar as it is written, which is an expression.
fn scalar(node: &JsonNode) -> Option<String> {
    match &node.kind {
        JsonKind::String(text) => Some(quoted(text)),
        JsonKind::Number(number) => Some(number.clone()),
        JsonKind::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn quoted(text: &Text) -> String {
    json_string(text.as_str())
}
