//! Values that may be absent.

use alloc::format;

use crate::{Position, StepError, StepErrorKind};

/// The value of a variable whose slot may be empty.
///
/// # Errors
/// It has not been created, or has been deleted.
#[inline]
pub fn slot<'a, T>(slot: &'a Option<T>, name: &str, at: Position) -> Result<&'a T, StepError> {
    #[cold]
    fn missing(name: &str, at: Position) -> StepError {
        StepError::new(StepErrorKind::Missing, at, format!("variable \"{name}\" does not exist"))
    }
    slot.as_ref().ok_or_else(|| missing(name, at))
}

/// An event datum that some raises leave out.
///
/// # Errors
/// The event does not carry it.
#[inline]
pub fn datum<'a, T>(datum: &'a Option<T>, name: &str, at: Position) -> Result<&'a T, StepError> {
    #[cold]
    fn missing(name: &str, at: Position) -> StepError {
        StepError::new(StepErrorKind::Missing, at, format!("the event carries no \"{name}\""))
    }
    datum.as_ref().ok_or_else(|| missing(name, at))
}

/// A service output that may be left out.
///
/// # Errors
/// The service has left it out.
#[inline]
pub fn output<'a, T>(output: &'a Option<T>, name: &str, at: Position) -> Result<&'a T, StepError> {
    #[cold]
    fn missing(name: &str, at: Position) -> StepError {
        StepError::new(StepErrorKind::Missing, at, format!("the service returned no \"{name}\""))
    }
    output.as_ref().ok_or_else(|| missing(name, at))
}

/// `option<T>` to `T`.
///
/// # Errors
/// It is `null`.
#[inline]
pub fn some<T>(value: Option<T>, at: Position) -> Result<T, StepError> {
    #[cold]
    fn missing(at: Position) -> StepError {
        StepError::new(StepErrorKind::Missing, at, "the value is null")
    }
    value.ok_or_else(|| missing(at))
}

/// What an operation gives where `null` need not fail: nothing if it met `null` or something missing.
///
/// # Errors
/// Those of the operation that are about something else.
#[inline]
pub fn unless_missing<T>(result: Result<T, StepError>) -> Result<Option<T>, StepError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == StepErrorKind::Missing => Ok(None),
        Err(error) => Err(error),
    }
}

/// The value of a map's key where the value itself may be `null`.
#[inline]
pub fn flatten<T>(value: Option<Option<T>>) -> Option<T> {
    value.flatten()
}

/// Converts what is inside.
#[inline]
pub fn map<A, B>(value: Option<A>, convert: impl FnOnce(A) -> B) -> Option<B> {
    value.map(convert)
}

/// Converts what is inside, where that may fail.
///
/// # Errors
/// The conversion's.
#[inline]
pub fn try_map<A, B>(
    value: Option<A>,
    convert: impl FnOnce(A) -> Result<B, StepError>,
) -> Result<Option<B>, StepError> {
    value.map(convert).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Position = Position::new(3, 9);

    #[test]
    fn what_is_there_is_found_and_what_is_not_is_named() {
        assert_eq!(slot(&Some(1), "n", AT), Ok(&1));
        assert_eq!(some(Some("x"), AT), Ok("x"));
        let errors = [
            slot(&None::<i64>, "n", AT).unwrap_err(),
            datum(&None::<i64>, "v", AT).unwrap_err(),
            output(&None::<i64>, "image", AT).unwrap_err(),
            some(None::<i64>, AT).unwrap_err(),
        ];
        for error in &errors {
            assert_eq!(error.kind(), StepErrorKind::Missing);
            assert_eq!(error.at(), AT);
        }
        let [slot, datum, output, some] = errors;
        assert_eq!(slot.message(), "variable \"n\" does not exist");
        assert_eq!(datum.message(), "the event carries no \"v\"");
        assert_eq!(output.message(), "the service returned no \"image\"");
        assert_eq!(some.message(), "the value is null");
    }
}
