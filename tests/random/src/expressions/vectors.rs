//! The vectors: expressions with the results of a real JEXL, from a folder beside the checkout.

use std::{fs, path::Path};

use serde_json::Value as Json;

/// An expression and its result, `None` for an error.
#[derive(Debug, Clone)]
pub struct Vector {
    /// The expression.
    pub source: String,
    /// Its value, encoded.
    pub result: Option<Json>,
}

/// All vectors of a file; nothing where they are absent.
///
/// # Panics
/// If the file cannot be understood.
#[must_use]
pub fn vectors(file: &str) -> Option<Vec<Vector>> {
    let text = ["../../../shared", "../../../../shared"]
        .iter()
        .map(|shared| Path::new(env!("CARGO_MANIFEST_DIR")).join(shared))
        .find_map(|shared| fs::read_to_string(shared.join("vectors").join(file)).ok())?;
    let vectors = text.lines().map(|line| {
        let line: Json = serde_json::from_str(line).expect("every line is JSON");
        let source = line["source"].as_str().expect("every line has a source").to_owned();
        let result = &line["result"];
        Vector { source, result: (result["t"] != "error").then(|| normal(result)) }
    });
    Some(vectors.collect())
}

/// The result as `csml_expr::encode` writes it: floats are floats, and `null` has no `v`.
fn normal(result: &Json) -> Json {
    let v = &result["v"];
    let v = match result["t"].as_str() {
        Some("float") => v.as_f64().map_or_else(|| v.clone(), Json::from),
        Some("list" | "set") => v.as_array().into_iter().flatten().map(normal).collect(),
        Some("map") => {
            let pairs = v.as_array().into_iter().flatten();
            pairs.map(|pair| pair.as_array().into_iter().flatten().map(normal).collect::<Json>()).collect()
        }
        _ => v.clone(),
    };
    if v.is_null() {
        serde_json::json!({ "t": "null" })
    } else {
        serde_json::json!({ "t": result["t"], "v": v })
    }
}

/// The expression in the form for a description: names that statements assign become locals.
#[must_use]
pub fn with_locals(source: &str) -> String {
    let mut declared = Vec::new();
    let statements = source.split("; ").map(|statement| {
        let name: String = statement.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        let assigns = !name.is_empty() && statement[name.len()..].starts_with(" = ");
        if assigns && !declared.contains(&name) {
            declared.push(name);
            return format!("var {statement}");
        }
        statement.to_owned()
    });
    statements.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_assigned_is_declared_once() {
        assert_eq!(with_locals("x = 3; y = x; x = y; y"), "var x = 3; var y = x; x = y; y");
        assert_eq!(with_locals("x == 3"), "x == 3");
        assert_eq!(with_locals("l = [1]; l[0] = 2"), "var l = [1]; l[0] = 2");
    }
}
