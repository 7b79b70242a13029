//! The action `match` of the legacy dialect (docs/semantics.md#match).

use super::{
    component::one_or_more,
    fields::{Fields, Syntax, has_key},
    keywords::{CASE, DEFAULT},
    tree::{Action, Case, Match},
};
use crate::lists::Gather;
use crate::read::{JsonKind, JsonNode};

impl Syntax<'_> {
    pub(super) fn matching(&mut self, fields: &Fields<'_>) -> Match {
        let value = self.required_expression(fields, "value");
        let cases = self.required(fields, "cases").map(|node| match node.kind {
            JsonKind::Object(_) => self.case(node).into_iter().gather(),
            _ => self.items(node, "cases", &mut Self::case),
        });
        if cases.is_none() {
            self.gap("cases");
        }
        let default = fields.get("default").map(|node| self.default(node)).unwrap_or_default();
        Match { value, cases: cases.unwrap_or_default(), default }
    }

    fn case(&mut self, node: &JsonNode) -> Option<Case> {
        let fields = self.fields(node, &CASE)?;
        self.optional_text(&fields, "name");
        let value = self.required_expression(&fields, "case");
        let actions = self.required(&fields, "actions").map(|node| one_or_more(self, node, "actions"));
        if actions.is_none() {
            self.gap("actions");
        }
        Some(Case { value, actions: actions.unwrap_or_default(), span: node.span })
    }

    /// An action, a list of them, or an object like a case that holds either.
    fn default(&mut self, node: &JsonNode) -> Vec<Action> {
        let holds_actions = ["action", "actions"].iter().any(|key| has_key(node, key));
        // A `timeoutReset` has an `action` of its own.
        if !holds_actions || has_key(node, "type") {
            return one_or_more(self, node, "default");
        }
        let Some(fields) = self.fields(node, &DEFAULT) else { return Vec::new() };
        self.optional_text(&fields, "name");
        fields.get("actions").map(|node| one_or_more(self, node, "actions")).unwrap_or_default()
    }
}
