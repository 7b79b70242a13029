//! How typed data become untyped and back.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    sync::Arc,
    vec::Vec,
};
use core::fmt;

use crate::{Position, StepError, StepErrorKind, Value, budget, nesting, value_text::Described};

/// Raw bytes: the type `bytes` of the expression language.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(pub Vec<u8>);

/// Says where untyped data do not fit a type: `value: expected bool, found string "yes"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Path of the datum within its payload, such as `reading.values[3]`; empty for the payload itself.
    pub path: String,
    /// What was expected and what was found.
    pub message: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

impl core::error::Error for Misfit {}

impl Misfit {
    /// A misfit of the payload itself.
    #[cold]
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { path: String::new(), message: message.into() }
    }

    /// `found` stands where something else was expected.
    #[cold]
    #[must_use]
    pub fn expected(expected: &str, found: &Value) -> Self {
        Self::new(format!("expected {expected}, found {}", Described(found)))
    }

    /// The same misfit, seen from the map that holds it under `key`.
    #[cold]
    #[must_use]
    pub fn within(mut self, key: impl fmt::Display) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{key}{dot}{}", self.path);
        self
    }

    /// As an error of a step.
    #[cold]
    pub(crate) fn at(&self, at: Position) -> StepError {
        StepError::new(StepErrorKind::Type, at, format!("{self}"))
    }

    /// The same misfit, seen from the list that holds it at `index`.
    #[cold]
    #[must_use]
    pub fn within_item(self, index: usize) -> Self {
        self.within(format_args!("[{index}]"))
    }
}

/// A type that data of a description can have.
pub trait Datum: Sized {
    /// What the type is called in messages, such as `bool` or `list`.
    const EXPECTED: &'static str;

    /// As an untyped value.
    fn to_value(&self) -> Value;

    /// From an untyped value. Integers are accepted where a float is expected, and floats without a fraction where an
    /// integer is.
    ///
    /// # Errors
    /// Says where it does not fit.
    fn from_value(value: &Value) -> Result<Self, Misfit>;

    /// As an untyped value, without a copy where that is possible.
    #[inline]
    fn into_value(self) -> Value {
        self.to_value()
    }

    /// What stands for a value that is missing, if anything does: the `null` of an option.
    fn absent() -> Option<Self> {
        None
    }

    /// From the key of a map. Keys that come from JSON are strings, so those of other types are read from
    /// their text.
    ///
    /// # Errors
    /// The key is not of this type.
    fn from_key(key: &Value) -> Result<Self, Misfit> {
        Self::from_value(key)
    }

    /// Whether methods such as `contains` take the two for the same: integers and floats by their number,
    /// everything else by kind and content.
    fn same(&self, other: &Self) -> bool {
        self.to_value().same(&other.to_value())
    }

    /// Whether one of the items is the [same](Self::same).
    #[inline]
    fn is_in(&self, items: &[Self]) -> bool
    where
        Self: Sized,
    {
        items.iter().any(|item| item.same(self))
    }

    /// Whether untyped values in it nest so deep that no collection takes it in.
    #[inline]
    fn nests_too_deep(&self) -> bool {
        false
    }

    /// What a copy takes of the budget of a step, besides what stands in the place itself: nothing for what copies
    /// share.
    #[inline]
    fn copy_cost(&self) -> usize {
        0
    }
}

/// A datum of a payload that is a map, or `null` for none.
///
/// What may be `null` may also be missing.
///
/// # Errors
/// It is missing or does not fit, or the payload is no map.
pub fn field<T: Datum>(payload: &Value, name: &str) -> Result<T, Misfit> {
    match find(payload, name)? {
        Some(value) => T::from_value(value).map_err(|misfit| misfit.within(name)),
        None => {
            T::absent().ok_or_else(|| Misfit::new(format!("missing, expected {}", T::EXPECTED)).within(name))
        }
    }
}

/// A datum that may be missing. `null` counts as missing unless it fits the type.
///
/// # Errors
/// It does not fit, or the payload is no map.
pub fn optional_field<T: Datum>(payload: &Value, name: &str) -> Result<Option<T>, Misfit> {
    match find(payload, name)? {
        None => Ok(None),
        Some(Value::Null) => Ok(T::from_value(&Value::Null).ok()),
        Some(value) => T::from_value(value).map(Some).map_err(|misfit| misfit.within(name)),
    }
}

pub(crate) fn find<'a>(payload: &'a Value, name: &str) -> Result<Option<&'a Value>, Misfit> {
    match payload {
        Value::Map(_) => Ok(payload.get(name)),
        Value::Null => Ok(None),
        other => {
            let expected = format!("a map with \"{name}\"");
            Err(Misfit::expected(&expected, other))
        }
    }
}

impl Datum for Value {
    const EXPECTED: &'static str = "any value";

    #[inline]
    fn to_value(&self) -> Value {
        self.clone()
    }

    #[inline]
    fn from_value(value: &Value) -> Result<Self, Misfit> {
        Ok(value.clone())
    }

    #[inline]
    fn into_value(self) -> Value {
        self
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Int(a), Self::Float(b)) | (Self::Float(b), Self::Int(a)) => *a as f64 == *b,
            (Self::Float(a), Self::Float(b)) => a.same(b),
            (Self::List(a), Self::List(b)) => a.same(b),
            (Self::Map(a), Self::Map(b)) => a.same(b),
            _ => self == other,
        }
    }

    #[inline]
    fn nests_too_deep(&self) -> bool {
        !nesting::fits(self)
    }
}

impl Datum for bool {
    const EXPECTED: &'static str = "bool";

    #[inline]
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }

    fn from_value(value: &Value) -> Result<Self, Misfit> {
        value.as_bool().ok_or_else(|| Misfit::expected(Self::EXPECTED, value))
    }

    fn from_key(key: &Value) -> Result<Self, Misfit> {
        match key.as_text() {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => Self::from_value(key),
        }
    }

    #[inline]
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// A float without a fraction as an integer, if it fits into 64 bits.
pub(crate) fn whole(float: f64) -> Option<i64> {
    let integer = float as i64;
    // The cast saturates, and the largest integer rounds up to 2^63.
    (integer as f64 == float && float < 9_223_372_036_854_775_808.0).then_some(integer)
}

impl Datum for i64 {
    const EXPECTED: &'static str = "int";

    #[inline]
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }

    // JSON Schema, and most libraries that write JSON, take 3.0 for an integer.
    fn from_value(value: &Value) -> Result<Self, Misfit> {
        match value {
            Value::Float(float) => whole(*float),
            value => value.as_int(),
        }
        .ok_or_else(|| Misfit::expected(Self::EXPECTED, value))
    }

    fn from_key(key: &Value) -> Result<Self, Misfit> {
        match key.as_text().map(str::parse) {
            Some(Ok(number)) => Ok(number),
            _ => Self::from_value(key),
        }
    }

    #[inline]
    fn same(&self, other: &Self) -> bool {
        self == other
    }

    // Compares several items at once.
    #[inline]
    fn is_in(&self, items: &[Self]) -> bool {
        items.contains(self)
    }
}

impl Datum for f64 {
    const EXPECTED: &'static str = "float";

    #[inline]
    fn to_value(&self) -> Value {
        Value::Float(*self)
    }

    fn from_value(value: &Value) -> Result<Self, Misfit> {
        value.as_float().ok_or_else(|| Misfit::expected(Self::EXPECTED, value))
    }

    /// `NaN` is the same as itself.
    #[inline]
    fn same(&self, other: &Self) -> bool {
        self == other || (self.is_nan() && other.is_nan())
    }
}

impl Datum for String {
    const EXPECTED: &'static str = "string";

    fn to_value(&self) -> Value {
        Value::from(self.as_str())
    }

    fn from_value(value: &Value) -> Result<Self, Misfit> {
        match value {
            Value::Text(text) => Ok(String::clone(text)),
            other => Err(Misfit::expected(Self::EXPECTED, other)),
        }
    }

    fn into_value(self) -> Value {
        Value::from(self)
    }

    #[inline]
    fn same(&self, other: &Self) -> bool {
        self == other
    }

    #[inline]
    fn copy_cost(&self) -> usize {
        text_cost(self.len())
    }
}

/// An allocation, and the bytes in it.
#[inline]
const fn text_cost(length: usize) -> usize {
    16 + budget::of_bytes(length)
}

impl Datum for Bytes {
    const EXPECTED: &'static str = "bytes";

    fn to_value(&self) -> Value {
        Value::Bytes(Arc::new(self.0.clone()))
    }

    fn from_value(value: &Value) -> Result<Self, Misfit> {
        match value {
            Value::Bytes(bytes) => Ok(Self(Vec::clone(bytes))),
            other => Err(Misfit::expected(Self::EXPECTED, other)),
        }
    }

    fn into_value(self) -> Value {
        Value::from(self)
    }

    #[inline]
    fn same(&self, other: &Self) -> bool {
        self == other
    }

    #[inline]
    fn copy_cost(&self) -> usize {
        text_cost(self.0.len())
    }
}

impl<T: Datum> Datum for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }

    fn from_value(value: &Value) -> Result<Self, Misfit> {
        match value {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(value), Some(other)) => value.same(other),
            (None, None) => true,
            _ => false,
        }
    }

    #[inline]
    fn nests_too_deep(&self) -> bool {
        self.as_ref().is_some_and(T::nests_too_deep)
    }

    #[inline]
    fn copy_cost(&self) -> usize {
        self.as_ref().map_or(0, T::copy_cost)
    }
}

impl<T: Datum> Datum for Vec<T> {
    const EXPECTED: &'static str = "list";

    fn to_value(&self) -> Value {
        Value::list(self.iter().map(T::to_value))
    }

    fn from_value(value: &Value) -> Result<Self, Misfit> {
        match value {
            Value::List(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| T::from_value(item).map_err(|misfit| misfit.within_item(index)))
                .collect(),
            other => Err(Misfit::expected(Self::EXPECTED, other)),
        }
    }

    fn into_value(self) -> Value {
        Value::list(self.into_iter().map(T::into_value))
    }

    fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(item, other)| item.same(other))
    }

    #[inline]
    fn nests_too_deep(&self) -> bool {
        self.iter().any(T::nests_too_deep)
    }

    #[inline]
    fn copy_cost(&self) -> usize {
        budget::of_bytes(self.len() * size_of::<T>()) + self.iter().map(T::copy_cost).sum::<usize>()
    }
}

/// A list is accepted too: JSON has no sets.
impl<T: Datum + Ord> Datum for BTreeSet<T> {
    const EXPECTED: &'static str = "set";

    fn to_value(&self) -> Value {
        Value::set(self.iter().map(T::to_value))
    }

    fn from_value(value: &Value) -> Result<Self, Misfit> {
        match value {
            Value::List(_) => Ok(Vec::from_value(value)?.into_iter().collect()),
            Value::Set(items) => items.iter().map(T::from_value).collect(),
            other => Err(Misfit::expected(Self::EXPECTED, other)),
        }
    }

    fn into_value(self) -> Value {
        Value::set(self.into_iter().map(T::into_value))
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }

    #[inline]
    fn nests_too_deep(&self) -> bool {
        self.iter().any(T::nests_too_deep)
    }

    #[inline]
    fn copy_cost(&self) -> usize {
        budget::of_tree(self.len(), size_of::<T>()) + self.iter().map(T::copy_cost).sum::<usize>()
    }
}

impl<K: Datum + Ord, V: Datum> Datum for BTreeMap<K, V> {
    const EXPECTED: &'static str = "map";

    fn to_value(&self) -> Value {
        Value::map(self.iter().map(|(key, value)| (key.to_value(), value.to_value())))
    }

    fn from_value(value: &Value) -> Result<Self, Misfit> {
        let Value::Map(entries) = value else {
            return Err(Misfit::expected(Self::EXPECTED, value));
        };
        entries
            .iter()
            .map(|(key, value)| {
                let within = |misfit: Misfit| match key.as_text() {
                    Some(name) => misfit.within(name),
                    None => misfit.within(format_args!("[{}]", key.to_json())),
                };
                let value = V::from_value(value).map_err(within)?;
                let key = K::from_key(key)
                    .map_err(|misfit| within(Misfit::new(format!("as a key: {}", misfit.message))))?;
                Ok((key, value))
            })
            .collect()
    }

    fn into_value(self) -> Value {
        Value::map(self.into_iter().map(|(key, value)| (key.into_value(), value.into_value())))
    }

    fn same(&self, other: &Self) -> bool {
        let pairs = || self.iter().zip(other);
        self.len() == other.len()
            && pairs().all(|((key, value), (other_key, other))| key == other_key && value.same(other))
    }

    #[inline]
    fn nests_too_deep(&self) -> bool {
        self.iter().any(|(key, value)| key.nests_too_deep() || value.nests_too_deep())
    }

    #[inline]
    fn copy_cost(&self) -> usize {
        let items: usize = self.iter().map(|(key, value)| key.copy_cost() + value.copy_cost()).sum();
        budget::of_tree(self.len(), size_of::<K>() + size_of::<V>()) + items
    }
}

#[cfg(test)]
mod tests {
    use alloc::{string::ToString, vec};

    use super::*;

    fn refused<T: Datum + fmt::Debug>(value: &Value) -> String {
        T::from_value(value).unwrap_err().to_string()
    }

    fn round<T: Datum + Clone + PartialEq + fmt::Debug>(datum: T, value: &Value) {
        assert_eq!(datum.to_value(), *value);
        assert_eq!(T::from_value(value).as_ref(), Ok(&datum));
        assert_eq!(datum.into_value(), *value);
    }

    #[test]
    fn every_type_goes_both_ways() {
        round(true, &true.into());
        round(-7_i64, &Value::Int(-7));
        round(1.5, &1.5.into());
        round(String::from("x"), &"x".into());
        round(Bytes(vec![0, 255]), &Value::from(Bytes(vec![0, 255])));
        round(Some(1_i64), &1.into());
        round(None::<i64>, &Value::Null);
        round(vec![1_i64, 2], &Value::list([1.into(), 2.into()]));
        round(BTreeSet::from([2_i64, 1]), &Value::set([1.into(), 2.into()]));
        round(BTreeMap::from([(1_i64, vec![true])]), &Value::map([(1, Value::list([true.into()]))]));
        round(Value::from("any"), &"any".into());
    }

    #[test]
    fn numbers_are_the_same_by_value_and_everything_else_by_kind() {
        let value = |number: f64| Value::from(number);
        assert!(Value::from(1).same(&value(1.0)));
        assert!(Value::list([1.into()]).same(&Value::list([value(1.0)])));
        assert!(Value::map([("a", 1.into())]).same(&Value::map([("a", value(1.0))])));
        assert!(value(f64::NAN).same(&value(-f64::NAN)));
        assert!(!Value::from("1").same(&1.into()));
        assert!(!Value::from(true).same(&1.into()));
        assert!(vec![f64::NAN].same(&vec![f64::NAN]));
        assert!(!vec![1_i64].same(&vec![1, 2]));
        assert!(!Some(1_i64).same(&None));
    }

    #[test]
    fn numbers_fit_where_nothing_is_lost() {
        assert_eq!(f64::from_value(&3.into()), Ok(3.0));
        for (float, integer) in [(3.0, 3), (-0.0, 0), (1e2, 100), (-9_223_372_036_854_775_808.0, i64::MIN)] {
            assert_eq!(i64::from_value(&float.into()), Ok(integer));
        }
        assert_eq!(refused::<i64>(&3.5.into()), "expected int, found float 3.5");
        for float in [9_223_372_036_854_775_808.0, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(i64::from_value(&float.into()).is_err(), "{float}");
        }
        let list = Value::list([1.0.into(), 2.into()]);
        assert_eq!(Vec::<i64>::from_value(&list), Ok(vec![1, 2]));
        assert_eq!(Option::<i64>::from_value(&2.0.into()), Ok(Some(2)));
    }

    #[test]
    fn keys_are_read_from_their_text() {
        let json = Value::map([("1", Value::from("a")), ("-2", Value::from("b"))]);
        let map = BTreeMap::<i64, String>::from_value(&json).unwrap();
        assert_eq!(map.keys().copied().collect::<Vec<_>>(), [-2, 1]);
        let json = Value::map([("true", Value::from(1))]);
        assert!(BTreeMap::<bool, i64>::from_value(&json).unwrap()[&true] == 1);
        assert_eq!(
            refused::<BTreeMap<i64, i64>>(&Value::map([("x", 1.into())])),
            "x: as a key: expected int, found string \"x\""
        );
    }

    #[test]
    fn a_misfit_says_where_and_what() {
        let list = Value::list([1.into(), 2.into(), 3.into(), "four".into()]);
        let payload = Value::map([("reading", Value::map([("values", list)]))]);
        let misfit = field::<BTreeMap<String, Vec<i64>>>(&payload, "reading").unwrap_err();
        assert_eq!(misfit.path, "reading.values[3]");
        assert_eq!(misfit.message, "expected int, found string \"four\"");
        let nested = Value::list([Value::list([Value::Null])]);
        assert_eq!(refused::<Vec<Vec<bool>>>(&nested), "[0][0]: expected bool, found null");
        let long = refused::<bool>(&"x".repeat(100).into());
        assert_eq!(long.len(), "expected bool, found string \"\"…".len() + 40);
    }

    #[test]
    fn fields_are_required_or_optional() {
        let payload = Value::map([("a", 1.into()), ("n", Value::Null)]);
        assert_eq!(field::<i64>(&payload, "a"), Ok(1));
        assert_eq!(field::<Option<i64>>(&payload, "n"), Ok(None));
        assert_eq!(field::<Option<i64>>(&payload, "z"), Ok(None));
        assert_eq!(optional_field::<i64>(&payload, "a"), Ok(Some(1)));
        assert_eq!(optional_field::<i64>(&payload, "n"), Ok(None));
        assert_eq!(optional_field::<Option<i64>>(&payload, "n"), Ok(Some(None)));
        assert_eq!(optional_field::<i64>(&payload, "z"), Ok(None));
        assert_eq!(optional_field::<i64>(&Value::Null, "z"), Ok(None));
        let refused = |result: Result<bool, Misfit>| result.unwrap_err().to_string();
        assert_eq!(refused(field(&payload, "z")), "z: missing, expected bool");
        assert_eq!(refused(field(&Value::Null, "z")), "z: missing, expected bool");
        assert_eq!(refused(field(&payload, "a")), "a: expected bool, found int 1");
        assert_eq!(refused(field(&7.into(), "z")), "expected a map with \"z\", found int 7");
        assert!(optional_field::<i64>(&7.into(), "z").is_err());
    }
}
