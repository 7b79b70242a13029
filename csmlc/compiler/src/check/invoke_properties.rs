//! Properties of `invoke` that the runtime understands have sensible values.

use crate::{
    canonical::PropertyValue,
    diagnostics::{Diagnostic, Diagnostics, Rule},
    model::Application,
};

pub(crate) static RULE: Rule = Rule::error(
    "CSML0310",
    "invoke-property",
    "`timeoutMs`, `retries` and `backoffMs` are constant whole numbers of 0 or more, `implementation` is a string.",
);

pub(crate) fn check<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    for property in app.invokes.values().flat_map(|invoke| &invoke.properties) {
        let expected = match property.name.as_str() {
            "timeoutMs" | "retries" | "backoffMs" if !matches!(property.value, PropertyValue::Int(0..)) => {
                "a whole number of 0 or more"
            }
            "implementation" if !matches!(property.value, PropertyValue::Text(_)) => "a string",
            _ => continue,
        };
        let message = format!("property `{}` needs {expected}", property.name.value);
        let found = Diagnostic::new(&RULE, property.span, message).label(format!("expected {expected}"));
        diagnostics.push(match property.value {
            PropertyValue::Text(_) => found.help("its value is known before anything runs: write a constant"),
            PropertyValue::Int(_) if expected == "a string" => {
                found.help("a text stands in quotes of its own: \"'2'\"")
            }
            _ => found,
        });
    }
}
