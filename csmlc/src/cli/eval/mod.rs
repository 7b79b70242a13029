//! `csmlc eval`

mod lines;
mod prompt;
mod session;

use std::{
    collections::BTreeMap,
    fs::File,
    hash::{BuildHasher as _, Hasher as _},
    io::{self, IsTerminal as _},
};

use csml_expr::json;
use csml_rt_core::{Printable, Value};
use csmlc::files;

use super::{args::EvalArgs, failure::Failure, report};
use session::Session;

pub(super) fn eval(args: &EvalArgs) -> Result<(), Failure> {
    let session = Session::new(variables(&args.vars)?, seed(args), args.loop_limit);
    let text = args.text.as_deref().filter(|text| *text != "-");
    if args.lines {
        return match text {
            None => lines::answer(&session, io::stdin().lock()),
            Some(file) => {
                let opened = File::open(file);
                let opened =
                    opened.map_err(|error| Failure::message(format!("cannot read `{file}`: {error}")))?;
                lines::answer(&session, io::BufReader::new(opened))
            }
        };
    }
    if let Some(source) = text {
        return print(args, session, "<expression>", source.as_bytes().to_vec());
    }
    let stdin = io::stdin();
    if args.text.is_none() && stdin.is_terminal() {
        return prompt::run(session);
    }
    let bytes = files::read_all(stdin.lock())
        .map_err(|error| Failure::message(format!("cannot read the standard input: {error}")))?;
    print(args, session, "<stdin>", bytes)
}

/// Evaluates one expression and prints its value.
fn print(args: &EvalArgs, mut session: Session, name: &str, source: Vec<u8>) -> Result<(), Failure> {
    match session.evaluate(name, source) {
        Ok(value) => {
            let mut text = match &value {
                Value::Text(text) if args.raw => String::clone(text),
                value if args.encoded => csml_expr::encode(value),
                // JSON all the same.
                value => Printable(&value.to_json()).to_string(),
            };
            text.push('\n');
            report::result(text.as_bytes())
        }
        Err(failed) => {
            report::diagnostic(&failed.sources, &failed.diagnostic);
            Err(Failure::Diagnostics)
        }
    }
}

fn variables(given: &[String]) -> Result<BTreeMap<String, Value>, Failure> {
    let mut variables = BTreeMap::new();
    for given in given {
        let Some((name, text)) = given.split_once('=') else {
            return Err(Failure::message(format!("--var {given}: expected a name, `=` and a JSON value")));
        };
        if !is_name(name) {
            return Err(Failure::message(format!(
                "--var {given}: `{name}` is not a name that a variable can have"
            )));
        }
        let value = json::read(text).map_err(|error| {
            let hint = if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
                format!("; write a string in double quotes: --var '{name}=\"{text}\"'")
            } else {
                String::new()
            };
            Failure::message(format!("--var {name}: the value is not JSON: {error}{hint}"))
        })?;
        if variables.insert(name.to_owned(), value).is_some() {
            return Err(Failure::message(format!("--var {name}: the variable is given twice")));
        }
    }
    Ok(variables)
}

/// A variable or, with `$` in front, an event datum.
fn is_name(name: &str) -> bool {
    let name = name.strip_prefix('$').unwrap_or(name);
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    name.chars().all(inside) && name.starts_with(|c: char| !c.is_ascii_digit())
}

fn seed(args: &EvalArgs) -> u64 {
    // The keys of a hasher are what the standard library has of randomness.
    args.seed.unwrap_or_else(|| std::hash::RandomState::new().build_hasher().finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_language() {
        for name in ["x", "_1", "$value", "a$b", "$_"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "$", "1", "$1", "a b", "naïve", "a-b"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
