//! Values in the shape of another language, with the shape that CSML has in its place: an object of names where a
//! list is meant, a text where an object is.

use super::{
    fields::{has_key, member},
    syntax_rules,
};
use crate::{
    diagnostics::{
        Diagnostic,
        fix::{Edit, EditKind, Fix},
    },
    read::{JsonKind, JsonNode, Member},
    source::Span,
    text::{Text, json_string, shown},
};

/// A state machine in place of the description, with the description around it.
pub(super) fn lone_machine(node: &JsonNode) -> Option<Diagnostic> {
    let JsonKind::Object(members) = &node.kind else { return None };
    if !has_key(node, "states") || has_key(node, "stateMachines") {
        return None;
    }
    let message = "a description needs the keyword `stateMachines`";
    let wrong = Diagnostic::new(&syntax_rules::MISSING_KEYWORD, node.span.opening(), message)
        .label("this is a state machine, and not the description around it");
    let around = "put the machine into the description's list";
    let name = match member(node, "name").map(|name| &name.kind) {
        Some(JsonKind::String(name)) => quoted(name),
        _ => {
            let shape = "{ \"name\": \"m\", \"version\": \"2.0\", \"stateMachines\": [ … ] }";
            return Some(wrong.help(format!("{around}: {shape}")));
        }
    };
    let mut head = format!("{{ \"name\": {name}");
    let mut edits = Vec::new();
    if !has_key(node, "version") {
        head.push_str(", \"version\": \"2.0\"");
    }
    for (index, member) in members.iter().enumerate() {
        if let key @ ("$schema" | "version" | "memoryMode") = member.key.as_str()
            && let JsonKind::String(value) = &member.value.kind
        {
            head.push_str(&format!(", \"{key}\": {}", quoted(value)));
            let before = index.checked_sub(1).and_then(|before| members.get(before));
            let gone = match (members.get(index + 1), before) {
                (Some(next), _) => Span { end: next.key.span.start, ..member.key.span },
                (None, Some(before)) => Span { start: before.value.span.end, ..member.value.span },
                (None, None) => member.value.span,
            };
            edits.push(Edit { span: gone, change: EditKind::Text(String::new()) });
        }
    }
    head.push_str(", \"stateMachines\": [");
    let shown = format!("{head} … ] }}");
    let (start, end) = (node.span.at_start(), node.span.at_end());
    edits.insert(0, Edit { span: start, change: EditKind::Text(head) });
    edits.push(Edit { span: end, change: EditKind::Text("] }".to_owned()) });
    Some(wrong.with_fix(Fix { message: format!("{around}: {shown}"), edits }))
}

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
