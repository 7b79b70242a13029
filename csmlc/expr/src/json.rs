//! Reads JSON text as [`Value`]s, with their JSON forms (docs/trace.md#values) for bytes, sets and floats that are
//! not numbers.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use csml_rt_core::Value;
use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// What is wrong with a JSON text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// What is wrong.
    pub message: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {}, column {})", self.message, self.line, self.column)
    }
}

impl std::error::Error for JsonError {}

/// Reads one JSON value. Duplicate keys, integers beyond 64 bits and more than 128 levels of nesting are errors.
/// Floats are exact; numbers without point and exponent are integers.
///
/// # Errors
/// If the text is not such a JSON value.
pub fn read(text: &str) -> Result<Value, JsonError> {
    let value = match serde_json::from_str::<Json>(&without_minus_zero(text)) {
        Ok(Json(value)) => value,
        Err(error) => {
            let message = error.to_string();
            let (line, column) = (error.line(), error.column());
            let place = format!(" at line {line} column {column}");
            let message = message.strip_suffix(&place).unwrap_or(&message).to_owned();
            return Err(JsonError { message, line, column });
        }
    };
    match wide_integer(text) {
        None => Ok(value),
        Some(at) => Err(too_wide(text, at)),
    }
}

/// The text with ` 0` for every `-0`, of which the parser makes a float. All else stays where it is.
fn without_minus_zero(text: &str) -> Cow<'_, str> {
    if !text.contains("-0") {
        return Cow::Borrowed(text);
    }
    let mut plain = text.to_owned();
    each_number(text, |at, number| {
        if number == "-0" {
            plain.replace_range(at..=at, " ");
        }
        true
    });
    Cow::Owned(plain)
}

/// Where an integer of more than 64 bits stands in a valid JSON text: the parser makes floats of the widest.
fn wide_integer(text: &str) -> Option<usize> {
    let mut wide = None;
    each_number(text, |at, number| {
        if !number.contains(['.', 'e', 'E']) && number.parse::<i64>().is_err() {
            wide = Some(at);
        }
        wide.is_none()
    });
    wide
}

/// Calls `f` with each number of a JSON text and where it begins, until it returns `false`.
fn each_number(text: &str, mut f: impl FnMut(usize, &str) -> bool) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at += string_length(bytes.get(at..).unwrap_or_default()),
            b'-' | b'0'..=b'9' => {
                let number = text.get(at..).unwrap_or_default();
                let part =
                    |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E');
                let length = number.bytes().position(|byte| !part(byte)).unwrap_or(number.len());
                if !f(at, number.get(..length).unwrap_or_default()) {
                    return;
                }
                at += length;
            }
            _ => at += 1,
        }
    }
}

/// How long a JSON string is, quotes included.
fn string_length(text: &[u8]) -> usize {
    let mut at = 1;
    loop {
        match text.get(at) {
            None => return at,
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

fn too_wide(text: &str, at: usize) -> JsonError {
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = at - before.rfind('\n').map_or(0, |newline| newline + 1) + 1;
    let number: String = text.chars().skip(before.chars().count()).take(40).collect();
    let digits = number.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(number.len());
    let shown = number.get(..digits).unwrap_or_default();
    let more = if digits == number.len() { "…" } else { "" };
    JsonError { message: format!("the integer {shown}{more} does not fit into 64 bits"), line, column }
}

struct Json(Value);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self(Value::Null)).map(Self)
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
        // Beyond that they are found in the text afterwards, like those of more than 64 bits.
        Ok(i64::try_from(value).map_or(Value::Null, Value::from))
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
            "9223372036854775807",
            "1.0",
            "-0.0",
            "1e300",
            "0.30000000000000004",
            "7.2057594037927933e16",
            r#"{"a":[1,2.5,"x\n"],"b":{"$bytes":"AQI="},"c":{"$set":[1,2]},"d":{}}"#,
        ] {
            let expected = if text.starts_with('7') { "7.205759403792794e16" } else { text };
            assert_eq!(read(text).unwrap().to_json(), expected);
        }
    }

    #[test]
    fn minus_zero_without_a_fraction_is_an_integer() {
        assert_eq!(read("-0").unwrap(), Value::Int(0));
        assert_eq!(
            read(r#"["-0", -0, -0.0, -0e1, -0.5, {"-0": -0}]"#).unwrap().to_json(),
            r#"["-0",0,-0.0,-0.0,-0.5,{"-0":0}]"#
        );
        assert!(read("-01").is_err() && read("--0").is_err());
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let error = |text: &str| read(text).unwrap_err();
        assert!(error(r#"{"a":1,"a":2}"#).message.contains("`a` is given twice"));
        assert!(error("[1,").column > 0);
        assert!(error(&"[".repeat(100_000)).message.contains("recursion"));
        assert!(error("1 2").message.contains("trailing"));
        assert_eq!(error("{\n  \"a\": x\n}").line, 2);
        for text in ["NaN", "1e999", "01", "", "'a'", "{a: 1}", "[1,]"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn integers_have_64_bits() {
        let wide = [
            "9223372036854775808",
            "-9223372036854775809",
            "18446744073709551615",
            "18446744073709551616",
            "100000000000000000000000000",
        ];
        for text in wide {
            let error = read(&format!("{{\"a\\\"1\": 1,\n \"é\": [{text}]}}")).unwrap_err();
            assert_eq!(error.message, format!("the integer {text} does not fit into 64 bits"));
            assert_eq!((error.line, error.column), (2, 9));
            assert_eq!(read(&format!("\"{text}\"")), Ok(text.into()));
            assert!(read(&format!("{text}.0")).is_ok_and(|value| value.kind() == "float"));
        }
        assert!(read(&"1".repeat(10_000)).unwrap_err().message.len() < 100);
    }
}
