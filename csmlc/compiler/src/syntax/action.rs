//! Actions and events.

use super::{
    component::{CHANNELS, definition, one_or_more},
    constant::constant,
    fields::{Fields, Syntax, has_key, member, wrong_type},
    keywords::{
        ASSIGN, ASSIGNED, CREATE, Construct, DELETE, EVENT, INVOKE, MATCH, OUTPUT, PROPERTY, RAISE, TIMED,
        TIMEOUT, TIMEOUT_RESET,
    },
    other_shapes, syntax_rules,
    tree::{Action, ActionKind, Event, InlineAction, Invoke, set},
};
use crate::{
    canonical::{Property, PropertyValue},
    diagnostics::Diagnostic,
    read::{JsonKind, JsonNode},
    text::{Text, json_string, shown},
};

#[derive(Debug, Clone, Copy)]
pub(super) enum ActionType {
    Invoke,
    Create,
    Assign,
    Delete,
    Raise,
    Timeout,
    TimeoutReset,
    Match,
    Lock,
}

/// Values of `type`.
pub(super) const TYPES: [(&str, ActionType); 12] = [
    ("invoke", ActionType::Invoke),
    ("create", ActionType::Create),
    ("assign", ActionType::Assign),
    ("delete", ActionType::Delete),
    ("raiseEvent", ActionType::Raise),
    ("raise", ActionType::Raise),
    ("timeout", ActionType::Timeout),
    ("timeoutReset", ActionType::TimeoutReset),
    ("resetTimeout", ActionType::TimeoutReset),
    ("match", ActionType::Match),
    ("lock", ActionType::Lock),
    ("unlock", ActionType::Lock),
];

/// Keywords that make an entry of `after` a timer with a transition.
const TRANSITION_KEYS: [&str; 3] = ["target", "guards", "else"];

/// Properties of an invocation that are numbers.
const NUMBERS: [&str; 3] = ["timeoutMs", "retries", "backoffMs"];

/// About a string that is taken as it is.
fn property_text(name: &Text, text: &Text) -> Diagnostic {
    let mut literal = String::new();
    csml_expr::quote(text.as_str(), &mut literal);
    let literal = json_string(&literal);
    let message = format!("property {} is the text {} itself", shown(&name.value), shown(&text.value));
    Diagnostic::new(&syntax_rules::PROPERTY_TEXT, text.span, message)
        .label("no constant expression")
        .fix(format!("write a text in quotes of its own: {literal}"), text.span, literal)
        .note("a property is known before anything runs: it cannot read variables")
}

impl Syntax<'_> {
    /// An action where it is used: written out, `{"reference": "…"}` or `"…"`. One with a name can be used elsewhere. The
    /// name of a timer is another matter: it belongs to its state.
    pub(super) fn action(&mut self, node: &JsonNode) -> Option<Action> {
        let action = self.action_itself(node);
        if let Some(kind) = member(node, "type")
            && !kind.kind.is_text("timeout")
        {
            self.named.actions.extend(definition(node, action.clone()));
        }
        action
    }

    /// An action that is used or defined here.
    pub(super) fn action_itself(&mut self, node: &JsonNode) -> Option<Action> {
        if let Some(reference) = self.action_reference(node) {
            return reference;
        }
        let Some(type_node) = member(node, "type") else {
            if let JsonKind::Object(_) = node.kind {
                self.error(
                    &syntax_rules::MISSING_KEYWORD,
                    node.span.opening(),
                    "an action needs the keyword `type`".to_owned(),
                    Some("refer to a named action with {\"reference\": \"name\"} or \"name\"".to_owned()),
                );
            } else {
                self.wrong_type(node, "an action: an object, or the name of one", None);
            }
            self.gap("variable");
            return None;
        };
        let action_type = self.word(type_node, "type", &TYPES);
        let action = action_type.and_then(|action_type| self.inline(node, type_node, action_type));
        if action.is_none() && matches!(action_type, None | Some(ActionType::Create)) {
            self.gap("variable");
        }
        action
    }

    /// A timer of a state: a timeout action, whose `type` may be left out, or a timer with a transition.
    pub(super) fn timeout(&mut self, node: &JsonNode) -> Option<Action> {
        let is_timeout = member(node, "type").is_none_or(|kind| kind.kind.is_text("timeout"));
        if is_timeout && TRANSITION_KEYS.iter().any(|key| has_key(node, key)) {
            return self.timed(node);
        }
        if has_key(node, "type") || !matches!(node.kind, JsonKind::Object(_)) || has_key(node, "reference") {
            return self.action(node);
        }
        self.inline(node, node, ActionType::Timeout)
    }

    /// A timer with a transition.
    fn timed(&mut self, node: &JsonNode) -> Option<Action> {
        let fields = self.fields(node, &TIMED)?;
        let name = self.optional_text(&fields, "name");
        let delay = self.required_expression(&fields, "delay");
        let transition = Some(Box::new(self.transition(&fields)?));
        let kind = ActionKind::Timeout { delay, actions: Vec::new(), transition };
        Some(Action::Inline(InlineAction { name: name?, kind, span: node.span }))
    }

    /// A reference to a named action, if it is one.
    fn action_reference(&mut self, node: &JsonNode) -> Option<Option<Action>> {
        match &node.kind {
            JsonKind::String(name) => Some(Some(Action::Reference(name.clone()))),
            JsonKind::Object(_) if has_key(node, "reference") && !has_key(node, "type") => {
                Some(self.reference(node).map(Action::Reference))
            }
            _ => None,
        }
    }

    fn inline(&mut self, node: &JsonNode, type_node: &JsonNode, action_type: ActionType) -> Option<Action> {
        let construct: &'static Construct = match action_type {
            ActionType::Invoke => &INVOKE,
            ActionType::Create => &CREATE,
            ActionType::Assign => &ASSIGN,
            ActionType::Delete => &DELETE,
            ActionType::Raise => &RAISE,
            ActionType::Timeout => &TIMEOUT,
            ActionType::TimeoutReset => &TIMEOUT_RESET,
            ActionType::Match => &MATCH,
            ActionType::Lock => {
                self.error(
                    &syntax_rules::LOCK,
                    type_node.span,
                    "there are no locks: a step is already atomic".to_owned(),
                    Some("remove this action".to_owned()),
                );
                return None;
            }
        };
        let fields = self.fields(node, construct)?;
        let name = self.optional_text(&fields, "name");
        let kind = match action_type {
            ActionType::Invoke => self.invoke(&fields).map(ActionKind::Invoke),
            ActionType::Create => self.create(&fields),
            ActionType::Assign => self.assign(&fields),
            ActionType::Delete => self
                .required(&fields, "variable")
                .and_then(|node| self.variable_reference(node, "variable"))
                .map(|variable| ActionKind::Delete { variable }),
            ActionType::Raise => {
                self.required(&fields, "event").and_then(|node| self.event(node)).map(ActionKind::Raise)
            }
            ActionType::Timeout => self.timeout_content(&fields),
            ActionType::TimeoutReset => self
                .required(&fields, "action")
                .and_then(|node| self.variable_reference(node, "action"))
                .map(|timer| ActionKind::TimeoutReset { timer }),
            ActionType::Match => Some(ActionKind::Match(self.matching(&fields))),
            ActionType::Lock => None,
        };
        Some(Action::Inline(InlineAction { name: name?, kind: kind?, span: node.span }))
    }

    fn create(&mut self, fields: &Fields<'_>) -> Option<ActionKind> {
        let persistent = set(self.flag(fields, "persistent")).is_some();
        let node = self.required(fields, "variable")?;
        let variable = self.variable(node)?;
        Some(ActionKind::Create { variable, persistent })
    }

    /// `assign`: a variable reference beside a value, or a variable object that holds both.
    fn assign(&mut self, fields: &Fields<'_>) -> Option<ActionKind> {
        let beside = fields.get("value");
        let Some(variable) = self.required(fields, "variable") else {
            beside.and_then(|node| self.expression(node, "value"));
            return None;
        };
        if !matches!(variable.kind, JsonKind::Object(_)) {
            let value = self.required_expression(fields, "value");
            let variable = self.text(variable, "variable");
            return Some(ActionKind::Assign { variable: variable?, value });
        }
        let inner = self.fields(variable, &ASSIGNED)?;
        let name = self.required_text(&inner, "name");
        let value = match (inner.get("value"), beside) {
            (Some(inside), Some(beside)) => {
                self.report(
                    Diagnostic::new(
                        &syntax_rules::KEYWORD_TWICE,
                        beside.span,
                        "this `assign` has two values",
                    )
                    .related(inside.span, "the other one is here")
                    .help("remove one of them"),
                );
                None
            }
            (Some(node), None) | (None, Some(node)) => self.expression(node, "value"),
            (None, None) => {
                self.missing(fields, "value", None);
                None
            }
        };
        let value = value.unwrap_or_else(|| self.broken(fields, "value"));
        Some(ActionKind::Assign { variable: name?, value })
    }

    fn timeout_content(&mut self, fields: &Fields<'_>) -> Option<ActionKind> {
        let delay = self.required_expression(fields, "delay");
        let actions = self.required(fields, "actions").map(|node| one_or_more(self, node, "actions"));
        if actions.is_none() {
            self.gap("actions");
        }
        Some(ActionKind::Timeout { delay, actions: actions.unwrap_or_default(), transition: None })
    }

    fn event(&mut self, node: &JsonNode) -> Option<Event> {
        if let JsonKind::String(name) = &node.kind {
            let wrong = wrong_type(node, &format!("an object: {}", EVENT.name));
            self.report(other_shapes::no_event(wrong, node, name));
            return None;
        }
        let fields = self.fields(node, &EVENT)?;
        let name = self.required_text(&fields, "name");
        let channel = match fields.get("channel") {
            Some(node) => self.word(node, "channel", &CHANNELS),
            None => {
                let help = super::fields::one_of(CHANNELS.iter().map(|(word, _)| *word));
                self.missing(&fields, "channel", Some(&help));
                None
            }
        };
        let data = fields.get("data").map(|node| self.variables(node, "data")).unwrap_or_default();
        Some(Event { name: name?, channel: channel?, data, span: node.span })
    }

    fn invoke(&mut self, fields: &Fields<'_>) -> Option<Invoke> {
        let service = self.required_text(fields, "serviceType");
        Some(Invoke {
            local: set(self.flag(fields, "local")).is_some(),
            input: fields.get("input").map(|node| self.variables(node, "input")).unwrap_or_default(),
            output: fields.get("output").map(|node| self.outputs(node)).unwrap_or_default(),
            done: self.list(fields, "done", Self::event),
            properties: self.properties(fields),
            // Last: everything else has then been looked at.
            service: service?,
        })
    }

    /// Names of variables: a list of references, or a data construct that has one.
    fn outputs(&mut self, node: &JsonNode) -> Vec<Text> {
        let mut read = |cx: &mut Self, node: &JsonNode| cx.variable_reference(node, "output");
        if let JsonKind::Object(_) = node.kind {
            let Some(fields) = self.fields(node, &OUTPUT) else { return Vec::new() };
            if self.required(&fields, "variables").is_none() {
                self.gap("output");
            }
            return self.list(&fields, "variables", read);
        }
        self.items(node, "output", &mut read)
    }

    /// Hints: a list of `{"name": …, "value": …}`, or one object of names and values.
    fn properties(&mut self, fields: &Fields<'_>) -> Vec<Property> {
        let Some(node) = fields.get("properties") else {
            return Vec::new();
        };
        let JsonKind::Object(members) = &node.kind else {
            return self.items(node, "properties", &mut Self::property);
        };
        members.iter().filter_map(|member| self.property_of(member.key.clone(), &member.value)).collect()
    }

    fn property(&mut self, node: &JsonNode) -> Option<Property> {
        let fields = self.fields(node, &PROPERTY)?;
        let name = self.required_text(&fields, "name");
        let value = self.required(&fields, "value");
        self.property_of(name?, value?)
    }

    fn property_of(&mut self, name: Text, node: &JsonNode) -> Option<Property> {
        let value = match &node.kind {
            JsonKind::Bool(value) => PropertyValue::Bool(*value),
            // A string that is no constant is a name, as descriptions in use have them.
            JsonKind::String(text) => constant(text.as_str()).unwrap_or_else(|| {
                // What has to be a number is refused later.
                if !NUMBERS.contains(&name.as_str()) {
                    self.report(property_text(&name, text));
                }
                PropertyValue::Text(text.value.clone())
            }),
            JsonKind::Object(_) => {
                let text = self.expression(node, "value")?;
                let Some(value) = constant(text.as_str()) else {
                    self.error(
                        &syntax_rules::UNKNOWN_VALUE,
                        text.span,
                        "the value of a property is a constant".to_owned(),
                        Some("write a boolean, a number or a text in quotes: \"'fast'\"".to_owned()),
                    );
                    return None;
                };
                value
            }
            JsonKind::Number(number) => match (number.parse::<i64>(), number.parse::<f64>()) {
                (Ok(value), _) => PropertyValue::Int(value),
                (_, Ok(value)) if value.is_finite() => PropertyValue::Float(value),
                _ => {
                    self.error(
                        &syntax_rules::UNKNOWN_VALUE,
                        node.span,
                        format!("the number {} is out of range", shown(number)),
                        None,
                    );
                    return None;
                }
            },
            _ => {
                self.wrong_type(
                    node,
                    "a boolean, a number or an expression as the value of a property",
                    None,
                );
                return None;
            }
        };
        Some(Property { name, value, span: node.span })
    }
}
