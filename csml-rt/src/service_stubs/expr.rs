//! Expressions of service stubs: an output computed from the inputs of the call.

use std::collections::BTreeMap;

use csml_expr::{Symbol, ast::Kind, eval::Program};
use csml_rt_core::{Rng, Value, private::Fuel};

/// An expression over the inputs of a call.
#[derive(Debug)]
pub(super) struct Expr {
    source: String,
    program: Program<usize>,
}

impl Expr {
    pub(super) fn parse(source: &str) -> Result<Self, String> {
        let script = csml_expr::parse(source, &|start, _| start).map_err(|fault| {
            let label = Some(fault.label_text()).filter(|label| !label.is_empty());
            let label = label.map_or(String::new(), |label| format!(", {label}"));
            located(source, &format!("{}{label}", fault.message()), fault.place().0)
        })?;
        let mut datum = None;
        script.root.visit(&mut |expr| {
            if let (Kind::Ref(Symbol::Datum(name)), None) = (&expr.kind, &datum) {
                let message = format!(
                    "`${name}` is event data, which a call does not have; its inputs are named without `$`"
                );
                datum = Some(located(source, &message, expr.span));
            }
        });
        match datum {
            None => Ok(Self { source: source.to_owned(), program: Program::new(&script) }),
            Some(error) => Err(error),
        }
    }

    /// The value over the inputs of a call, a map.
    pub(super) fn evaluate(&self, input: &Value, rng: &mut Rng) -> Result<Value, String> {
        let mut variables = BTreeMap::new();
        for (name, value) in input.as_map().into_iter().flatten() {
            variables.insert(name.as_text().unwrap_or_default().to_owned(), value.clone());
        }
        self.program
            .evaluate(&mut variables, rng, Fuel::DEFAULT_LIMIT)
            .map_err(|error| located(&self.source, &error.message, error.span))
    }
}

fn located(source: &str, message: &str, at: usize) -> String {
    let before = source.get(..at).unwrap_or(source);
    let column = before.chars().count() + 1;
    // The place is of use only beside the text, which may be of any length.
    match source.len() {
        0..=200 => format!("{message} at column {column} of the expression `{source}`"),
        _ => format!("{message} at column {column} of the expression"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(source: &str) -> Result<Value, String> {
        let input = Value::map([
            ("v", Value::from(4)),
            ("name", "lamp".into()),
            ("list", Value::list([1.into(), 2.into()])),
            ("m", Value::map([("k", Value::from(true))])),
        ]);
        Expr::parse(source)?.evaluate(&input, &mut Rng::new(1))
    }

    #[test]
    fn computes_over_inputs() {
        for (source, expected) in [
            ("v + 1", Value::from(5)),
            ("'on: ' + name", "on: lamp".into()),
            ("v > 3 && !(v == 5) ? 'big' : 'small'", "big".into()),
            ("list[1] + list[0]", 3.into()),
            ("m.k and m['k']", true.into()),
            ("[v, name]", Value::list([4.into(), "lamp".into()])),
            ("null", Value::Null),
            ("var sum = 0; for (var x : list) { sum += x } sum", 3.into()),
            ("list.add(v); list.size()", 3.into()),
            ("std:seed(1); math:max(v, 9)", 9.into()),
        ] {
            assert_eq!(value(source), Ok(expected), "{source}");
        }
    }

    #[test]
    fn an_evaluation_leaves_no_trace() {
        let expr = Expr::parse("list.add(3); list.size()").unwrap();
        let input = Value::map([("list", Value::list([]))]);
        for _ in 0..2 {
            assert_eq!(expr.evaluate(&input, &mut Rng::new(1)), Ok(1.into()));
        }
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for source in ["", "1 +", "v v", "(1", "'a", "a[", "v.", "99999999999999999999"] {
            assert!(Expr::parse(source).is_err(), "{source}");
        }
        for deep in ["(", "!", "[", "-", "a?"] {
            assert!(Expr::parse(&deep.repeat(100_000)).is_err());
        }
        let error = value("1 + xy").unwrap_err();
        assert_eq!(error, "unknown variable `xy` at column 5 of the expression `1 + xy`");
        assert!(value("1 + $v").unwrap_err().contains("is event data"));
        assert!(value("1 / 0").is_err());
    }
}
