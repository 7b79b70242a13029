//! Expressions can refer to every variable, and to the data of every event within the application.

use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    model::{Application, Name},
    text::shown,
};

pub(crate) static RULE: Rule = Rule::warning(
    "CSML0322",
    "unreadable-name",
    "Expressions refer to variables and event data by their names. A name with other characters than the letters A to Z, \
     digits and `_`, or one that is a word of the language, can be declared but not referred to.",
);

pub(crate) fn check<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    for variable in app.variables.values() {
        let name = &variable.name;
        if !csml_expr::is_variable_name(&name.text) {
            report("a variable with this name", name, csml_expr::is_variable_name, diagnostics);
        }
    }
    for datum in app.data.values() {
        let event = &app.events[datum.event];
        // What leaves the application has the names that others expect.
        let within = event.raised && !event.peripheral && !event.handlers.is_empty();
        if within && !csml_expr::is_datum_name(&datum.name.text) {
            report("event data with this name", &datum.name, csml_expr::is_datum_name, diagnostics);
        }
    }
}

fn report(what: &str, name: &Name, fits: impl Fn(&str) -> bool, diagnostics: &mut Diagnostics) {
    // Something without a name has an error of its own.
    if name.text.is_empty() {
        return;
    }
    let message = format!("expressions cannot refer to {what}: {}", shown(&name.text));
    let help = match proposed(&name.text).filter(|proposed| fits(proposed)) {
        Some(proposed) => format!("use letters, digits and `_`, such as {}", shown(&proposed)),
        None if name.text.is_ascii() => {
            "it is a word of the expression language: use another name".to_owned()
        }
        None => "use the letters A to Z, digits and `_`".to_owned(),
    };
    diagnostics.push(Diagnostic::new(&RULE, name.span, message).label("declared here").help(help));
}

/// A name that is like this one. A word with half its letters gone would be none.
fn proposed(name: &str) -> Option<String> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let begin = if name.starts_with(|c: char| c.is_ascii_digit()) { "_" } else { "" };
    name.is_ascii().then(|| begin.chars().chain(name.chars().map(plain)).collect())
}
