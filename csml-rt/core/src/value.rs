//! Untyped values: what `dynamic` is at run time, and how typed data cross a boundary.

use alloc::{collections::BTreeMap, string::String, sync::Arc, vec::Vec};

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
    Set(Arc<alloc::collections::BTreeSet<Value>>),
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
            (Self::Float(a), Self::Float(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) => a.cmp(b),
            (Self::Set(a), Self::Set(b)) => a.cmp(b),
            (Self::Map(a), Self::Map(b)) => a.cmp(b),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}
