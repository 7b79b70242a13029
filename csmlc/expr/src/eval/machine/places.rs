//! Variables and items of them, to be read or changed.

use csml_rt_core::{StepError, StepErrorKind, Value, private::dynamic};

use super::{AT, Machine, missing, unknown};
use crate::{
    ast::Binary,
    eval::{
        code::{Missing, Place, Root},
        operators,
    },
};

impl<S> Machine<'_, S> {
    pub(super) fn peek(&mut self, place: &Place) -> Result<(), StepError> {
        let keys = self.take(place.keys.len());
        let value = read(self.root(place)?, &keys, &place.keys)?.clone();
        self.stack.extend(keys);
        self.push(value);
        Ok(())
    }

    pub(super) fn assign(&mut self, place: &Place, operator: Option<Binary>) -> Result<(), StepError> {
        let keys = self.take(place.keys.len());
        let value = self.pop();
        let value = match operator {
            None => value,
            Some(operator) => {
                let old = read(self.root(place)?, &keys, &[])?.clone();
                operators::binary(operator, &old, &value)?
            }
        };
        self.put(place, keys, value.clone())?;
        self.push(value);
        Ok(())
    }

    pub(super) fn increment(&mut self, place: &Place, down: bool, prefix: bool) -> Result<(), StepError> {
        let keys = self.take(place.keys.len());
        let old = read(self.root(place)?, &keys, &[])?.clone();
        let new = if down { dynamic::decrement(&old, AT)? } else { dynamic::increment(&old, AT)? };
        self.put(place, keys, new.clone())?;
        self.push(if prefix { new } else { old });
        Ok(())
    }

    fn put(&mut self, place: &Place, mut keys: Vec<Value>, value: Value) -> Result<(), StepError> {
        let Some(last) = keys.pop() else {
            return self.put_root(place, value);
        };
        let base = self.place(place, &keys)?;
        dynamic::set_index(base, last, value, AT)
    }

    /// The variable that a place is in.
    fn root(&mut self, place: &Place) -> Result<&Value, StepError> {
        match &place.root {
            Root::Local(slot) => self.local(*slot).map(|local| &*local).ok_or_else(no_slot),
            Root::Variable(name) => self.context.variable(name).ok_or_else(|| unknown(name)),
        }
    }

    /// A place to be changed.
    pub(super) fn place(&mut self, place: &Place, keys: &[Value]) -> Result<&mut Value, StepError> {
        let root = match &place.root {
            Root::Local(slot) => self.local(*slot).ok_or_else(no_slot)?,
            Root::Variable(name) => self.context.variable_mut(name).ok_or_else(|| unknown(name))?,
        };
        keys.iter().try_fold(root, |base, key| dynamic::index_mut(base, key, AT))
    }

    /// Gives a variable a value.
    fn put_root(&mut self, place: &Place, value: Value) -> Result<(), StepError> {
        match &place.root {
            Root::Local(slot) => *self.local(*slot).ok_or_else(no_slot)? = value,
            Root::Variable(name) => self
                .context
                .assign(name, value)
                .map_err(|message| StepError::new(StepErrorKind::Missing, AT, message))?,
        }
        Ok(())
    }
}

fn no_slot() -> StepError {
    missing("this local has no slot")
}

/// The item of an item … of `root`. `missing` tells for each key what happens if there is no such item.
fn read<'a>(root: &'a Value, keys: &[Value], missing: &[Missing]) -> Result<&'a Value, StepError> {
    let mut value = root;
    for (index, key) in keys.iter().enumerate() {
        value = item(value, key, missing.get(index).copied().unwrap_or(Missing::Fails))?;
    }
    Ok(value)
}

pub(super) fn item<'a>(base: &'a Value, key: &Value, missing: Missing) -> Result<&'a Value, StepError> {
    match missing {
        Missing::Null => Ok(dynamic::safe_index(base, key)),
        Missing::FailsOnNull if !base.is_null() => Ok(dynamic::safe_index(base, key)),
        Missing::Fails | Missing::FailsOnNull => dynamic::index(base, key, AT),
    }
}
