//! `[instances]`, `[subscriptions]` and `[processes]`: names, and lists of names.

use toml::de::DeValue;

use super::{Taker, Value, in_order};
use crate::{
    annotations::{AnnotationText, annotation_rules},
    diagnostics::Diagnostic,
};

impl Taker<'_> {
    /// Takes instances with their machines.
    pub(super) fn instances(&mut self, value: &Value<'_>) {
        if let DeValue::Table(entries) = value.get_ref()
            && entries.is_empty()
        {
            let message = "an application without instances does nothing";
            let fault = Diagnostic::new(&annotation_rules::BAD_VALUE, self.span(&value.span()), message);
            self.diagnostics.push(fault.help("list at least one, or remove `[instances]`"));
        }
        self.each(value, Self::instance);
    }

    fn instance(&mut self, name: AnnotationText, machine: AnnotationText) {
        self.project.placement.instances.push((name, machine));
    }

    /// The entries of a table of lists of names.
    pub(super) fn lists(&mut self, value: &Value<'_>) -> Vec<(AnnotationText, Vec<AnnotationText>)> {
        const EXPECTED: &str = "a list of names of instances";
        let DeValue::Table(entries) = value.get_ref() else {
            self.wrong(value, "a table of lists");
            return Vec::new();
        };
        let mut lists = Vec::new();
        for (key, value) in in_order(entries) {
            let DeValue::Array(items) = value.get_ref() else {
                self.wrong(value, EXPECTED);
                continue;
            };
            let mut names = Vec::new();
            for item in items {
                match item.get_ref() {
                    DeValue::String(name) => names.push(self.given(name, &item.span())),
                    _ => self.wrong(item, "the name of an instance"),
                }
            }
            lists.push((self.given(key.get_ref(), &key.span()), names));
        }
        lists
    }
}

#[cfg(test)]
mod tests {
    use crate::{annotations::AnnotationText, project::testing::taken};

    fn shown(lists: &[(AnnotationText, Vec<AnnotationText>)]) -> Vec<String> {
        let texts = |names: &[AnnotationText]| {
            names.iter().map(|name| name.text.clone()).collect::<Vec<_>>().join(" ")
        };
        lists.iter().map(|(key, names)| format!("{}: {}", key.text, texts(names))).collect()
    }

    #[test]
    fn tables_are_taken_in_order() {
        let text = r#"
            [instances]
            south = "gate"
            north = "gate"
            [subscriptions]
            north = []
            [processes]
            field = ["south", "north"]
        "#;
        let (project, faults) = taken(text);
        assert_eq!(faults, [""; 0]);
        let settings = project.placement;
        let instances = settings.instances.iter().map(|(name, machine)| [&*name.text, &*machine.text]);
        assert_eq!(instances.collect::<Vec<_>>(), [["south", "gate"], ["north", "gate"]]);
        assert_eq!(shown(&settings.subscriptions), ["north: "]);
        assert_eq!(shown(&settings.processes), ["field: south north"]);
    }

    #[test]
    fn mistakes_are_shown_at_their_place() {
        for (text, expected) in [
            ("instances = 1", "expected a table of strings, found an integer"),
            ("[instances]\n", "list at least one"),
            ("[instances]\na = ['m']", "expected a string, found a list"),
            ("processes = ['a']", "expected a table of lists, found a list"),
            ("[processes]\na = 'b'", "expected a list of names of instances, found a string"),
            ("[subscriptions]\na = ['b', 2]", "expected the name of an instance, found an integer"),
            ("[proceses]\na = []", "did you mean `processes`?"),
        ] {
            let (_, faults) = taken(text);
            assert!(faults.iter().any(|fault| fault.contains(expected)), "{text}: {faults:?}");
        }
    }
}
