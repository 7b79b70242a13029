//! Anything that serde knows → [`Value`].

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};

use serde_core::ser::{
    Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant,
};

use crate::{Misfit, Value};

impl serde_core::ser::Error for Misfit {
    fn custom<T: core::fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

/// Makes a value, of a limited number of levels.
#[derive(Clone, Copy)]
pub(super) struct Serializer {
    levels: u32,
}

impl Serializer {
    pub(super) fn new(levels: u32) -> Self {
        Self { levels }
    }

    /// The serializer of what is inside.
    fn inside(self) -> Result<Self, Misfit> {
        match self.levels.checked_sub(1) {
            Some(levels) => Ok(Self { levels }),
            None => Err(Misfit::new("the value is nested too deeply")),
        }
    }

    fn list(self, variant: Option<&'static str>, length: Option<usize>) -> Result<List, Misfit> {
        // The length is only a hint, and may be any number.
        let items = Vec::with_capacity(length.unwrap_or(0).min(1024));
        Ok(List { inside: self.inside()?, items, variant })
    }

    fn map(self, variant: Option<&'static str>) -> Result<Map, Misfit> {
        Ok(Map { inside: self.inside()?, entries: BTreeMap::new(), key: Value::Null, variant })
    }
}

/// A value under the name of its variant, if it has one.
fn tagged(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(variant) => Value::map([(variant, value)]),
        None => value,
    }
}

impl serde_core::Serializer for Serializer {
    type Ok = Value;
    type Error = Misfit;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = List;
    type SerializeMap = Map;
    type SerializeStruct = Map;
    type SerializeStructVariant = Map;

    fn serialize_bool(self, value: bool) -> Result<Value, Misfit> {
        Ok(Value::Bool(value))
    }

    fn serialize_i8(self, value: i8) -> Result<Value, Misfit> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<Value, Misfit> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<Value, Misfit> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<Value, Misfit> {
        Ok(Value::Int(value))
    }

    fn serialize_i128(self, value: i128) -> Result<Value, Misfit> {
        match i64::try_from(value) {
            Ok(value) => Ok(Value::Int(value)),
            Err(_) => Err(Misfit::custom(format!("{value} does not fit into 64 bits"))),
        }
    }

    fn serialize_u8(self, value: u8) -> Result<Value, Misfit> {
        self.serialize_i64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<Value, Misfit> {
        self.serialize_i64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<Value, Misfit> {
        self.serialize_i64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<Value, Misfit> {
        self.serialize_i128(value.into())
    }

    fn serialize_f32(self, value: f32) -> Result<Value, Misfit> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<Value, Misfit> {
        Ok(Value::Float(value))
    }

    fn serialize_char(self, value: char) -> Result<Value, Misfit> {
        Ok(Value::from(String::from(value)))
    }

    fn serialize_str(self, value: &str) -> Result<Value, Misfit> {
        Ok(Value::from(value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Value, Misfit> {
        Ok(Value::Bytes(Arc::new(value.to_vec())))
    }

    fn serialize_none(self) -> Result<Value, Misfit> {
        Ok(Value::Null)
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<Value, Misfit> {
        value.serialize(self.inside()?)
    }

    fn serialize_unit(self) -> Result<Value, Misfit> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Misfit> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Value, Misfit> {
        Ok(Value::from(variant))
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, Misfit> {
        value.serialize(self.inside()?)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, Misfit> {
        let value = value.serialize(self.inside()?).map_err(|misfit| misfit.within(variant))?;
        Ok(tagged(Some(variant), value))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List, Misfit> {
        self.list(None, length)
    }

    fn serialize_tuple(self, length: usize) -> Result<List, Misfit> {
        self.list(None, Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<List, Misfit> {
        self.list(None, Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<List, Misfit> {
        self.list(Some(variant), Some(length))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Map, Misfit> {
        self.map(None)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Map, Misfit> {
        self.map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Map, Misfit> {
        self.map(Some(variant))
    }
}

/// A list in the making.
pub(super) struct List {
    inside: Serializer,
    items: Vec<Value>,
    variant: Option<&'static str>,
}

impl List {
    fn push<T: ?Sized + Serialize>(&mut self, item: &T) -> Result<(), Misfit> {
        let index = self.items.len();
        let item = item.serialize(self.inside).map_err(|misfit| misfit.within_item(index))?;
        self.items.push(item);
        Ok(())
    }

    fn finish(self) -> Value {
        tagged(self.variant, Value::from(self.items))
    }
}

macro_rules! list {
    ($($list:ident $push:ident;)*) => {$(
        impl $list for List {
            type Ok = Value;
            type Error = Misfit;

            fn $push<T: ?Sized + Serialize>(&mut self, item: &T) -> Result<(), Misfit> {
                self.push(item)
            }

            fn end(self) -> Result<Value, Misfit> {
                Ok(self.finish())
            }
        }
    )*};
}

list! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

/// A map in the making.
pub(super) struct Map {
    inside: Serializer,
    entries: BTreeMap<Value, Value>,
    /// The key of the value to come.
    key: Value,
    variant: Option<&'static str>,
}

impl Map {
    fn put<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Result<(), Misfit> {
        let value = value.serialize(self.inside).map_err(|misfit| misfit.within(key))?;
        self.entries.insert(Value::from(key), value);
        Ok(())
    }

    fn finish(self) -> Value {
        tagged(self.variant, Value::from(self.entries))
    }
}

impl SerializeMap for Map {
    type Ok = Value;
    type Error = Misfit;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), Misfit> {
        self.key = key.serialize(self.inside)?;
        Ok(())
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Misfit> {
        let key = core::mem::take(&mut self.key);
        let value = value.serialize(self.inside)?;
        self.entries.insert(key, value);
        Ok(())
    }

    fn end(self) -> Result<Value, Misfit> {
        Ok(self.finish())
    }
}

macro_rules! fields {
    ($($map:ident)*) => {$(
        impl $map for Map {
            type Ok = Value;
            type Error = Misfit;

            fn serialize_field<T: ?Sized + Serialize>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Misfit> {
                self.put(key, value)
            }

            fn end(self) -> Result<Value, Misfit> {
                Ok(self.finish())
            }
        }
    )*};
}

fields! { SerializeStruct SerializeStructVariant }
