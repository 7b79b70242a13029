//! Untyped values: what `dynamic` is at run time, and how typed data cross a boundary.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    sync::Arc,
    vec::Vec,
};

use crate::{Bytes, budget};

/// Any value of the expression language. 16 bytes; strings and collections stand behind a pointer and are
/// shared until one owner changes them.
#[derive(Debug, Clone, Default)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A 64-bit float.
    Float(f64),
    /// A string.
    Text(Arc<String>),
    /// Raw bytes.
    Bytes(Arc<Vec<u8>>),
    /// A list.
    List(Arc<Vec<Value>>),
    /// A set; elements in the order of [`Ord`].
    Set(Arc<BTreeSet<Value>>),
    /// A map; keys in the order of [`Ord`].
    Map(Arc<BTreeMap<Value, Value>>),
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// A total order for use as a key: by kind, then by value. Not the comparison of the expression language.
impl Ord for Value {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        fn rank(value: &Value) -> u8 {
            match value {
                Value::Null => 0,
                Value::Bool(_) => 1,
                Value::Int(_) => 2,
                Value::Float(_) => 3,
                Value::Text(_) => 4,
                Value::Bytes(_) => 5,
                Value::List(_) => 6,
                Value::Set(_) => 7,
                Value::Map(_) => 8,
            }
        }
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (Self::Float(a), Self::Float(b)) => order_floats(*a, *b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) => noted(a, a.len()).cmp(b),
            (Self::Set(a), Self::Set(b)) => noted(a, a.len()).cmp(b),
            (Self::Map(a), Self::Map(b)) => noted(a, a.len()).cmp(b),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

/// A collection whose items are compared, which the budget of the step counts.
fn noted<T>(collection: &T, size: usize) -> &T {
    budget::note(size);
    collection
}

/// `NaN` is one value, the greatest, whatever its bits; `-0.0` stands before `0.0`.
pub(crate) fn order_floats(left: f64, right: f64) -> core::cmp::Ordering {
    match (left.is_nan(), right.is_nan()) {
        (false, false) => left.total_cmp(&right),
        (left, right) => left.cmp(&right),
    }
}

impl Value {
    /// The type's name in messages, such as `int` or `list`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Text(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Set(_) => "set",
            Self::Map(_) => "map",
        }
    }

    /// A list of `items`.
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(Arc::new(items.into_iter().collect()))
    }

    /// A set of `items`.
    #[must_use]
    pub fn set(items: impl IntoIterator<Item = Self>) -> Self {
        Self::Set(Arc::new(items.into_iter().collect()))
    }

    /// A map of `entries`; of several with one key the last one stays.
    #[must_use]
    pub fn map<K: Into<Self>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value));
        Self::Map(Arc::new(entries.collect()))
    }

    /// Whether it is `null`.
    #[inline]
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The truth value, if it is one.
    #[inline]
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if it is one.
    #[inline]
    #[must_use]
    pub const fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The number as a float, if it is an integer or a float.
    #[inline]
    #[must_use]
    pub const fn as_float(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The string, if it is one.
    #[inline]
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(value) => Some(value),
            _ => None,
        }
    }

    /// The bytes, if it is `bytes`.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(value) => Some(value),
            _ => None,
        }
    }

    /// The items, if it is a list.
    #[inline]
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The elements, if it is a set.
    #[inline]
    #[must_use]
    pub fn as_set(&self) -> Option<&BTreeSet<Self>> {
        match self {
            Self::Set(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if it is a map.
    #[inline]
    #[must_use]
    pub fn as_map(&self) -> Option<&BTreeMap<Self, Self>> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entry of a map whose key is the string `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        /// Up to here looking at each key is cheaper than allocating one to search for.
        const FEW: usize = 16;

        let entries = self.as_map()?;
        if entries.len() > FEW {
            return entries.get(&Self::from(name));
        }
        let mut entries = entries.iter();
        entries.find_map(|(key, value)| (key.as_text() == Some(name)).then_some(value))
    }
}

impl From<bool> for Value {
    #[inline]
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    #[inline]
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Value {
    #[inline]
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Arc::new(String::from(value)))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(Arc::new(value))
    }
}

impl From<Bytes> for Value {
    fn from(value: Bytes) -> Self {
        Self::Bytes(Arc::new(value.0))
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(Arc::new(items))
    }
}

impl From<BTreeSet<Value>> for Value {
    fn from(items: BTreeSet<Value>) -> Self {
        Self::Set(Arc::new(items))
    }
}

impl From<BTreeMap<Value, Value>> for Value {
    fn from(entries: BTreeMap<Value, Value>) -> Self {
        Self::Map(Arc::new(entries))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, vec};

    use super::*;

    #[test]
    fn a_value_takes_sixteen_bytes() {
        assert_eq!(size_of::<Value>(), 16);
        assert_eq!(size_of::<Option<Value>>(), 16);
    }

    #[test]
    fn kinds_are_named_as_in_the_expression_language() {
        let values = [
            Value::Null,
            true.into(),
            1.into(),
            1.5.into(),
            "a".into(),
            Bytes(vec![1]).into(),
            Value::list([]),
            Value::set([]),
            Value::map::<Value>([]),
        ];
        let kinds: Vec<_> = values.iter().map(Value::kind).collect();
        assert_eq!(kinds, ["null", "bool", "int", "float", "string", "bytes", "list", "set", "map"]);
    }

    #[test]
    fn accessors_see_only_their_own_kind() {
        assert_eq!(Value::from(3).as_float(), Some(3.0));
        assert_eq!(Value::from(3.0).as_int(), None);
        assert_eq!(Value::from("x").as_text(), Some("x"));
        assert_eq!(Value::from("true").as_bool(), None);
        assert_eq!(Value::from(None::<i64>), Value::Null);
        assert!(Value::Null.is_null());
    }

    #[test]
    fn entries_are_found_by_name_in_small_and_large_maps() {
        for count in [3_i64, 100] {
            let map = Value::map((0..count).map(|n| (format!("k{n}"), Value::from(n))));
            assert_eq!(map.get("k2"), Some(&Value::Int(2)));
            assert_eq!(map.get("zzz"), None);
        }
        assert_eq!(Value::from(1).get("k"), None);
    }

    #[test]
    fn floats_order_totally_so_nan_can_be_a_key() {
        let set = Value::set([f64::NAN.into(), (-f64::NAN).into(), 1.0.into()]);
        assert_eq!(set, Value::set([1.0.into(), f64::NAN.into()]));
    }
}
