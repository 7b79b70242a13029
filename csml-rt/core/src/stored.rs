//! Persistent variables from and to a store (`docs/semantics.md#5-data`).

use crate::{Datum, InitError, Misfit, Value};

/// What shared data are made from.
#[derive(Debug)]
pub struct Stored<'s> {
    /// Feeds the random functions.
    pub seed: u64,
    /// What a store has, by position of the persistent variable; what it does not have may lie beyond the end.
    pub values: &'s [Option<Value>],
}

impl Stored<'_> {
    /// What the store has of a persistent variable; `None` if it has nothing.
    ///
    /// # Errors
    /// The value is of another type.
    pub fn value<T: Datum>(&self, position: usize, path: &'static str) -> Result<Option<T>, InitError> {
        self.value_as(position, path, T::from_value)
    }

    /// As [`value`](Self::value), with the conversion given.
    pub(crate) fn value_as<T>(
        &self,
        position: usize,
        path: &'static str,
        from_value: fn(&Value) -> Result<T, Misfit>,
    ) -> Result<Option<T>, InitError> {
        match self.values.get(position) {
            Some(Some(value)) => {
                from_value(value).map(Some).map_err(|misfit| InitError::Stored { path, misfit })
            }
            _ => Ok(None),
        }
    }
}

/// Gives a variable a value from a store; without one the default of its type.
///
/// # Errors
/// The value is of another type; the variable has not changed.
pub fn set_variable<T: Datum + Default>(variable: &mut T, value: Option<&Value>) -> Result<(), Misfit> {
    *variable = value.map(T::from_value).transpose()?.unwrap_or_default();
    Ok(())
}

/// Gives a variable that may be absent a value from a store; without one it is absent.
///
/// # Errors
/// The value is of another type; the variable has not changed.
pub fn set_slot<T: Datum>(slot: &mut Option<T>, value: Option<&Value>) -> Result<(), Misfit> {
    *slot = value.map(T::from_value).transpose()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn what_is_stored_is_taken_and_what_is_not_is_none() {
        let values = [Some(Value::Int(7)), None, Some("x".into())];
        let stored = Stored { seed: 0, values: &values };
        assert_eq!(stored.value::<i64>(0, "n"), Ok(Some(7)));
        assert_eq!(stored.value::<i64>(1, "n"), Ok(None));
        assert_eq!(stored.value::<i64>(3, "n"), Ok(None));
        let error = stored.value::<i64>(2, "m/n").map_err(|error| error.to_string());
        let expected = "the stored value of the persistent variable `m/n` does not fit: expected int, found string \"x\"";
        assert_eq!(error, Err(expected.into()));
    }

    #[test]
    fn null_is_a_value_of_an_option_and_absence_is_not() {
        let mut slot = Some(Some(3_i64));
        assert_eq!(set_slot(&mut slot, Some(&Value::Null)), Ok(()));
        assert_eq!(slot, Some(None));
        assert_eq!(set_slot(&mut slot, None), Ok(()));
        assert_eq!(slot, None);
    }

    #[test]
    fn a_value_that_does_not_fit_changes_nothing() {
        let mut number = 3_i64;
        assert!(set_variable(&mut number, Some(&Value::Bool(true))).is_err());
        assert_eq!(number, 3);
        let mut slot = Some(3_i64);
        assert!(set_slot(&mut slot, Some(&Value::Bool(true))).is_err());
        assert_eq!(slot, Some(3));
        assert_eq!(set_variable(&mut number, None), Ok(()));
        assert_eq!(number, 0);
    }
}
