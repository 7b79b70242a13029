//! [`Value`] → anything that serde knows, with the path to what does not fit.

use alloc::string::ToString;

use serde_core::{
    de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor},
    forward_to_deserialize_any,
};

use crate::{Misfit, Value, datum::whole};

impl serde_core::de::Error for Misfit {
    fn custom<T: core::fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

/// Reads a value, to a limited number of levels.
pub(super) struct Deserializer<'v> {
    value: &'v Value,
    levels: u32,
}

impl<'v> Deserializer<'v> {
    pub(super) fn new(value: &'v Value, levels: u32) -> Self {
        Self { value, levels }
    }

    fn inside(&self) -> Result<u32, Misfit> {
        self.levels.checked_sub(1).ok_or_else(|| Misfit::new("the value is nested too deeply"))
    }
}

/// What a value is, for messages.
fn unexpected(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Other("null"),
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Int(value) => Unexpected::Signed(*value),
        Value::Float(value) => Unexpected::Float(*value),
        Value::Text(text) => Unexpected::Str(text),
        Value::Bytes(bytes) => Unexpected::Bytes(bytes),
        Value::List(_) => Unexpected::Seq,
        Value::Set(_) => Unexpected::Other("set"),
        Value::Map(_) => Unexpected::Map,
    }
}

/// Integers may come as floats without a fraction.
macro_rules! integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            let float = if let Value::Float(float) = self.value { whole(*float) } else { None };
            match float {
                Some(integer) => visitor.visit_i64(integer),
                None => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> serde_core::Deserializer<'de> for Deserializer<'_> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Int(value) => visitor.visit_i64(*value),
            Value::Float(value) => visitor.visit_f64(*value),
            Value::Text(text) => visitor.visit_str(text),
            Value::Bytes(bytes) => visitor.visit_bytes(bytes),
            Value::List(items) => items_of(items.iter(), self.inside()?, visitor),
            Value::Set(items) => items_of(items.iter(), self.inside()?, visitor),
            Value::Map(entries) => {
                let mut access = Entries { entries: entries.iter(), current: None, levels: self.inside()? };
                let made = visitor.visit_map(&mut access)?;
                match access.entries.len() {
                    0 => Ok(made),
                    more => Err(Misfit::custom(format_args!("{more} entries too many"))),
                }
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.value {
            Value::Null => visitor.visit_none(),
            value => visitor.visit_some(Deserializer { value, levels: self.inside()? }),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let levels = self.inside()?;
        visitor.visit_newtype_struct(Deserializer { levels, ..self })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let levels = self.inside()?;
        match self.value {
            Value::Text(_) => visitor.visit_enum(Variant { name: self.value, content: None, levels }),
            Value::Map(entries) => {
                let mut entries = entries.iter();
                match (entries.next(), entries.next()) {
                    (Some((name, content)), None) => {
                        visitor.visit_enum(Variant { name, content: Some(content), levels })
                    }
                    _ => Err(Misfit::new("expected a map of one entry, named like a variant")),
                }
            }
            other => Err(Misfit::invalid_type(unexpected(other), &"a string or a map, named like a variant")),
        }
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

fn items_of<'v, 'de, V: Visitor<'de>>(
    items: impl ExactSizeIterator<Item = &'v Value>,
    levels: u32,
    visitor: V,
) -> Result<V::Value, Misfit> {
    let mut access = Items { items: items.enumerate(), levels };
    let made = visitor.visit_seq(&mut access)?;
    match access.items.len() {
        0 => Ok(made),
        more => Err(Misfit::custom(format_args!("{more} items too many"))),
    }
}

struct Items<I> {
    items: core::iter::Enumerate<I>,
    levels: u32,
}

impl<'v, 'de, I: ExactSizeIterator<Item = &'v Value>> SeqAccess<'de> for &mut Items<I> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        let Some((index, value)) = self.items.next() else { return Ok(None) };
        let item = seed.deserialize(Deserializer { value, levels: self.levels });
        item.map(Some).map_err(|misfit| misfit.within_item(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct Entries<'v> {
    entries: alloc::collections::btree_map::Iter<'v, Value, Value>,
    /// The entry whose value comes next.
    current: Option<(&'v Value, &'v Value)>,
    levels: u32,
}

impl<'de> MapAccess<'de> for &mut Entries<'_> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Misfit> {
        self.current = self.entries.next();
        match self.current {
            Some((key, _)) => seed.deserialize(Key { value: key, levels: self.levels }).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Misfit> {
        let Some((key, value)) = self.current.take() else {
            return Err(Misfit::new("a value without a key"));
        };
        let made = seed.deserialize(Deserializer { value, levels: self.levels });
        made.map_err(|misfit| match key.as_text() {
            Some(name) => misfit.within(name),
            None => misfit.within(format_args!("[{}]", key.to_json())),
        })
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// The key of a map. Keys that come from JSON are strings, so those of other types are read from their text.
struct Key<'v> {
    value: &'v Value,
    levels: u32,
}

impl<'v> Key<'v> {
    fn plain(self) -> Deserializer<'v> {
        Deserializer { value: self.value, levels: self.levels }
    }
}

macro_rules! keys {
    ($($method:ident $visit:ident $ty:ty;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            match self.value.as_text().map(str::parse::<$ty>) {
                Some(Ok(key)) => visitor.$visit(key),
                _ => self.plain().$method(visitor),
            }
        }
    )*};
}

impl<'de> serde_core::Deserializer<'de> for Key<'_> {
    type Error = Misfit;

    keys! {
        deserialize_bool visit_bool bool;
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.plain().deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.plain().deserialize_option(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let levels = self.levels.checked_sub(1).ok_or_else(|| Misfit::new("the key is nested too deeply"))?;
        visitor.visit_newtype_struct(Key { levels, ..self })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.plain().deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// A variant of an enum: its name, and what it holds.
struct Variant<'v> {
    name: &'v Value,
    content: Option<&'v Value>,
    levels: u32,
}

impl<'v> Variant<'v> {
    fn content(&self) -> Result<Deserializer<'v>, Misfit> {
        match self.content {
            Some(value) => Ok(Deserializer { value, levels: self.levels }),
            None => Err(Misfit::new("the value of the variant is missing")),
        }
    }

    fn within(&self) -> impl FnOnce(Misfit) -> Misfit + use<'v> {
        let name = self.name;
        move |misfit| misfit.within(name.as_text().unwrap_or_default())
    }
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Misfit;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Misfit> {
        let name = seed.deserialize(Deserializer { value: self.name, levels: self.levels })?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Misfit;

    fn unit_variant(self) -> Result<(), Misfit> {
        match self.content {
            None | Some(Value::Null) => Ok(()),
            Some(_) => Err(Misfit::new("the variant has no value")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Misfit> {
        seed.deserialize(self.content()?).map_err(self.within())
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Misfit> {
        serde_core::Deserializer::deserialize_tuple(self.content()?, length, visitor).map_err(self.within())
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        serde_core::Deserializer::deserialize_struct(self.content()?, "", fields, visitor)
            .map_err(self.within())
    }
}
