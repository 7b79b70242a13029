//! Expressions with known results: each is typed or refused, and what is typed fits.

use super::{compile, quoted, with};
use crate::{tests::descriptions::vectors, types::Type};

/// The text as a script of its own: the first assignment of each name declares it.
fn declared(source: &str) -> String {
    let mut known: Vec<&str> = Vec::new();
    let mut out = Vec::new();
    for statement in source.split_inclusive(';') {
        let trimmed = statement.trim_start();
        let name: &str = trimmed.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let rest = trimmed[name.len()..].trim_start();
        let operator = ["==", "=~", "=^", "=$"].iter().any(|operator| rest.starts_with(operator));
        let assigns = rest.starts_with('=') && !operator;
        if assigns && name.starts_with(|c: char| c.is_ascii_alphabetic()) && !known.contains(&name) {
            known.push(name);
            out.push(format!("var {trimmed}"));
        } else {
            out.push(statement.to_owned());
        }
    }
    out.concat()
}

/// Where this language is another one: `list + x` appends.
const DEVIATIONS: [&str; 3] =
    ["l = [1, 2, 3, ...]; l += 1; l", "l = ['a', 'b', ...]; l += 1; l", "l = [...]; l += 1; l"];

/// What a compiled description refuses, with the reason.
const REFUSED: &str = include_str!("../../../../../tests/random/tests/refused");

/// Vectors that a diagnostic may refuse although JEXL has a value.
fn deviates(said: &[String]) -> bool {
    said.iter().any(|line| line.starts_with("CSML0402") || line.starts_with("CSML0403"))
}

#[test]
fn types_agree_with_what_jexl_computes() {
    let Some(vectors) = vectors() else { return };
    let (mut typed, mut dynamic, mut refused) = (0, 0, 0);
    let mut wrong = Vec::new();
    for vector in vectors {
        let source = declared(&vector.source);
        let json = with(&format!(r#"["local", "x", {}]"#, quoted(&source)), "", "");
        let (program, said) = compile(&json);
        let Some(program) = program else {
            let listed = REFUSED.lines().any(|line| line.starts_with(&format!("{} => ", vector.source)));
            if vector.result != "error" && !deviates(&said) && !listed {
                wrong.push(format!("{source}: {said:?}"));
            }
            refused += 1;
            continue;
        };
        let ty = program.variables.values().next().unwrap();
        let name = match ty {
            Type::Dynamic => {
                dynamic += 1;
                continue;
            }
            Type::List(_) => "list",
            Type::Set(_) => "set",
            Type::Map(..) => "map",
            Type::Option(item) if vector.result != "null" => &item.to_string(),
            Type::Option(_) => "null",
            other => &other.to_string(),
        };
        typed += 1;
        if vector.result != name && vector.result != "error" && !DEVIATIONS.contains(&vector.source.as_str())
        {
            wrong.push(format!("{source}: {name}, not {}", vector.result));
        }
    }
    let counts = format!("typed {typed}, dynamic {dynamic}, refused {refused}");
    assert!(wrong.is_empty(), "{counts}\n{}", wrong.join("\n"));
    assert!(typed > 1_500 && refused > 300, "{counts}");
    println!("{counts}");
}
