//! Variables and items of them, to be read or changed.

use csml_rt_core::{StepError, StepErrorKind, Value, private::dynamic};

use super::{
    code::{Place, Root},
    machine::{AT, Machine, missing, unknown},
};

impl<S> Machine<'_, S> {
    /// The variable that a place is in.
    pub(super) fn root(&mut self, place: &Place) -> Result<&Value, StepError> {
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
    pub(super) fn put_root(&mut self, place: &Place, value: Value) -> Result<(), StepError> {
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

/// The item of an item … of `root`. `careful` tells for each key whether `null` before it gives `null`.
pub(super) fn read<'a>(root: &'a Value, keys: &[Value], careful: &[bool]) -> Result<&'a Value, StepError> {
    let mut value = root;
    for (index, key) in keys.iter().enumerate() {
        if value.is_null() && careful.get(index) == Some(&true) {
            return Ok(value);
        }
        value = dynamic::index(value, key, AT)?;
    }
    Ok(value)
}
