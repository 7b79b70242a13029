//! Persistent variables from and to a store (SEMANTICS 5).

use crate::{Datum, InitError, Misfit, Value};

/// What a store has of the persistent variable at `position`; `None` if it has nothing.
///
/// # Errors
/// The value is of another type.
pub fn stored<T: Datum>(
    stored: &[Option<Value>],
    position: usize,
    path: &'static str,
) -> Result<Option<T>, InitError> {
    stored_as(stored, position, path, T::from_value)
}

/// As [`stored`], with the conversion given.
pub(crate) fn stored_as<T>(
    stored: &[Option<Value>],
    position: usize,
    path: &'static str,
    from_value: fn(&Value) -> Result<T, Misfit>,
) -> Result<Option<T>, InitError> {
    match stored.get(position) {
        Some(Some(value)) => from_value(value).map(Some).map_err(|misfit| InitError::Stored { path, misfit }),
        _ => Ok(None),
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
        assert_eq!(stored::<i64>(&values, 0, "n"), Ok(Some(7)));
        assert_eq!(stored::<i64>(&values, 1, "n"), Ok(None));
        assert_eq!(stored::<i64>(&values, 3, "n"), Ok(None));
        let error = stored::<i64>(&values, 2, "m/n").map_err(|error| error.to_string());
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
