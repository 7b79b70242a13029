//! Types of the expression language (docs/expressions/types.md).

pub mod algebra;
mod host_function;

use std::fmt;

pub use host_function::HostFunction;

/// A type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// Nothing is known yet; only during inference.
    Unknown,
    /// The type of `null` alone.
    Null,
    /// `bool`
    Bool,
    /// `int`, 64 bits
    Int,
    /// `float`, 64 bits
    Float,
    /// `string`
    Text,
    /// `bytes`
    Bytes,
    /// `list<T>`
    List(Box<Type>),
    /// `set<T>`
    Set(Box<Type>),
    /// `map<K, V>`
    Map(Box<Type>, Box<Type>),
    /// `option<T>`: `T` or `null`
    Option(Box<Type>),
    /// A Rust type of the user's, by its path: opaque to expressions, which read it as `dynamic`
    Host(Box<str>),
    /// Any value, with JEXL's coercions at run time
    Dynamic,
}

impl Type {
    /// Whether it is a Rust type of the user's or holds one.
    #[must_use]
    pub fn has_host(&self) -> bool {
        match self {
            Self::Host(_) => true,
            Self::List(item) | Self::Set(item) | Self::Option(item) => item.has_host(),
            Self::Map(key, value) => key.has_host() || value.has_host(),
            _ => false,
        }
    }

    /// Calls `visit` with the path of every type of the user's in it.
    pub fn each_host(&self, visit: &mut impl FnMut(&str)) {
        match self {
            Self::Host(path) => visit(path),
            Self::List(item) | Self::Set(item) | Self::Option(item) => item.each_host(visit),
            Self::Map(key, value) => {
                key.each_host(visit);
                value.each_host(visit);
            }
            _ => {}
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Float => f.write_str("float"),
            Self::Text => f.write_str("string"),
            Self::Bytes => f.write_str("bytes"),
            Self::List(item) => write!(f, "list<{item}>"),
            Self::Set(item) => write!(f, "set<{item}>"),
            Self::Map(key, value) => write!(f, "map<{key}, {value}>"),
            Self::Option(item) => write!(f, "option<{item}>"),
            Self::Host(path) => f.write_str(path),
            Self::Dynamic => f.write_str("dynamic"),
        }
    }
}
