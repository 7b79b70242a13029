//! The tables of methods and functions in the reference of the expression language, made of the library itself.

use std::{collections::BTreeMap, fmt::Write as _};

use csml_expr::{
    eval::Program,
    library::{Entry, On, Ty, entries},
};
use csml_rt_core::{Rng, Value, private::Fuel};

/// What the tables are called on the page, and what they list.
const TABLES: [(&str, On); 11] = [
    ("strings", On::Text),
    ("bytes", On::Bytes),
    ("lists", On::List),
    ("sets", On::Set),
    ("maps", On::Map),
    ("integers", On::Int),
    ("floats", On::Float),
    ("truth values", On::Bool),
    ("math", On::Namespace("math")),
    ("std", On::Namespace("std")),
    ("utility", On::Namespace("utility")),
];

/// The page with new tables, which are between `<!-- table: name -->` and `<!-- end -->`.
pub(crate) fn page(found: &str) -> Result<String, String> {
    let mut page = String::new();
    let mut rest = found;
    let mut written = Vec::new();
    while let Some((before, after)) = rest.split_once("<!-- table: ") {
        let (name, old) = after.split_once(" -->").ok_or("a table has no name")?;
        let (_, after) = old.split_once("<!-- end -->").ok_or_else(|| format!("table {name} has no end"))?;
        let Some((_, on)) = TABLES.iter().find(|table| table.0 == name) else {
            return Err(format!("there is no table {name}"));
        };
        // Writing to a String cannot fail.
        let _ = write!(page, "{before}<!-- table: {name} -->\n\n{}\n<!-- end -->", table(*on)?);
        written.push(*on);
        rest = after;
    }
    if let Some(entry) = entries().find(|entry| !written.contains(&entry.on)) {
        return Err(format!("{:?} has no table on the page", entry.on));
    }
    Ok(page + rest)
}

fn table(on: On) -> Result<String, String> {
    let what = if matches!(on, On::Namespace(_)) { "function" } else { "method" };
    let mut table = format!("| {what} | result | | fails | example |\n|---|---|---|---|---|\n");
    for entry in entries().filter(|entry| entry.on == on) {
        let (source, value) = entry.example;
        let value = match value {
            error if error.starts_with("error") => "an error".to_owned(),
            _ => format!("`{}`", cell(&value_of(source)?)),
        };
        let _ = writeln!(
            table,
            "| `{}` | `{}` | {} | {} | `{}` is {value} |",
            signature(entry),
            ty(entry.result, on),
            cell(entry.doc),
            cell(entry.errors),
            cell(source),
        );
    }
    Ok(table)
}

/// The value of an example, as an expression.
fn value_of(source: &str) -> Result<String, String> {
    let script = csml_expr::parse(source, &|_, _| ()).map_err(|fault| format!("{source}: {fault:?}"))?;
    let value = Program::new(&script)
        .evaluate(&mut BTreeMap::new(), &mut Rng::new(1), Fuel::DEFAULT_LIMIT)
        .map_err(|error| format!("{source}: {}", error.message))?;
    Ok(literal(&value))
}

fn literal(value: &Value) -> String {
    let list = |items: &mut dyn Iterator<Item = &Value>| items.map(literal).collect::<Vec<_>>().join(", ");
    match value {
        Value::List(items) => format!("[{}]", list(&mut items.iter())),
        Value::Set(items) => format!("{{{}}}", list(&mut items.iter())),
        Value::Map(entries) if entries.is_empty() => "{:}".to_owned(),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", literal(key), literal(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Text(text) => {
            let mut quoted = String::new();
            csml_expr::quote(text, &mut quoted);
            quoted
        }
        other => other.to_json(),
    }
}

/// The name and parameters of an entry, as in `indexOf(part: string)`.
fn signature(entry: &Entry) -> String {
    let parameters =
        entry.parameters.iter().map(|(name, parameter)| format!("{name}: {}", ty(*parameter, entry.on)));
    format!("{}({})", entry.name, parameters.collect::<Vec<_>>().join(", "))
}

fn ty(ty: Ty, on: On) -> String {
    match ty {
        Ty::Bool => "bool".to_owned(),
        Ty::Int => "int".to_owned(),
        Ty::Float => "float".to_owned(),
        Ty::Text => "string".to_owned(),
        Ty::Bytes => "bytes".to_owned(),
        Ty::Item => "T".to_owned(),
        Ty::Key => "K".to_owned(),
        Ty::Entry => "V".to_owned(),
        Ty::Receiver => match on {
            On::Text => "string",
            On::Bytes => "bytes",
            On::List => "list<T>",
            On::Set => "set<T>",
            On::Map => "map<K, V>",
            On::Int => "int",
            On::Float => "float",
            On::Bool => "bool",
            On::Namespace(_) => "dynamic",
        }
        .to_owned(),
        Ty::List(item) => format!("list<{}>", self::ty(*item, on)),
        Ty::Set(item) => format!("set<{}>", self::ty(*item, on)),
        Ty::Option(item) => format!("option<{}>", self::ty(*item, on)),
        Ty::Any => "dynamic".to_owned(),
        Ty::Null => "null".to_owned(),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_around_tables_stays() {
        let all: String = TABLES
            .iter()
            .map(|(name, _)| format!("above {name}\n<!-- table: {name} --><!-- end -->\n"))
            .collect();
        let page = page(&all).unwrap();
        for (name, _) in TABLES {
            assert!(page.contains(&format!("above {name}\n<!-- table: {name} -->\n\n| ")), "{page}");
        }
        assert_eq!(super::page(&page), Ok(page));
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(page("<!-- table: lists -->"), Err("table lists has no end".to_owned()));
        assert_eq!(page("<!-- table: lost --><!-- end -->"), Err("there is no table lost".to_owned()));
        assert!(page("").unwrap_err().ends_with("has no table on the page"));
    }
}
