//! Reads JSON text as [`Value`]s, with the forms of TRACE for bytes and sets.

use std::collections::BTreeMap;
use std::fmt;

use csml_rt_core::Value;
use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Reads one JSON value of a text of one line. Duplicate keys, integers beyond 64 bits and more than 128 levels
/// of nesting are errors.
///
/// # Errors
/// Says what is wrong, with the column.
pub(crate) fn parse_line(text: &str) -> Result<Value, String> {
    read(text).map_err(|(message, _, column)| format!("{message} (column {column})"))
}

/// Reads one JSON value like [`parse_line`], of a text of any number of lines.
///
/// # Errors
/// Says what is wrong, with line and column.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Err("it is empty".into());
    }
    read(text).map_err(|(message, line, column)| format!("line {line}: {message} (column {column})"))
}

fn read(text: &str) -> Result<Value, (String, usize, usize)> {
    match serde_json::from_str::<Json>(text) {
        Ok(Json(value)) => Ok(value),
        Err(error) => {
            let message = error.to_string();
            let (line, column) = (error.line(), error.column());
            let place = format!(" at line {line} column {column}");
            Err((message.strip_suffix(&place).unwrap_or(&message).to_owned(), line, column))
        }
    }
}

struct Json(Value);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Json(Value::Null)).map(Json)
    }
}

impl<'de> Visitor<'de> for Json {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value)
            .map(Value::from)
            .map_err(|_| E::custom(format!("{value} does not fit into 64 bits")))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut items: S) -> Result<Value, S::Error> {
        let mut list = Vec::new();
        while let Some(Self(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<M: MapAccess<'de>>(self, mut entries: M) -> Result<Value, M::Error> {
        let mut map = BTreeMap::new();
        while let Some(key) = entries.next_key::<String>()? {
            let Self(value) = entries.next_value()?;
            let key = Value::from(key);
            if map.contains_key(&key) {
                let key = key.as_text().unwrap_or_default();
                return Err(M::Error::custom(format!("the key `{key}` is given twice")));
            }
            map.insert(key, value);
        }
        if let (1, Some((Value::Text(key), value))) = (map.len(), map.first_key_value())
            && key.starts_with('$')
            && let Some(form) = Value::from_json_form(key, value)
        {
            return Ok(form);
        }
        Ok(map.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_is_written() {
        for text in [
            "null",
            "-9223372036854775808",
            "1.0",
            r#"{"a":[1,2.5,"x\n"],"b":{"$bytes":"AQI="},"c":{"$set":[1,2]},"d":{}}"#,
        ] {
            assert_eq!(parse(text).unwrap().to_json(), text);
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let error = |text: &str| parse(text).unwrap_err();
        assert!(error(r#"{"a":1,"a":2}"#).contains("`a` is given twice"));
        assert!(error("9223372036854775808").contains("does not fit into 64 bits"));
        assert!(error("[1,").contains("column"));
        assert!(error(&"[".repeat(100_000)).contains("recursion"));
        assert!(error("1 2").contains("trailing"));
        assert!(error("{\n  \"a\": x\n}").starts_with("line 2: "));
        assert_eq!(error(" \n"), "it is empty");
        assert!(!parse_line("[1,").unwrap_err().contains("line"));
    }
}
