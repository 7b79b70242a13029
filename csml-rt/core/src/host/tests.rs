use alloc::{
    borrow::ToOwned,
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
    string::{String, ToString},
    vec,
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use super::*;
use crate::Bytes;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Reading {
    value: f64,
    unit: Unit,
    note: Option<String>,
    samples: Vec<i32>,
    by_channel: BTreeMap<u8, bool>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
enum Unit {
    #[default]
    Celsius,
    Scaled(f32),
    Pair(i8, char),
    Named {
        name: String,
    },
}

fn round<T: HostType>(value: T, json: &str) {
    let untyped = to_value(&value);
    assert_eq!(untyped.to_json(), json);
    assert_eq!(from_value::<T>(&untyped).unwrap(), value);
}

fn refused<T: HostType>(value: &Value) -> String {
    from_value::<T>(value).unwrap_err().to_string()
}

#[test]
fn values_go_both_ways() {
    let reading = Reading {
        value: 20.0,
        unit: Unit::Celsius,
        note: None,
        samples: vec![1, -2],
        by_channel: BTreeMap::from([(7, true)]),
    };
    round(reading, r#"{"by_channel":{"7":true},"note":null,"samples":[1,-2],"unit":"Celsius","value":20.0}"#);
    round(Unit::Scaled(0.5), r#"{"Scaled":0.5}"#);
    round(Unit::Pair(-1, 'é'), r#"{"Pair":[-1,"é"]}"#);
    round(Unit::Named { name: "x".to_owned() }, r#"{"Named":{"name":"x"}}"#);
    round(((), Some(true), u32::MAX), "[null,true,4294967295]");
    round(BTreeSet::from([1_i64, 2]), "[1,2]");
    round(Bytes(vec![1, 2]), r#"{"$bytes":"AQI="}"#);
    round(
        BTreeMap::from([("a".to_owned(), vec![Value::Null, 1.into(), 1.5.into()])]),
        r#"{"a":[null,1,1.5]}"#,
    );
}

#[test]
fn json_has_only_text_as_keys_and_ints_for_floats() {
    let json = Value::map([
        ("value", Value::from(20)),
        ("unit", "Celsius".into()),
        ("samples", Value::set([3.into()])),
        ("by_channel", Value::map([("7", Value::from(true))])),
        ("unknown", Value::Null),
    ]);
    let reading: Reading = from_value(&json).unwrap();
    assert_eq!(reading.value, 20.0);
    assert_eq!(reading.note, None);
    assert_eq!(reading.samples, [3]);
    assert!(reading.by_channel[&7]);
}

#[test]
fn a_misfit_says_where() {
    let samples = Value::map([("samples", Value::list([1.into(), "x".into()]))]);
    assert_eq!(refused::<Reading>(&samples), "samples[1]: invalid type: string \"x\", expected i32");
    assert!(refused::<Reading>(&Value::map::<Value>([])).contains("missing field `value`"));
    assert_eq!(
        refused::<Unit>(&"Kelvin".into()),
        "unknown variant `Kelvin`, expected one of `Celsius`, `Scaled`, `Pair`, `Named`"
    );
    assert!(refused::<Unit>(&Value::map([("Scaled", Value::from("x"))])).starts_with("Scaled: invalid type"));
    assert!(refused::<Unit>(&1.into()).contains("expected a string or a map"));
    assert!(refused::<Unit>(&"Scaled".into()).contains("missing"));
    assert!(refused::<(i64, i64)>(&Value::list([1.into(), 2.into(), 3.into()])).contains("1 items too many"));
    let step = from_dynamic::<i64>(&"x".into(), Position::new(3, 4)).unwrap_err();
    assert_eq!(step.to_string(), "invalid type: string \"x\", expected i64 at 3:4");
}

#[test]
fn fields_are_required_or_optional() {
    let payload = Value::map([("a", 1.into()), ("n", Value::Null)]);
    assert_eq!(field::<u8>(&payload, "a"), Ok(1));
    assert_eq!(field::<Option<u8>>(&payload, "z"), Ok(None));
    assert_eq!(field::<u8>(&payload, "z").unwrap_err().to_string(), "z: missing");
    assert_eq!(optional_field::<u8>(&payload, "z"), Ok(None));
    assert_eq!(optional_field::<u8>(&payload, "n"), Ok(None));
    assert_eq!(optional_field::<Option<u8>>(&payload, "n"), Ok(Some(None)));
    assert!(optional_field::<bool>(&payload, "a").is_err());
    assert!(field::<u8>(&7.into(), "a").is_err());
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Chain(Option<Box<Chain>>);

#[test]
fn what_is_too_large_or_too_deep_is_refused() {
    assert_eq!(to_value(&u64::MAX), Value::Null);
    assert_eq!(refused::<u8>(&300.into()), "invalid value: integer `300`, expected u8");
    let chain = (0..1000).fold(Chain(None), |inner, _| Chain(Some(Box::new(inner))));
    assert_eq!(to_value(&chain), Value::Null);
    let deep = (0..1000).fold(Value::Null, |inner, _| Value::list([inner]));
    assert!(from_value::<Value>(&deep).unwrap_err().message.contains("nested too deeply"));
}
