//! The action `match` of the legacy dialect (SEMANTICS 1, Actions).

use super::{
    component::one_or_more,
    fields::{Fields, Syntax, has_key},
    keywords::{CASE, DEFAULT},
    tree::{Action, Case, Match},
};
use crate::read::{Kind, Node};

impl Syntax<'_> {
    pub(super) fn matching(&mut self, fields: &Fields<'_>) -> Option<Match> {
        let value = self.required(fields, "value").and_then(|node| self.expression(node, "value"));
        let cases = self.required(fields, "cases").map(|node| match node.kind {
            Kind::Object(_) => self.case(node).into_iter().collect(),
            _ => self.items(node, "cases", &mut Self::case),
        });
        let default = fields.get("default").map(|node| self.default(node)).unwrap_or_default();
        Some(Match { value: value?, cases: cases?, default })
    }

    fn case(&mut self, node: &Node) -> Option<Case> {
        let fields = self.fields(node, &CASE)?;
        self.optional_text(&fields, "name");
        let value = self.required(&fields, "case").and_then(|node| self.expression(node, "case"));
        let actions = self.required(&fields, "actions").map(|node| one_or_more(self, node, "actions"));
        Some(Case { value: value?, actions: actions?, span: node.span })
    }

    /// An action, a list of them, or an object like a case that holds either.
    fn default(&mut self, node: &Node) -> Vec<Action> {
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
